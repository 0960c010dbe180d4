// Accessibility, and the phone: every screen and state, in both themes and both sizes.

import { AxeBuilder } from '@axe-core/playwright'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { begin, tour } from './looks-tour.mjs'
import { until } from './server.mjs'
import { PHONE, composer, conversation, decide, main, newChat, row, says, scenario, send } from './support.mjs'

const PROJECTS = ['project', 'docs']

/** What axe calls moderate, serious or critical, naming rule and element. */
async function faults(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, nodes }) => nodes.map(({ target, failureSummary }) => `${where}: ${impact}: ${id} ${target.join(' ')}\n${failureSummary}`))
}

async function fitsTheWidth(page, where) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  return content <= window ? [] : [`${where}: ${content} px wide in a window of ${window} px`]
}

/** What a finger may not hit: smaller than 44 × 44 px, and not inside a label or row of that size. Links in text may be. */
function tooSmall(page) {
  return page.evaluate(() => {
    const big = (element) => {
      const { width, height } = element.getBoundingClientRect()
      return width >= 43.5 && height >= 43.5
    }
    const open = document.querySelector('[role="dialog"],[role="alertdialog"]') ?? document
    return [...open.querySelectorAll('button, a[href], input, select, textarea, summary, [role="option"], [role="switch"]')]
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect()
        const style = getComputedStyle(element)
        if (width <= 1 || height <= 1 || style.visibility === 'hidden' || element.closest('.xterm') !== null) return false
        if (element.tagName === 'A' && style.display === 'inline') return false
        const row = element.closest('label, summary, [role="option"]') ?? (/radio|checkbox/.test(element.type) ? element.parentElement : null)
        return !big(element) && !(row !== null && big(row))
      })
      .map((element) => {
        const { width, height } = element.getBoundingClientRect()
        return `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}" ${Math.round(width)}×${Math.round(height)}`
      })
  })
}

const THEMES = ['light', 'dark']

/** No half-done transition, however busy the machine is; but nothing that runs for ever is waited for. */
async function settled(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await frame()
    await frame()
    const over = Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 1000))])
    await frame()
  })
  await sleep(100)
}

async function inBothThemes(page, look) {
  const found = []
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await settled(page)
    found.push(...(await look(colorScheme)))
  }
  return found
}

const none = (found) => assert.equal(found.length, 0, [...new Set(found)].join('\n'))

/** Looks at every screen; what was found is told even when the way to the next one is not. */
async function walk(rig, options, look) {
  const found = []
  const visit = async (page, name) => {
    found.push(...(await inBothThemes(page, (theme) => faults(page, `${name} (${theme})`))), ...(await look(page, name)))
  }
  try {
    await tour(rig, { ...options, reducedMotion: 'reduce' }, visit)
  } catch (error) {
    error.message += `\nfound until then:\n${[...new Set(found)].join('\n')}`
    throw error
  }
  none(found)
}

scenario('nothing is wrong with accessibility on any screen of a desk, in both themes', { projects: PROJECTS, timeout: 240_000 }, async (rig) => {
  await walk(rig, {}, async (page, name) => {
    const headings = await page.evaluate(() => [...document.querySelectorAll('h1')].filter((one) => one.offsetParent !== null).length)
    return headings === 1 ? [] : [`${name}: ${headings} first headings`]
  })
})

scenario('nothing is wrong with accessibility on any screen of a phone, and everything fits under a finger', { projects: PROJECTS, timeout: 240_000 }, async (rig) => {
  await walk(rig, PHONE, async (page, name) => {
    const found = [...(await tooSmall(page)).map((one) => `${name}: ${one}`), ...(await fitsTheWidth(page, name))]
    // The narrowest phone there is; a terminal would be told of another size.
    if (name.startsWith('terminal')) return found
    await page.setViewportSize({ width: 320, height: 640 })
    found.push(...(await fitsTheWidth(page, `${name} at 320 px`)))
    await page.setViewportSize(PHONE.viewport)
    return found
  })
})

scenario('on a phone: no sideways scrolling, start and approve by tapping', {}, async (rig) => {
  const page = await rig.signedIn(PHONE)
  none(await fitsTheWidth(page, 'list'))
  await page.getByRole('button', { name: 'New session' }).first().tap()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('list', { name: 'Directories' }).getByRole('button', { name: 'project', exact: true }).tap()
  none(await fitsTheWidth(page, 'new session'))
  await sheet.getByRole('button', { name: 'Start session' }).tap()
  await composer(page).waitFor()
  await composer(page).fill(`[[write phone.md: ${'x'.repeat(300)}]]`)
  await main(page).getByRole('button', { name: 'Send', exact: true }).tap()
  await decide(page, 'Allow', async (button) => {
    none(await fitsTheWidth(page, 'approval'))
    const box = await button.boundingBox()
    assert.ok(box.height >= 44 && box.width >= 44, `Allow is ${box.width}×${box.height} px`)
    await button.tap()
  })
  await until('the file', () => existsSync(join(rig.project, 'phone.md')))
  await says(page, /Result was: /)
  none(await fitsTheWidth(page, 'conversation'))
  const read = await conversation(page).boundingBox()
  assert.ok(read.height >= 0.55 * 844, `the conversation has ${Math.round(read.height)} of 844 px`)
  const field = await composer(page).boundingBox()
  assert.ok(field.y + field.height <= 844, 'the composer is on the screen')
  await main(page).getByRole('link', { name: 'All sessions' }).tap()
  await page.getByRole('button', { name: 'New session' }).first().waitFor()
})

