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
import { numbersIn, openAll, watchPage } from './watch-page.mjs'
import { CORPUS } from './xss-corpus.mjs'
import { capabilities, DIAGRAMS, sessions } from './xss-sessions.mjs'

const PLAYED = new URL('played-cli.mjs', import.meta.url).pathname
/** Sessions that run at once; the server allows a few more. */
const AT_ONCE = 4
/** As names of directories: whatever has no slash and is short enough. */
const DIRECTORIES = CORPUS.filter((payload) => !/[/\u0000-\u001f\u007f\\]/.test(payload) && payload.isWellFormed?.() !== false && Buffer.byteLength(payload) < 200).slice(0, 40)

/** Payloads whose number can be read; the rest are names and what is encoded. */
const NUMBERED = CORPUS.flatMap((payload, number) => (numbersIn(payload).includes(number) ? [number] : []))

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

async function look(page, chat, watched, name) {
  const since = Date.now()
  await page.goto(new URL(`/s/${chat.id}`, page.url()).href)
  await conversation(page).waitFor()
  await online(page)
  const opened = await openAll(page)
  const elements = await watched.collect()
  if (process.env.XSS_VERBOSE) {
    console.log(`# ${name}: ${chat.events.length} events, ${opened.count} opened, ${opened.rows.length} rows, ${opened.numbers.length} read, ${elements} elements, ${watched.wrong.length} wrong, ${Date.now() - since} ms`)
  }
  return opened
}

/** Each diagram in its turn: drawn, or refused in words. The frame has a CSP that it must never run into. */
async function drawAll(page) {
  const ends = { drawn: 0, refused: 0 }
  const buttons = () => conversation(page).getByRole('button', { name: 'Show diagram' })
  for (let index = 0; index < (await buttons().count()); index += 1) {
    const button = buttons().nth(index)
    await button.scrollIntoViewIfNeeded()
    await page.waitForTimeout(100)
    // The button changes its name when pressed, so its place is marked.
    await button.locator('..').evaluate((element, place) => element.setAttribute('data-drawing', place), index)
    const box = page.locator(`[data-drawing="${index}"]`)
    await button.click()
    await until('the diagram is drawn or refused', async () => (await box.getByRole('alert').count()) > 0 || ((await box.locator('iframe:not(.waiting)').count()) > 0 && (await box.getByText('Drawing…').count()) === 0), { within: 8_000 })
    if ((await box.getByRole('alert').count()) > 0) ends.refused += 1
    else {
      ends.drawn += 1
      const frame = await (await box.locator('iframe').elementHandle()).contentFrame()
      // What is in the drawing must be able to be clicked without anything happening.
      await frame.evaluate(() => document.querySelectorAll('a, .clickable, [class*="click"]').forEach((element) => element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))))
      await page.waitForTimeout(30)
      await box.getByRole('button', { name: 'Hide diagram' }).click()
    }
  }
  return ends
}

/** Every link that is left in the texts asks before it leads anywhere; gives how many there were. */
async function pressLinks(page) {
  const { asked, silent } = await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()))
    const scroller = document.querySelector('[role="log"]').closest('.scroller') ?? document.querySelector('.scroller')
    const seen = new Set()
    const silent = []
    let asked = 0
    const dialog = () => [...document.querySelectorAll('[role="dialog"]')].find((one) => one.textContent.includes('Open this link?'))
    const within = async (probe) => {
      for (let tries = 0; tries < 60 && !probe(); tries += 1) await frame()
      return probe()
    }
    scroller.scrollTop = 0
    for (let held = 0; held < 3; ) {
      await frame()
      await frame()
      for (const link of scroller.querySelectorAll('a[href^="http"]')) {
        if (seen.has(link.href)) continue
        seen.add(link.href)
        link.click()
        if (await within(() => dialog() !== undefined)) asked += 1
        else silent.push(link.outerHTML)
        const cancel = [...(dialog()?.querySelectorAll('button') ?? [])].find((button) => button.textContent.trim() === 'Cancel')
        cancel?.click()
        await within(() => dialog() === undefined)
      }
      const before = scroller.scrollTop
      scroller.scrollTop = before + scroller.clientHeight
      held = scroller.scrollTop <= before ? held + 1 : 0
    }
    return { asked, silent }
  })
  assert.deepEqual(silent, [], 'links that did not ask')
  return asked
}

/** What is saved as HTML, opened by itself: no script, no handler, and nothing is asked for. */
async function readExport(rig, chat, page) {
  const { status, body: html } = await rig.server.api('GET', `/api/sessions/${chat.id}/export?format=html`)
  assert.equal(status, 200)
  await page.unroute('https://saved.test/**')
  await page.route('https://saved.test/**', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }))
  await page.goto('https://saved.test/')
  const found = await page.evaluate(() => [...document.querySelectorAll('*')].flatMap((element) => {
    const tag = element.localName
    const bad = [...element.attributes].filter(({ name, value }) => name.startsWith('on') || /^\s*(javascript|vbscript|data:(?!image\/(png|jpeg|gif|webp);))/i.test(value) && /^(href|src|action)/.test(name))
    return bad.length > 0 || ['script', 'iframe', 'object', 'embed', 'base', 'form', 'svg', 'math', 'link'].includes(tag) || (tag === 'style' && element.parentElement !== document.head) ? [element.outerHTML.slice(0, 200)] : []
  }))
  assert.deepEqual(found, [], 'in the saved file')
  await page.locator('details').evaluateAll((all) => all.forEach((one) => (one.open = true)))
  return numbersIn(await page.evaluate(() => document.body.textContent))
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
  await sheet.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog')
  await palette.getByRole('combobox').waitFor()
  for (const words of ['', '<', 'script', '@']) {
    await palette.getByRole('combobox').fill(words)
    await page.waitForTimeout(150)
    await watched.collect()
  }
  await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Notifications' }).first().click()
  await page.getByRole('dialog').waitFor()
  await watched.collect()
  await page.keyboard.press('Escape')
}

