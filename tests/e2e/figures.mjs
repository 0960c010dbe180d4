// Prints the figures of the release build, medians of 5: `npm run figures`. Not a test.

import { statSync } from 'node:fs'
import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { start as startApi } from './messages-api.mjs'
import { makeHome } from './real-cli.mjs'
import { Server, binary, freePort, dirty, pss, rss, until } from './server.mjs'

const RUNS = 5
const SESSIONS = 4

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

async function repeat(run) {
  const values = []
  for (let i = 0; i < RUNS; i += 1) values.push(await run())
  return values
}

function report(name, values, unit, aim, digits = 1) {
  const show = (value) => value.toFixed(digits)
  console.log(`${name.padEnd(38)} ${show(median(values)).padStart(9)} ${unit.padEnd(4)} aim ${aim.padEnd(10)} (${values.map(show).join(', ')})`)
}

async function withServer(place, api, body, options = {}) {
  const server = await Server.start(place, api.url, options)
  try {
    return await body(server)
  } finally {
    await server.end()
    await server.expectNothingLeft()
  }
}

/** One GET /health; false while nobody listens yet. */
function answered(port) {
  return new Promise((resolve) => {
    const call = request({ host: '127.0.0.1', port, path: '/health', rejectUnauthorized: false, agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode === 200))
    })
    call.on('error', () => resolve(false))
    call.end()
  })
}

/** From the start of the process to the end of the first answer, asking without a pause. */
async function startTime(place, api) {
  const port = await freePort()
  const began = performance.now()
  let took
  const asking = until('an answer', async () => {
    if (!(await answered(port))) return false
    took = performance.now() - began
    return true
  }, { every: 1 })
  await withServer(place, api, () => asking, { port })
  return took
}

async function idleMemory(place, api) {
  return withServer(place, api, async (server) => {
    await sleep(1_500)
    return rss(server.pid) / 1024
  })
}

/** What claude-web itself grows by for each session: the server and the guards, not Claude or the shell. */
/**
 * What a session adds to server and guards. PSS alone flatters: a guard maps the server's own program and libraries, so
 * the server's share of them falls; the written memory beside it cannot be shared away.
 */
async function perSession(place, api, session, measure) {
  return withServer(place, api, async (server) => {
    const own = () => server.own().reduce((sum, { pid }) => sum + measure(pid), 0)
    await sleep(1_500)
    const before = own()
    for (let i = 0; i < SESSIONS; i += 1) {
      const { status, body } = await server.api('POST', '/api/sessions', { cwd: 'project', keep: true, ...session })
      if (status !== 201) throw new Error(`a session was refused: ${JSON.stringify(body)}`)
    }
    await until('every session is up', async () => {
      const { body } = await server.api('GET', '/api/sessions')
      return body.sessions.length === SESSIONS && body.sessions.every(({ state }) => state !== 'starting')
    }, { every: 250 })
    await sleep(3_000)
    return (own() - before) / SESSIONS / 1024
  })
}

/** Everything Chromium transfers until the page is signed in and quiet. */
async function firstLoad(place, api) {
  return withServer(place, api, async (server) => {
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.enable')
    const urls = new Map()
    let bytes = 0
    let requests = 0
    cdp.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url))
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (!urls.get(requestId)?.startsWith('https:')) return
      bytes += encodedDataLength
      requests += 1
    })
    await page.goto(server.url)
    await page.getByRole('status').filter({ hasText: /^\s*online/i }).first().waitFor()
    await sleep(1_500)
    await browser.close()
    return { bytes, requests }
  })
}

const api = await startApi()
const place = makeHome()
try {
  console.log(`${binary()}\n`)
  console.log(`first start ever (makes the certificate)  ${(await startTime(place, api)).toFixed(1)} ms`)
  report('start to first answered request', await repeat(() => startTime(place, api)), 'ms', '<= 50 ms')
  report('idle RSS', await repeat(() => idleMemory(place, api)), 'MiB', '<= 20 MiB')
  report('PSS per idle terminal session', await repeat(() => perSession(place, api, { kind: 'terminal', program: 'shell' }, pss)), 'MiB', '<= 1 MiB', 2)
  report('written memory per idle terminal session', await repeat(() => perSession(place, api, { kind: 'terminal', program: 'shell' }, dirty)), 'MiB', '', 2)
  report('PSS per idle chat session', await repeat(() => perSession(place, api, { kind: 'chat' }, pss)), 'MiB', '<= 1 MiB', 2)
  report('written memory per idle chat session', await repeat(() => perSession(place, api, { kind: 'chat' }, dirty)), 'MiB', '', 2)
  report('binary size', [statSync(binary()).size / 1e6], 'MB', '<= 20 MB')
  const loads = await repeat(() => firstLoad(place, api))
  report('first load, bytes over the wire', loads.map(({ bytes }) => bytes / 1000), 'KB', '<= 150 KB')
  report('first load, requests', loads.map(({ requests }) => requests), '', '', 0)
} finally {
  await api.close()
  place.remove()
}
