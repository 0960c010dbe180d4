// Three ways that are gone every day, from end to end: on a phone by tapping, at a desk with the pointer, and at a desk
// with nothing but the keyboard.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './server.mjs'
import { PHONE, composer, conversation, decide, main, newChat, online, row, says, scenario, send } from './support.mjs'

const TOUCH = { name: 'phone', options: PHONE, press: (target) => target.tap() }
const POINTER = { name: 'desk', options: {}, press: (target) => target.click() }

const WORDS = 40
const LONG = `[[say ${WORDS}x150]]`
const BEFORE = 'fn gate() {\n    open();\n}\n'
const REASON = 'Ask for the host before you open'

const results = (rig) => rig.api.requests.flatMap((request) => request.results.map(({ text }) => text))
const prompt = (page) => main(page).locator('[data-prompt]')
const state = async (rig, title) => (await rig.server.session(title)).state

/** A page somewhere else, with sessions of its own; nobody touches it again. */
async function elsewhere(rig, ...sessions) {
  const page = await rig.signedIn()
  for (const { title, text } of sessions) {
    await newChat(page, { title, keep: true })
    await main(page).getByRole('heading', { level: 1, name: title }).waitFor()
    await composer(page).waitFor()
    if (text !== undefined) {
      await send(page, text)
      await until(`"${title}" asks`, async () => (await state(rig, title)) === 'needs_approval', { within: 20_000 })
    }
  }
  return page
}

// ---- with a finger or a pointer ------------------------------------------------------------------------------------

const TWO = [{ title: 'First', text: '[[write first.md: 1]]' }, { title: 'Notes', text: '[[write notes.md: from the inbox]]' }]

for (const { name, options, press } of [TOUCH, POINTER]) {
  scenario(`${name}: approve from the inbox in two taps`, {}, async (rig) => {
    await elsewhere(rig, ...TWO)
    const page = await rig.signedIn(options)
    const address = page.url()
    const card = page.getByRole('article', { name: 'Notes' })
    // The older one is open; this one is read first, then allowed.
    await press(card.getByRole('button', { name: 'Read and answer' }))
    const allow = card.getByRole('button', { name: 'Allow', exact: true })
    await allow.waitFor()
    await card.getByText('from the inbox').waitFor()
    assert.equal(existsSync(join(rig.project, 'notes.md')), false, 'nothing is written before the answer')
    await sleep(700)
    await press(allow)
    await until('the file', () => existsSync(join(rig.project, 'notes.md')))
    assert.equal(readFileSync(join(rig.project, 'notes.md'), 'utf8'), 'from the inbox')
    await card.waitFor({ state: 'hidden' })
    assert.equal(page.url(), address, 'it was answered without leaving the list')
    assert.equal(existsSync(join(rig.project, 'first.md')), false, 'the other one still waits')
    await page.getByRole('article', { name: 'First' }).waitFor()
  })

  scenario(`${name}: send, lock, return, read`, {}, async (rig) => {
    const page = await rig.page(options)
    await keepSockets(page)
    await page.goto(rig.server.url)
    await online(page)
    await newChat(page, { title: 'Away', keep: true })
    await composer(page).fill(LONG)
    await press(main(page).getByRole('button', { name: 'Send', exact: true }))
    await says(page, /word-4/)
    await away(rig, page, 'Away')
    await everythingOnce(page)
  })

  scenario(`${name}: review a diff and refuse with a reason`, {}, async (rig) => {
    const page = await rig.signedIn(options)
    writeFileSync(join(rig.project, 'gate.rs'), BEFORE)
    await newChat(page, { title: 'Review' })
    await composer(page).fill('[[read gate.rs]] then [[edit gate.rs: open(); => open_for(host);]]')
    await press(main(page).getByRole('button', { name: 'Send', exact: true }))
    await showsDiff(page)
    await decide(page, 'Deny…', press)
    await prompt(page).getByRole('textbox', { name: 'Reason' }).fill(REASON)
    await decide(page, 'Deny with message', press)
    await refused(rig, page)
  })
}

