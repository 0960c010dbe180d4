// All that can be decided, said and attached in a chat, done in the page as a person does it; what reached Claude and
// the disk says whether it was done.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DOT_PNG, PDF } from './samples.mjs'
import { until } from './server.mjs'
import { composer, conversation, decide, main, newChat, says, scenario, send, signIn, stop, turnOver } from './support.mjs'

const results = (rig) => rig.api.requests.flatMap((request) => request.results.map(({ text }) => text))
const button = (page, name) => main(page).getByRole('button', { name, exact: true })
const card = (page, title) => main(page).getByRole('group', { name: title }).last()
/** Blocks of what the user said last, as the model was shown them. */
const shown = (rig) => rig.api.requests.at(-1).messages.filter(({ role }) => role === 'user').flatMap(({ content }) => (Array.isArray(content) ? content : []))
const toolResult = (rig, pattern) => until(`a result like ${pattern}`, () => results(rig).find((text) => pattern.test(text)), { within: 20_000 })

scenario('questions: choices, other text and a note reach Claude; so does an answer in own words', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[ask many]]')
  const [colour, features] = ['Which colour should it be?', 'Which features do you want?'].map((name) => main(page).getByRole('group', { name, exact: true }))
  // What leads to the rest of a long prompt must not lie over its fields.
  await button(page, /^To the answer/).waitFor()
  const [way, log] = await Promise.all([button(page, /^To the answer/).boundingBox(), conversation(page).boundingBox()])
  assert.ok(way.y >= log.y + log.height - 1, 'the way to the answer stands below the conversation')
  await colour.getByRole('radio', { name: /^Blue/ }).check({ force: true })
  await colour.getByRole('button', { name: 'Add a note' }).click()
  await colour.getByRole('textbox', { name: 'Note to this answer' }).fill('A dark one')
  await features.getByRole('checkbox', { name: /^Search/ }).check({ force: true })
  await features.getByRole('textbox', { name: 'Other answer' }).fill('A bell')
  await decide(page, 'Submit answers')
  const answered = await toolResult(rig, /"Blue"/)
  for (const words of ['A dark one', 'Search', 'A bell']) assert.ok(answered.includes(words), answered)
  await turnOver(page)
  await send(page, '[[ask]]')
  await button(page, 'Answer in my own words instead').click()
  await main(page).getByRole('textbox', { name: 'In your own words' }).fill('None of these: leave it grey')
  await decide(page, 'Submit answers')
  await toolResult(rig, /leave it grey/)
  await conversation(page).getByText('None of these: leave it grey').first().waitFor()
})

scenario('a plan is refused with feedback, then rewritten and approved', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { mode: 'plan' })
  await send(page, '[[plan # Sweep the floor]]')
  await main(page).getByRole('textbox', { name: 'What should change' }).fill('Sweep it twice')
  await decide(page, 'Keep planning')
  await toolResult(rig, /Sweep it twice/)
  await turnOver(page)
  await send(page, '[[plan # Sweep it twice]] then [[write planned.md: swept]]')
  await button(page, 'Edit plan').click()
  await main(page).getByRole('textbox', { name: 'Plan', exact: true }).fill('# Sweep it thrice\n\n1. Fetch the broom')
  await decide(page, 'Approve and auto-accept edits')
  await toolResult(rig, /Fetch the broom/)
  await until('the planned file', () => existsSync(join(rig.project, 'planned.md')))
  await main(page).getByRole('button', { name: /^Permission mode: Accept edits/i }).waitFor()
})

scenario('always allow: the card shows rule and place, and the next same call does not ask', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[bash touch one.txt]] then [[bash rm one.txt && touch two.txt]] then [[bash touch one.txt]]')
  await decide(page, 'Always…')
  const rule = await main(page).locator('.panel code').first().innerText()
  assert.equal(rule, 'Bash(touch one.txt)')
  await main(page).getByRole('radio', { name: 'This session only' }).check()
  await main(page).getByRole('status').filter({ hasText: 'Only for this session; nothing is stored.' }).waitFor()
  await decide(page, 'Allow always')
  await card(page, 'Run this command?').getByText('rm one.txt').first().waitFor()
  await decide(page, 'Allow')
  await until('the third call', () => existsSync(join(rig.project, 'one.txt')) && existsSync(join(rig.project, 'two.txt')))
  await turnOver(page)
  assert.equal(existsSync(join(rig.project, '.claude/settings.local.json')), false)
  await send(page, '[[bash touch three.txt]]')
  await decide(page, 'Always…')
  await main(page).getByRole('radio', { name: 'This project, for me' }).check()
  const stored = await main(page).locator('.panel code').first().innerText()
  await decide(page, 'Allow always')
  await turnOver(page)
  assert.deepEqual(JSON.parse(readFileSync(join(rig.project, '.claude/settings.local.json'), 'utf8')).permissions.allow, [stored])
  const before = rig.api.requests.length
  await send(page, '[[bash touch three.txt]] now')
  await until('the call ran', () => rig.api.requests.slice(before).some(({ prompt, results }) => prompt.endsWith('now') && results.length > 0))
  assert.equal(await button(page, 'Allow').count(), 0)
  await turnOver(page)
  // Whoever has just stored a rule is not asked whether to trust it.
  await newChat(page)
  await send(page, '[[bash touch three.txt]] anew')
  await says(page, /^Result was/)
  assert.equal(await button(page, 'Allow').count(), 0)
})

