// What record.mjs records. `prepare` fills the home and the project, `answer` decides what the CLI asks (allow when there
// is none), `run` is what a person would do.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DOT_PNG, NOTEBOOK, PDF } from './samples.mjs'

const MCP_SERVER = new URL('mcp-server.mjs', import.meta.url).pathname

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

const settings = ({ home }, value) => put(join(home, '.claude/settings.json'), JSON.stringify(value))
const tool = (name, input = {}) => `[[tool ${name} ${JSON.stringify(input)}]]`
const turns = (...prompts) => async (cli) => {
  for (const prompt of prompts) await cli.turn(prompt)
}

/** A project under version control, for what needs one. */
function repository(project) {
  put(join(project, 'a.txt'), 'line one\nline two\n')
  const git = (...args) => execFileSync('git', ['-C', project, '-c', 'user.name=Test', '-c', 'user.email=t@example.org', ...args], { stdio: 'ignore' })
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'First')
}

/** A page over TLS on loopback: the CLI fetches nothing else. */
function webPage(base) {
  const [key, cert] = [join(base, 'page.key'), join(base, 'page.crt')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key,
    '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' })
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    response.writeHead(request.url === '/gone' ? 404 : 200, { 'content-type': 'text/html' })
    response.end('<html><head><title>Tides</title></head><body><h1>Tides</h1><p>Twice a day.</p></body></html>')
  })
  server.listen(0, '127.0.0.1')
  return { server, cert, close: () => server.close() }
}

const LONG_BEFORE = Array.from({ length: 120 }, (_, i) => `const value${i} = ${i}`).join('\n')
const LONG_AFTER = LONG_BEFORE.split('\n').map((line, i) => (i % 30 === 7 ? `${line} * 2` : line)).join('\n')

const hook = (command) => [{ matcher: '*', hooks: [{ type: 'command', command }] }]

