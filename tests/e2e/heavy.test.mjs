// Sheer size in a real browser: whatever comes, the page stays responsive and says what it cut.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Chat } from './chat-socket.mjs'
import { heavySessions } from './heavy-sessions.mjs'
import { longest, watchThread } from './heavy-thread.mjs'
import { MOST_MS, timed, visit, watchTasks } from './heavy-walk.mjs'
import { until } from './server.mjs'
import { main, online, PHONE, scenario } from './support.mjs'

const PLAYED = new URL('played-cli.mjs', import.meta.url).pathname
const ONLY = new RegExp(process.env.HEAVY_ONLY ?? '')

/** Starts a session that has said all of `frames`. */
async function played(rig, { name, frames, prompts = 0 }, number) {
  const path = join(rig.place.base, `heavy-${number}.jsonl`)
  writeFileSync(path, frames.map((frame) => JSON.stringify(frame)).join('\n'))
  const chat = await Chat.start(rig.server, { title: name })
  await chat.send(`play ${path}`)
  if (prompts > 0) await until(`${prompts} prompts`, () => chat.events.filter(({ event }) => /_(?:requested|asked)$/.test(event.type)).length >= prompts, { within: 60_000 })
  else await chat.idle(60_000)
  return chat
}

/** Gives pages that are signed in and know where they go. */
const pages = (rig, path, options) => async () => {
  const page = await rig.page(options)
  await page.addInitScript(watchTasks)
  await page.goto(rig.server.url)
  await online(page)
  page.going = new URL(path, rig.server.url).href
  return page
}

/** Find, outline and palette over a large conversation. */
async function search(page) {
  const steps = []
  const step = async (name, run) => steps.push({ name, ...(await timed(page, run)) })
  const field = page.getByRole('textbox', { name: 'Find in conversation' })
  await page.keyboard.press('Control+f')
  await field.waitFor()
  for (const words of ['o', 'or', 'over', '1', 'nothing has this']) await step(`finds "${words}"`, async () => {
    await field.fill(words)
    await page.waitForTimeout(200)
  })
  await field.fill('i')
  for (const key of ['Enter', 'Enter', 'Shift+Enter', 'Shift+Enter']) await step(`finds with ${key}`, async () => {
    await field.press(key)
    await page.waitForTimeout(200)
  })
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
  await step('outline', async () => {
    await main(page).getByRole('button', { name: 'Outline', exact: true }).click()
    await page.waitForTimeout(100)
  })
  await page.keyboard.press('Escape')
  await step('palette', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').fill('long')
    await page.waitForTimeout(200)
  })
  await page.keyboard.press('Escape')
  return steps
}

/** On a phone nothing that says what was cut off a line is cut off itself. Gives what is wrong, as visits do: in steps. */
const uncut = (wrong) => async (page) => {
  const notes = await page.locator('.diff .mark').evaluateAll((all) => all.map((note) => ({ words: note.textContent, over: Math.max(0, ...[...note.getClientRects()].map(({ right }) => right)) - note.closest('.diff').getBoundingClientRect().right })))
  if (notes.length === 0) wrong.push('no line says what was cut off it')
  wrong.push(...notes.filter(({ over }) => over > 0).map(({ words }) => `out of sight: ${words}`))
  return []
}

/** Wherever one reads in a prompt that is higher than the screen, its buttons are in sight. */
async function assertInReach(rig, chat, options) {
  const page = await pages(rig, `/s/${chat.id}`, options)()
  await page.goto(page.going)
  const prompt = main(page).locator('[data-prompt]').first()
  await prompt.waitFor()
  for (const part of [0, 0.5, 1]) {
    await page.locator('[role="log"]').evaluate((log, part) => {
      const card = log.querySelector('[data-prompt]')
      log.scrollTop += card.getBoundingClientRect().top - log.getBoundingClientRect().top + (card.offsetHeight - log.clientHeight) * part
    }, part)
    await page.waitForTimeout(300)
    const [log, button, all] = await Promise.all([page.locator('[role="log"]').boundingBox(), prompt.getByRole('button', { name: 'Deny…', exact: true }).boundingBox(), prompt.boundingBox()])
    assert.ok(all.height > 2 * log.height, 'the prompt is not high')
    assert.ok(button.y >= log.y && button.y + button.height <= log.y + log.height, `the buttons are out of reach at ${part}: ${JSON.stringify({ log, button })}`)
  }
  await page.context().close()
}

/** The start page with the card of a session open in it, and the longest task until everything stood there. */
async function openInbox(rig, name) {
  const page = await pages(rig, '/')()
  // From elsewhere, so that all of it is drawn anew.
  await page.goto('about:blank')
  const thread = await watchThread(page)
  await page.goto(page.going)
  const card = page.locator('.inbox-card').filter({ hasText: name })
  await card.waitFor()
  // With nothing else to answer it is open.
  const closed = card.getByRole('button', { name: 'Read and answer' })
  if (await closed.isVisible()) await closed.click()
  await card.locator('[data-prompt]').first().waitFor()
  await page.waitForTimeout(1_000)
  return { card, took: longest(await thread.stop(), { since: 0 }) }
}

