// What the browser specs share: a scenario has a home, a root, a scripted API, a server and browser pages of its own,
// and fails when a page complained or a process was left behind.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { start as startApi } from './messages-api.mjs'
import { makeHome } from './real-cli.mjs'
import { Server, until } from './server.mjs'

const ARTIFACTS = new URL('.artifacts/', import.meta.url).pathname
const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

let shared

/** One browser for a test file; each page has a context, and so a storage, of its own. */
async function browser() {
  shared ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Without 3D the terminal is drawn as text in the document, where a test can read it.
    args: ['--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  return shared
}

after(async () => (await shared)?.close())

export class Rig {
  static async start({ args = [], env = {}, projects = ['project'], untrusted = [], claude } = {}) {
    const rig = new Rig()
    rig.pages = []
    rig.complaints = []
    rig.expected = []
    rig.place = makeHome({ projects, untrusted })
    rig.project = join(rig.place.root, projects[0])
    rig.api = await startApi()
    rig.options = { args, env, claude }
    rig.server = await Server.start(rig.place, rig.api.url, rig.options)
    return rig
  }

  /** Another server on the same home, root and data, after the one before has ended. */
  async restart() {
    this.server = await Server.start(this.place, this.api.url, this.options)
    return this.server
  }

  /** A new tab with storage of its own. Whatever it logs as an error, and every breach of the CSP, fails the scenario. */
  async page(options = {}) {
    const context = await (await browser()).newContext({ ignoreHTTPSErrors: true, viewport: DESKTOP, ...options })
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`CSP violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber}`),
      ),
    )
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    this.pages.push(page)
    const complain = (text) => this.complaints.push(text)
    page.on('console', (message) => message.type() === 'error' && complain(`console: ${message.text()} (${message.location().url})`))
    page.on('pageerror', (error) => complain(`exception: ${error.stack ?? error}`))
    return page
  }

  async signedIn(options) {
    const page = await this.page(options)
    await signIn(page, this.server)
    return page
  }

  /** Complaints that belong to the scenario, such as a lost connection when the server is killed. */
  expectComplaint(pattern) {
    this.expected.push(pattern)
  }

  assertQuiet() {
    const rest = this.complaints.filter((text) => !this.expected.some((pattern) => pattern.test(text)))
    if (rest.length > 0) throw new Error(`the page complained:\n${[...new Set(rest)].join('\n')}`)
  }

  async keepEvidence(name) {
    const directory = join(ARTIFACTS, name.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 100))
    mkdirSync(directory, { recursive: true })
    for (const [index, page] of this.pages.entries()) {
      if (!page.isClosed()) await page.screenshot({ path: join(directory, `page-${index + 1}.png`), timeout: 5_000 }).catch(() => {})
    }
    writeFileSync(join(directory, 'server.txt'), this.server.stderr)
    writeFileSync(join(directory, 'complaints.txt'), this.complaints.join('\n'))
    writeFileSync(join(directory, 'processes.txt'), this.server.processes().map(({ pid, parent, command }) => `${pid} ${parent} ${command}`).join('\n'))
    writeFileSync(join(directory, 'requests.json'), JSON.stringify(this.api.requests.map(({ messages, tools, ...rest }) => rest), null, 2))
    return directory
  }

  /** Ends everything; what is left after the server's own end is a failure. */
  async stop() {
    for (const page of this.pages) await page.context().close().catch(() => {})
    try {
      await this.server.end()
      await this.server.expectNothingLeft()
    } finally {
      await this.api.close()
      this.place.remove()
    }
  }
}

/**
 * A test with a rig. On failure the screenshots and logs are kept under .artifacts/, and it is run once more: a browser,
 * a CLI and a server on two busy cores can miss a deadline of the test's own. What only passes at the second try says so
 * loudly; leftovers of a session and breaches of the CSP are never tried again.
 */
export function scenario(name, options, body) {
  const { timeout = 90_000, ...rigOptions } = options
  test(name, { timeout: 2 * timeout }, async (t) => {
    const first = await attempt(name, rigOptions, body, t)
    if (first === undefined) return
    if (!first.late) throw first.error
    t.diagnostic(`SECOND TRY of "${name}", because the first missed a deadline: ${first.error.stack}`)
    const second = await attempt(name, rigOptions, body, t)
    if (second !== undefined) throw second.error
  })
}

/** Runs a scenario; gives its failure, and whether that was only a deadline missed in the page. */
async function attempt(name, rigOptions, body, t) {
  const rig = await Rig.start(rigOptions)
  let failure
  try {
    await body(rig, t)
    rig.assertQuiet()
  } catch (error) {
    failure = { error, late: error.name === 'TimeoutError' }
    const kept = await rig.keepEvidence(name).catch((reason) => `nothing (${reason})`)
    error.message += `\n(kept: ${kept})`
  }
  try {
    await rig.stop()
  } catch (error) {
    failure = { error, late: false }
  }
  return failure
}

