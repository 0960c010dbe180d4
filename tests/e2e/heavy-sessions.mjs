// Sessions too large for any page: what a command, a model or a server between them can send by mistake or on purpose.
// `said`: what the page must say about what it leaves out or does not format. `cuts`: lines of diffs say what was cut off
// them. `high`: the prompt is higher than any screen.

import { ask, assistant, called, framed, next, over, system, text, user } from './frames.mjs'

const MB = 1_000_000
const words = (length, unit = 'lorem ipsum dolor ') => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
const count = (most, make) => Array.from({ length: most }, (_, index) => make(index))
const lines = (most, make) => count(most, make).join('\n')
const thought = (words) => assistant({ type: 'thinking', thinking: words })
const code = (n) => `  const value_${n} = compute("${n}", { deep: [${n}, true, null] }) // line ${n}`
const nested = (depth, open, close, core = '1') => open.repeat(depth) + core + close.repeat(depth)

// ---- what is written -------------------------------------------------------------------------------------------------

const PLAIN = /This text is 10 MB; the first 200 KB are formatted, the rest is plain text\./
const NOT_FORMATTED = /This passage is too long or too deeply nested to be formatted\./

const texts = [
  text(words(10 * MB)),
]

const many = [
  text(count(100_000, (n) => `[link ${n}](https://example.org/${n})`).join(' ')),
  text(lines(100_000, (n) => `- item ${n} with [a link](https://example.org/${n})`)),
  ...called('WebFetch', { url: 'https://example.org/', prompt: 'All links' }, 'x', { bytes: 1, code: 200, codeText: 'OK', result: lines(2_000, (n) => `- [link ${n}](https://example.org/${n})`), url: 'https://example.org/', durationMs: 1 }),
  ...called('Bash', { command: 'cat urls' }, lines(100_000, (n) => `https://example.org/some/where/${n}`), { stdout: lines(100_000, (n) => `https://example.org/some/where/${n}`), stderr: '' }),
  text(`|${count(5_000, (n) => ` c${n} |`).join('')}\n|${'---|'.repeat(5_000)}\n|${count(5_000, (n) => ` ${n} |`).join('')}\n`),
  text(`| a | b | c |\n|---|---|---|\n${lines(20_000, (n) => `| ${n} | two | three |`)}\n`),
  text(`| a | b | c |\n|---|---|---|\n${lines(190, (n) => `| ${n} | two | three |`)}\n`),
  text(`\`\`\`js\n${lines(20_000, code)}\n\`\`\`\n`),
  text(`\`\`\`js\n${words(2 * MB, 'let a = [1, 2, 3]; ')}\n\`\`\`\n`),
  // Thousands of blocks in no more than an ordinary answer.
  text(lines(3_200, () => 'a\n')),
  text(lines(2_400, (n) => `# ${n % 10}`)),
  text(lines(1_000, (n) => `${'`'.repeat(3 + (n % 200))}js\nlet a = ${n}`)),
  text(lines(150, (n) => `\`\`\`js\nlet a = ${n}\n\`\`\`\n`)),
  text(lines(100, (n) => `\`\`\`mermaid\ngraph TD; a${n}-->b\n\`\`\`\n`)),
]

const nesting = [
  ...[['>', ''], ['[', ']'], ['*', '*'], ['(', ')'], ['![', '](x)'], ['**a _b ', '_**'], ['<b>', '</b>'], ['`', '`'], ['~~', '~~'], ['- ', ''], ['1. ', ''], ['> - ', ''], ['&', ';'], ['<!--', ''], ['\\', ''], ['[a][', ']'], ['|', '|'], ['$', '$'], ['\\(', '\\)'], ['http://', ''], ['a@b.', ''], ['[^', ']']].flatMap(([open, close]) => [
    text(nested(10_000, open, close, 'x')),
    text(nested(600, open, close, 'x')),
    // Below every limit of a paragraph, as often as a text may hold one.
    text(lines(20, () => `${nested(140, open, close, 'x')}\n`)),
  ]),
  text(lines(10_000, (depth) => `${'  '.repeat(Math.min(depth, 500))}- x`)),
  text(lines(38, (depth) => `${'  '.repeat(depth)}- x`)),
  text(`$$${nested(5_000, '{', '}')}$$`),
  text(`$$${nested(1_000, '\\frac{1}{', '}')}$$\n\n$$${nested(200, '\\sqrt{', '}')}$$\n\n$$${nested(600, '{a_', '}')}$$`),
  text(lines(300, (n) => `$$\\sum_{i=${n}}^{n} ${nested(20, '\\sqrt{', '}', 'x')}$$\n`)),
  text(`$${'x+'.repeat(2_000)}x$`),
]

// ---- what tools are given and give -----------------------------------------------------------------------------------

const outputs = [
  ...called('Bash', { command: 'cat one-line' }, words(10 * MB), { stdout: words(10 * MB), stderr: '', interrupted: false }),
  ...called('Bash', { command: 'cat no-space' }, 'x'.repeat(2 * MB), { stdout: 'x'.repeat(2 * MB), stderr: 'e'.repeat(2 * MB), interrupted: false }),
  ...called('Bash', { command: 'fails' }, `Exit code 1\n${words(2 * MB)}`, `Error: Exit code 1\n${words(2 * MB)}`, true),
  ...called('Read', { file_path: '/w/project/long.ts' }, 'x', { type: 'text', file: { filePath: '/w/project/long.ts', content: lines(50_000, code), numLines: 50_000, startLine: 1, totalLines: 50_000 } }),
  ...called('Read', { file_path: '/w/project/minified.js' }, 'x', { type: 'text', file: { filePath: '/w/project/minified.js', content: words(400_000, 'function a(b){return[b,"c",/d/]};'), numLines: 1, startLine: 1, totalLines: 1 } }),
  ...called('Grep', { pattern: 'x', output_mode: 'content' }, 'x', { mode: 'content', numFiles: 1, filenames: [], content: lines(20_000, (n) => `src/file_${n % 900}.ts:${n}:${code(n)}`) }),
  ...called('Glob', { pattern: '**' }, 'x', { filenames: count(50_000, (n) => `/w/project/some/where/file_${n}.ts`), numFiles: 50_000, truncated: false }),
  ...called('WebSearch', { query: 'x' }, 'x', { query: 'x', results: [{ tool_use_id: 'x', content: count(5_000, (n) => ({ title: `Hit ${n}`, url: `https://example.org/${n}` })) }, words(100_000)] }),
  ...called('TodoWrite', { todos: count(10_000, (n) => ({ content: `step ${n}`, status: 'pending', activeForm: `step ${n}` })) }, 'x', { oldTodos: [], newTodos: [] }),
]

const command = [...called('Bash', { command: words(10 * MB, 'echo "some words"; '), description: words(MB) }, 'done', { stdout: 'done', stderr: '' })]

const loud = [
  user(words(2 * MB)),
  user(lines(50_000, (n) => `line ${n}`)),
  system('hook_response', { hook_name: 'h', hook_event: 'Stop', output: words(MB), stdout: words(MB), stderr: words(MB), exit_code: 1, outcome: 'error' }),
  system('permission_denied', { tool_name: words(MB), tool_use_id: 'none', message: words(MB), decision_reason_type: 'x' }),
  system('task_started', { task_id: 'big', description: words(MB), task_type: 'x', prompt: words(MB) }),
  system('task_notification', { task_id: 'big', status: 'completed', summary: words(MB), output_file: 'x' }),
  system('api_retry', { attempt: 1, max_retries: 2, retry_delay_ms: 1, error_status: 529, error: words(MB) }),
  system('strange', { strange: words(MB) }),
  system('compact_boundary', { compact_metadata: { trigger: 'manual', pre_tokens: 1, post_tokens: 1 } }),
  user(words(MB, '- [a](https://example.org)\n'), { isReplay: true, uuid: next('u') }),
  over({ is_error: true, result: words(MB) }),
  over({ subtype: 'error_x', is_error: true, result: null, errors: count(5_000, (n) => `error ${n}`) }),
  { stderr: lines(5_000, (n) => `complaint ${n}`) },
  { stderr: words(60_000) },
]

function* subagents() {
  const id = next('toolu_')
  yield assistant({ type: 'tool_use', id, name: 'Agent', input: { description: 'Much', prompt: words(MB), subagent_type: 'general-purpose' } })
  for (let n = 0; n < 2_000; n += 1) yield { ...assistant({ type: 'tool_use', id: next('toolu_'), name: 'Bash', input: { command: `echo ${n}` } }), parent_tool_use_id: id }
  yield user([{ type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text: words(MB) }] }], { tool_use_result: { status: 'completed', agentId: 'a', content: [{ type: 'text', text: words(MB) }] } })
  // Subagents within subagents.
  let parent = null
  for (let depth = 0; depth < 60; depth += 1) {
    const own = next('toolu_')
    yield { ...assistant({ type: 'tool_use', id: own, name: 'Agent', input: { description: `Depth ${depth}`, prompt: 'x' } }), parent_tool_use_id: parent }
    parent = own
  }
}