/** What was slow is opened again, once, and the better time counts. */
async function again(rig, name, before) {
  const { card, took } = await openInbox(rig, name)
  await card.page().context().close()
  return { wall: Math.min(before.wall, took.wall), cpu: Math.min(before.cpu, took.cpu) }
}

const answers = (chat) => chat.events.filter(({ event }) => /_(?:resolved|answered)$/.test(event.type)).length

/** Answers the last prompt of a page with no: what stands above it comes and goes. */
async function refuse(chat, within) {
  const before = answers(chat)
  // What has just come still moves, and so takes no press.
  await within.locator('[data-prompt]').first().waitFor()
  await within.page().waitForTimeout(1_500)
  const card = within.locator('[data-prompt]').last()
  const button = (name) => card.getByRole('button', { name, exact: true })
  // A plan and a question have a no of their own.
  await button('Deny…').or(button('Keep planning')).or(button('Don’t answer')).click()
  if (await button('Not now').isVisible()) {
    await within.page().waitForTimeout(600)
    await button('Not now').click()
  }
  await until('the prompt is answered', () => answers(chat) > before)
}

scenario('nothing is too large for the page, and it says what it leaves out', { claude: PLAYED, args: ['--max-sessions', '30'], timeout: 240_000 }, async (rig, t) => {
  // A card for a command whose output nobody has any more says so, and the browser says it too.
  rig.expectComplaint(/404 .*\/tasks\/big\/output/)
  const groups = heavySessions().filter(({ name }) => ONLY.test(name))
  assert.ok(groups.length > 0, `no session is named like HEAVY_ONLY=${ONLY.source}`)
  const began = Date.now()
  const chats = await Promise.all(groups.map((group, index) => played(rig, group, index)))
  const playing = Date.now() - began
  if (process.env.HEAVY_VERBOSE) console.log(`# played in ${playing} ms`)
  const wrong = []
  const seen = { wall: 0, cpu: 0, steps: 0, visits: 0 }
  const note = (where, { slow, stuck, mute, longest, steps, visits }) => {
    for (const step of slow) t.diagnostic(`slow: ${where}, ${step}`)
    wrong.push(...stuck.map((step) => `${where}, ${step}`), ...mute.map((step) => `${where}, ${step}: nothing happened`))
    seen.wall = Math.max(seen.wall, longest.wall)
    seen.cpu = Math.max(seen.cpu, longest.cpu)
    seen.steps += steps
    seen.visits += visits
  }
  for (const [index, { name, said, warned, phone, searched, cuts, high }] of groups.entries()) {
    const chat = chats[index]
    if (process.env.HEAVY_VERBOSE) console.log(`# ${name}: ${chat.events.length} events`)
    const desk = await visit({ open: pages(rig, `/s/${chat.id}`), each: 2, more: searched ? search : undefined })
    note(name, desk)
    for (const words of said) if (!desk.words.some((one) => words.test(one))) wrong.push(`${name}: ${words} is not said`)
    if (warned) assert.ok(chat.of('warning').some(({ message }) => warned.test(message)), `${name}: no warning`)
    if (phone) note(`${name} on a phone`, await visit({ open: pages(rig, `/s/${chat.id}`, PHONE), each: 1, more: cuts ? uncut(wrong) : undefined }))
    if (high) for (const options of [{}, PHONE]) await assertInReach(rig, chat, options)
  }
  // On the start page everything that waits is in one card, and it can be answered there and in its session.
  for (const [index, chat] of chats.entries()) {
    // One is answered in its session, another one here.
    if (!(groups[index].prompts > 1)) continue
    const page = await pages(rig, `/s/${chat.id}`)()
    await page.goto(page.going)
    await refuse(chat, main(page))
    await page.context().close()
    const inbox = await openInbox(rig, groups[index].name)
    const took = inbox.took.cpu > MOST_MS ? await again(rig, groups[index].name, inbox.took) : inbox.took
    note(`${groups[index].name} in the inbox`, { slow: took.wall > MOST_MS ? [`opened: ${took.wall} ms, of which ${took.cpu} ms of work`] : [], stuck: took.cpu > MOST_MS ? [`${took.cpu} ms of work`] : [], mute: [], longest: took, steps: 1, visits: 1 })
    await refuse(chat, inbox.card)
    await inbox.card.page().context().close()
  }
  assert.deepEqual(wrong, [])
  t.diagnostic(`${groups.length} sessions played in ${playing} ms, ${seen.steps} steps in ${seen.visits} visits, the longest task ${seen.wall} ms, the most work in one ${seen.cpu} ms, ${Math.round((Date.now() - began) / 1_000)} s in all`)
})
