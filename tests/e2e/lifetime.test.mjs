// How sessions end, and that nothing is left of them.

import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { sleepers, until } from './server.mjs'
import { kill, newChat, newTerminal, row, says, scenario, send, showsOnScreen, sleepInBash, type } from './support.mjs'

const ROUNDS = 10
/** No other process on the machine sleeps for as odd a time. */
let nextSleep = 10_000 + (process.pid % 1_000) * 100

const LOST_SERVER = [/ERR_CONNECTION|Failed to load resource|WebSocket/]

scenario('Kill, confirmed, ends the whole tree of a chat and of a terminal', {}, async (rig) => {
  const page = await rig.signedIn()
  await newTerminal(page, { title: 'Doomed shell', program: 'Shell' })
  const seconds = nextSleep++
  await type(page, `(trap "" TERM HUP; setsid sleep ${seconds}) & sleep ${seconds}\n`)
  await until('both sleeps', () => sleepers(seconds).length === 2)
  await kill(page)
  assert.deepEqual(sleepers(seconds), [])

  await newChat(page, { title: 'Doomed chat' })
  await send(page, 'Hello')
  await says(page, /You wrote: Hello/)
  await kill(page)
  assert.deepEqual(rig.server.children(), [])
  for (const title of ['Doomed shell', 'Doomed chat']) {
    await row(page, title).filter({ hasText: /killed|ended/i }).waitFor()
    assert.equal((await rig.server.session(title)).end.reason, 'killed')
  }
})

scenario('closing the last tab ends a session after the grace; with "keep running" it stays', { args: ['--disconnect-grace', '2s'] }, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { title: 'Left alone' })
  await newTerminal(page, { title: 'Kept', program: 'Shell', keep: true })
  await showsOnScreen(page, /\S/)
  await row(page, 'Left alone').click()
  await send(page, 'Hello')
  await says(page, /You wrote: Hello/)
  await page.close()
  const closed = Date.now()
  await sleep(1_000)
  assert.notEqual((await rig.server.session('Left alone')).state, 'ended', 'the grace is kept')
  const ended = await until('the end of the session nobody watches', async () => {
    const session = await rig.server.session('Left alone')
    return session.state === 'ended' && session
  }, { every: 250 })
  assert.equal(ended.end.reason, 'disconnected')
  assert.ok(Date.now() - closed >= 1_900)
  await sleep(Math.max(0, closed + 5_000 - Date.now()))
  const kept = await rig.server.session('Kept')
  assert.notEqual(kept.state, 'ended')
  const answer = await rig.server.api('DELETE', `/api/sessions/${kept.id}`)
  assert.ok(answer.status < 300, `DELETE answered ${answer.status}`)
  assert.deepEqual(rig.server.children(), [])
})

scenario('a reload within the grace keeps the session', { args: ['--disconnect-grace', '2s'] }, async (rig) => {
  const page = await rig.signedIn()
  await newChat(page, { title: 'Reloaded' })
  await page.reload()
  await sleep(3_500)
  assert.notEqual((await rig.server.session('Reloaded')).state, 'ended')
})

scenario(`${ROUNDS} kills in the middle of a Bash: no sleep is left when the DELETE returns`, { timeout: 240_000 }, async (rig) => {
  const page = await rig.signedIn()
  for (let round = 0; round < ROUNDS; round += 1) {
    const seconds = nextSleep++
    await newChat(page, { title: `Round ${round}` })
    await sleepInBash(page, seconds, sleepers)
    await kill(page)
    assert.deepEqual(sleepers(seconds), [], `round ${round}`)
    assert.deepEqual(rig.server.children(), [], `round ${round}`)
  }
})

for (const [signal, within] of [['SIGTERM', 0], ['SIGKILL', 2_000]]) {
  scenario(`${ROUNDS} times ${signal} to the server in the middle of a Bash: no sleep is left`, { timeout: 300_000 }, async (rig) => {
    LOST_SERVER.forEach((pattern) => rig.expectComplaint(pattern))
    for (let round = 0; round < ROUNDS; round += 1) {
      const seconds = nextSleep++
      const page = await rig.signedIn()
      await newChat(page)
      await sleepInBash(page, seconds, sleepers)
      const outcome = await rig.server.end(signal)
      if (signal === 'SIGTERM') assert.deepEqual(outcome, { code: 0, signal: null })
      else await until('the sleep has ended', () => sleepers(seconds).length === 0, { within, every: 20 })
      assert.deepEqual(sleepers(seconds), [], `round ${round}`)
      await rig.server.expectNothingLeft(2_000)
      await page.context().close()
      await rig.restart()
    }
  })
}
