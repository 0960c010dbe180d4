// Accessibility, and the phone.

import { AxeBuilder } from '@axe-core/playwright'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './server.mjs'
import { PHONE, composer, decide, main, newChat, says, scenario, send } from './support.mjs'

/** Fails on what axe calls serious or critical, naming rule and element. */
async function accessible(page, where) {
  await sleep(300) // no half-done transition
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const lines = serious.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${where}: ${id} ${target.join(' ')}\n${failureSummary}`))
  assert.equal(lines.length, 0, lines.join('\n'))
}

async function fitsTheWidth(page, where) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  assert.ok(content <= window, `${where}: ${content} px wide in a window of ${window} px`)
}

for (const colorScheme of ['light', 'dark']) {
  scenario(`nothing serious in accessibility: sign-in, list, sheet, chat, approval (${colorScheme})`, {}, async (rig) => {
    const visitor = await rig.page({ colorScheme })
    await visitor.goto(new URL('/', rig.server.url).href)
    await visitor.getByRole('button', { name: 'Sign in' }).waitFor()
    await accessible(visitor, 'sign-in')

    const page = await rig.signedIn({ colorScheme })
    await accessible(page, 'empty list')
    await page.getByRole('button', { name: 'New session' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Start session' }).waitFor()
    await accessible(page, 'new session')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })

    await newChat(page, { title: 'Read aloud' })
    await send(page, '[[say A heading, **bold**, `code` and a [link](https://example.invalid/).]]')
    await says(page, /A heading/)
    await accessible(page, 'chat')
    await send(page, '[[write notes.md: hello]]')
    await main(page).getByRole('button', { name: 'Allow', exact: true }).waitFor()
    await accessible(page, 'approval')
    await decide(page, 'Allow')
    await says(page, /Result was: /)
    await accessible(page, 'finished turn')
  })
}

scenario('on a phone: no sideways scrolling, start and approve by tapping', {}, async (rig) => {
  const page = await rig.signedIn(PHONE)
  await fitsTheWidth(page, 'list')
  await page.getByRole('button', { name: 'New session' }).first().tap()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('list', { name: 'Directories' }).getByRole('button', { name: 'project', exact: true }).tap()
  await fitsTheWidth(page, 'new session')
  await sheet.getByRole('button', { name: 'Start session' }).tap()
  await composer(page).waitFor()
  await composer(page).fill(`[[write phone.md: ${'x'.repeat(300)}]]`)
  await main(page).getByRole('button', { name: 'Send', exact: true }).tap()
  await decide(page, 'Allow', async (button) => {
    await fitsTheWidth(page, 'approval')
    const box = await button.boundingBox()
    assert.ok(box.height >= 44 && box.width >= 44, `Allow is ${box.width}×${box.height} px`)
    await button.tap()
  })
  await until('the file', () => existsSync(join(rig.project, 'phone.md')))
  await says(page, /Result was: /)
  await fitsTheWidth(page, 'conversation')
  const field = await composer(page).boundingBox()
  assert.ok(field.y + field.height <= 844, 'the composer is on the screen')
  await main(page).getByRole('link', { name: 'All sessions' }).tap()
  await page.getByRole('button', { name: 'New session' }).first().waitFor()
})
