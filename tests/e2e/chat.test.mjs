// A chat in the browser, with the real CLI behind it.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './server.mjs'
import { composer, conversation, decide, main, newChat, row, says, scenario, send, stop, turnOver } from './support.mjs'

const allow = (page) => main(page).getByRole('button', { name: 'Allow', exact: true })
const count = (text, part) => text.split(part).length - 1

/** The tool results that reached the model. */
const results = (rig) => rig.api.requests.flatMap((request) => request.results.map(({ text }) => text))

scenario('a turn streams: the text grows in several steps', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { title: 'Streaming' })
  await send(page, '[[think Counting needs care.]]+[[say 20x100]]')
  const lengths = new Set()
  await until('the turn is over', async () => {
    const text = await conversation(page).innerText()
    lengths.add(count(text, 'word-'))
    return text.includes('word-20')
  })
  assert.ok(lengths.size >= 5, `the text was seen at ${lengths.size} lengths`)
  await turnOver(page)
  await row(page, 'Streaming').waitFor()
})

scenario('several turns in one session; the answer is drawn as markdown', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, 'First')
  await says(page, /You wrote: First/)
  await send(page, '[[say A **bold** word <img src=x onerror=alert(1)> and `code`.]]')
  await conversation(page).locator('strong', { hasText: 'bold' }).waitFor()
  await conversation(page).locator('code', { hasText: 'code' }).waitFor()
  assert.equal(await conversation(page).locator('img').count(), 0)
  assert.equal(rig.api.requests.at(-1).messages.filter(({ role }) => role === 'assistant').length, 1)
})

scenario('a Write asks, is allowed in the page, and the file exists', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { title: 'Scribe' })
  await send(page, '[[write notes.md: hello from the page]]')
  await allow(page).waitFor()
  assert.equal(existsSync(join(rig.project, 'notes.md')), false, 'nothing is written before the answer')
  await row(page, 'Scribe').filter({ hasText: 'Write' }).waitFor()
  await decide(page, 'Allow')
  await says(page, /Result was: File created/)
  assert.equal(readFileSync(join(rig.project, 'notes.md'), 'utf8'), 'hello from the page')
})

scenario('a Bash is denied with a message, and Claude gets that message', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[bash touch unwanted.txt]]')
  await decide(page, 'Deny…')
  await page.getByRole('textbox', { name: 'Reason' }).fill('Use the notes file instead')
  await page.getByRole('button', { name: 'Deny with message' }).click()
  await says(page, /Result was: Use the notes file instead/)
  assert.ok(results(rig).includes('Use the notes file instead'), 'the model got the message word for word')
  assert.equal(existsSync(join(rig.project, 'unwanted.txt')), false)
})

scenario('"Not now" denies, and the turn goes on', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[bash touch unwanted.txt]]')
  await decide(page, 'Deny…')
  await page.getByRole('button', { name: 'Not now' }).click()
  await says(page, /^Result was: /)
  assert.equal(existsSync(join(rig.project, 'unwanted.txt')), false)
})

scenario('"Stop working" denies and ends the turn', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[bash touch unwanted.txt]] then [[say I went on.]]')
  await decide(page, 'Deny…')
  await page.getByRole('button', { name: 'Stop working' }).click()
  await turnOver(page)
  assert.doesNotMatch(await conversation(page).innerText(), /^I went on/m)
  assert.equal(existsSync(join(rig.project, 'unwanted.txt')), false)
})

scenario('"Always…" with the suggestion of the CLI: the next edit does not ask', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[write one.md: 1]] then [[write two.md: 2]]')
  await decide(page, 'Always…')
  await page.getByRole('button', { name: 'Allow always' }).click()
  await until('both files', () => existsSync(join(rig.project, 'one.md')) && existsSync(join(rig.project, 'two.md')))
})

scenario('Stop ends a slow turn, and the session goes on', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[slow 60]]')
  await says(page, /word-4/)
  await stop(page).click()
  await turnOver(page, 5_000)
  await send(page, 'Still there?')
  await says(page, /You wrote: Still there\?/)
})

