// Writes docs/screenshots: every screen, on a phone and a desk, light and dark. `node screenshots.mjs [NAME…]`; needs
// the built binary, the CLI and Chromium, like the tests. Not a test.

import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { palette } from './looks-tour.mjs'
import { populate, raise } from './screenshots-scene.mjs'
import { composer, main, row, signIn, terminal } from './support.mjs'

const OUT = new URL('../../docs/screenshots/', import.meta.url).pathname
const MOST_BYTES = 6_000_000

const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  desk: { viewport: { width: 1440, height: 900 } },
}
const THEMES = ['light', 'dark']

const button = (page, name) => main(page).getByRole('button', { name, exact: true })

/** An address is loaded anew, so that no picture depends on the one before. */
async function open(page, scene, title) {
  const { id } = await scene.server.session(title)
  await page.goto(new URL(`/s/${id}`, scene.server.url).href)
  await main(page).getByRole('heading', { name: title }).first().waitFor()
  return id
}

async function home(page, scene) {
  // The name and directories of the machine that takes the pictures are nobody's business.
  const { body } = await scene.server.api('GET', '/health')
  await page.route('**/health', (route) => route.fulfill({ json: { ...body, host_name: 'workshop', root: '/home/you/src' } }))
  await page.goto(new URL('/', scene.server.url).href)
  await row(page, 'Publish').waitFor()
  await page.unroute('**/health')
}

/** How to get to what is shown. */
const SHOTS = {
  sessions: home,
  start: async (page, scene) => {
    await home(page, scene)
    await page.getByRole('button', { name: 'New session' }).first().click()
    await page.getByRole('dialog').getByRole('list', { name: 'Directories' }).getByRole('button').first().waitFor()
  },
  chat: async (page, scene) => {
    await open(page, scene, 'Strict hosts')
    await main(page).getByText('Shall I?').waitFor()
    const edit = main(page).getByRole('button', { name: /Edited|Edit/ }).first()
    if ((await edit.isVisible()) && (await edit.getAttribute('aria-expanded')) === 'false') await edit.click()
  },
  approval: async (page, scene) => {
    await open(page, scene, 'Publish')
    await button(page, 'Deny…').waitFor()
  },
  question: async (page, scene) => {
    await open(page, scene, 'Front page')
    await main(page).getByText('Which colour should it be?').waitFor()
  },
  plan: async (page, scene) => {
    await open(page, scene, 'Parser')
    await button(page, 'Keep planning').waitFor()
  },
  terminal: async (page, scene) => {
    await open(page, scene, 'Shell')
    await terminal(page).getByText('main.rs').first().waitFor()
    const drive = button(page, 'Drive from here')
    await drive.waitFor({ timeout: 1_500 }).then(() => drive.click(), () => {})
  },
  palette: async (page, scene) => {
    await open(page, scene, 'Strict hosts')
    await main(page).getByText('Shall I?').waitFor()
    await palette(page, 'p')
  },
  split: async (page, scene) => {
    const { id } = await scene.server.session('Publish')
    await open(page, scene, 'Strict hosts')
    await page.goto(`${page.url()}?beside=${id}`)
    await button(page, 'Deny…').waitFor()
    await main(page).getByText('Shall I?').waitFor()
  },
  ended: async (page, scene) => {
    await open(page, scene, 'First look')
    await button(page, 'Resume').waitFor()
  },
}
/** There is no room for two on a phone. */
const DESK_ONLY = new Set(['split'])

/** Times that differ from run to run would make every picture differ. */
function stopTheClock(now) {
  Date.now = () => now
  Date.prototype.getHours = () => 14
  Date.prototype.getMinutes = () => 7
}

async function newPage(browser, device, colorScheme, now) {
  const context = await browser.newContext({ ...DEVICES[device], colorScheme, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', ignoreHTTPSErrors: true })
  await context.addInitScript(stopTheClock, now)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  return page
}

async function shoot(page, name) {
  await page.evaluate(() => document.fonts.ready)
  await sleep(700) // prompts arm, lists settle
  const path = join(OUT, `${name}.png`)
  writeFileSync(path, await page.screenshot({ animations: 'disabled', caret: 'hide' }))
  return statSync(path).size
}

async function take(browser, scene, device, theme, wanted, now) {
  const page = await newPage(browser, device, theme, now)
  const failed = []
  let bytes = 0
  const one = async (name, go) => {
    if (wanted.length > 0 && !wanted.includes(name)) return
    const full = `${name}-${device}-${theme}`
    try {
      await go()
      bytes += await shoot(page, full)
    } catch (error) {
      failed.push(`${full}: ${error.message.split('\n')[0]}`)
    }
  }
  await one('sign-in', async () => {
    await page.goto(new URL('/', scene.server.url).href)
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
  })
  await signIn(page, scene.server)
  for (const [name, go] of Object.entries(SHOTS)) {
    if (device === 'phone' && DESK_ONLY.has(name)) continue
    await one(name, () => go(page, scene))
  }
  await page.context().close()
  return { failed, bytes }
}

const wanted = process.argv.slice(2)
mkdirSync(OUT, { recursive: true })
const began = performance.now()
const now = Date.now()
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-quic', '--no-first-run', '--font-render-hinting=none'] })
const scene = await raise()
const failed = []
let bytes = 0
try {
  const context = await browser.newContext({ ...DEVICES.desk, ignoreHTTPSErrors: true })
  const driver = await context.newPage()
  driver.setDefaultTimeout(30_000)
  await signIn(driver, scene.server)
  await populate(driver)
  await context.close()
  for (const device of Object.keys(DEVICES)) {
    for (const theme of THEMES) {
      const result = await take(browser, scene, device, theme, wanted, now)
      failed.push(...result.failed)
      bytes += result.bytes
    }
  }
} finally {
  await browser.close()
  await scene.down()
}
console.log(`${(bytes / 1e6).toFixed(1)} MB in ${OUT}, ${Math.round((performance.now() - began) / 1000)} s`)
for (const one of failed) console.error(`not taken: ${one}`)
if (bytes > MOST_BYTES) console.error(`more than ${MOST_BYTES / 1e6} MB: a repository is not the place for them`)
process.exit(failed.length > 0 || bytes > MOST_BYTES ? 1 : 0)