scenario('what was edited is what runs, and what the card shows; the reasons of a refusal reach Claude', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[bash echo theirs > made.txt]]')
  await main(page).getByRole('button', { name: 'Edit…' }).click()
  await main(page).locator('.panel textarea').fill('echo mine > made.txt')
  await decide(page, 'Allow with changes')
  await until('the file', () => existsSync(join(rig.project, 'made.txt')))
  await turnOver(page)
  assert.equal(readFileSync(join(rig.project, 'made.txt'), 'utf8'), 'mine\n')
  const ran = card(page, /^Ran echo mine > made\.txt/)
  await ran.getByRole('button').first().click()
  await ran.getByLabel('Command').getByText('echo mine > made.txt').waitFor()
  await send(page, '[[bash touch unwanted.txt]]')
  await decide(page, 'Deny…')
  await page.getByRole('button', { name: 'Wrong file' }).click()
  const reason = page.getByRole('textbox', { name: 'Reason' })
  await reason.fill(`${await reason.inputValue()} Use notes.md`)
  await page.getByRole('button', { name: 'Deny with message' }).click()
  await until('the reason at Claude', () => results(rig).includes('This is the wrong file. Use notes.md'))
  await turnOver(page)
  assert.equal(existsSync(join(rig.project, 'unwanted.txt')), false)
})

/** Pastes or drops files into the composer, as the browser would; a canvas makes a picture of that size. */
function give(page, kind, files) {
  return composer(page).evaluate(
    async (box, { kind, files }) => {
      const data = new DataTransfer()
      for (const { name, type, base64, side } of files) {
        let bytes
        if (side) {
          const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side / 2 })
          const brush = canvas.getContext('2d')
          brush.fillStyle = '#884422'
          brush.fillRect(0, 0, side / 2, side / 2)
          bytes = await new Promise((resolve) => canvas.toBlob(resolve, type))
        } else bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        data.items.add(new File([bytes], name, { type }))
      }
      const options = { bubbles: true, cancelable: true }
      box.dispatchEvent(kind === 'paste' ? new ClipboardEvent('paste', { ...options, clipboardData: data }) : new DragEvent('drop', { ...options, dataTransfer: data }))
    },
    { kind, files },
  )
}

/** Width and height in a PNG's or JPEG's own words. */
async function measured(page, { media_type, data }) {
  return page.evaluate(async ({ media_type, data }) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))
    const { width, height } = await createImageBitmap(new Blob([bytes], { type: media_type }))
    return { width, height }
  }, { media_type, data })
}

scenario('a pasted picture reaches the API in a size it takes; so do a PDF and a text file', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await composer(page).waitFor()
  await give(page, 'paste', [{ name: 'wide.png', type: 'image/png', side: 4000 }])
  await main(page).getByRole('button', { name: /^Remove .*wide/ }).waitFor()
  const base64 = (bytes) => Buffer.from(bytes).toString('base64')
  await give(page, 'drop', [
    { name: 'paper.pdf', type: 'application/pdf', base64: base64(PDF) },
    { name: 'notes.txt', type: 'text/plain', base64: base64('The tide turns at noon') },
    { name: 'gone.png', type: 'image/png', base64: base64(DOT_PNG) },
  ])
  await main(page).getByRole('button', { name: /^Remove .*gone/ }).click()
  await send(page, 'What is in these?')
  await says(page, /You wrote/)
  const blocks = shown(rig)
  const images = blocks.filter(({ type }) => type === 'image')
  assert.equal(images.length, 1)
  const { width, height } = await measured(page, images[0].source)
  assert.ok(width <= 2000 && width >= 1000 && Math.abs(width / height - 2) < 0.01, `${width}×${height}`)
  assert.equal(blocks.find(({ type, source }) => type === 'document' && source.media_type === 'application/pdf')?.source.data, base64(PDF))
  assert.ok(JSON.stringify(blocks).includes('The tide turns at noon'))
})