scenario('a reload in the middle of a turn shows the same conversation and goes on', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[say 40x150]]')
  await says(page, /word-8/)
  await page.reload()
  await says(page, /word-8/)
  await says(page, /word-40/)
  const text = await conversation(page).innerText()
  const words = [...text.matchAll(/word-(\d+)/g)].map(([, number]) => Number(number))
  assert.deepEqual(words, Array.from({ length: 40 }, (_, index) => index + 1), 'every word once, in order')
  assert.equal(count(text, '[[say 40x150]]'), 1, 'the prompt once')
})

scenario('a question is answered', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[ask many]]')
  await main(page).getByText('Which colour should it be?').waitFor()
  await sleep(600)
  await main(page).getByRole('radio', { name: /^Blue/ }).check({ force: true })
  await main(page).getByRole('checkbox', { name: /^Search/ }).check({ force: true })
  await main(page).getByRole('checkbox', { name: /^Dark mode/ }).check({ force: true })
  await decide(page, 'Submit answers')
  await says(page, /Result was: Your questions have been answered/)
  assert.match(results(rig).at(-1), /"Blue".*"Search, Dark mode"/)
})

scenario('a plan is kept in planning, then approved, and edits go on without asking', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { mode: 'plan' })
  await send(page, '[[plan # Sweep the floor]]')
  await main(page).getByText('Sweep the floor').last().waitFor()
  await decide(page, 'Keep planning')
  await says(page, /^Result was: /)
  await send(page, '[[plan # Sweep it twice]] then [[write planned.md: swept]]')
  await main(page).getByText('Sweep it twice').last().waitFor()
  await decide(page, 'Approve and auto-accept edits')
  await until('the planned file', () => existsSync(join(rig.project, 'planned.md')))
})

scenario('a second tab sees the decision', {}, async (rig) => {
  const [first, second] = [await rig.signedIn(), await rig.signedIn()]
  await newChat(first, { title: 'Shared' })
  await row(second, 'Shared').click()
  await send(first, '[[write shared.md: once]]')
  await allow(second).waitFor()
  await decide(first, 'Allow')
  await allow(second).waitFor({ state: 'hidden' })
  await says(second, /allowed/i)
  await says(second, /Result was: File created/)
})

scenario('two answers at once: the first wins, and both tabs show the same', {}, async (rig) => {
  const [first, second] = [await rig.signedIn(), await rig.signedIn()]
  await newChat(first, { title: 'Race' })
  await row(second, 'Race').click()
  await send(first, '[[bash touch raced.txt]]')
  await decide(second, 'Deny…')
  await second.getByRole('textbox', { name: 'Reason' }).fill('Too late for that')
  await sleep(600)
  // The slower click may find its button gone already: then the other answer was first.
  const press = (button) => button.click({ timeout: 3000 }).catch(() => {})
  await Promise.all([press(allow(first)), press(second.getByRole('button', { name: 'Deny with message' }))])
  await Promise.all([first, second].map((page) => says(page, /^Result was: /)))
  // The reply streams: it is whole once the turn is over.
  await Promise.all([first, second].map((page) => turnOver(page)))
  const denied = results(rig).includes('Too late for that')
  assert.equal(existsSync(join(rig.project, 'raced.txt')), !denied, 'exactly one of both answers was carried out')
  const last = async (page) => (await conversation(page).innerText()).match(/^Result was: .*$/m)?.[0]
  assert.equal(await last(first), await last(second))
})

scenario('an API error is shown, and the next turn works', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[fail 401]]')
  await says(page, /401/)
  await turnOver(page)
  await send(page, 'Better now?')
  await says(page, /You wrote: Better now\?/)
})

scenario('text typed but not sent is there after a reload', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await composer(page).fill('a thought not finished')
  await sleep(700)
  await page.reload()
  await composer(page).waitFor()
  await until('the draft', async () => (await composer(page).inputValue()) === 'a thought not finished')
})
