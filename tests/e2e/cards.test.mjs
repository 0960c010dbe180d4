// Every recording and every hand-made stream, played to the page and opened up: each message and each tool has its card,
// and nothing of the machinery shows.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Chat } from './chat-socket.mjs'
import { until } from './server.mjs'
import { conversation, online, scenario } from './support.mjs'
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

for (let at = 0; at < FIXTURES.length; at += PER_SESSION) {
  const names = FIXTURES.slice(at, at + PER_SESSION)
  scenario(`cards: ${names.join(', ')}`, { claude: PLAYED, timeout: 60_000 }, async (rig) => {
    const chat = await Chat.start(rig.server)
    for (const [index, name] of names.entries()) {
      await chat.send(`play ${name}`)
      await chat.nth('user_message_delivered', index + 1)
      await settle(chat)
    }
    const page = await rig.signedIn()
    await page.goto(new URL(`/s/${chat.id}`, rig.server.url).href)
    await online(page)
    await openAll(page)
    const text = await conversation(page).evaluate((log) => log.textContent)
    const titles = await conversation(page).locator('[title], [aria-label]').evaluateAll((all) => all.map((element) => `${element.title} ${element.ariaLabel}`).join('\n'))
    assert.doesNotMatch(text, MACHINERY)
    for (const words of new Set(expected(chat))) assert.ok(text.includes(words) || titles.includes(words), `"${words}" is nowhere in the page`)
    const unknown = chat.of('unknown').length
    assert.equal(unknown > 0, names.includes('handmade_unknown'), `${unknown} unknown messages`)
  })
}
