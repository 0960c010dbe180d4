// A long session made up on the spot: what a day of work looks like to the page.

const USAGE = { input_tokens: 1_200, output_tokens: 340, cache_read_input_tokens: 41_000, cache_creation_input_tokens: 900 }

/** Frames that become this many events. */
const PER_ROUND = 19

function markdown(round) {
  return [
    `## Step ${round}`,
    '',
    `The *table* in \`src/gate.rs\` is **strict** now; see [the note](https://example.org/${round}).`,
    '',
    '- one thing',
    '- another thing',
    '',
    '```rust',
    `fn step_${round}() -> usize {`,
    `    ${round}`,
    '}',
    '```',
  ].join('\n')
}

function* round(n) {
  const session_id = ''
  const message = (part, content) => ({
    type: 'assistant',
    message: { id: `msg_${n}_${part}`, type: 'message', role: 'assistant', model: 'claude-opus-4-8', content: [content], usage: USAGE },
    parent_tool_use_id: null,
    session_id,
  })
  const stream = (event) => ({ type: 'stream_event', event, session_id, parent_tool_use_id: null })
  const result = (id, content, tool_use_result) => ({
    type: 'user',
    message: { role: 'user', content: [{ tool_use_id: id, type: 'tool_result', content }] },
    parent_tool_use_id: null,
    tool_use_result,
    session_id,
  })
  yield { type: 'system', subtype: 'init', model: 'claude-opus-4-8', permissionMode: 'default', mcp_servers: [], claude_code_version: '2.1.197', session_id }
  yield message('a', { type: 'thinking', thinking: `Step ${n} needs some thought, but not much of it.` })
  yield stream({ type: 'message_start', message: { id: `msg_${n}_b`, role: 'assistant', content: [] } })
  yield stream({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } })
  const text = markdown(n)
  const size = Math.ceil(text.length / 8)
  for (let at = 0; at < text.length; at += size) {
    yield stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: text.slice(at, at + size) } })
  }
  yield message('b', { type: 'text', text })
  const [bash, edit, read] = ['bash', 'edit', 'read'].map((name) => `toolu_${n}_${name}`)
  yield message('b', { type: 'tool_use', id: bash, name: 'Bash', input: { command: `cargo test step_${n}`, description: 'Run the tests' } })
  const stdout = `running 3 tests\n${'test it::works ... ok\n'.repeat(3)}\ntest result: ok. 3 passed`
  yield result(bash, stdout, { stdout, stderr: '', interrupted: false, isImage: false })
  const path = `/w/project/src/step_${n}.rs`
  const lines = [' fn step() {', `-    ${n}`, `+    ${n + 1}`, ' }']
  yield message('b', { type: 'tool_use', id: edit, name: 'Edit', input: { file_path: path, old_string: `    ${n}`, new_string: `    ${n + 1}` } })
  yield result(edit, 'The file has been updated.', { filePath: path, oldString: `    ${n}`, newString: `    ${n + 1}`, structuredPatch: [{ oldStart: 1, oldLines: 3, newStart: 1, newLines: 3, lines }] })
  yield message('b', { type: 'tool_use', id: read, name: 'Read', input: { file_path: path } })
  yield result(read, `1\tfn step() {\n2\t    ${n + 1}\n3\t}`, { type: 'text', file: { filePath: path, content: `fn step() {\n    ${n + 1}\n}`, numLines: 3, startLine: 1, totalLines: 3 } })
  yield message('c', { type: 'text', text: `Step ${n} is done.` })
  yield { type: 'result', subtype: 'success', is_error: false, duration_ms: 4_200, num_turns: 3, result: 'Done.', total_cost_usd: n / 100, usage: USAGE, terminal_reason: 'completed', session_id }
}

/** Frames of a session of about `events` events; the last text says so. */
export function* flood(events) {
  const rounds = Math.max(1, Math.round(events / PER_ROUND))
  for (let n = 1; n <= rounds; n += 1) yield* round(n)
  yield {
    type: 'assistant',
    message: { id: 'msg_last', type: 'message', role: 'assistant', model: 'claude-opus-4-8', content: [{ type: 'text', text: 'The flood is over.' }], usage: USAGE },
    parent_tool_use_id: null,
    session_id: '',
  }
}