// ---- JSON ------------------------------------------------------------------------------------------------------------

const deep = (depth) => JSON.parse(nested(depth, '{"a":[', ']}'))
const wide = Object.fromEntries(count(100_000, (n) => [`field_${n}`, n]))

function* json() {
  for (const name of ['Mystery', 'mcp__server__tool']) {
    yield* called(name, wide, 'x', wide)
    yield* called(name, deep(50), nested(500, '{"a":[', ']}'), deep(50))
    // More than the server's parser takes: the line is reported, and the next one is read.
    yield called(name, { at: 1_000 }, '', {}).map((frame) => JSON.stringify(frame).replace('{"at":1000}', nested(500, '{"a":[', ']}'))).map((raw) => ({ raw }))[0]
    yield* called(name, { small: true }, nested(50_000, '{"a":[', ']}'), null)
    yield* called(name, { small: true }, `[${words(1_900_000, '1,')}1]`, null)
    yield* called(name, { list: count(50_000, (n) => n), text: words(MB), key: { [words(100_000)]: 1 } }, 'x', null)
    yield* called(name, words(2 * MB), 'x', null)
    yield* called(name, [1, 2, 3], 'x', [1])
    yield* called(name, null, 'x', null)
  }
  yield { raw: JSON.stringify(called('Mystery', { at: 100 }, '', {})[0]).replace('{"at":100}', nested(50_000, '{"a":[', ']}')) }
  for (const input of ['a string', [1, [2]], null, 7]) for (const name of ['Bash', 'Edit', 'Read', 'Write', 'TodoWrite', 'Agent']) yield* called(name, input, 'x', input)
}

