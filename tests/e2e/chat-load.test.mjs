// A session of many events in a page: what is asserted are counts and what can be reached. That no task takes over 200 ms
// is a promise for a quiet machine and only told here; asserted is that opening is never one block. See chat-figures.mjs.

import assert from 'node:assert/strict'
import { LAST_WORDS, elementCount, longSession, openSession, scrollThrough } from './long-session.mjs'
import { PHONE, scenario } from './support.mjs'

const PLAYED = new URL('played-cli.mjs', import.meta.url).pathname
const EVENTS = 20_000
const MOST_ELEMENTS = 3_000
const LONG_TASK_MS = 200

/** To one end of the conversation, until what stands there is in the document. */
async function reach(page, end, text) {
  const log = page.getByRole('log', { name: 'Conversation' })
  const wanted = log.getByText(text, { exact: true }).first()
  for (let tries = 0; tries < 50 && (await wanted.count()) === 0; tries += 1) {
    await log.evaluate((scroller, down) => (scroller.scrollTop = down ? scroller.scrollHeight : 0), end === 'last')
    await page.waitForTimeout(50)
  }
  assert.ok(await wanted.isVisible(), `"${text}" is not reached`)
}

for (const [name, options] of [['desk', {}], ['phone', PHONE]]) {
  scenario(`a ${EVENTS}-event session on a ${name}: bounded document, both ends in reach`, { claude: PLAYED, timeout: 120_000 }, async (rig, t) => {
    const chat = await longSession(rig.server, EVENTS)
    assert.ok(chat.events.length > EVENTS * 0.95, `${chat.events.length} events`)
    const page = await rig.page(options)
    const opened = await openSession(page, rig.server, chat)
    const counts = [await elementCount(page)]
    const scrolled = await scrollThrough(page, 5)
    counts.push(await elementCount(page))
    await reach(page, 'first', 'Step 1')
    counts.push(await elementCount(page))
    await reach(page, 'last', LAST_WORDS)
    counts.push(await elementCount(page))
    const long = [...opened.tasks, ...scrolled.tasks].filter((task) => task > LONG_TASK_MS)
    t.diagnostic(`opened in ${Math.round(opened.took)} ms, elements ${counts.join(', ')}; tasks over ${LONG_TASK_MS} ms: ${long.join(', ') || 'none'}`)
    assert.ok(Math.max(...counts) < MOST_ELEMENTS, `elements: ${counts.join(', ')}`)
    assert.ok(Math.max(0, ...opened.tasks) < Math.max(LONG_TASK_MS, opened.took / 2), `opened in ${opened.took} ms with tasks of ${opened.tasks.join(', ')} ms`)
  })
}
