// A terminal session in a local terminal: `claude-web sessions attach`, under tmux.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { makeHome } from './real-cli.mjs'
import { binary, Server, until } from './server.mjs'
import { Tmux } from './tmux.mjs'

/** A server without a browser, a shell session of it, and a pane that has a prompt. */
async function rig(options = {}) {
  const place = makeHome()
  writeFileSync(`${place.home}/.bashrc`, "PS1='remote$ '\n")
  const server = await Server.start(place, 'http://127.0.0.1:9', { args: ['--shell', '/bin/bash', '--on-disconnect', 'keep'] })
  const started = await server.api('POST', '/api/sessions', { kind: 'terminal', program: 'shell', cwd: 'project', title: 'A shell', cols: 80, rows: 24 })
  assert.equal(started.status, 201, JSON.stringify(started.body))
  const tmux = new Tmux(place.base, { ...server.env, CLAUDE_WEB_DATA_DIR: server.dataDirectory }, options)
  await tmux.shows(/PROMPT>/)
  const id = started.body.id
  return {
    place, server, tmux, id,
    before: await tmux.state(),
    attach: async (...flags) => {
      tmux.run(`clear; ${binary()} sessions attach ${id.slice(0, 8)} ${flags.join(' ')}; echo status=$?`)
      await until('the title tells the key', () => tmux.title().includes('detaches'))
    },
    /** Types into the session once it listens. */
    prompted: () => tmux.shows(/remote\$ *$/m),
    async stop() {
      tmux.close()
      await server.end()
      await server.expectNothingLeft()
      place.remove()
    },
  }
}

function scenario(name, body, options) {
  test(name, { timeout: 90_000 }, async () => {
    const all = await rig(options)
    try {
      await body(all)
    } finally {
      await all.stop()
    }
  })
}

/** The prompt is there, takes a command, and the terminal is as it was. */
async function restored({ tmux, before }, status) {
  await tmux.shows(new RegExp(`^status=${status}$`, 'm'))
  await tmux.shows(/PROMPT> *$/)
  assert.deepEqual(await tmux.state(), before)
}

/** Everything a program can leave behind. */
const MESS = String.raw`printf '\033[?1049h\033[?1003h\033[?1006h\033[?2004h\033[?1004h\033[?1h\033=\033[?25l\033[?2026h\033[4 q\033]2;a title\007\033[31mleft behind\033[>1u\033[?7l\033[4h'`

const gone = /status=\d+/

scenario('type, detach and attach again: the screen is the same, and the input is exact', async (all) => {
  const { tmux, attach, prompted } = all
  await attach()
  await tmux.shows(/Ctrl-\] detaches/)
  await prompted()
  tmux.run(String.raw`printf '\033[1;31mred\033[0m and \033[44mblue\033[0m 漢字 ─┐ e\314\201\n'; echo $((6 * 7))`)
  await tmux.shows(/^42$/m)
  await tmux.shows(/^red and blue 漢字/m)
  // Every byte but Ctrl-] arrives as it is.
  tmux.run('stty raw -echo; dd bs=1 count=7 2>/dev/null | od -An -tx1; stty sane')
  await sleep(500)
  tmux.press('C-c', 'C-z', 'C-\\', 'Escape', 'C-s', 'C-q', 'C-d')
  await tmux.shows(/03 1a 1c 1b 13 11 04/)
  await tmux.shows(/remote\$ *$/m)
  await until('no line over the screen', () => !/detaches/.test(tmux.screen()))
  const [shown, cursor] = [tmux.screen({ colours: true }), tmux.cursor()]
  tmux.press('C-]')
  await restored(all, 0)
  await attach()
  await tmux.shows(/03 1a 1c/)
  await until('no line over the screen', () => !/detaches/.test(tmux.screen()))
  assert.equal(tmux.screen({ colours: true }), shown)
  assert.equal(tmux.cursor(), cursor)
  tmux.press('C-]')
  await restored(all, 0)
})

