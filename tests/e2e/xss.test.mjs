// The corpus through every place that shows text of others, in a real browser: nothing runs, nothing is asked for
// elsewhere, nothing but text gets into the document.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { chromium } from 'playwright-core'
import { Chat } from './chat-socket.mjs'
import { until } from './server.mjs'
import { composer, conversation, online, scenario } from './support.mjs'
import { openAll, watchPage } from './watch-page.mjs'
import { CORPUS } from './xss-corpus.mjs'
import { capabilities, sessions } from './xss-sessions.mjs'

const PLAYED = new URL('played-cli.mjs', import.meta.url).pathname
/** Sessions that run at once; the server allows a few more. */
const AT_ONCE = 4
/** As names of directories: whatever has no slash and is short enough. */
const DIRECTORIES = CORPUS.filter((payload) => !/[/\u0000-\u001f\u007f\\]/.test(payload) && payload.isWellFormed?.() !== false && Buffer.byteLength(payload) < 200).slice(0, 40)

const TITLES = CORPUS.filter((payload) => !/[\u0000-\u001f\u007f]/.test(payload) && payload.length < 100)

/** Starts a session that has said all of `frames`. */
async function played(rig, frames, number) {
  const path = join(rig.place.base, `frames-${number}.jsonl`)
  writeFileSync(path, frames.map((frame) => JSON.stringify(frame)).join('\n'))
  const chat = await Chat.start(rig.server, { title: TITLES[(number * 13) % TITLES.length] })
  await chat.send(`play ${path}`)
  await chat.idle(60_000).catch((error) => {
    // With prompts open a session is not idle; then what came last must be there.
    if (chat.of('approval_requested').length === 0) throw error
  })
  return chat
}

async function look(page, chat, watched) {
  await page.goto(new URL(`/s/${chat.id}`, page.url()).href)
  await conversation(page).waitFor()
  await online(page)
  const opened = await openAll(page)
  await page.waitForTimeout(100)
  const elements = await watched.collect()
  if (process.env.XSS_VERBOSE) {
    console.log(`# ${chat.events.length} events, ${opened.count} opened, ${opened.numbers.length} read, ${elements} elements, ${watched.wrong.length} wrong`)
  }
  return opened
}

/** What else shows words of others: the list of sessions with what waits, the menus, the directories to start in. */
async function lookAround(page, watched) {
  await composer(page).fill('/')
  await page.waitForTimeout(200)
  await watched.collect()
  await composer(page).fill('')
  await page.goto(new URL('/', page.url()).href)
  await online(page)
  await page.getByRole('button', { name: 'New session' }).first().click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('navigation', { name: 'Chosen directory' }).getByRole('button').first().click()
  await sheet.getByRole('list', { name: 'Directories' }).getByRole('button').nth(DIRECTORIES.length - 1).waitFor()
  await watched.collect()
  await page.keyboard.press('Escape')
}

const CAPABILITIES = join(mkdtempSync(join(tmpdir(), 'claude-web-xss-')), 'capabilities.json')
writeFileSync(CAPABILITIES, JSON.stringify(capabilities()))
after(() => rmSync(dirname(CAPABILITIES), { recursive: true }))

scenario('no payload does anything, wherever it is shown', { claude: PLAYED, env: { PLAY_CAPABILITIES: CAPABILITIES }, args: ['--max-sessions', '12'], projects: ['project', ...DIRECTORIES], timeout: 240_000 }, async (rig, t) => {
  assert.ok(CORPUS.length >= 500, `${CORPUS.length} payloads`)
  const page = await rig.page()
  const watched = await watchPage(page, new URL(rig.server.url).origin)
  await page.goto(rig.server.url)
  await online(page)
  const groups = sessions()
  const read = new Set()
  let opened = 0
  let shown = 0
  for (let at = 0; at < groups.length; at += AT_ONCE) {
    const chats = await Promise.all(groups.slice(at, at + AT_ONCE).map((frames, index) => played(rig, frames, at + index)))
    for (const chat of chats) {
      const { count, numbers } = await look(page, chat, watched)
      for (const number of numbers) read.add(number)
      opened += count
      shown += chat.events.length
    }
    await lookAround(page, watched)
    assert.deepEqual(watched.wrong.slice(0, 20), [], `sessions ${at} to ${at + AT_ONCE}`)
    await Promise.all(chats.map((chat) => chat.end()))
  }
  assert.ok(opened > 1_000, `${opened} things were opened`)
  // Some payloads have no number to be read: names, and what is encoded.
  assert.ok(read.size > CORPUS.length * 0.75, `${read.size} payloads were to be read`)
  t.diagnostic(`${CORPUS.length} payloads, ${read.size} of them read in the page, ${shown} events, ${opened} things opened`)
})

test('the corpus bites: in a page that takes text for HTML most of it is noticed', { timeout: 120_000 }, async (t) => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
  t.after(() => browser.close())
  const page = await (await browser.newContext()).newPage()
  await page.route('**', (route) => (route.request().url() === 'https://careless.test/' ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' }) : route.abort()))
  const watched = await watchPage(page, 'https://careless.test')
  await page.goto('https://careless.test/')
  const noticed = []
  for (const payload of CORPUS) {
    watched.wrong.length = 0
    const stayed = await page
      .evaluate((html) => {
        document.body.innerHTML = html
        return new Promise((resolve) => setTimeout(resolve, 15))
      }, payload)
      .then(() => watched.collect())
      .then(() => true, () => false)
    if (watched.wrong.length > 0 || !stayed) noticed.push(payload)
    // A payload may still be leading away while the page is on its way back.
    if (!stayed) await until('the page again', () => page.goto('https://careless.test/').then(() => true, () => false))
  }
  assert.ok(noticed.length > CORPUS.length * 0.55, `${noticed.length} of ${CORPUS.length} payloads were noticed`)
  t.diagnostic(`${noticed.length} of ${CORPUS.length} payloads were noticed where text is taken for HTML`)
})