export const RECORDINGS = {
  web_fetch: {
    prepare: ({ base, home }) => {
      settings({ home }, { skipWebFetchPreflight: true })
      return webPage(base)
    },
    env: ({ extra }) => ({ NODE_EXTRA_CA_CERTS: extra.cert }),
    run: async (cli, { server }) => {
      const url = `https://127.0.0.1:${server.address().port}`
      await cli.turn(`${tool('WebFetch', { url: `${url}/tides`, prompt: 'What does it say?' })} then ${tool('WebFetch', { url: `${url}/gone`, prompt: 'And here?' })}`)
    },
  },
  web_search: { run: turns(tool('WebSearch', { query: 'why are there tides' })) },
  notebook: {
    prepare: ({ project }) => put(join(project, 'sums.ipynb'), NOTEBOOK),
    run: turns(`[[read sums.ipynb]] then ${tool('NotebookEdit', { notebook_path: 'sums.ipynb', cell_id: 'first', new_source: 'print(2)' })}`),
  },
  reads: {
    prepare: ({ project }) => {
      put(join(project, 'dot.png'), DOT_PNG)
      put(join(project, 'paper.pdf'), PDF)
      put(join(project, 'long.txt'), LONG_BEFORE)
      put(join(project, 'empty.txt'), '')
    },
    run: turns('[[read dot.png]]', '[[read paper.pdf]]', `${tool('Read', { file_path: 'long.txt', offset: 10, limit: 5 })}`, '[[read missing.txt]]', '[[read empty.txt]]'),
  },
  edits: {
    prepare: ({ project }) => put(join(project, 'long.txt'), LONG_BEFORE),
    run: turns(
      `[[read long.txt]] then [[write long.txt: ${LONG_AFTER}]]`,
      `${tool('Edit', { file_path: 'long.txt', old_string: 'const', new_string: 'let', replace_all: true })}`,
      '[[edit long.txt: not in it => x]]',
    ),
  },
  skill: {
    prepare: ({ project }) => put(join(project, '.claude/skills/sweep/SKILL.md'), '---\nname: sweep\ndescription: Sweeps the floor\n---\n\nTake a broom.\n'),
    run: turns(tool('Skill', { skill: 'sweep', args: 'the kitchen' })),
  },
  mcp: {
    prepare: ({ project }) => put(join(project, '.mcp.json'), JSON.stringify({ mcpServers: { scales: { command: process.execPath, args: [MCP_SERVER] }, broken: { command: 'false' } } })),
    args: ({ root }) => [`--mcp-config=${join(root, 'project/.mcp.json')}`, '--strict-mcp-config'],
    run: turns(tool('mcp__scales__weigh', { thing: 'an apple' }), tool('mcp__scales__picture'), tool('mcp__scales__fails')),
  },
  todos: {
    run: turns(
      `${tool('TaskCreate', { subject: 'Sweep', description: 'the floor', activeForm: 'Sweeping' })} then ${tool('TaskCreate', { subject: 'Mop', description: 'the floor' })} then ` +
        `${tool('TaskUpdate', { taskId: '1', status: 'in_progress' })} then ${tool('TaskUpdate', { taskId: '2', addBlockedBy: ['1'] })} then ${tool('TaskGet', { taskId: '2' })} then ` +
        `${tool('TaskUpdate', { taskId: '1', status: 'completed' })} then ${tool('TaskList')}`,
    ),
  },
  schedule: {
    run: turns(
      `${tool('CronCreate', { cron: '7 3 * * *', prompt: 'Look at the tides', recurring: true })} then ${tool('CronList')} then ${tool('CronDelete', { id: 'none' })}`,
      tool('ScheduleWakeup', { delaySeconds: 3600, reason: 'The tide turns', prompt: 'Look again' }),
    ),
  },
  background: {
    run: async (cli) => {
      const started = cli.next((frame) => frame.subtype === 'task_started')
      await cli.turn('[[background while :; do echo tick; sleep 1; done]]')
      const { task_id } = await started
      await cli.turn(tool('TaskOutput', { task_id, block: false, timeout: 1000 }))
      await cli.turn(tool('TaskStop', { task_id }))
      await cli.turn(tool('TaskStop', { task_id: 'unknown' }))
    },
  },
  background_done: {
    run: async (cli) => {
      const notified = cli.next((frame) => frame.subtype === 'task_notification')
      await cli.turn('[[background sleep 1; echo done]]')
      await notified
      await cli.next((frame) => frame.type === 'result')
      await cli.next((frame) => frame.subtype === 'session_state_changed' && frame.state === 'idle')
    },
  },
  search_by_bash: {
    prepare: ({ project }) => put(join(project, 'src/a.rs'), 'fn main() {}\n'),
    run: turns('[[bash grep -rn "fn main" .]]', '[[bash find . -name "*.rs"]]', '[[bash ls]]', '[[bash ls nothere]]', '[[bash seq 1 20000]]'),
  },
  plan_entered: { run: turns(`${tool('EnterPlanMode')} then [[plan # Sweep\n\n1. Broom]]`) },
  worktree: {
    prepare: ({ project }) => repository(project),
    run: turns(`${tool('EnterWorktree', { name: 'side' })} then ${tool('ExitWorktree', { action: 'keep' })}`),
  },
  findings: {
    run: turns(tool('ReportFindings', { level: 'high', findings: [
      { file: 'src/a.rs', line: 3, summary: 'The count is one too low', failure_scenario: 'An empty list gives -1', verdict: 'CONFIRMED' },
      { file: 'src/b.rs', summary: 'A name is wrong', failure_scenario: 'None', verdict: 'PLAUSIBLE' },
    ] })),
  },
  messages_to_agents: { run: turns(tool('SendMessage', { to: 'nobody', message: 'Are you there?', summary: 'asking' })) },
  workflow: { run: turns(tool('Workflow', { script: 'export const meta = { name: "one", description: "one step" }\nreturn "done"' })) },
  hooks: {
    prepare: ({ project }) =>
      put(join(project, '.claude/settings.json'), JSON.stringify({ hooks: {
        PreToolUse: hook('echo before'),
        PostToolUse: hook('echo broken >&2; exit 1'),
        UserPromptSubmit: [{ hooks: [{ type: 'command', command: 'echo noted' }] }],
        Stop: [{ hooks: [{ type: 'command', command: 'true' }] }],
      } })),
    args: () => ['--include-hook-events'],
    run: turns('[[bash true]]'),
  },
  hook_blocks: {
    prepare: ({ project }) =>
      put(join(project, '.claude/settings.json'), JSON.stringify({ hooks: { PreToolUse: hook('echo "Not on my machine" >&2; exit 2') } })),
    args: () => ['--include-hook-events'],
    run: turns('[[write notes.md: no]]'),
  },
  compact_clear: { run: turns('First', '/compact too early', 'Second', 'Third', '[[bash true]]', '/compact keep the names', 'Fourth', '/clear', 'Fifth', '/nosuchcommand', '/cost') },
  api_limits: {
    run: turns('[[fail 529 2]] then [[say recovered]]', '[[fail 429]]', '[[fail 400 - prompt is too long: 210000 tokens > 200000 maximum]]', '[[refuse]]', '[[fail 500]]', '[[cut]] then [[say after the cut]]'),
  },
  attachments: {
    run: (cli) =>
      cli.turn([
        { type: 'text', text: 'What is in these?' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: DOT_PNG.toString('base64') } },
        { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF.toString('base64') }, title: 'paper.pdf' },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Some notes' }, title: 'notes.txt' },
      ]),
  },
  thinking: { run: turns('[[think Is it so?]]+[[redacted]]+[[say It is so.]]') },
  denied_by_rule: {
    prepare: ({ home }) => settings({ home }, { permissions: { deny: ['Bash(rm *)', 'WebFetch'] } }),
    run: turns('[[bash rm -f a.txt]]', tool('WebFetch', { url: 'https://example.org', prompt: 'x' })),
  },
  dont_ask: { args: () => ['--permission-mode=dontAsk'], run: turns('[[write notes.md: no]]') },
  decisions: {
    answer: ({ input }) => {
      if (input.command === 'touch denied') return { behavior: 'deny', message: 'Use the broom' }
      if (input.command === 'ln -s x stopped') return { behavior: 'deny', message: 'Stop it', interrupt: true }
      if (input.command === 'echo before') return { behavior: 'allow', updatedInput: { ...input, command: 'echo after' } }
      return { behavior: 'allow', updatedPermissions: [{ type: 'addRules', rules: [{ toolName: 'Bash', ruleContent: 'touch:*' }], behavior: 'allow', destination: 'session' }] }
    },
    run: turns('[[bash touch denied]]', '[[bash echo before > out]]', '[[bash touch allowed]] then [[bash touch again]]', '[[bash ln -s x stopped]]'),
  },
  questions: {
    answer: ({ input }) => ({
      behavior: 'allow',
      updatedInput: {
        ...input,
        answers: { [input.questions[0].question]: 'Blue', [input.questions[1].question]: 'Search, Export' },
        annotations: { [input.questions[0].question]: { notes: 'A dark one' } },
      },
    }),
    run: turns('[[ask many]]'),
  },
  subagent: {
    prepare: ({ project }) => put(join(project, 'a.txt'), 'line one\n'),
    run: turns('[[agent Look around. ((read a.txt)) then ((bash touch b.txt))]]'),
  },
  interrupted: {
    run: async (cli) => {
      const idle = cli.next((frame) => frame.subtype === 'session_state_changed' && frame.state === 'idle')
      cli.send('[[slow 60]]')
      await cli.next((frame) => frame.event?.type === 'content_block_delta')
      await cli.control({ subtype: 'interrupt' })
      await idle
      const again = cli.next((frame) => frame.subtype === 'session_state_changed' && frame.state === 'idle')
      cli.send('[[bash sleep 100]]')
      await cli.next((frame) => frame.subtype === 'task_started')
      await sleep(200)
      await cli.control({ subtype: 'interrupt' })
      await again
    },
  },
  settings_changed: {
    run: async (cli) => {
      await cli.control({ subtype: 'set_permission_mode', mode: 'acceptEdits' })
      await cli.control({ subtype: 'set_model', model: 'haiku' })
      await cli.turn('Who are you now?')
      await cli.control({ subtype: 'rename_session', title: 'A new name' })
      await cli.control({ subtype: 'get_context_usage' })
    },
  },
}