scenario('the only viewer sets the size, and the size follows the window', async (all) => {
  const { tmux, attach, prompted } = all
  await attach()
  await prompted()
  for (const [cols, rows] of [[100, 30], [60, 12], [80, 24]]) {
    tmux.resize(cols, rows)
    await until(`the session has ${rows} rows and ${cols} columns`, async () => {
      tmux.run('clear; stty size')
      await sleep(300)
      return new RegExp(`^${rows} ${cols}$`, 'm').test(tmux.screen())
    })
  }
  tmux.press('C-]')
  await restored(all, 0)
})

scenario('beside another driver a smaller window shows what fits and says so; --drive takes over', async (all) => {
  const { tmux, server, attach, prompted, id, place } = all
  const other = new Tmux(`${place.home}`, { ...server.env, CLAUDE_WEB_DATA_DIR: server.dataDirectory }, { cols: 120, rows: 40 })
  try {
    await other.shows(/PROMPT>/)
    other.run(`clear; ${binary()} sessions attach ${id}`)
    await other.shows(/remote\$ *$/m)
    other.run('clear; for i in $(seq 1 38); do printf "%0120d\\n" $i; done; stty size')
    await other.shows(/^40 120$/m)
    await attach()
    await tmux.shows(/this window is 80x24, the terminal 120x40/)
    await tmux.shows(/^40 120$/m)
    await until('the line is gone', () => !/detaches/.test(tmux.screen()))
    const rows = tmux.screen().split('\n')
    assert.equal(rows.length, 24)
    for (const row of rows.slice(0, 22)) assert.match(row, /^0{80}$/, 'cut, not wrapped')
    tmux.run('echo small')
    await other.shows(/^small$/m)
    tmux.press('C-]')
    await restored(all, 0)
    await attach('--drive')
    await prompted()
    await until('the size was taken over', async () => {
      tmux.run('clear; stty size')
      await sleep(300)
      return /^24 80$/m.test(tmux.screen())
    })
    await other.shows(/^24 80$/m)
    tmux.press('C-]')
    await restored(all, 0)
  } finally {
    other.close()
  }
})

scenario('what scrolled off is in the scrollback of the local terminal, below what was there', async (all) => {
  const { tmux, attach, prompted } = all
  tmux.run('echo before attach""ing')
  await attach()
  await prompted()
  tmux.run('clear; seq -f "line %g" 1 200')
  await tmux.shows(/^line 200$/m)
  const history = tmux.screen({ history: true })
  assert.ok(history.indexOf('before attaching') < history.indexOf('line 1\n'))
  for (let line = 1; line <= 200; line++) assert.match(history, new RegExp(`^line ${line}$`, 'm'))
  tmux.press('C-]')
  await restored(all, 0)
})

scenario('a program that ends gives its exit code, and its last words stay', async (all) => {
  const { tmux, attach, prompted } = all
  await attach()
  await prompted()
  tmux.run('echo last words; exit 7')
  await tmux.shows(/^last words$/m)
  await tmux.shows(/the program ended with exit code 7/)
  await restored(all, 7)
  // What it showed is still there for whoever comes later.
  tmux.run(`clear; ${binary()} sessions attach ${all.id}; echo status=$?`)
  await tmux.shows(/^last words$/m)
  await restored(all, 7)
})

scenario('beside a flood the keyboard is heard: Ctrl-C ends it, and the key detaches from it', async (all) => {
  const { tmux, attach, prompted } = all
  await attach()
  await prompted()
  for (const end of ['C-c', 'C-]']) {
    tmux.run('while :; do seq 1 100000; done')
    await tmux.shows(/^\d{4,}$/m)
    await sleep(1_000)
    const pressed = Date.now()
    tmux.press(end)
    await tmux.shows(end === 'C-c' ? /remote\$ *$/m : /^status=0$/m)
    // What was printed before Ctrl-C is still shown, up to a ring; detaching waits for nothing.
    if (end === 'C-]') assert.ok(Date.now() - pressed < 3_000, `detaching took ${Date.now() - pressed} ms`)
  }
  await restored(all, 0)
})

