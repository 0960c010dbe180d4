// Walks through a page that shows too much, opens what can be opened, and measures how long the main thread was held.
//
// No task may take more than 200 ms. Of each step the longest task is measured in two ways (heavy-thread.mjs):
//   - the processor's time on it, which other programs do not stretch, must stay under the limit as it is;
//   - the time it took all in all grows with whatever else runs on the machine. Before each visit the page runs a fixed
//     piece of work and compares it with what it takes on a quiet machine; this limit grows by as much, though never to
//     more than two and a half times. What is over it three times fails: what waits instead of working is that slow
//     anywhere.
// A visit in which a step was over one of the two is made again, once, in a new page, and of each step the best time
// counts: a stretch of bad luck hits another step the next time, a slow step is slow each time. Whatever took more than
// 200 ms is told, also when it passes.
// Figures come from a quiet machine, with HEAVY_VERBOSE=1.

import { longest, watchThread } from './heavy-thread.mjs'

export const MOST_MS = 200
const MOST_SLACK = 2.5
const VISITS = 2
const FAILS_AT = 3
/** What `calibrate` takes here when nothing else runs. */
const QUIET_MS = 16

/** In the page, before anything else: how often its main thread was held for long. */
export function watchTasks() {
  window.__held = 0
  new PerformanceObserver((list) => (window.__held += list.getEntries().length)).observe({ type: 'longtask', buffered: true })
}

/** In the page: the best of a few runs of something like what a page does: strings, objects, elements and their layout. */
function calibrate() {
  const once = () => {
    const since = performance.now()
    const made = []
    for (let n = 0; n < 60_000; n += 1) made.push({ n, text: `line ${n % 97}` })
    made.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.n - b.n))
    const box = document.createElement('div')
    for (let n = 0; n < 300; n += 1) box.append(Object.assign(document.createElement('p'), { textContent: made[n].text.repeat(4) }))
    document.body.append(box)
    void box.offsetHeight
    box.remove()
    return performance.now() - since
  }
  return Math.min(...Array.from({ length: 5 }, once))
}

/** In the page: goes through what `root` scrolls over, and tells when each step began and was over. */
async function walk({ root, each }) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
  const steps = []
  const mute = []
  const words = new Set()
  const settle = async (name, since) => {
    let count
    do {
      count = window.__held
      await frame()
      await frame()
      await new Promise((resolve) => setTimeout(resolve, 5))
    } while (window.__held > count && performance.now() - since < 6_000)
    const same = steps.filter((step) => step.name === name || step.name.startsWith(`${name} (`)).length
    steps.push({ name: same === 0 ? name : `${name} (${same + 1})`, since, until: performance.now() })
  }
  let scroller = null
  for (let tries = 0; tries < 1_000 && scroller === null; tries += 1) {
    await frame()
    const found = document.querySelector(root)
    if (found?.querySelector('.item, [data-prompt]')) scroller = found
  }
  await settle('opened', 0)

  const wordsOf = (element) => (element.ariaLabel ?? element.textContent).trim().replaceAll(/\s+/g, ' ')
  const SHOW = /^(?:show |read |side by side|enlarge)|more lines|\d+ lines/i
  const NOT = /^show (?:diagram|less|readable)|^read and answer/i
  const kindOf = (element) => `${element.closest('[data-call]')?.ariaLabel ?? element.closest('.item, [data-prompt]')?.className.split(' ').slice(0, 2).join(' ') ?? ''} › ${wordsOf(element)}`.slice(0, 90)
  /** The same kind of thing is opened a few times only. */
  const times = new Map()
  const pressed = new WeakMap()
  const isWanted = (element) => {
    const text = wordsOf(element)
    if (NOT.test(text) || element.disabled || (times.get(kindOf(element).replaceAll(/\d+/g, '#')) ?? 0) >= each) return false
    if (element.getAttribute('aria-expanded') === 'false' && !element.hasAttribute('aria-haspopup')) return !pressed.has(element)
    return SHOW.test(text) && (pressed.get(element) ?? 0) < (/^show (?:more|earlier)|more lines/i.test(text) ? 2 : 1)
  }
  // What takes the place of something else comes last.
  const rank = (element) => ['enlarge', 'side by side', 'show raw'].indexOf(wordsOf(element).toLowerCase())
  const state = (element, row) =>
    [element.isConnected, element.ariaExpanded, element.ariaPressed, wordsOf(element), row.getElementsByTagName('*').length, document.querySelector('.wide-view') !== null].join()
  const click = async (element, name) => {
    const row = element.closest('.item, [data-prompt]') ?? element.parentElement
    const before = state(element, row)
    // Looking for it is not what is measured.
    await frame()
    const since = performance.now()
    element.click()
    await settle(name, since)
    for (let tries = 0; tries < 50 && state(element, row) === before; tries += 1) await frame()
    if (state(element, row) === before) mute.push(name)
  }
  const press = async () => {
    for (let tries = 0; tries < 200; tries += 1) {
      const [next] = [...scroller.querySelectorAll('button, summary')].filter(isWanted).sort((a, b) => rank(a) - rank(b))
      if (next === undefined) return
      const name = kindOf(next)
      const kind = name.replaceAll(/\d+/g, '#')
      times.set(kind, (times.get(kind) ?? 0) + 1)
      pressed.set(next, (pressed.get(next) ?? 0) + 1)
      if (rank(next) === 2) read()
      await click(next, name)
      const close = document.querySelector('.wide-view [aria-label="Close"]')
      if (close !== null) await click(close, `${name}, closed`)
      if (rank(next) === 1) await click(next, `${name}, and back`)
    }
  }
  const read = () => {
    const walker = document.createTreeWalker(scroller, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) if (node.data.length < 200) words.add(node.data.trim())
  }
  scroller.scrollTop = 0
  for (let held = 0, count = 0; held < 2 && count < 100; count += 1) {
    await settle('scrolled', performance.now())
    await press()
    read()
    // Past all that is laid out: what is in it has been pressed.
    const at = scroller.scrollTop
    const last = [...scroller.querySelectorAll('.item')].at(-1)?.getBoundingClientRect().bottom ?? 0
    scroller.scrollTop = at + Math.max(scroller.clientHeight * 0.9, last - scroller.getBoundingClientRect().bottom)
    await frame()
    await frame()
    held = scroller.scrollTop <= at ? held + 1 : 0
  }
  for (let part = 0; part <= 4; part += 1) {
    const since = performance.now()
    scroller.scrollTop = (scroller.scrollHeight * part) / 4
    await settle('leapt', since)
  }
  return { steps, mute, words: [...words] }
}