function* broken() {
  const stream = (event) => framed({ type: 'stream_event', event, parent_tool_use_id: null })
  for (const pieces of [['{"command": "ec', 'ho'], ['no', ' JSON'], ['{"a":'.repeat(20_000)], [words(MB)], ['{"command":"x"}}}}']]) {
    yield stream({ type: 'message_start', message: { id: next('msg_'), role: 'assistant', content: [] } })
    yield stream({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: next('toolu_'), name: 'Bash', input: {} } })
    for (const partial_json of pieces) yield stream({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json } })
  }
  yield { raw: '{"type":"assistant","message":{"content":[{"type":"tool_use","input":{"command":"ec' }
  yield { raw: `{"type":"assistant",${words(10 * MB)}` }
}

// ---- changes ---------------------------------------------------------------------------------------------------------

const patch = (list, start = 1) => ({ oldStart: start, oldLines: list.length, newStart: start, newLines: list.length, lines: list })
const edit = (hunks, more = {}) => called('Edit', { file_path: '/w/project/a.ts', old_string: 'a', new_string: 'b' }, 'Done.', { filePath: '/w/project/a.ts', oldString: 'a', newString: 'b', structuredPatch: hunks, ...more })

const diffs = [
  ...edit([patch(count(20_000, (n) => `${' -+'[n % 3]}${code(n)}`))]),
  ...edit([patch([...count(10_000, (n) => `-${code(n)}`), ...count(10_000, (n) => `+${code(n)} // changed`)])]),
  ...edit(count(2_000, (n) => patch([` ${code(n)}`, `-${code(n)}`, `+${code(n + 1)}`], n * 10 + 1)), { originalFile: lines(20_000, code) }),
  ...edit([patch([`-${words(MB)}`, `+${words(MB, 'dolor sit amet ')}`, ` ${'x'.repeat(MB)}`])]),
  ...edit([patch(count(400, (n) => `${'-+'[n % 2]}${words(2_500, `a${n} b `)}`))]),
  ...edit([patch([...count(300, (n) => `-${words(990, `a${n} b c `)}`), ...count(300, (n) => `+${words(990, `d${n} b e `)}`)])]),
  ...edit([patch(count(5_000, () => '+'))]),
  ...edit([patch(count(600, () => `+${'\u202e'.repeat(600)}`))]),
]