scenario('a program that is killed gives 128 and the signal, whatever it left switched on', async (all) => {
  const { tmux, attach, prompted } = all
  await attach()
  await prompted()
  tmux.run(`${MESS}; kill -9 $$`)
  await restored(all, 137)
})

scenario('the server is killed while a program has everything switched on', async (all) => {
  const { tmux, server, attach, prompted } = all
  await attach()
  await prompted()
  tmux.run(`${MESS}; sleep 1; while :; do echo flood; done`)
  await until('the alternate screen', () => tmux.modes().includes('alternate_on=1'))
  await tmux.shows(/flood/)
  process.kill(server.pid, 'SIGKILL')
  await restored(all, 3)
})

for (const [signal, status] of [['TERM', 143], ['HUP', 129], ['INT', 130], ['QUIT', 131]]) {
  scenario(`attach gets SIG${signal} in the middle of everything`, async (all) => {
    const { tmux, attach, prompted } = all
    await attach()
    await prompted()
    tmux.run(`${MESS}; while :; do echo flood; done`)
    await tmux.shows(/flood/)
    process.kill(tmux.foreground()[0], `SIG${signal}`)
    await restored(all, status)
  })
}

scenario('stopped and continued: the shell has its terminal, then the session is drawn anew', async (all) => {
  const { tmux, attach, prompted } = all
  await attach()
  await prompted()
  tmux.run(String.raw`printf '\033[?1003h\033[?1049hfull screen'; read; printf '\033[?1049l\033[?1003l'`)
  await tmux.shows(/full screen/)
  process.kill(tmux.foreground()[0], 'SIGTSTP')
  await tmux.shows(/Stopped/)
  await tmux.shows(/PROMPT> *$/)
  const stopped = await tmux.state()
  assert.deepEqual(stopped, all.before)
  tmux.run('fg')
  await tmux.shows(/full screen/)
  assert.match(tmux.modes(), /alternate_on=1/)
  tmux.press('Enter')
  await tmux.shows(/remote\$ *$/m)
  tmux.press('C-]')
  await tmux.shows(/detached/)
  await tmux.shows(/PROMPT> *$/)
  assert.deepEqual(await tmux.state(), all.before)
})

/** A control socket between attach and the server, whose connections can be cut. */
async function cuttable(server, place) {
  const directory = `${place.base}/cut`
  mkdirSync(`${directory}/run`, { recursive: true })
  const open = new Set()
  const proxy = createServer((near) => {
    const far = connect(server.control_socket)
    for (const [socket, other] of [[near, far], [far, near]]) {
      open.add(socket)
      socket.pipe(other)
      socket.on('error', () => {}).on('close', () => (open.delete(socket), other.destroy()))
    }
  })
  proxy.listen(`${directory}/run/control.sock`)
  await once(proxy, 'listening')
  const cut = () => open.forEach((socket) => socket.destroy())
  return { directory, cut, connections: () => open.size / 2, close: () => (cut(), proxy.close()) }
}