// ---- what a person does --------------------------------------------------------------------------------------------

export async function signIn(page, server) {
  await page.goto(server.url)
  await online(page)
}

export const online = (page) => page.getByRole('status').filter({ hasText: /^\s*online/i }).first().waitFor()

async function startSession(page, { dir, title, keep, fill }) {
  await page.getByRole('button', { name: 'New session' }).first().click()
  const sheet = page.getByRole('dialog')
  await sheet.waitFor()
  // The sheet remembers the last directory; begin at the root.
  await sheet.getByRole('navigation', { name: 'Chosen directory' }).getByRole('button').first().click()
  for (const part of (dir ?? 'project').split('/').filter((name) => name !== '.')) {
    await sheet.getByRole('list', { name: 'Directories' }).getByRole('button', { name: part, exact: true }).click()
  }
  await fill(sheet)
  if (title) await sheet.getByRole('textbox', { name: 'Title' }).fill(title)
  if (keep) await sheet.getByLabel('Keep running').check()
  await sheet.getByRole('button', { name: 'Start session' }).click()
}

/** Segments are radios; a press on the word chooses. */
const choose = (sheet, name) => sheet.getByRole('radio', { name, exact: true }).check({ force: true })

/** Starts a chat through the sheet and waits for its composer. */
export async function newChat(page, { dir, title, mode, keep } = {}) {
  await startSession(page, {
    dir,
    title,
    keep,
    fill: async (sheet) => {
      await choose(sheet, 'Chat')
      if (mode) await sheet.getByRole('combobox', { name: 'Permission mode' }).selectOption(mode)
    },
  })
  await composer(page).waitFor()
}

/** Starts a terminal with Claude or with a shell; `also` fills in what is left of the sheet. */
export async function newTerminal(page, { dir, title, program = 'Claude', keep, also } = {}) {
  await startSession(page, {
    dir,
    title,
    keep,
    fill: async (sheet) => {
      await choose(sheet, 'Terminal')
      await choose(sheet, program)
      await also?.(sheet)
    },
  })
  await terminal(page).waitFor()
}

export const main = (page) => page.getByRole('main')
export const composer = (page) => main(page).getByRole('textbox', { name: 'Message' })
export const conversation = (page) => main(page).getByRole('log', { name: 'Conversation' })
export const terminal = (page) => main(page).getByRole('region', { name: 'Terminal' })
export const row = (page, title) => page.getByRole('navigation', { name: 'Sessions' }).getByRole('link').filter({ hasText: title })

export async function send(page, text) {
  await composer(page).fill(text)
  await main(page).getByRole('button', { name: 'Send', exact: true }).click()
}

/** Waits until the conversation shows `text` (a string, or a pattern). */
export const says = (page, text) => conversation(page).getByText(text).last().waitFor()

/** Stops Claude; tasks have a Stop of their own. */
export const stop = (page) => main(page).getByRole('group', { name: 'Composer' }).getByRole('button', { name: 'Stop', exact: true })

/** Waits until no turn runs: then there is nothing to stop. The button may go between two looks at it. */
export const turnOver = (page, within = 15_000) =>
  until('the turn is over', async () => !(await stop(page).isVisible()) || (await stop(page).isDisabled({ timeout: 500 }).catch(() => false)), { within })

/** Presses a button of a prompt, once the prompt has been there long enough to take a press. */
export async function decide(page, name, press = (button) => button.click()) {
  const button = main(page).getByRole('button', { name, exact: true })
  await button.waitFor()
  await sleep(600)
  await press(button)
}

/** Starts a Bash that sleeps for `seconds` and returns its process id once it runs. */
export async function sleepInBash(page, seconds, sleepers) {
  await send(page, `[[bash sleep ${seconds}]]`)
  return until(`a running "sleep ${seconds}"`, async () => {
    const allow = main(page).getByRole('button', { name: 'Allow', exact: true })
    if (await allow.isVisible()) await allow.click().catch(() => {})
    return sleepers(seconds)[0]
  }, { within: 20_000, every: 100 })
}

/** Presses Kill and confirms; returns when the server has answered the DELETE. */
export async function kill(page) {
  await main(page).getByRole('button', { name: 'Kill session' }).click()
  const answered = page.waitForResponse((response) => response.request().method() === 'DELETE')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Kill', exact: true }).click()
  return answered
}

/** What the terminal shows, row by row, without trailing spaces. */
export async function screen(page) {
  const rows = await terminal(page).locator('.xterm-rows > div').allInnerTexts()
  return rows.map((text) => text.replaceAll('\u00a0', ' ').trimEnd()).join('\n')
}

export const showsOnScreen = (page, pattern, within = 15_000) =>
  until(`the terminal shows ${pattern}`, async () => (await screen(page)).match(pattern), { within, every: 100 })

export async function type(page, text) {
  await terminal(page).locator('.xterm-helper-textarea').focus()
  await page.keyboard.type(text, { delay: 5 })
}