const writes = [
  ...called('Edit', { file_path: '/w/project/a.ts', old_string: words(500_000), new_string: words(500_000, 'lorem ipsum sit ') }, 'Done.', null),
  ...called('Edit', { file_path: '/w/project/b.ts', old_string: lines(10_000, code), new_string: lines(10_000, (n) => code(n * 2)) }, 'Done.', null),
  ...called('Edit', { file_path: '/w/project/b.ts', old_string: lines(3_000, (n) => `${n % 7}`), new_string: lines(3_000, (n) => `${n % 5}`) }, 'Done.', null),
  ...called('MultiEdit', { file_path: '/w/project/b.ts', edits: count(2_000, (n) => ({ old_string: `a${n}`, new_string: `b${n}` })) }, 'Done.', null),
  ...called('Write', { file_path: '/w/project/c.ts', content: lines(20_000, code) }, 'Done.', { type: 'create', filePath: '/w/project/c.ts', content: 'x', structuredPatch: [] }),
  ...called('Write', { file_path: '/w/project/d.md', content: words(MB) }, 'Done.', { type: 'create', filePath: '/w/project/d.md', content: 'x', structuredPatch: [] }),
  ...called('NotebookEdit', { notebook_path: '/w/project/e.ipynb', cell_id: '1', new_source: lines(20_000, code) }, 'Done.', { old_source: lines(20_000, (n) => code(n + 1)) }),
]

// ---- what is asked ---------------------------------------------------------------------------------------------------

const about = (extra = {}) => ({ description: words(100_000), permission_suggestions: [{ type: 'addRules', rules: [{ toolName: 'Bash', ruleContent: words(100_000) }], behavior: 'allow', destination: 'localSettings' }], decision_reason: words(50_000), ...extra })

const commands = [
  ask('Bash', { command: words(MB, 'echo "some words"; rm -rf build; '), description: 'One line of 1 MB' }, about()),
  ask('Edit', { file_path: '/w/project/a.ts', old_string: lines(10_000, code), new_string: lines(10_000, (n) => code(n + 1)) }),
  ask('Write', { file_path: '/w/project/b.ts', content: lines(20_000, code) }),
  ask('Mystery', deep(50)),
]

const manyLines = [
  ask('Bash', { command: lines(20_000, (n) => `rm -rf /tmp/build_${n} && echo ${n} > /etc/file_${n}`), description: 'Many lines' }),
]

const prompts = [
  ask('mcp__server__tool', { text: words(MB), wide }),
  ask('Agent', { description: 'x', prompt: words(MB) }),
  ask('WebFetch', { url: `https://example.org/${words(MB, 'a/')}`, prompt: words(MB) }),
  ask('AskUserQuestion', { questions: [{ question: `Which? ${words(100_000)}`, header: 'x', multiSelect: false, options: count(200, (n) => ({ label: `Option ${n}`, description: words(n === 0 ? MB : 500), preview: n < 2 ? words(MB, n === 0 ? 'preview ' : 'preview\n') : undefined })) }] }),
  ask('ExitPlanMode', { plan: words(2 * MB, '## Part\n\n- one [link](https://example.org)\n- two\n\n'), planFilePath: '/w/project/plan.md' }),
]

export function heavySessions() {
  const groups = [
    { name: 'one long text', searched: true, frames: texts, said: [PLAIN] },
    { name: 'one long thought', frames: [thought('x'.repeat(10 * MB))], said: [NOT_FORMATTED, /This text is 10 MB/] },
    { name: 'one long command', frames: command, said: [/of long lines (?:are|is) left out/] },
    { name: 'long outputs', frames: outputs, said: [/… \d+ bytes were left out here …/, /of output left out\./, /of long lines are left out; copy gets them/, /Show more of 50,000/] },
    { name: 'many links, rows and blocks', phone: true, frames: many, said: [NOT_FORMATTED, /This text is 1\.\d MB; the first 200 KB are formatted/] },
    { name: 'nesting', frames: nesting, said: [NOT_FORMATTED] },
    { name: 'json', frames: [...json()], said: [/Very deep or long parts are left out here/, /99,800 more fields in the raw view/], warned: /is not JSON/ },
    { name: 'loud events and broken JSON', warned: /is not JSON/, frames: [...broken(), ...loud], said: [/… \d+ KB are left out|… 990 KB are left out/] },
    { name: 'diffs', searched: true, phone: true, cuts: true, frames: diffs, said: [/Show more of 20,000 lines/] },
    { name: 'writes and subagents', frames: [...writes, ...subagents()], said: [/Show more of 20,000 lines/] },
    { name: 'commands to allow', phone: true, frames: commands, said: [/too long to be checked/, /too long to be edited here/], prompts: commands.length },
    { name: 'many lines to allow', high: true, frames: manyLines, said: [/too long to be checked/, /Show more of 20,000 lines/], prompts: 1 },
    { name: 'other prompts', phone: true, frames: prompts, said: [/Show more options \(\d+ left\)/, /This plan is 2 MB: too long to be edited here/], prompts: prompts.length },
  ]
  return groups.map(({ frames, ...group }) => ({ ...group, frames: [system('init', { model: 'claude-opus-4-8', permissionMode: 'default', mcp_servers: [] }), thought('It begins.'), ...frames, thought('It is over.')] }))
}
