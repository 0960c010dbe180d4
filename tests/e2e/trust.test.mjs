// Headless Claude runs a project's hooks without asking; claude-web asks first.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { composer, says, scenario, send } from './support.mjs'

scenario('an untrusted directory with hooks is asked about before anything runs', { untrusted: ['hooked'] }, async (rig) => {
  const marker = join(rig.place.base, 'hook-ran')
  mkdirSync(join(rig.place.root, 'hooked/.claude'))
  writeFileSync(
    join(rig.place.root, 'hooked/.claude/settings.json'),
    JSON.stringify({ hooks: { SessionStart: [{ hooks: [{ type: 'command', command: `touch ${marker}` }] }] } }),
  )
  rig.expectComplaint(/Failed to load resource: the server responded with a status of 4\d\d/)
  const page = await rig.signedIn()
  await page.getByRole('button', { name: 'New session' }).first().click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('list', { name: 'Directories' }).getByRole('button', { name: 'hooked', exact: true }).click()
  await sheet.getByRole('button', { name: 'Start session' }).click()
  await page.getByText(`touch ${marker}`).first().waitFor()
  await sleep(1_000)
  assert.equal(existsSync(marker), false, 'nothing ran before the answer')
  await page.getByRole('button', { name: 'Trust and start' }).click()
  await composer(page).waitFor()
  await send(page, 'Hello')
  await says(page, /You wrote: Hello/)
  assert.equal(existsSync(marker), true)
})
