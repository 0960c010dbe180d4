// A played session of many events in a page, and what it costs the page.

import { Chat } from './chat-socket.mjs'

export const LAST_WORDS = 'The flood is over.'

/** Starts a session that has said so many events. */
export async function longSession(server, events) {
  const chat = await Chat.start(server, { title: 'Long' })
  await chat.send(`play flood:${events}`)
  await chat.idle(120_000)
  return chat
}

/** Longest blocks of the main thread, as Chromium counts them, from now on. */
async function watchTasks(page) {
  await page.context().addInitScript(() => {
    window.__tasks = []
    new PerformanceObserver((list) => window.__tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: 'longtask', buffered: true })
  })
}

const longTasks = (page) =>
  page.evaluate(async () => {
    // The observer is told of a task after it.
    await new Promise((resolve) => setTimeout(resolve, 200))
    return window.__tasks.splice(0)
  })

/** Opens the session; from the request of the page to the last message on the screen. */
export async function openSession(page, server, chat) {
  await watchTasks(page)
  await page.goto(server.url)
  await page.getByRole('status').filter({ hasText: /^\s*online/i }).first().waitFor()
  const began = performance.now()
  await page.goto(new URL(`/s/${chat.id}`, server.url).href, { waitUntil: 'commit' })
  await page.getByRole('log', { name: 'Conversation' }).getByText(LAST_WORDS).last().waitFor({ timeout: 60_000 })
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  const took = performance.now() - began
  return { took, tasks: await longTasks(page) }
}

/** Scrolls up and down again by so many screens, one step a frame, loading what is earlier; gives the frames' lengths. */
export async function scrollThrough(page, screens) {
  const frames = await page.evaluate(async (count) => {
    const log = document.querySelector('[role="log"]')
    let scroller = log
    while (scroller !== document.body && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = scroller.parentElement
    const deltas = []
    let last
    const frame = () =>
      new Promise((resolve) =>
        requestAnimationFrame((now) => {
          if (last !== undefined) deltas.push(now - last)
          last = now
          resolve()
        }),
      )
    const step = scroller.clientHeight / 6
    const move = async (by) => {
      for (let moved = 0; moved < count * 6; moved += 1) {
        if (by < 0 && scroller.scrollTop < step) [...scroller.querySelectorAll('button')].find((button) => /earlier/i.test(button.textContent))?.click()
        scroller.scrollTop += by * step
        await frame()
      }
    }
    await move(-1)
    await move(1)
    return deltas
  }, screens)
  return { frames, tasks: await longTasks(page) }
}

export const elementCount = (page) => page.evaluate(() => document.querySelectorAll('*').length)

/** Bytes of the JavaScript heap after a collection. */
export async function heap(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  await cdp.detach()
  return usedSize
}
