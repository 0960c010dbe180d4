// Opening the printed address, and coming without one.

import assert from 'node:assert/strict'
import { online, scenario, signIn } from './support.mjs'

scenario('the printed address signs in, leaves the address bar, and sets no cookie', {}, async (rig) => {
  const { server } = rig
  assert.match(server.url, /^https:\/\/cw-[a-z0-9]{8}\.localhost:\d+\/#token=[A-Za-z0-9_-]{43}$/)
  assert.equal(new URL(server.url).hash, `#token=${server.token}`)

  const page = await rig.page()
  const headers = []
  const sent = []
  page.on('response', (response) => headers.push(response.headersArray()))
  page.on('request', (request) => sent.push(request.url()))
  await signIn(page, server)

  assert.equal(await page.evaluate(() => location.href), new URL('/', server.url).href)
  assert.deepEqual(sent.filter((url) => url.includes(server.token)), [], 'the token is in no URL that was requested')
  assert.deepEqual(await page.context().cookies(), [])
  for (const { name } of (await Promise.all(headers)).flat()) {
    assert.doesNotMatch(name, /^(set-cookie|access-control-)/i)
  }
  const stored = await page.context().storageState({ indexedDB: true })
  assert.doesNotMatch(JSON.stringify(stored), new RegExp(server.token), 'the token outlives no tab')
})

scenario('a reload of the tab stays signed in; another tab does not', {}, async (rig) => {
  const page = await rig.signedIn()
  await page.reload()
  await online(page)

  const other = await page.context().newPage()
  await other.goto(new URL('/', rig.server.url).href)
  await other.getByRole('button', { name: 'Sign in' }).waitFor()
})

for (const [what, text] of [['the whole address', (server) => server.url], ['the bare token', (server) => ` ${server.token}\n`]]) {
  scenario(`without a token there is a sign-in page, and ${what} works there`, {}, async (rig) => {
    const page = await rig.page()
    await page.goto(new URL('/', rig.server.url).href)
    await page.getByRole('textbox', { name: 'Access token or URL' }).fill(text(rig.server))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await online(page)
  })
}

scenario('a wrong token is refused in words', {}, async (rig) => {
  rig.expectComplaint(/401/)
  rig.expectComplaint(/WebSocket/)
  const page = await rig.page()
  await page.goto(new URL('/', rig.server.url).href)
  await page.getByRole('textbox', { name: 'Access token or URL' }).fill('A'.repeat(43))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByRole('textbox', { name: 'Access token or URL' }).waitFor()
})
