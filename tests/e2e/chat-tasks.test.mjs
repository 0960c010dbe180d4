// What a chat does beside deciding and saying: copies and resumed conversations, files set back, tasks that run on,
// looking around in what was said, and taking it along.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './server.mjs'
import { composer, conversation, decide, kill, main, newChat, online, row, says, scenario, send, turnOver } from './support.mjs'

const button = (page, name) => main(page).getByRole('button', { name, exact: true })
const card = (page, title) => conversation(page).getByRole('group', { name: title }).last()
const prompt = (page, text) => conversation(page).locator('.item.user').filter({ hasText: text }).first()
const reply = (page, text) => conversation(page).locator('.item.text').filter({ hasText: text }).first()
const heard = (rig) => JSON.stringify(rig.api.requests.at(-1).messages)
const sessionOf = (page) => page.url().match(/\/s\/([^#?]+)/)?.[1]

/** Chooses from the menu of a message. */
async function fromMenu(page, message, option) {
  await message.hover()
  await message.getByRole('button', { name: /^Actions for this/ }).click()
  await page.getByRole('menuitem', { name: option }).click()
}

async function turn(page, words) {
  await send(page, words)
  await says(page, new RegExp(`You wrote: ${words}`))
  await turnOver(page)
}

scenario('a copy goes on from an earlier message, a prompt is sent again, an ended session is resumed', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { title: 'Origin' })
  await turn(page, 'Oats')
  await turn(page, 'Barley')
  const first = sessionOf(page)
  await fromMenu(page, reply(page, 'Oats'), 'Continue from here')
  await until('another session', () => sessionOf(page) !== first)
  await row(page, 'Origin (fork)').waitFor()
  await says(page, /You wrote: Oats/)
  assert.equal(await conversation(page).getByText('Barley').count(), 0)
  await turn(page, 'Rye')
  assert.ok(heard(rig).includes('Oats') && heard(rig).includes('Rye') && !heard(rig).includes('Barley'))
  const fork = sessionOf(page)
  await row(page, /^(?!.*fork)[^]*Origin/).click()
  await fromMenu(page, prompt(page, 'Barley'), 'Edit and resend from here')
  await until('a third session', () => ![first, fork].includes(sessionOf(page)))
  await until('the prompt in its composer', async () => (await composer(page).inputValue()) === 'Barley')
  await says(page, /You wrote: Oats/)
  await turn(page, 'Wheat')
  assert.ok(heard(rig).includes('Oats') && heard(rig).includes('Wheat') && !heard(rig).includes('Barley'))
  await page.goto(new URL(`/s/${first}`, rig.server.url).href)
  await says(page, /You wrote: Barley/)
  await kill(page)
  await button(page, 'Resume').click()
  await until('the resumed session', () => sessionOf(page) !== first)
  await says(page, /You wrote: Barley/)
  await main(page).getByRole('button', { name: /% context, details/ }).waitFor()
  await main(page).getByRole('heading', { name: 'Origin' }).waitFor()
  await turn(page, 'Millet')
  assert.ok(heard(rig).includes('Oats') && heard(rig).includes('Barley') && heard(rig).includes('Millet'))
})

scenario('files are set back to where they were before a prompt', {}, async (rig) => {
  const page = await rig.signedIn()
  const file = join(rig.project, 'a.txt')
  await newChat(page, { mode: 'acceptEdits' })
  await send(page, '[[write a.txt: one]]')
  await says(page, /^Result was/)
  await turnOver(page)
  await send(page, 'Change it: [[edit a.txt: one => two]]')
  await until('the change', () => readFileSync(file, 'utf8').trim() === 'two')
  await turnOver(page)
  await fromMenu(page, prompt(page, 'Change it'), 'Set files back to here')
  await page.getByRole('list', { name: 'Files that would change' }).getByText('a.txt').waitFor()
  await page.getByRole('button', { name: 'Set files back' }).click()
  await until('the file of before', () => readFileSync(file, 'utf8').trim() === 'one')
  await conversation(page).getByText(/set back|rewound/i).first().waitFor()
})

scenario('a subagent is shown while it works: its calls, their number, its own approval', {}, async (rig) => {
  writeFileSync(join(rig.project, 'a.txt'), 'line one\n')
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[agent Look around. ((read a.txt)) then ((bash touch below.txt)) then ((say 10x100))]]')
  const agent = card(page, /A side task/)
  await agent.getByRole('button').first().click()
  await agent.getByRole('group', { name: /^Read a\.txt/ }).waitFor()
  await agent.getByText(/[12] tool calls?/).first().waitFor()
  assert.equal(existsSync(join(rig.project, 'below.txt')), false)
  await decide(page, 'Allow')
  await agent.getByRole('group', { name: /^Ran touch below\.txt/ }).waitFor()
  await turnOver(page)
  await agent.getByText(/2 tool calls/).first().waitFor()
  assert.ok(existsSync(join(rig.project, 'below.txt')))
})

