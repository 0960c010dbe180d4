// Every recording and every hand-made stream, played to the page and opened up: each message and each tool has its card,
// and nothing of the machinery shows.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Chat } from './chat-socket.mjs'
import { MESSAGES, Table } from './kinds.mjs'
import { until } from './server.mjs'
import { online, scenario } from './support.mjs'
import { openAll } from './watch-page.mjs'

const PLAYED = new URL('played-cli.mjs', import.meta.url).pathname
const FIXTURES = readdirSync(new URL('../fixtures/stream/', import.meta.url)).filter((name) => name.endsWith('.jsonl')).map((name) => name.replace('.jsonl', ''))
/** Starting a session costs more than playing a recording. */
const PER_SESSION = 6
/** What a page says that forgot to put something into words. */
const MACHINERY = /\[object |\bundefined\b|\bNaN\b|\bnull null\b/

/** Words of every finished call that a card must show, open or not: the name of a file, a command, a question. */
function expected(chat) {
  const inputs = chat.of('tool_use').filter(({ parent_tool_use_id }) => parent_tool_use_id === null).map(({ input }) => input)
  return inputs.flatMap((input) => [input?.command?.split?.('\n')[0], input?.pattern, input?.query, input?.file_path?.split?.('/').at(-1)]).filter((words) => typeof words === 'string' && words.length < 60)
}

/** The player goes on without answers; what is still open in the end is allowed or refused, so that the next one plays. */
async function settle(chat) {
  const state = () => chat.of('state').at(-1)?.state
  await until('nothing goes on', () => /^(idle|needs_)/.test(state()) && sleep(150).then(() => /^(idle|needs_)/.test(state())), { within: 30_000 })
  for (const kind of ['approval', 'question', 'plan']) {
    const settled = new Set(chat.of(`${kind}_resolved`).map(({ request_id }) => request_id))
    for (const { request } of chat.of(`${kind}_requested`)) {
      if (!settled.has(request.request_id)) await chat.answer(request, kind === 'approval' ? { behavior: 'allow' } : { behavior: 'deny', message: 'No' })
    }
  }
  await chat.idle()
}

const table = new Table()

/** Every event of a recording has its row or card, and says what it is about. */
function assertShown(file, events, { rows, calls }) {
  const covered = new Set(events.flatMap((event) => (/^(question|plan)_requested$/.test(event.type) ? [event.request.tool_use_id] : [])))
  for (const event of events) {
    if (event.type === 'tool_use' && covered.has(event.tool_use_id)) table.note(event.name, file, event.name === 'ExitPlanMode' ? 'the plan, and its answer' : 'the question, and its answer')
    if (event.type === 'tool_use' && !covered.has(event.tool_use_id)) {
      const card = calls[event.tool_use_id]
      assert.ok(card?.shown, `${file}: no card for ${event.name} ${event.tool_use_id}`)
      assert.match(card.title, /[A-Za-z]{3}/)
      assert.ok(card.face, `${file}: nothing inside the card “${card.title}”`)
      table.tool(event, file, card)
    }
    for (const { kind, is, row, says, card } of MESSAGES) {
      if (!is(event)) continue
      const found = row === null ? [''] : rows.filter((one) => one.kind === row).map(({ words }) => words.match(says(event))?.[0]).find(Boolean)
      assert.ok(found !== undefined, `${file}: no ${row} says ${row && says(event)}`)
      table.note(kind, file, card ?? `${found} · ${row}`)
    }
  }
}

for (let at = 0; at < FIXTURES.length; at += PER_SESSION) {
  const names = FIXTURES.slice(at, at + PER_SESSION)
  scenario(`cards: ${names.join(', ')}`, { claude: PLAYED, timeout: 60_000 }, async (rig) => {
    // Tasks of a recording have left no output behind.
    rig.expectComplaint(/404 .*\/tasks\/[^/]+\/output/)
    const chat = await Chat.start(rig.server)
    const parts = []
    for (const [index, name] of names.entries()) {
      const from = chat.events.length
      await chat.send(`play ${name}`)
      await chat.nth('user_message_delivered', index + 1)
      await settle(chat)
      parts.push([name, from, chat.events.length])
    }
    const page = await rig.signedIn()
    await page.goto(new URL(`/s/${chat.id}`, rig.server.url).href)
    await online(page)
    const shown = await openAll(page)
    const text = shown.rows.map(({ words }) => words).join('\n')
    const titles = Object.values(shown.calls).map(({ title }) => title).join('\n')
    assert.doesNotMatch(`${text}\n${titles}`, MACHINERY)
    for (const words of new Set(expected(chat))) assert.ok(text.includes(words) || titles.includes(words), `"${words}" is nowhere in the page`)
    for (const [name, from, to] of parts) assertShown(name, chat.events.slice(from, to).map(({ event }) => event), shown)
    const unknown = chat.of('unknown').length
    assert.equal(unknown > 0, names.includes('handmade_unknown'), `${unknown} unknown messages`)
    // A row that was scrolled away and back counts twice.
    assert.ok(shown.rows.filter(({ kind }) => kind === 'unknown').length >= unknown, 'each unknown message has its card')
  })
}

test('the table of kinds and cards is what the page showed', (t) => {
  const readme = new URL('../fixtures/stream/README.md', import.meta.url)
  const old = readFileSync(readme, 'utf8')
  const [before, rest] = old.split('<!-- kinds -->\n')
  const after = rest.slice(rest.indexOf('<!-- end of kinds -->'))
  const now = `${before}<!-- kinds -->\n${table.lines.join('\n')}\n${after}`
  t.diagnostic(`${table.rows.size} kinds, ${[...table.rows.values()].filter(({ files }) => [...files].some((name) => !name.startsWith('handmade_'))).length} of them captured`)
  if (process.env.UPDATE_GENERATED) writeFileSync(readme, now)
  else assert.equal(old, now, 'run this file with UPDATE_GENERATED=1 and review the difference')
})