/** The sockets of the page can be cut, as a phone cuts them. */
async function keepSockets(page) {
  await page.addInitScript(() => {
    const sockets = []
    window.cutSockets = () => sockets.splice(0).forEach((socket) => socket.close())
    window.WebSocket = class extends window.WebSocket {
      constructor(...given) {
        super(...given)
        sockets.push(this)
      }
    }
  })
}

/** The phone is locked: no network, no socket, no script runs. Claude finishes meanwhile; then it is unlocked. */
async function away(rig, page, title) {
  rig.expectComplaint(/ERR_INTERNET_DISCONNECTED|WebSocket/)
  const client = await page.context().newCDPSession(page)
  await page.context().setOffline(true)
  await page.evaluate(() => window.cutSockets())
  await client.send('Page.setWebLifecycleState', { state: 'frozen' })
  const began = Date.now()
  await until('Claude has finished', async () => (await state(rig, title)) === 'idle', { within: 30_000 })
  // Shorter absences are not worth a word.
  await sleep(Math.max(0, 4_000 - (Date.now() - began)))
  await client.send('Page.setWebLifecycleState', { state: 'active' })
  await page.context().setOffline(false)
}

async function everythingOnce(page) {
  await says(page, new RegExp(`word-${WORDS}\\b`))
  await conversation(page).getByRole('separator', { name: /^Back – you missed \d+ events$/ }).waitFor()
  const text = await conversation(page).innerText()
  const words = [...text.matchAll(/word-(\d+)/g)].map(([, number]) => Number(number))
  assert.deepEqual(words, Array.from({ length: WORDS }, (_, index) => index + 1), 'every word once, in order')
  assert.equal(text.split(LONG).length - 1, 1, 'the message once')
  assert.equal(text.split('you missed').length - 1, 1, 'the absence once')
}

async function showsDiff(page) {
  await prompt(page).waitFor({ timeout: 20_000 })
  await prompt(page).getByText('open();').first().waitFor()
  await prompt(page).getByText('open_for(host);').first().waitFor()
}

async function refused(rig, page) {
  await says(page, new RegExp(`Result was: .*${REASON}`))
  assert.ok(results(rig).some((text) => text.includes(REASON)), 'the model got the reason word for word')
  assert.equal(readFileSync(join(rig.project, 'gate.rs'), 'utf8'), BEFORE)
  await conversation(page).getByText(`“${REASON}”`).waitFor()
}

// ---- with the keyboard alone ---------------------------------------------------------------------------------------

/** What has the focus, and whether one can see that. */
const focus = (page) =>
  page.evaluate(() => {
    const element = document.activeElement
    const box = element.getBoundingClientRect()
    const ring = (one) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
    }
    // A field may leave it to the frame around it.
    const framed = element.closest('[role="group"][aria-label="Composer"]') !== null
    return {
      tag: element.tagName,
      name: element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 80),
      card: element.closest('article')?.querySelector('[id$="-title"]')?.textContent ?? null,
      prompt: element.closest('[data-prompt]') !== null,
      log: element.closest('[role="log"]') !== null,
      visible: ring(element) || framed || (/^(INPUT|TEXTAREA)$/.test(element.tagName) && element.matches(':focus')),
      inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    }
  })

async function focusOn(page, what, is) {
  let last
  await until(`the focus is on ${what}`, async () => is((last = await focus(page)))).catch((error) => {
    throw new Error(`${error.message}; it is on ${JSON.stringify(last)}`)
  })
  assert.ok(last.visible, `the focus on ${what} is visible: ${JSON.stringify(last)}`)
  assert.ok(last.inView, `${what} is in view`)
}