scenario('a background command: its output grows in the open card, and Stop ends it', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[background for i in $(seq 1 90); do echo tick-$i; sleep 0.7; done]]')
  await decide(page, 'Allow')
  const running = card(page, /seq 1 90/)
  await running.getByRole('button').first().click()
  const lines = async () => [...(await running.innerText()).matchAll(/tick-(\d+)$/gm)].map(([, number]) => Number(number))
  await until('a first line', async () => (await lines()).length > 0, { within: 20_000 })
  const before = Math.max(...(await lines()))
  await until('more lines', async () => Math.max(...(await lines())) > before + 1, { within: 15_000 })
  await running.getByRole('button', { name: 'Stop', exact: true }).click()
  await until('it has ended', () => !rig.server.children().some(({ command }) => command.includes('seq 1 90')))
  await running.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' })
})

scenario('a long command is sent to the background while it runs', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[bash touch begun.txt && sleep 40 && echo woken]]')
  await decide(page, 'Allow')
  await until('it runs', () => existsSync(join(rig.project, 'begun.txt')))
  await card(page, /begun\.txt/).getByRole('button', { name: 'Run in background' }).click()
  await says(page, /^Result was/)
  await turnOver(page)
  await card(page, /begun\.txt/).getByRole('button', { name: 'Stop', exact: true }).click()
  await until('it has ended', () => !rig.server.children().some(({ command }) => /sleep 40/.test(command)))
})

scenario('the context window is explained, compacted by a slash command, and the summary can be read', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  for (const words of ['Oats', 'Barley', 'Rye']) await turn(page, words)
  await main(page).getByRole('button', { name: /context, details/ }).click()
  const sheet = page.getByRole('dialog', { name: 'Context window' })
  await sheet.getByText(/tokens in use/).waitFor()
  await sheet.getByText('System prompt').waitFor()
  await sheet.getByRole('button', { name: 'Close' }).last().click()
  await composer(page).pressSequentially('/comp')
  await page.getByRole('option', { name: /^\/compact/ }).waitFor()
  await page.keyboard.press('Enter')
  assert.match(await composer(page).inputValue(), /^\/compact ?$/)
  await button(page, 'Send').click()
  await conversation(page).getByRole('separator', { name: /compacted/i }).waitFor()
  await conversation(page).getByRole('button', { name: 'What Claude goes on with' }).click()
  await conversation(page).getByText(/scripted model|continued from a previous conversation/).last().waitFor()
})

