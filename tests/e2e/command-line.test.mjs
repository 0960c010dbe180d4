// The command line beside the page: the same sessions, seen and killed from a shell.

import assert from 'node:assert/strict'
import { Server, sleepers, until } from './server.mjs'
import { newChat, newTerminal, row, scenario, sleepInBash, type } from './support.mjs'

async function list(server) {
  const { code, stdout } = await server.run('sessions', 'list', '--json')
  assert.equal(code, 0)
  const answer = JSON.parse(stdout)
  return Array.isArray(answer) ? answer : answer.sessions
}

scenario('sessions list shows what was started in the page; sessions kill returns when the tree is gone', {}, async (rig) => {
  const page = await rig.signedIn()
  await newTerminal(page, { title: 'From the page', program: 'Shell' })
  const shellSleep = 20_000 + (process.pid % 1_000)
  await type(page, `(trap "" TERM HUP; setsid sleep ${shellSleep}) &\n`)
  await until('the sleep', () => sleepers(shellSleep).length === 1)
  const [shell] = await list(rig.server)
  assert.equal(shell.title, 'From the page')
  assert.equal(shell.kind, 'terminal')
  assert.equal((await rig.server.run('sessions', 'kill', shell.id)).code, 0)
  assert.deepEqual(sleepers(shellSleep), [])
  await row(page, 'From the page').filter({ hasText: /killed|ended/i }).waitFor()

  await newChat(page, { title: 'A chat' })
  const bashSleep = shellSleep + 1_000
  await sleepInBash(page, bashSleep, sleepers)
  const chat = (await list(rig.server)).find(({ title }) => title === 'A chat')
  // A unique beginning of the id is enough.
  assert.equal((await rig.server.run('sessions', 'kill', chat.id.slice(0, 8))).code, 0)
  assert.deepEqual(sleepers(bashSleep), [])
  assert.deepEqual(rig.server.children(), [])
  assert.equal((await rig.server.run('sessions', 'logs', chat.id)).code, 0)
})

scenario('url prints an address and token new a token, and both sign in', {}, async (rig) => {
  for (const command of [['url'], ['token', 'new']]) {
    const { code, stdout } = await rig.server.run(...command)
    assert.equal(code, 0, command.join(' '))
    const token = stdout.trim().split('#token=').at(-1)
    assert.match(token, /^[\w-]{43}$/, `${command.join(' ')} printed no token: ${stdout}`)
    const url = command[0] === 'url' ? stdout.trim().split('\n')[0] : rig.server.url.replace(/#.*/, `#token=${token}`)
    const page = await rig.page()
    await page.goto(url)
    await page.getByRole('status').filter({ hasText: /online/i }).first().waitFor()
  }
})

scenario('exit codes: 2 usage, 4 not found, 1 port taken, 1 second server, 3 no server', {}, async (rig) => {
  const { server, place, api } = rig
  assert.equal((await server.run('serve', '--no-such-flag')).code, 2)
  assert.equal((await server.run('sessions', 'kill', 'ffffffff')).code, 4)

  const taken = await server.run('serve', '--root', place.root, '--port', String(server.port), '--data-dir', `${place.base}/other-data`)
  assert.equal(taken.code, 1)
  assert.match(taken.stderr, new RegExp(String(server.port)))

  const second = await Server.start(place, api.url).then(
    () => assert.fail('a second server on the same data directory started'),
    (error) => error.server,
  )
  assert.match(second.stderr, new RegExp(String(server.pid)), 'it names the first')

  await server.end()
  assert.equal((await server.run('sessions', 'list')).code, 3)
})