scenario('a connection that breaks is made anew: nothing is typed twice and nothing is lost', async (all) => {
  const { tmux, server, place, id, prompted } = all
  const proxy = await cuttable(server, place)
  try {
    tmux.run(`clear; ${binary()} --data-dir ${proxy.directory} sessions attach ${id}; echo status=$?`)
    await prompted()
    tmux.run('echo g""o; n=0; while read -r line; do n=$((n + 1)); [ "$line" = "key $n" ] || echo "no key: $n $line"; [ "$line" = "key 60" ] && break; done; echo all $n')
    await tmux.shows(/^go$/m)
    for (let n = 1; n <= 60; n++) {
      if (n % 6 === 3) proxy.cut()
      tmux.run(`key ${n}`)
      await sleep(5 * (n % 9))
    }
    await tmux.shows(/^all 60$/m)
    await until('attached again', () => proxy.connections() === 1)
    const lines = tmux.screen({ history: true }).split('\n')
    assert.deepEqual(lines.filter((line) => line.startsWith('no key')), [])
    assert.equal(lines.filter((line) => /^key \d+$/.test(line)).length, 60, 'each is echoed once')
    // A server that answers nobody is given up after a while, and said so before.
    proxy.close()
    await tmux.shows(/connection lost \(.*\): try \d of 8|no server is running/)
    await restored(all, 3)
  } finally {
    proxy.close()
  }
})

scenario('queries and clipboard writes of a program do not reach the local terminal: the server answers, once', async (all) => {
  const { tmux, attach, prompted } = all
  tmux.command('set-option', '-g', 'set-clipboard', 'on')
  await attach()
  await prompted()
  tmux.run(String.raw`stty raw -echo; printf '\033[c\033[>c\033[6n\033[5n\033]10;?\007\033]11;?\033\\\033[?1$p\033P$qm\033\\\033[18t\033]52;c;c3Rvc2Vu\007'; timeout --foreground 1 cat > got; stty sane; echo o"k"`)
  await tmux.shows(/ok$/m)
  const answers = await tmux.output('cat -v got; echo')
  for (const answer of ['[?1;2c', '[>0;276;0c', '[0n', ']10;rgb:', ']11;rgb:', '[?1;2$y', 'P1$r0m', '[8;']) {
    assert.equal(answers.replaceAll(/\s/g, '').split(answer).length, 2, `${answer} once in ${answers}`)
  }
  assert.doesNotMatch(tmux.screen({ history: true }), /command not found/)
  assert.doesNotMatch(tmux.command('list-buffers'), /stolen/)
  tmux.press('C-]')
  await restored(all, 0)
})

scenario('another detach key leaves Ctrl-] to the program', async (all) => {
  const { tmux, attach, prompted } = all
  await attach('--detach-key', 'ctrl-q')
  await prompted()
  assert.match(tmux.title(), /Ctrl-Q detaches/)
  tmux.run('stty raw -echo; dd bs=1 count=1 2>/dev/null | od -An -tx1; stty sane')
  await sleep(500)
  tmux.press('C-]')
  await tmux.shows(/ 1d$/m)
  tmux.press('C-q')
  await restored(all, 0)
})

scenario('without a terminal, for a chat and for what is not there it says why', async ({ server, id, tmux }) => {
  const chat = await server.api('POST', '/api/sessions', { kind: 'chat', cwd: 'project' })
  assert.equal(chat.status, 201, JSON.stringify(chat.body))
  for (const [command, code, said] of [
    [`${binary()} sessions attach ${id} </dev/null`, 1, /attachneedsaterminal,andstandardinputisnone/],
    [`${binary()} sessions attach ${id} | cat; (exit \${PIPESTATUS[0]})`, 1, /attachneedsaterminal,andstandardoutputisnone/],
    [`${binary()} sessions attach ${chat.body.id}`, 1, /isachat,andonlyterminalscanbeshownhere:openitinthebrowser/],
    [`${binary()} sessions attach ffffffff`, 4, /thereisnosessionffffffff/],
    [`${binary()} sessions attach ${id} --detach-key ctrl-m`, 2, /neededfortyping/],
    [`CLAUDE_WEB_SESSION=${id} ${binary()} sessions attach ${id}`, 1, /thisterminalis.*itself/],
  ]) {
    const said_ = await tmux.output(`${command}; echo status=$?`)
    assert.match(said_.replaceAll(/\s/g, ''), said)
    assert.match(said_, new RegExp(`^status=${code}$`, 'm'), command)
  }
  assert.equal((await server.run('sessions', 'attach', id)).code, 1)
})
