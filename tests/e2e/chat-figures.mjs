// Prints what a long chat costs the page, medians of 5, and the sizes of what is served: `npm run chat-figures`. Not a test.

import { readdirSync, statSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { elementCount, heap, longSession, openSession, scrollThrough } from './long-session.mjs'
import { start as startApi } from './messages-api.mjs'
import { makeHome } from './real-cli.mjs'
import { Server } from './server.mjs'

const EVENTS = Number(process.argv[2] ?? 20_000)
const RUNS = 5
const SCREENS = 30
const DESKTOP = { viewport: { width: 1440, height: 900 } }
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
const ASSETS = new URL('../../assets/', import.meta.url).pathname
const PLAYED = new URL('played-cli.mjs', import.meta.url).pathname

const sorted = (values) => [...values].sort((a, b) => a - b)
const median = (values) => sorted(values)[Math.floor(values.length / 2)]
const line = (name, value, unit = '', aim = '') => console.log(`${name.padEnd(44)} ${String(value).padStart(10)} ${unit.padEnd(6)} ${aim}`)

async function measure(browser, server, chat, options) {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true, ...options })).newPage()
  const opened = await openSession(page, server, chat)
  const memory = (await heap(page)) / 1e6
  const elements = await elementCount(page)
  const scrolled = await scrollThrough(page, SCREENS)
  const after = { memory: (await heap(page)) / 1e6, elements: await elementCount(page) }
  await page.context().close()
  return { opened, memory, elements, scrolled, after }
}

function print(title, runs, head) {
  console.log(`\n${title}: ${head} events in the log`)
  const of = (read) => median(runs.map(read))
  line('open: to the last message painted', Math.round(of(({ opened }) => opened.took)), 'ms')
  line('open: longest task', Math.max(0, ...runs.flatMap(({ opened }) => opened.tasks)), 'ms')
  line('open: tasks over 200 ms, all runs', runs.flatMap(({ opened }) => opened.tasks).filter((task) => task > 200).length, '', 'aim 0')
  line('heap after opening', of(({ memory }) => memory).toFixed(1), 'MB')
  line('elements after opening', of(({ elements }) => elements))
  const frames = sorted(runs.flatMap(({ scrolled }) => scrolled.frames))
  line(`scrolling ${SCREENS} screens up and down: frames`, (1000 / (frames.reduce((sum, frame) => sum + frame, 0) / frames.length)).toFixed(1), 'per s', 'aim 60')
  line('scrolling: median frame took', frames[Math.floor(frames.length / 2)].toFixed(1), 'ms')
  line('scrolling: 95th of 100 frames took', frames[Math.floor(frames.length * 0.95)].toFixed(1), 'ms')
  line('scrolling: tasks over 200 ms, all runs', runs.flatMap(({ scrolled }) => scrolled.tasks).filter((task) => task > 200).length, '', 'aim 0')
  line('heap after scrolling', of(({ after }) => after.memory).toFixed(1), 'MB')
  line('elements after scrolling', of(({ after }) => after.elements))
}

function* files(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = `${directory}${entry.name}`
    if (entry.isDirectory()) yield* files(`${path}/`)
    else yield path
  }
}

function sizes() {
  console.log('\nserved files, compressed with brotli')
  const chunks = [...files(ASSETS)].filter((path) => path.endsWith('.br')).map((path) => [path.slice(ASSETS.length, -3), statSync(path).size])
  for (const [name, size] of chunks.sort(([, a], [, b]) => b - a)) line(name, (size / 1000).toFixed(1), 'KB')
  line('all of them', (chunks.reduce((sum, [, size]) => sum + size, 0) / 1000).toFixed(1), 'KB')
}

const api = await startApi()
const place = makeHome()
const server = await Server.start(place, api.url, { claude: PLAYED })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] })
try {
  const chat = await longSession(server, EVENTS)
  for (const [title, options] of [['1440×900', DESKTOP], ['390×844', PHONE]]) {
    const runs = []
    for (let run = 0; run < RUNS; run += 1) runs.push(await measure(browser, server, chat, options))
    print(title, runs, chat.events.length)
  }
} finally {
  await browser.close()
  await server.end()
  await api.close()
  place.remove()
}
sizes()
