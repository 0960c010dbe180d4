// A terminal that is recorded: the file as it is offered, and its replay in the page.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './server.mjs'
import { main, newTerminal, PHONE, scenario, screen, showsOnScreen, terminal, type } from './support.mjs'

async function record(page, lines) {
  await newTerminal(page, {
    title: 'Recorded shell', program: 'Shell',
    also: (sheet) => sheet.getByRole('checkbox', { name: 'Record' }).check(),
  })
  for (const line of lines) await type(page, `${line}\n`)
}

const dialog = (page) => page.getByRole('dialog')
const replayed = async (page) => {
  const rows = await dialog(page).locator('.xterm-rows > div').allInnerTexts()
  return rows.map((text) => text.replaceAll('\u00a0', ' ').trimEnd()).join('\n')
}
const position = (page) => dialog(page).getByRole('slider', { name: 'Position' })
const shows = (page, pattern) => until(`the replay shows ${pattern}`, async () => pattern.test(await replayed(page)))

scenario('a terminal is recorded, replayed at any speed and from anywhere, and downloaded', {}, async (rig) => {
  const page = await rig.signedIn()
  await record(page, ['stty -echo; clear', "echo o'n'e; sleep 1", "printf '\\033[31mtw\\033[0mo é漢\\n'; sleep 4; echo t'hree'", 'exit 3'])
  await showsOnScreen(page, /^three$/m)
  await main(page).getByRole('alert').filter({ hasText: 'exit code 3' }).waitFor()
  const shown = (await screen(page)).trimEnd()

  await main(page).getByRole('button', { name: 'Replay', exact: true }).click()
  await dialog(page).getByRole('button', { name: 'Pause' }).waitFor()
  await dialog(page).getByRole('combobox', { name: 'Speed' }).selectOption('8')
  await shows(page, /^three$/m)
  await dialog(page).getByRole('button', { name: 'Play' }).waitFor()
  assert.equal((await replayed(page)).trimEnd(), shown, 'at the end it shows what the terminal shows')

  // Four seconds of nothing are two.
  const seconds = Number(await position(page).getAttribute('max'))
  assert.ok(seconds > 2 && seconds < 6.5, `${seconds} s`)

  await position(page).fill('0')
  await until('nothing is drawn', async () => !/three|two/.test(await replayed(page)))
  await position(page).fill(String(seconds - 1))
  await shows(page, /^two é漢$/m)
  assert.doesNotMatch(await replayed(page), /^three$/m)
  await position(page).fill(String(seconds))
  await shows(page, /^three$/m)

  // At the end, play begins anew; paused, it stands still.
  await dialog(page).getByRole('button', { name: 'Play' }).click()
  await dialog(page).getByRole('button', { name: 'Pause' }).click()
  const stopped = await position(page).inputValue()
  await page.waitForTimeout(400)
  assert.equal(await position(page).inputValue(), stopped)

  const downloading = page.waitForEvent('download')
  await dialog(page).getByRole('button', { name: 'Download' }).click()
  const download = await downloading
  assert.equal(download.suggestedFilename(), 'Recorded shell.cast')
  const [header, ...events] = readFileSync(await download.path(), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
  assert.equal(header.version, 2)
  assert.equal(header.title, 'Recorded shell')
  const output = events.filter(([, kind]) => kind === 'o').map(([, , text]) => text).join('')
  assert.match(output, /\u001b\[31mtw\u001b\[0mo é漢\r\n/)
  const { headers, status } = await rig.server.api('GET', `/api/sessions/${(await rig.server.session('Recorded shell')).id}/recording`)
  assert.equal(status, 200)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.match(headers['content-disposition'], /^attachment;/)
})

scenario('a running recording can be replayed on a phone; a terminal without one offers none', {}, async (rig) => {
  const page = await rig.signedIn({ ...PHONE })
  await record(page, ["echo o'n'e"])
  await showsOnScreen(page, /^one$/m)
  const { id } = await rig.server.session('Recorded shell')
  await page.getByRole('button', { name: 'Session actions' }).click()
  await page.getByRole('button', { name: 'Replay recording' }).click()
  await shows(page, /^one$/m)
  const box = await dialog(page).getByRole('button', { name: /Play|Pause/ }).boundingBox()
  assert.ok(box.height >= 43.5, `${box.height} px`)
  await page.screenshot({ path: new URL('.artifacts/replay-phone.png', import.meta.url).pathname })
  await dialog(page).getByRole('button', { name: 'Close' }).click()
  await terminal(page).waitFor()

  const plain = await rig.server.api('POST', '/api/sessions', { kind: 'terminal', program: 'shell', cwd: '.', title: 'Plain' })
  assert.equal(plain.body.recording, null)
  assert.equal((await rig.server.api('GET', `/api/sessions/${plain.body.id}/recording`)).status, 404)
  const refused = await rig.server.api('POST', '/api/sessions', { kind: 'chat', cwd: 'project', record: true })
  assert.equal(refused.status, 422)
  const path = join(rig.server.dataDirectory, 'recordings', `${id}.cast`)
  assert.match(readFileSync(path, 'utf8'), /^\{/)
})