scenario('what was said is found, outlined, linked to and exported; a link that leaves asks', {}, async (rig) => {
  writeFileSync(join(rig.project, 'deep.txt'), 'top\nneedle in the haystack\n')
  const page = await rig.signedIn()
  await newChat(page, { title: 'Library' })
  await send(page, 'Earliest: [[say See [the tides](https://example.org/tides) first. ]]')
  await conversation(page).getByRole('link', { name: 'the tides' }).waitFor()
  await turnOver(page)
  await send(page, '[[read deep.txt]] then [[say That was all.]]')
  await says(page, 'That was all.')
  await turnOver(page)
  for (const words of ['Oats', 'Barley', 'Rye']) {
    await send(page, `${words} [[say ${'A line to scroll past.\n\n'.repeat(14)} End of ${words}.]]`)
    await says(page, new RegExp(`End of ${words}\\.`))
    await turnOver(page)
  }

  await button(page, 'Fold all tools').click()
  await page.keyboard.press('Control+f')
  await page.getByRole('textbox', { name: 'Find in conversation' }).fill('needle in')
  await page.keyboard.press('Enter')
  await conversation(page).getByText('needle in the haystack').last().waitFor()
  await page.getByRole('button', { name: 'Close find' }).click()

  await button(page, 'Outline').click()
  await page.getByRole('button', { name: /^Earliest/ }).click()
  await conversation(page).getByRole('link', { name: 'the tides' }).click()
  const leave = page.getByRole('dialog', { name: 'Open this link?' })
  await leave.getByText('example.org').waitFor()
  await leave.getByRole('button', { name: 'Cancel' }).click()

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await fromMenu(page, prompt(page, 'Earliest'), 'Copy link')
  const link = await until('the link', () => page.evaluate(() => navigator.clipboard.readText()))
  assert.match(link, /#m-/)
  const fresh = await rig.signedIn()
  await fresh.goto(link)
  await online(fresh)
  await until('the message in view', () => prompt(fresh, 'Earliest').evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  }).catch(() => false))

  for (const [label, ending, holds] of [['Markdown', 'md', 'needle in'], ['HTML', 'html', '<!doctype html'], ['JSON', 'json', '"Earliest'], ['JSON lines', 'jsonl', 'Earliest']]) {
    await button(page, 'Export').click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: `Export as ${label}`, exact: true }).click()])
    assert.match(download.suggestedFilename(), new RegExp(`^Library.*\\.${ending}$`))
    const text = readFileSync(await download.path(), 'utf8')
    assert.ok(text.toLowerCase().includes(holds.toLowerCase()), `${label}: ${text.slice(0, 400)}`)
    assert.ok(text.includes('End of Rye'), label)
    if (ending === 'json') JSON.parse(text)
    if (ending === 'jsonl') text.trim().split('\n').forEach((line) => JSON.parse(line))
  }
})

scenario('files are named by completion and palette; the palette acts and opens; two sessions share the window', {}, async (rig) => {
  writeFileSync(join(rig.project, 'tide-table.md'), 'High water at noon\n')
  writeFileSync(join(rig.project, 'moon.md'), 'Full on Friday\n')
  const page = await rig.signedIn()
  await newChat(page, { title: 'Left one' })
  await turn(page, 'Oats')
  await newChat(page, { title: 'Right one' })
  await composer(page).pressSequentially('Look at @tide')
  await page.getByRole('option', { name: /tide-table\.md/ }).waitFor()
  await page.keyboard.press('Enter')
  assert.match(await composer(page).inputValue(), /^Look at @tide-table\.md ?$/)
  await button(page, 'Send').click()
  await says(page, /You wrote: Look at/)
  assert.ok(heard(rig).includes('High water at noon'), 'Claude was given the file')
  await turnOver(page)

  const palette = async (words, option) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search sessions, actions and files' }).fill(words)
    await page.getByRole('option', { name: option }).first().waitFor()
    return page.getByRole('option', { name: option }).first()
  }
  await (await palette('moon', /moon\.md/)).click()
  await until('the file in the message', async () => /@moon\.md/.test(await composer(page).inputValue()))
  await composer(page).fill('')
  await (await palette('mode plan', /Permission mode: Plan/)).click()
  await main(page).getByRole('button', { name: /^Permission mode: Plan/ }).waitFor()
  await (await palette('Left', /Left one/)).click({ modifiers: ['Control'] })
  const [left, right] = [page.getByRole('region', { name: 'Left session' }), page.getByRole('region', { name: 'Right session' })]
  await left.getByText('Look at').first().waitFor()
  await right.getByRole('log').getByText(/You wrote: Oats/).waitFor()
  await right.getByRole('textbox', { name: 'Message' }).fill('Beside')
  await right.getByRole('button', { name: 'Send', exact: true }).click()
  await right.getByRole('log').getByText(/You wrote: Beside/).waitFor()
  assert.equal(await left.getByRole('log').getByText(/You wrote: Beside/).count(), 0)
  await right.getByRole('button', { name: /^Close “Left one” here/ }).click()
  await right.waitFor({ state: 'detached' })
  await says(page, /Look at/)
})

scenario('what the page does not know is counted, and shown when asked', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page)
  await send(page, '[[tool Frobnicate {"how":"gently"}]]')
  await says(page, /^Result was/)
  await main(page).getByRole('button', { name: '1 warning' }).click()
  await page.getByRole('button', { name: 'Show in the conversation' }).click()
  await until('the focus on its card', () => conversation(page).locator('.item:focus').filter({ hasText: 'Frobnicate' }).count())
})