/** Being offline does not end the sockets that are open; in the page, this does. */
function keepSockets() {
  const open = new Set()
  const Native = WebSocket
  globalThis.WebSocket = class extends Native {
    constructor(...given) {
      super(...given)
      open.add(this)
    }
  }
  globalThis.dropSockets = () => open.forEach((socket) => socket.close())
}

const queue = (page) => main(page).getByRole('region', { name: 'Queued messages' })
const queued = (page, text) => queue(page).getByRole('listitem').filter({ hasText: text })

scenario('queued messages are edited, removed and had back, moved, and arrive in order across a lost connection', {}, async (rig) => {
  const page = await rig.page()
  await page.addInitScript(keepSockets)
  await signIn(page, rig.server)
  await newChat(page)
  await send(page, '[[say 45x150]]')
  await says(page, /word-2/)
  for (const word of ['Alpha', 'Beta', 'Gamma']) {
    await send(page, word)
    await queued(page, word).waitFor()
  }
  await queued(page, 'Alpha').getByRole('button', { name: 'Edit' }).click()
  await composer(page).fill('Aleph')
  await button(page, 'Save').click()
  await queued(page, 'Aleph').waitFor()
  await queued(page, 'Beta').getByRole('button', { name: 'Remove' }).click()
  await queue(page).getByRole('button', { name: 'Undo' }).click()
  await queued(page, 'Beta').getByRole('button', { name: 'Move up' }).waitFor()
  await queued(page, 'Gamma').getByRole('button', { name: 'Move up' }).click()
  await until('the new order', async () => /Aleph[^]*Gamma[^]*Beta/.test(await queue(page).innerText()))
  rig.expectComplaint(/ERR_INTERNET_DISCONNECTED|WebSocket/)
  await page.context().setOffline(true)
  await page.evaluate(() => globalThis.dropSockets())
  await main(page).getByText(/^(Offline since|Connecting again)/).first().waitFor()
  await page.context().setOffline(false)
  await until('all of them said', () => ['Aleph', 'Gamma', 'Beta'].every((word) => rig.api.requests.some(({ prompt }) => prompt.includes(word))), { within: 30_000 })
  await until('the last is answered', async () => /You wrote: .*Beta/s.test(await conversation(page).innerText()), { within: 20_000 })
  const text = await conversation(page).innerText()
  assert.doesNotMatch(text, /Alpha/)
  const heard = JSON.stringify(rig.api.requests.at(-1).messages)
  const places = ['"Aleph', '"Gamma', '"Beta'].map((word) => heard.indexOf(word))
  assert.ok(places.every((at) => at >= 0) && places[0] < places[1] && places[1] < places[2], String(places))
  await until('an empty queue', async () => (await queue(page).count()) === 0)
})

scenario('"Send now" reaches the turn that runs; Stop pauses the queue, and it goes on when told', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[bash sleep 4 && touch slept.txt]] then [[say 10x20]]')
  await decide(page, 'Allow')
  await send(page, 'By the way: mind the cat')
  await queued(page, 'mind the cat').getByRole('button', { name: 'Send now' }).click()
  await until('it reached the turn', () => rig.api.requests.some(({ messages }) => {
    const words = JSON.stringify(messages)
    return words.includes('mind the cat') && words.includes('tool_result')
  }), { within: 20_000 })
  await turnOver(page)
  await send(page, '[[slow 60]]')
  await says(page, /word-3/)
  await send(page, 'Later then')
  await queued(page, 'Later then').waitFor()
  await stop(page).click()
  await queue(page).getByText('Paused – you stopped Claude.').waitFor()
  await sleep(500)
  assert.equal(rig.api.requests.some(({ prompt }) => prompt.includes('Later then')), false)
  await queue(page).getByRole('button', { name: 'Send next' }).click()
  await says(page, /You wrote: Later then/)
})

scenario('model, effort and mode chosen in the page change what the API sees', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, 'Hello')
  await says(page, /You wrote: Hello/)
  await turnOver(page)
  const before = rig.api.requests.at(-1)
  const pick = async (picker, choice) => {
    await main(page).getByRole('button', { name: new RegExp(`^${picker}: `) }).click()
    await page.getByRole('menuitemradio', { name: choice }).first().click()
  }
  await pick('Model', /^Sonnet/)
  await main(page).getByRole('button', { name: /^Model: .*Sonnet/ }).waitFor()
  await pick('Effort', /^Low/)
  await main(page).getByRole('button', { name: /^Effort: Low/ }).waitFor()
  await pick('Permission mode', /^Plan/)
  await send(page, 'Again')
  await says(page, /You wrote: Again/)
  const after = rig.api.requests.at(-1)
  assert.match(after.model, /sonnet/)
  assert.notEqual(after.model, before.model)
  assert.match(JSON.stringify(after.messages), /[Pp]lan mode/)
  assert.equal(after.effort, 'low')
  assert.notEqual(before.effort, 'low')
})
