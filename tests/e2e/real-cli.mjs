// The real Claude Code CLI, pinned by the lock file, with nothing of the machine it runs on.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export const CLAUDE = new URL('node_modules/.bin/claude', import.meta.url).pathname

/** Made up; nothing but the scripted API ever sees it. */
const API_KEY = 'sk-ant-api03-made-up-for-tests-0123456789abcdefghijklmnopqrstuvwxyz'

/** A directory of its own with HOME, and directories that Claude takes for trusted. */
export function makeHome({ projects = ['project'], untrusted = [] } = {}) {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'claude-web-e2e-')))
  const home = join(base, 'home')
  const root = join(base, 'root')
  for (const name of [...projects, ...untrusted]) mkdirSync(join(root, name), { recursive: true })
  mkdirSync(home)
  mkdirSync(join(base, 'tmp'))
  const trusted = [root, ...projects.map((name) => join(root, name))]
  writeFileSync(
    join(home, '.claude.json'),
    JSON.stringify({
      hasCompletedOnboarding: true,
      customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
      projects: Object.fromEntries(trusted.map((path) => [path, { hasTrustDialogAccepted: true }])),
    }),
    { mode: 0o600 },
  )
  return { base, home, root, remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) }
}

/** The whole environment of the CLI in tests: what is not here does not reach it. */
export function environment(home, apiUrl, extra = {}) {
  return {
    HOME: home,
    PATH: process.env.PATH,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TMPDIR: join(dirname(home), 'tmp'),
    CLAUDE_CODE_TMPDIR: join(dirname(home), 'tmp'),
    ANTHROPIC_API_KEY: API_KEY,
    ANTHROPIC_BASE_URL: apiUrl,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '3',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    ...extra,
  }
}

/**
 * One prompt through stream-json and the stdio permission channel. `answer` decides what is asked; `interruptAfter`
 * counts from the start of the turn.
 */
export async function runTurn({ cwd, env, prompt, mode = 'default', answer = () => ({ behavior: 'allow' }), interruptAfter }) {
  const child = spawn(
    CLAUDE,
    ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose',
      '--include-partial-messages', '--permission-prompt-tool', 'stdio', '--permission-mode', mode],
    { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const exited = new Promise((resolve) => child.on('exit', resolve))
  const frames = []
  const asked = []
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const write = (frame) => child.stdin.write(`${JSON.stringify(frame)}\n`)
  write({ type: 'user', message: { role: 'user', content: prompt }, parent_tool_use_id: null, session_id: '' })
  const stop = () => write({ type: 'control_request', request_id: 'stop', request: { subtype: 'interrupt' } })
  let interrupt
  let result
  for await (const line of createInterface({ input: child.stdout })) {
    const frame = JSON.parse(line)
    frames.push({ at: Date.now(), ...frame })
    if (frame.subtype === 'init' && interruptAfter) interrupt ??= setTimeout(stop, interruptAfter)
    if (frame.type === 'control_request') {
      asked.push(frame.request)
      const decision = answer(frame.request)
      const response = decision.behavior === 'allow' ? { updatedInput: frame.request.input, ...decision } : decision
      write({ type: 'control_response', response: { subtype: 'success', request_id: frame.request_id, response } })
    }
    if (frame.type === 'result') {
      result ??= frame // A finished background task makes the CLI begin a turn of its own, with a result of its own.
      child.stdin.end()
    }
  }
  clearTimeout(interrupt)
  await exited
  const deltas = frames.filter((frame) => frame.event?.delta?.type === 'text_delta')
  return {
    result,
    asked,
    frames,
    stderr,
    deltas,
    spread: deltas.length > 0 ? deltas.at(-1).at - deltas[0].at : 0,
    retries: frames.filter((frame) => frame.subtype === 'api_retry').length,
  }
}
