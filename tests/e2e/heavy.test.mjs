// Sheer size in a real browser: whatever comes, the page stays responsive and says what it cut.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Chat } from './chat-socket.mjs'
import { heavySessions } from './heavy-sessions.mjs'
import { conversation, online, PHONE, scenario } from './support.mjs'

const PLAYED = new URL('played-cli.mjs', import.meta.url).pathname
const MOST_MS = 200

/** Starts a session that has said all of `frames`. */
async function played(rig, { name, frames, prompts = 0 }, number) {
  const path = join(rig.place.base, `heavy-${number}.jsonl`)
  writeFileSync(path, frames.map((frame) => JSON.stringify(frame)).join('\n'))
  const chat = await Chat.start(rig.server, { title: name })
  await chat.send(`play ${path}`)
  if (prompts > 0) await chat.nth('approval_requested', 1)
  else await chat.idle(60_000)
  return chat
}

/** In the page, before anything else: what keeps the main thread busy for long. */
function watchTasks() {
  window.__tasks = []
  new PerformanceObserver((list) => window.__tasks.push(...list.getEntries().map(({ startTime, duration }) => ({ at: startTime, ms: duration })))).observe({ type: 'longtask', buffered: true })
}

/** In the page: goes through a conversation, opens all there is to open, one thing after the other, and times each. */
async function walk() {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
  let scroller
  for (let tries = 0; tries < 1_000; tries += 1) {
    await frame()
    scroller = document.querySelector('[role="log"]')
    if (scroller?.querySelector('.item, [data-prompt]') && document.querySelector('[role="progressbar"]') === null) break
  }
  const steps = []
  const words = new Set()
  const settle = async (name, since) => {
    let count
    do {
      count = window.__tasks.length
      await frame()
      await frame()
      await new Promise((resolve) => setTimeout(resolve, 10))
    } while (window.__tasks.length > count && performance.now() - since < 6_000)
    const ms = Math.max(0, ...window.__tasks.filter((task) => task.at + task.ms > since).map((task) => task.ms))
    steps.push({ name, ms: Math.round(ms), from: performance.timeOrigin + since, to: performance.timeOrigin + performance.now() })
    if (ms > 100) console.log(`${Math.round(ms)} ms ${name}`)
  }
  const SHOW = /^(?:show |read |side by side|enlarge)|more lines|\d+ lines/i
  const label = (element) => `${element.closest('[data-call]')?.getAttribute('aria-label')?.slice(0, 40) ?? element.closest('.item')?.className ?? ''} › ${(element.ariaLabel ?? element.textContent).trim().slice(0, 40)}`
  const times = new Map()
  const pressed = new WeakSet()
  const isWanted = (element) => {
    const text = element.textContent.trim()
    if (/^show diagram|^show less|^show readable/i.test(text)) return false
    if (element.getAttribute('aria-expanded') === 'false' && !element.hasAttribute('aria-haspopup')) return !pressed.has(element)
    if (!SHOW.test(text)) return false
    return (times.get(element) ?? 0) < (/^show (?:more|earlier)|more lines/i.test(text) ? 3 : 1)
  }
  const rank = (element) => {
    const text = element.textContent.trim()
    return /^show raw/i.test(text) ? 3 : /^side by side/i.test(text) ? 2 : /^enlarge/i.test(text) ? 1 : 0
  }
  const press = async () => {
    for (let tries = 0; tries < 400; tries += 1) {
      const [next] = [...scroller.querySelectorAll('button, summary')].filter(isWanted).sort((a, b) => rank(a) - rank(b))
      if (next === undefined) return
      times.set(next, (times.get(next) ?? 0) + 1)
      pressed.add(next)
      const name = label(next)
      if (rank(next) === 3) read()
      // Looking for it is not what is measured.
      await frame()
      const since = performance.now()
      next.click()
      await settle(name, since)
      if (/^enlarge/i.test(next.textContent.trim())) {
        const at = performance.now()
        document.querySelector('.wide-view [aria-label="Close"]')?.click()
        await settle(`${name}, closed`, at)
      }
      if (/^side by side/i.test(next.textContent.trim())) {
        const at = performance.now()
        next.click()
        await settle(`${name}, and back`, at)
      }
    }
  }
  const read = () => {
    const walker = document.createTreeWalker(scroller, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) if (node.data.length < 200) words.add(node.data.trim())
  }
  await settle('opened', 0)
  scroller.scrollTop = 0
  for (let held = 0, count = 0; held < 3 && count < 300; count += 1) {
    await settle('scrolled', performance.now())
    await press()
    read()
    // Past all that is laid out: what is in it has been pressed.
    const at = scroller.scrollTop
    const last = [...scroller.querySelectorAll('.item')].at(-1).getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom
    scroller.scrollTop = at + Math.max(scroller.clientHeight * 0.9, last)
    await frame()
    await frame()
    held = scroller.scrollTop <= at ? held + 1 : 0
  }
  for (let hop = 0; hop <= 10; hop += 1) {
    const since = performance.now()
    scroller.scrollTop = (scroller.scrollHeight * hop) / 10
    await settle(`hop ${hop}`, since)
  }
  return { steps, words: [...words] }
}

const only = process.env.HEAVY_ONLY

scenario('nothing is too large', { claude: PLAYED, args: ['--max-sessions', '30'], timeout: 600_000 }, async (rig, t) => {
  for (const [index, group] of heavySessions().entries()) {
    if (only && !new RegExp(only).test(group.name)) continue
    const begin = Date.now()
    const chat = await played(rig, group, index)
    console.log(`# ${group.name}: played in ${Date.now() - begin} ms, ${chat.events.length} events`, [...new Set(chat.of('warning').map((w) => w.message.slice(0, 90)))].slice(0, 3))
    for (const [size, options] of [['desk', {}], ['phone', PHONE]].slice(0, process.env.HEAVY_PHONE ? 2 : 1)) {
      const page = await rig.page(options)
      await page.addInitScript(watchTasks)
      page.on('console', (m) => / ms /.test(m.text()) && console.log('   ', m.text()))
      await page.goto(rig.server.url)
      await online(page)
      await page.goto(new URL(`/s/${chat.id}`, rig.server.url).href)
      const since = Date.now()
      const cdp = process.env.HEAVY_PROFILE ? await page.context().newCDPSession(page) : null
      if (cdp) {
        await cdp.send('Profiler.enable')
        await cdp.send('Profiler.setSamplingInterval', { interval: 500 })
        await cdp.send('Profiler.start')
      }
      const { steps, words } = await page.evaluate(walk)
      if (cdp) {
        const { profile } = await cdp.send('Profiler.stop')
        writeFileSync(process.env.HEAVY_PROFILE, JSON.stringify({ profile, steps }))
      }
      console.log(`#   ${size}: ${steps.length} steps in ${Date.now() - since} ms`)
      for (const said of group.said) if (!words.some((one) => said.test(one))) console.log('NOT SAID', said)
      await page.context().close()
    }
    await chat.end()
  }
})
