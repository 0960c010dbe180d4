// Starts the built binary as a user would, with the real CLI and an environment of its own, and looks for what it
// leaves behind.

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { CLAUDE, environment } from './real-cli.mjs'

/** Not one of ours by name, so it reaches every process below the server. */
const MARK = 'E2E_MARK'

export function binary() {
  const here = (path) => new URL(path, import.meta.url).pathname
  const candidates = [process.env.CLAUDE_WEB_BIN, here('../../target/release/claude-web'), here('../../target/debug/claude-web')]
  const found = candidates.find((path) => path && existsSync(path))
  if (!found) throw new Error('claude-web is not built: run "cargo build --release" or set CLAUDE_WEB_BIN')
  return found
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until `probe` gives something true, and says what it last gave when it does not. */
export async function until(what, probe, { within = 10_000, every = 50 } = {}) {
  const end = Date.now() + within
  for (;;) {
    const value = await probe()
    if (value) return value
    if (Date.now() > end) throw new Error(`after ${within} ms still not: ${what}`)
    await sleep(every)
  }
}

// ---- processes ---------------------------------------------------------------------------------------------------

function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)

function executable(pid) {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    return ''
  }
}

/** Every process whose environment or arguments hold `text`; the dead that wait to be reaped have neither. */
export function processesWith(text) {
  const found = []
  for (const pid of pids()) {
    if (pid === process.pid) continue
    const command = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim()
    if (command.includes(text) || readProc(pid, 'environ').includes(text)) {
      const parent = Number(readProc(pid, 'stat').replace(/^.*\) /, '').split(' ')[1])
      found.push({ pid, parent, command, executable: executable(pid) })
    }
  }
  return found
}

/** The `sleep` processes of that many seconds; a shell whose command line only names them does not count. */
export const sleepers = (seconds) =>
  pids().filter((pid) => readProc(pid, 'cmdline') === `sleep\0${seconds}\0`)

/** Proportional share of memory, in KiB. */
export function pss(pid) {
  return Number(readProc(pid, 'smaps_rollup').match(/^Pss:\s+(\d+)/m)?.[1] ?? 0)
}

/** KiB of memory written to: what a process costs however many others map the same program and libraries. */
export function dirty(pid) {
  return Number(readProc(pid, 'smaps_rollup').match(/^Pss_Dirty:\s+(\d+)/m)?.[1] ?? 0)
}

export function rss(pid) {
  return Number(readProc(pid, 'status').match(/^VmRSS:\s+(\d+)/m)?.[1] ?? 0)
}

// ---- the server --------------------------------------------------------------------------------------------------

export class Server {
  /** `place` as of makeHome(); `args` are more flags of `serve`, `claude` is another program than the real CLI. */
  static async start(place, apiUrl, { args = [], env = {}, port, claude = CLAUDE } = {}) {
    const server = new Server()
    server.mark = `${MARK}=${randomUUID()}`
    server.dataDirectory = join(place.base, 'data')
    server.startedAt = performance.now()
    const [name, value] = server.mark.split('=')
    const command = ['serve', '--json', '--no-qr', '--port', String(port ?? (await freePort())), '--root', place.root,
      '--data-dir', server.dataDirectory, '--claude', claude, ...args]
    // XDG_RUNTIME_DIR keeps the control socket of one test away from another's.
    server.env = { ...environment(place.home, apiUrl, env), XDG_RUNTIME_DIR: place.base, [name]: value }
    server.child = spawn(binary(), command, { cwd: place.base, env: server.env, stdio: ['ignore', 'pipe', 'pipe'] })
    server.exit = new Promise((resolve) => server.child.on('exit', (code, signal) => resolve({ code, signal })))
    server.stderr = ''
    server.child.stderr.on('data', (chunk) => (server.stderr += chunk))
    const announced = new Promise((resolve) => createInterface({ input: server.child.stdout }).once('line', resolve))
    const line = await Promise.race([announced, server.exit.then(() => undefined), sleep(15_000, undefined, { ref: false })])
    if (line === undefined) {
      server.child.kill('SIGKILL')
      await sleep(100) // for the rest of stderr
      throw Object.assign(new Error(`claude-web did not start\n${server.stderr}`), { server })
    }
    Object.assign(server, JSON.parse(line))
    return server
  }

  /** Every process of claude-web itself: the server and the guards of its sessions. */
  own() {
    const path = realpathSync(binary())
    return this.processes().filter((process) => process.executable === path)
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Everything below the server, and the server itself while it runs. Guards have no environment but their marks. */
  processes() {
    const guards = processesWith(`CLAUDE_WEB_SERVER=${this.child.pid}:`)
    const others = processesWith(this.mark).filter(({ pid }) => !guards.some((guard) => guard.pid === pid))
    return [...others, ...guards]
  }

  /** What runs for sessions: everything below the server that is not claude-web itself. */
  children() {
    const own = realpathSync(binary())
    return this.processes().filter((process) => process.executable !== own)
  }

  /** Runs another command of claude-web as the user of this server would. */
  async run(...command) {
    const child = spawn(binary(), command, {
      env: { ...this.env, CLAUDE_WEB_DATA_DIR: this.dataDirectory },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => (output[name] += chunk))
    const [code] = await once(child, 'close')
    return { code, ...output }
  }

  /** Ends the server by a signal and waits for its exit. */
  async end(signal = 'SIGTERM', within = 20_000) {
    if (this.running) this.child.kill(signal)
    const outcome = await Promise.race([this.exit, sleep(within, undefined, { ref: false })])
    if (outcome !== undefined) return outcome
    this.child.kill('SIGKILL')
    throw new Error(`claude-web was still there ${within} ms after ${signal}\n${this.stderr}`)
  }

  /** Fails when anything of this server is left, and ends it. */
  async expectNothingLeft(within = 2_000) {
    const end = Date.now() + within
    while (this.processes().length > 0 && Date.now() < end) await sleep(50)
    const left = this.processes()
    for (const { pid } of left) process.kill(pid, 'SIGKILL')
    if (left.length > 0) throw new Error(`left behind:\n${left.map(({ pid, command }) => `  ${pid} ${command}`).join('\n')}`)
  }

  /** A request with the access token, as a script makes it. The certificate is self-signed. */
  async api(method, path, body) {
    const { request } = await import('node:https')
    const text = body === undefined ? undefined : JSON.stringify(body)
    const call = request(`https://127.0.0.1:${this.port}${path}`, {
      method,
      rejectUnauthorized: false,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    })
    call.end(text)
    const [response] = await once(call, 'response')
    const isJson = ({ headers }) => /json/.test(headers['content-type'] ?? '')
    let answer = ''
    for await (const chunk of response.setEncoding('utf8')) answer += chunk
    return { status: response.statusCode, headers: response.headers, body: isJson(response) && answer !== '' ? JSON.parse(answer) : answer || undefined }
  }

  /** The session of that title. Polling it faster than four times a second meets the request limit. */
  async session(title) {
    const { body } = await this.api('GET', '/api/sessions')
    return body.sessions.find((session) => session.title === title)
  }
}