/** What waits, read on Home; gives the numbers that were to be read there. */
async function lookAtInbox(page, watched) {
  await page.goto(new URL('/', page.url()).href)
  await online(page)
  const card = page.locator('.inbox-card').first()
  await card.waitFor()
  const folded = numbersIn(await card.innerText())
  // The one that has waited longest is open by itself.
  const closed = card.getByRole('button', { name: 'Read and answer' })
  if (await closed.isVisible()) await closed.click()
  // They come one by one.
  let before = 0
  await until('the prompts in the inbox', async () => {
    const count = await card.locator('[data-prompt]').count()
    const all = count > 50 && count === before
    before = count
    return all
  }, { within: 30_000, every: 500 })
  await card.evaluate(async (element) => {
    const pressed = new Set()
    for (let tries = 0; tries < 20; tries += 1) {
      const closed = [...element.querySelectorAll('#x, [data-prompt] [aria-expanded="false"]:not([aria-haspopup]), [data-prompt] button')].filter((one) => !pressed.has(one) && (one.tagName !== 'BUTTON' || one.hasAttribute('aria-expanded') || /^(show (?!diagram)|read )|more lines|\d+ lines/i.test(one.textContent.trim())))
      if (closed.length === 0) break
      for (const one of closed) pressed.add(one), one.click()
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  })
  const prompts = await card.locator('[data-prompt]').count()
  const values = await card.evaluate((element) => [element.textContent, ...[...element.querySelectorAll('textarea, input')].map(({ value }) => value)].join(' '))
  await watched.collect()
  return { folded, prompts, numbers: new Set(numbersIn(values)) }
}

const CAPABILITIES = join(mkdtempSync(join(tmpdir(), 'claude-web-xss-')), 'capabilities.json')
writeFileSync(CAPABILITIES, JSON.stringify(capabilities()))
after(() => rmSync(dirname(CAPABILITIES), { recursive: true }))

scenario('no payload does anything, wherever it is shown', { claude: PLAYED, env: { PLAY_CAPABILITIES: CAPABILITIES }, args: ['--max-sessions', '12'], projects: ['project', ...DIRECTORIES], timeout: 300_000 }, async (rig, t) => {
  // The tasks that are told of do not exist, so their output is not there.
  rig.expectComplaint(/status of 404 .*\/tasks\//)
  assert.ok(CORPUS.length >= 500, `${CORPUS.length} payloads`)
  const page = await rig.page({ viewport: { width: 1440, height: 2400 } })
  const watched = await watchPage(page, new URL(rig.server.url).origin)
  await page.goto(rig.server.url)
  await online(page)
  const saved = await rig.page()
  const watchedSaved = await watchPage(saved, 'https://saved.test')
  const groups = sessions()
  const read = new Set()
  let opened = 0
  let shown = 0
  const facts = {}
  for (let at = 0; at < groups.length; at += AT_ONCE) {
    const chats = await Promise.all(groups.slice(at, at + AT_ONCE).map(({ frames }, index) => played(rig, frames, at + index)))
    for (const [index, chat] of chats.entries()) {
      const { name, rows, numbers } = groups[at + index]
      const seen = await look(page, chat, watched, name)
      for (const number of seen.numbers) read.add(number)
      opened += seen.count
      shown += chat.events.length
      if (rows) assert.ok(seen.rows.filter(({ kind }) => kind === rows).length >= CORPUS.length, `${name}: ${seen.rows.length} rows for ${CORPUS.length} payloads`)
      const missing = numbers ? NUMBERED.filter((number) => !seen.numbers.includes(number)) : []
      assert.deepEqual(missing.map((number) => CORPUS[number]), [], `${name}: not to be read`)
      if (name === 'texts') facts.links = await pressLinks(page)
      if (name === 'diagrams') facts.diagrams = await drawAll(page)
      if (name === 'prompts') facts.inbox = await lookAtInbox(page, watched)
      for (const number of await readExport(rig, chat, saved)) read.add(number)
      assert.deepEqual([...watched.wrong, ...watchedSaved.wrong].slice(0, 20), [], name)
    }
    await page.goto(new URL(`/s/${chats[0].id}`, rig.server.url).href)
    await composer(page).waitFor()
    await lookAround(page, watched)
    assert.deepEqual(watched.wrong.slice(0, 20), [], `sessions ${at} to ${at + AT_ONCE}`)
    await Promise.all(chats.map((chat) => chat.end()))
  }
  assert.deepEqual(NUMBERED.filter((number) => !read.has(number)), [], 'payloads that were never to be read')
  assert.ok(facts.inbox.prompts > 100, `${facts.inbox.prompts} prompts in the inbox`)
  assert.deepEqual(NUMBERED.filter((number) => !facts.inbox.numbers.has(number)).map((number) => CORPUS[number]), [], 'not to be read in the inbox')
  assert.equal(facts.diagrams.drawn + facts.diagrams.refused, DIAGRAMS.length)
  assert.ok(facts.diagrams.drawn > 0, 'no diagram was drawn')
  assert.ok(facts.links > 10, `${facts.links} links`)
  t.diagnostic(`${CORPUS.length} payloads, ${read.size} of them read in the page, ${shown} events, ${opened} things opened, ${facts.inbox.prompts} prompts in the inbox, ${facts.links} links asked, ${facts.diagrams.drawn} diagrams drawn and ${facts.diagrams.refused} refused`)
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
