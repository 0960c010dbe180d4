// Sessions that put every payload into every place where text of others is shown. What is shown as markdown gets each
// payload by itself; what is shown as plain text gets a few at a time, another one first in each kind.

import { ask, assistant, called, framed, next, over, system, text, user } from './frames.mjs'
import { CORPUS, NAMES } from './xss-corpus.mjs'

const PACK = 30

/** The corpus in packs; each kind of sink starts elsewhere. */
function packs(shift, size = PACK) {
  const turned = [...CORPUS.slice(shift * 5), ...CORPUS.slice(0, shift * 5)]
  return Array.from({ length: Math.ceil(turned.length / size) }, (_, index) => turned.slice(index * size, (index + 1) * size))
}

/** Tools by kind: `x` is the text, `list` the payloads it is made of. */
const hunk = (list) => ({ oldStart: 1, oldLines: list.length, newStart: 1, newLines: list.length, lines: list.flatMap((line) => [`-${line}`, `+${line} `, ` ${line}`]) })
const TOOLS = {
  Bash: (x) => called('Bash', { command: x, description: x, timeout: 1 }, x, { stdout: x, stderr: x, interrupted: false, isImage: false }),
  BashFailed: (x) => called('Bash', { command: x, description: x }, `Exit code 1\n${x}`, `Error: Exit code 1\n${x}`, true),
  BashImage: (x) => called('Bash', { command: x }, [{ type: 'image', source: { type: 'base64', media_type: `image/png${x}`, data: x } }], { stdout: `data:image/svg+xml;base64,${x}`, stderr: '', isImage: true }),
  Edit: (x, list) => called('Edit', { file_path: x, old_string: x, new_string: `${x}.` }, x, { filePath: x, oldString: x, newString: x, originalFile: x, structuredPatch: [hunk(list)], userModified: false }),
  MultiEdit: (x, list) => called('MultiEdit', { file_path: `/w/${x}`, edits: list.map((one) => ({ old_string: one, new_string: `${one}.` })) }, x, { filePath: x, structuredPatch: [hunk(list)] }),
  Write: (x) => called('Write', { file_path: `/w/project/${x}.html`, content: x }, x, { type: 'create', filePath: x, content: x, structuredPatch: [] }),
  WriteMarkdown: (x) => called('Write', { file_path: `/w/project/${x}/notes.md`, content: x }, x, { type: 'create', filePath: x, content: x, structuredPatch: [] }),
  Read: (x) => called('Read', { file_path: x, offset: x, limit: x }, `1\t${x}`, { type: 'text', file: { filePath: x, content: x, numLines: 1, startLine: 1, totalLines: 1 } }),
  ReadImage: (x) => called('Read', { file_path: `${x}.svg` }, [{ type: 'image', source: { type: 'base64', media_type: 'image/svg+xml', data: Buffer.from(x).toString('base64') } }], { type: 'image', file: { base64: Buffer.from(x).toString('base64'), type: `image/svg+xml` } }),
  NotebookEdit: (x) => called('NotebookEdit', { notebook_path: x, cell_id: x, new_source: x, cell_type: x, edit_mode: x }, x, { notebook_path: x, new_source: x, cell_id: x, language: x, cell_type: x, original_file: x, updated_file: x, error: x }),
  Grep: (x, list) => called('Grep', { pattern: x, path: x, glob: x, output_mode: 'content' }, x, { mode: 'content', numFiles: 1, filenames: list, content: list.map((one) => `${one}:1:${one}`).join('\n') }),
  Glob: (x, list) => called('Glob', { pattern: x, path: x }, x, { filenames: list, numFiles: 2, durationMs: 1, truncated: true }),
  LS: (x) => called('LS', { path: x, ignore: [x] }, x),
  WebFetch: (x) => called('WebFetch', { url: `https://example.org/${x}`, prompt: x }, x, { bytes: 1, code: 200, codeText: x, result: x, url: x, durationMs: 1 }),
  WebFetchBare: (x, list) => called('WebFetch', { url: list[0], prompt: x }, x, { code: x, codeText: x, result: x, url: list[0] }),
  WebSearch: (x, list) => called('WebSearch', { query: x, allowed_domains: list }, x, { query: x, results: [{ tool_use_id: x, content: list.map((one) => ({ title: one, url: one })) }, x] }),
  Agent: (x) => called('Agent', { description: x, prompt: x, subagent_type: x, name: x }, [{ type: 'text', text: x }], { status: 'completed', agentId: x, agentType: x, prompt: x, content: [{ type: 'text', text: x }] }),
  TaskCreate: (x) => called('TaskCreate', { subject: x, description: x, activeForm: x }, x, { task: { id: x, subject: x } }),
  TaskUpdate: (x) => called('TaskUpdate', { taskId: x, status: x, subject: x, owner: x }, x, { success: true, taskId: x, updatedFields: [x], statusChange: { from: x, to: x } }),
  TaskList: (x, list) => called('TaskList', {}, x, { tasks: list.map((one) => ({ id: one, subject: one, status: one, owner: one, blockedBy: [one] })) }),
  TodoWrite: (x, list) => called('TodoWrite', { todos: list.map((one) => ({ content: one, status: one, activeForm: one })) }, x, { oldTodos: [], newTodos: list.map((one) => ({ content: one, status: 'completed', activeForm: one })) }),
  Skill: (x) => called('Skill', { skill: x, args: x }, x, { success: true, commandName: x, allowedTools: [x] }),
  Cron: (x) => called('CronCreate', { cron: x, prompt: x }, x, { id: x, humanSchedule: x }),
  ReportFindings: (x, list) => called('ReportFindings', { level: x, findings: list.map((one) => ({ file: one, line: one, summary: one, failure_scenario: one, verdict: one })) }, x, { count: x, findings: list.map((one) => ({ file: one, line: 1, summary: one, failure_scenario: one })) }),
  Worktree: (x) => called('EnterWorktree', { name: x }, x, { worktreePath: x, worktreeBranch: x, message: x }),
  Output: (x) => called('TaskOutput', { task_id: x }, x, { retrieval_status: x, task: { task_id: x, task_type: x, status: x, description: x, output: x } }),
  Mcp: (x) => called(`mcp__${x}__${x}`, { [x]: x, nested: { [x]: [x, { [x]: x }] } }, [{ type: 'text', text: x }, { type: 'resource_link', uri: x, name: x }, { type: 'resource', resource: { uri: x, text: x } }, { type: x }], { [x]: x }),
  Unknown: (x) => called(x, { [x]: x }, x, { [x]: { [x]: x } }),
  Odd: (x) => called('Bash', x, [{ type: 'text', text: x }, x], x),
}