// ---- moving about ----------------------------------------------------------------------------------------------------

const headed = (page, title) => main(page).getByRole('heading', { level: 1, name: title }).waitFor()

scenario('on a phone: a swipe on the header goes to the neighbour in the list, a short or slanted one does not', {}, async (rig) => {
  const page = await rig.signedIn(PHONE)
  for (const title of ['older', 'newer']) {
    await newChat(page, { title })
    await main(page).getByRole('link', { name: 'All sessions' }).tap()
  }
  await row(page, 'newer').tap()
  await headed(page, 'newer')
  const client = await page.context().newCDPSession(page)
  const swipe = async (...points) => {
    for (const [index, [x, y]] of points.entries()) {
      await client.send('Input.dispatchTouchEvent', { type: index === 0 ? 'touchStart' : 'touchMove', touchPoints: [{ x, y }] })
    }
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  await swipe([250, 30], [230, 30], [190, 30])
  await swipe([250, 30], [225, 60], [150, 110])
  await sleep(300)
  await headed(page, 'newer')
  await swipe([250, 30], [220, 31], [180, 32], [150, 32])
  await headed(page, 'older')
  await swipe([100, 30], [140, 31], [200, 32])
  await headed(page, 'newer')
  // Quick enough for Chromium to see a fling in it, which would take the next tap for the one that stops it.
  await swipe([250, 30], [220, 31], [180, 32], [150, 32])
  await headed(page, 'older')
  await main(page).getByRole('button', { name: 'Session actions' }).tap()
  await main(page).getByRole('button', { name: 'Previous: newer' }).tap()
  await headed(page, 'newer')
})

scenario('with the keyboard alone: search, two sessions side by side, the divider, and the way back', { projects: PROJECTS }, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { title: 'left one' })
  await send(page, '[[say Left it is.]]')
  await says(page, /Left it is/)
  await begin(page, { title: 'right one', dir: 'docs' })
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Search sessions/ }).waitFor()
  await page.keyboard.type('left')
  await page.keyboard.press('Enter')
  await headed(page, 'left one')
  const focused = () => page.evaluate(() => [document.activeElement.closest('[data-pane]')?.getAttribute('aria-label'), document.activeElement.tagName].join(' '))
  await until('the focus is on the heading', async () => (await focused()).endsWith('H1'))

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Search sessions/ }).waitFor()
  await page.keyboard.type('right')
  await page.getByRole('option', { name: /right one/ }).waitFor()
  await page.keyboard.press('Control+Enter')
  await main(page).getByRole('separator').waitFor()
  assert.match(new URL(page.url()).search, /^\?beside=/)
  await until('the focus is in the right half', async () => (await focused()).startsWith('Right session'))
  await page.keyboard.press('Control+Alt+ArrowLeft')
  await until('the focus is in the left half', async () => (await focused()).startsWith('Left session'))
  await page.reload()
  const divider = main(page).getByRole('separator')
  await divider.waitFor()
  const value = async () => Number(await divider.getAttribute('aria-valuenow'))
  const before = await value()
  await divider.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  assert.equal(await value(), before + 4)
  await main(page).getByText('Left it is.', { exact: true }).waitFor()
  assert.equal(await conversation(page).count(), 2)
  await page.setViewportSize({ width: 1000, height: 800 })
  await divider.waitFor({ state: 'hidden' })
  await page.setViewportSize({ width: 1440, height: 900 })
  await divider.waitFor()
  assert.equal(await value(), before + 4, 'the place of the divider is kept')
  await main(page).getByRole('button', { name: 'Close “left one” here' }).click()
  await headed(page, 'right one')
  await page.goBack()
  await divider.waitFor()
})

scenario('closing what was opened gives the focus back', {}, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { title: 'focus' })
  for (const name of ['Rename', 'Stderr', 'Kill session']) {
    const opener = main(page).getByRole('button', { name, exact: true })
    await opener.focus()
    await page.keyboard.press('Enter')
    await page.locator('[role="dialog"],[role="alertdialog"]').waitFor()
    await page.keyboard.press('Escape')
    await until(`the focus is back on ${name}`, () => opener.evaluate((element) => element === document.activeElement))
  }
  await composer(page).focus()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Search sessions/ }).waitFor()
  await page.keyboard.press('Escape')
  await until('the focus is back in the composer', () => composer(page).evaluate((element) => element === document.activeElement))
})

scenario('a chosen theme is there before the first paint', {}, async (rig) => {
  const page = await rig.signedIn({ colorScheme: 'light' })
  await page.getByRole('button', { name: 'Search and commands' }).click()
  await page.getByRole('combobox', { name: /^Search sessions/ }).fill('appearance dark')
  await page.keyboard.press('Enter')
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme)
  await until('dark', async () => (await theme()) === 'dark')
  await page.route('**/assets/*.js', (route) => route.abort())
  rig.expectComplaint(/ERR_FAILED/)
  await page.reload()
  assert.equal(await theme(), 'dark', 'without the application')
})