/** Presses Tab until the focus is where it is wanted; on the way it is never invisible. */
async function tabTo(page, what, is, most = 40) {
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press('Tab')
    const now = await focus(page)
    if (now.tag === 'BODY') continue
    assert.ok(now.visible, `the focus is visible on ${JSON.stringify(now)}`)
    if (is(now)) return
  }
  assert.fail(`${what} was not reached with ${most} presses of Tab`)
}

/** By the list's own keys to a session. */
async function openByKeys(page, title) {
  await row(page, title).waitFor()
  for (let pressed = 0; pressed < 6; pressed += 1) {
    await page.keyboard.press('j')
    if ((await focus(page)).name.includes(title)) break
  }
  await focusOn(page, `the row of "${title}"`, ({ tag, name }) => tag === 'A' && name.includes(title))
  await page.keyboard.press('Enter')
  await main(page).getByRole('heading', { level: 1, name: title }).waitFor()
  await composer(page).waitFor()
}

scenario('keyboard: approve from the inbox', {}, async (rig) => {
  await elsewhere(rig, ...TWO)
  const page = await rig.signedIn()
  await page.getByRole('article', { name: 'Notes' }).waitFor()
  await tabTo(page, 'the arrow of the second card', ({ card, name }) => card === 'Notes' && name === 'Read and answer')
  await page.keyboard.press('Enter')
  await page.getByRole('article', { name: 'Notes' }).getByRole('button', { name: 'Allow', exact: true }).waitFor()
  await focusOn(page, 'the same arrow', ({ card, name }) => card === 'Notes' && name === 'Fold')
  await sleep(700)
  await tabTo(page, 'Allow', ({ card, name }) => card === 'Notes' && name.startsWith('Allow'))
  await page.keyboard.press('Enter')
  await until('the file', () => existsSync(join(rig.project, 'notes.md')))
  assert.equal(existsSync(join(rig.project, 'first.md')), false)
  // What was answered is gone; the next thing to do is the focus's place, not the top of the page.
  await page.getByRole('article', { name: 'Notes' }).waitFor({ state: 'hidden' })
  await focusOn(page, 'what is left', ({ tag }) => tag !== 'BODY')
})

scenario('keyboard: send, lock, return, read', {}, async (rig) => {
  await elsewhere(rig, { title: 'Away' })
  const page = await rig.page()
  await keepSockets(page)
  await page.goto(rig.server.url)
  await online(page)
  await openByKeys(page, 'Away')
  await page.keyboard.press('i')
  await focusOn(page, 'the composer', ({ name }) => name === 'Message')
  await page.keyboard.type(LONG)
  await page.keyboard.press('Enter')
  await says(page, /word-4/)
  await away(rig, page, 'Away')
  await everythingOnce(page)
  await focusOn(page, 'the composer still', ({ name }) => name === 'Message')
  assert.equal(await composer(page).inputValue(), '')
  await page.keyboard.press('Escape')
  await page.keyboard.press('[')
  await focusOn(page, 'the message', ({ log, name }) => log && name !== 'Conversation')
})

scenario('keyboard: review a diff and refuse with a reason', {}, async (rig) => {
  await elsewhere(rig, { title: 'Review' })
  writeFileSync(join(rig.project, 'gate.rs'), BEFORE)
  const page = await rig.signedIn()
  await openByKeys(page, 'Review')
  await page.keyboard.press('i')
  await page.keyboard.type('[[read gate.rs]] then [[edit gate.rs: open(); => open_for(host);]]')
  await page.keyboard.press('Enter')
  await showsDiff(page)
  // Out of the field; a letter then is an answer, once the prompt takes one.
  await page.keyboard.press('Escape')
  await sleep(800)
  await page.keyboard.press('n')
  await focusOn(page, 'the reason', ({ prompt, tag }) => prompt && tag === 'INPUT')
  await page.keyboard.type(REASON)
  await sleep(700)
  await page.keyboard.press('Enter')
  await refused(rig, page)
  await focusOn(page, 'the conversation or the composer', ({ tag }) => tag !== 'BODY')
})