/** One for each face gets all of the corpus; those that share a face with it, a part. */
const WHOLE = new Set(['Bash', 'Edit', 'WriteMarkdown', 'Read', 'Grep', 'WebFetch', 'WebSearch', 'Agent', 'TodoWrite', 'Skill', 'ReportFindings', 'Output', 'Mcp', 'Unknown'])
const part = (name, all, shift) => (WHOLE.has(name) ? all : all.filter((_, index) => index % 4 === shift % 4))
const perTool = Object.keys(TOOLS).map((name, shift) => part(name, packs(shift), shift).flatMap((list) => TOOLS[name](list.join(shift % 2 === 0 ? '\n' : ' '), list)))

/** Several kinds share a session: starting one costs more than a few hundred calls. */
const KINDS_PER_SESSION = 8
const toolSessions = Array.from({ length: Math.ceil(perTool.length / KINDS_PER_SESSION) }, (_, index) =>
  perTool.slice(index * KINDS_PER_SESSION, (index + 1) * KINDS_PER_SESSION).flat())

function* names() {
  for (const name of NAMES) yield* called(name, { [name]: name, __proto__: null, nested: { [name]: { [name]: 1 } } }, name, { [name]: name })
  // Written as text: an object literal would set the prototype instead.
  const raw = '{"__proto__":{"polluted":"yes","file_path":"x"},"constructor":{"prototype":{"polluted":"yes"}}}'
  for (const tool of ['Bash', 'Edit', 'Read', 'TodoWrite', 'AskUserQuestion']) yield* called(tool, JSON.parse(raw), 'x', JSON.parse(raw))
}

function* streamed() {
  // A payload that comes in pieces, cut in the middle of every third of its characters.
  for (const payload of CORPUS.filter((_, index) => index % 7 === 0)) {
    const id = next('msg_')
    const event = (inner) => framed({ type: 'stream_event', event: inner, parent_tool_use_id: null })
    yield event({ type: 'message_start', message: { id, role: 'assistant', content: [] } })
    yield event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } })
    for (const piece of payload.match(/[^]{1,9}/g)) yield event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } })
    yield assistant({ type: 'text', text: payload }, { message: { id } })
    yield event({ type: 'content_block_stop', index: 0 })
    yield event({ type: 'message_stop' })
  }
}

