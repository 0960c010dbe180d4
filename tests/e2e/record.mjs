// Records what the real CLI writes: `node record.mjs [NAME…]` writes ../fixtures/stream/NAME.jsonl for the recordings of
// recordings.mjs (all without a name). Then: UPDATE_GENERATED=1 cargo test --features test-support --lib recorded_streams

import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { start as startApi } from './messages-api.mjs'
import { CLAUDE, environment, makeHome } from './real-cli.mjs'
import { RECORDINGS } from './recordings.mjs'
import { Stable, thinning } from './stable.mjs'

const TARGET = new URL('../fixtures/stream/', import.meta.url).pathname

/** As the server starts it (src/claude/launch.rs). */
const ARGS = ['-p', '--input-format=stream-json', '--output-format=stream-json', '--verbose', '--include-partial-messages',
  '--permission-prompt-tool=stdio', '--replay-user-messages']

class Recording {
  constructor(recording, place, api) {
    this.answer = recording.answer ?? (() => ({ behavior: 'allow' }))
    this.frames = []
    this.stderr = ''
    this.waiting = new Set()
    this.serial = 0
    const env = environment(place.home, api.url, { CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1', ...recording.env?.(place) })
    this.child = spawn(CLAUDE, [...ARGS, ...(recording.args?.(place) ?? [])], { cwd: join(place.root, 'project'), env })
    this.exited = new Promise((resolve) => this.child.on('exit', resolve))
    this.child.stderr.on('data', (chunk) => (this.stderr += chunk))
    this.child.stdin.on('error', () => {})
    createInterface({ input: this.child.stdout }).on('line', (line) => this.take(JSON.parse(line)))
  }

  write(frame) {
    this.child.stdin.write(`${JSON.stringify(frame)}\n`)
  }

  take(frame) {
    this.frames.push(frame)
    for (const wait of this.waiting) {
      if (!wait.test(frame)) continue
      this.waiting.delete(wait)
      wait.resolve(frame)
    }
    if (frame.type !== 'control_request') return
    const decision = this.answer(frame.request)
    if (decision === undefined) return
    const response = decision.behavior === 'allow' ? { updatedInput: frame.request.input, ...decision } : decision
    this.write({ type: 'control_response', response: { subtype: 'success', request_id: frame.request_id, response } })
  }

  /** The next frame that passes `test`. */
  next(test, within = 30_000) {
    const found = new Promise((resolve) => this.waiting.add({ test, resolve }))
    const late = sleep(within, undefined, { ref: false }).then(() => {
      throw new Error(`nothing of the kind came: ${test}\n${JSON.stringify(this.frames.at(-1))}\n${this.stderr}`)
    })
    return Promise.race([found, late])
  }

  /** A request to the CLI, answered. */
  async control(request) {
    this.serial += 1
    const request_id = `host-${this.serial}`
    const answered = this.next((frame) => frame.type === 'control_response' && frame.response.request_id === request_id)
    this.write({ type: 'control_request', request_id, request })
    return answered
  }

  send(content, more = {}) {
    this.write({ type: 'user', message: { role: 'user', content }, parent_tool_use_id: null, session_id: '', ...more })
  }

  /** A message, and all that follows until nothing is left to do. */
  async turn(content) {
    const idle = this.next((frame) => frame.subtype === 'session_state_changed' && frame.state === 'idle')
    this.send(content)
    return idle
  }

  async end() {
    this.child.stdin.end()
    const code = await Promise.race([this.exited, sleep(10_000, 'late', { ref: false })])
    if (code === 'late') this.child.kill('SIGKILL')
  }
}

async function record(name, recording) {
  const api = await startApi()
  const place = makeHome()
  const cleanup = await recording.prepare?.({ ...place, project: join(place.root, 'project') })
  try {
    const running = new Recording(recording, { ...place, extra: cleanup }, api)
    await running.control({ subtype: 'initialize' })
    await recording.run(running, cleanup)
    await running.end()
    const stable = new Stable([[place.root, '/w'], [place.home, '~'], [place.base, '/w/base']])
    const lines = stable.frames(running.frames.filter(thinning())).map((frame) => JSON.stringify(frame))
    writeFileSync(join(TARGET, `${name}.jsonl`), `${lines.join('\n')}\n`)
    console.log(`${name}: ${lines.length} of ${running.frames.length} frames`)
    if (process.env.SHOW_STDERR) console.log(running.stderr)
  } finally {
    cleanup?.close?.()
    await api.close()
    place.remove()
  }
}

const wanted = process.argv.slice(2)
for (const [name, recording] of Object.entries(RECORDINGS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  await record(name, recording).catch((error) => {
    console.error(`${name}: ${error.message}`)
    process.exitCode = 1
  })
}