/** When one step of a script, not of the walk, began and was over. */
export async function timed(page, step) {
  const since = await page.evaluate(() => performance.now())
  await step()
  return { since, until: await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60)))
    return performance.now()
  }) }
}

/** Times in words. */
const inWords = ({ wall, cpu }) => `${wall} ms, of which ${cpu} ms of work`

/**
 * Visits with `open`, which gives a page that is about to show something large, walks through it, and then does `more`,
 * which gives further steps. Gives what was over a limit each time, what took long at any time, what answered nothing,
 * and all words.
 */
export async function visit({ open, root = '[role="log"]', each = 3, more = async () => [] }) {
  const best = new Map()
  const slow = []
  let limit = MOST_MS
  let result
  let count = 0
  const over = () => [...best].filter(([, { wall, cpu }]) => cpu > MOST_MS || wall > limit)
  do {
    count += 1
    const began = Date.now()
    const page = await open()
    const speed = await page.evaluate(calibrate)
    limit = Math.max(limit, Math.round(MOST_MS * Math.min(MOST_SLACK, Math.max(1, speed / QUIET_MS))))
    const thread = await watchThread(page)
    await page.goto(page.going)
    result = await page.evaluate(walk, { root, each })
    const steps = [...result.steps, ...(await more(page))]
    const tasks = await thread.stop()
    for (const step of steps) {
      const took = longest(tasks, step)
      const before = best.get(step.name) ?? { wall: Infinity, cpu: Infinity }
      best.set(step.name, { wall: Math.min(took.wall, before.wall), cpu: Math.min(took.cpu, before.cpu) })
      if (took.wall > MOST_MS) slow.push(`${step.name}: ${inWords(took)} (visit ${count}, calibrated ${Math.round(speed)} ms)`)
    }
    await page.context().close()
    if (process.env.HEAVY_VERBOSE) console.log(`#   calibrated ${Math.round(speed)} ms, limit ${limit} ms, ${steps.length} steps in ${Date.now() - began} ms: ${[...best].filter(([, { wall, cpu }]) => wall > 120 || cpu > 80).map(([name, took]) => `\n#     ${inWords(took)}: ${name}`).join('')}`)
  } while (over().length > 0 && count < VISITS)
  const stuck = over().filter(([, { wall, cpu }]) => cpu > MOST_MS || wall > FAILS_AT * limit).map(([name, took]) => `${name}: ${inWords(took)} (limits ${MOST_MS} ms of work, ${FAILS_AT * limit} ms)`)
  const most = (key) => Math.max(...[...best.values()].map((took) => took[key]))
  return { slow, stuck, mute: result.mute, words: result.words, longest: { wall: most('wall'), cpu: most('cpu') }, steps: best.size, visits: count }
}