function* notices() {
  for (const [index, list] of packs(3).entries()) {
    const x = list.join(' ')
    const task_id = `task${index}${x}`
    yield system('init', { model: x, permissionMode: x, cwd: x, claude_code_version: x, mcp_servers: list.map((name) => ({ name, status: name })), slash_commands: list })
    yield system('api_retry', { attempt: 1, max_retries: 2, retry_delay_ms: 1, error_status: 529, error: x })
    yield framed({ type: 'rate_limit_event', rate_limit_info: { status: x, rateLimitType: x, resetsAt: x, overageDisabledReason: x, [x]: x } })
    yield framed({ type: 'rate_limit_event', rate_limit_info: { status: 'rejected', rateLimitType: x, resetsAt: 1, utilization: x } })
    yield system('hook_response', { hook_name: x, hook_event: x, output: x, stdout: x, stderr: x, exit_code: 1, outcome: x })
    yield system('permission_denied', { tool_name: x, tool_use_id: 'none', message: x, decision_reason_type: x })
    yield system('compact_boundary', { compact_metadata: { trigger: x, pre_tokens: 1, post_tokens: 1 } })
    yield system('status', { status: x, permissionMode: x })
    yield system('status', { status: null, compact_error: x })
    yield system('task_started', { task_id, description: x, task_type: x, subagent_type: x, prompt: x })
    yield system('task_progress', { task_id, description: x, last_tool_name: x, usage: {} })
    yield system('task_notification', { task_id, status: x, summary: x, output_file: x })
    yield system(x, { [x]: x })
    yield framed({ type: x, [x]: { [x]: x } })
    yield { stderr: list.map((line) => line.replaceAll(/[\r\n]/g, ' ')).join('\n') }
    yield user(x)
    yield user(list.map((one) => ({ type: 'text', text: one })))
    yield user(`<local-command-stdout>${x}</local-command-stdout>`, { isReplay: true, uuid: next('u') })
    yield assistant({ type: 'text', text: x }, { line: { error: x }, message: { model: '<synthetic>' } })
    yield over({ is_error: true, result: x })
    yield over({ subtype: `error_${x}`, is_error: true, result: null, errors: list })
  }
}

function* prompts() {
  const rule = (x) => ({ type: 'addRules', rules: [{ toolName: x, ruleContent: x }], behavior: x, destination: 'localSettings' })
  const all = packs(9, 24)
  for (const [index, list] of all.entries()) {
    const x = list.join('\n')
    const suggestions = [rule(x), { type: 'setMode', mode: x, destination: x }, { type: 'addDirectories', directories: list, destination: 'session' }]
    const about = { description: x, blocked_path: x, decision_reason: x, permission_suggestions: suggestions, agent_id: x }
    const asked = [
      () => ask('Bash', { command: x, description: x }, about),
      () => ask('Edit', { file_path: x, old_string: x, new_string: `${x}.` }, about),
      () => ask('Write', { file_path: x, content: x }, about),
      () => ask('WebFetch', { url: list[0], prompt: x }, about),
      () => ask(`mcp__${x}__${x}`, { [x]: x }, about),
      () => ask(x, { [x]: { [x]: x } }, about),
    ]
    yield asked[index % asked.length]()
    yield asked[(index + 3) % asked.length]()
  }
  for (const list of packs(11, 24)) {
    const x = list.join('\n\n')
    yield ask('AskUserQuestion', {
      questions: [0, 1].map((n) => ({ question: `${n} ${x}`, header: x, multiSelect: n === 1, options: list.slice(0, 4).map((label, at) => ({ label, description: x, preview: at === 0 ? x : undefined })) })),
    })
    yield ask('ExitPlanMode', { plan: x, planFilePath: x })
  }
}

/** Drawn one by one: each is a frame of its own. */
export const DIAGRAMS = CORPUS.filter((payload) => payload.includes('mermaid\n'))

/** One session each: its frames, and what must be found of the corpus in the page: a row or a number for each payload. */
export function sessions() {
  const groups = [
    // Markdown, each payload by itself.
    { name: 'texts', rows: 'text', frames: CORPUS.map((payload) => text(payload)) },
    { name: 'thoughts', rows: 'thinking', frames: CORPUS.map((payload) => assistant({ type: 'thinking', thinking: payload })) },
    { name: 'streamed', frames: [...streamed()] },
    // One long message: what a payload opens must not swallow the next.
    { name: 'long texts', frames: packs(1, 60).map((list) => text(list.join('\n\n'))) },
    ...toolSessions.map((frames, index) => ({ name: `tools ${index + 1}`, numbers: true, frames })),
    { name: 'names', frames: [...names()] },
    { name: 'notices', numbers: true, frames: [...notices()] },
    { name: 'prompts', numbers: true, frames: [...prompts()] },
    { name: 'diagrams', frames: DIAGRAMS.map((payload) => text(payload)) },
  ]
  return groups.map(({ frames, ...group }) => ({ ...group, frames: [system('init', { model: 'claude-opus-4-8', permissionMode: 'default', mcp_servers: [] }), ...frames] }))
}

/** What the answer to `initialize` may hold. */
export function capabilities() {
  const commands = packs(2, 6).slice(0, 40).map((list) => ({ name: list[0], description: list.join(' '), argumentHint: list[1], aliases: list }))
  const models = packs(4, 40).map((list) => ({ value: list[0], displayName: list.join(' '), description: list.join(' ') }))
  return { commands, models, agents: models.map(({ displayName, description }) => ({ name: displayName, description })) }
}
