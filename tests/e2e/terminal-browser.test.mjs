// The terminal as the page draws it: what programs print cannot hurt it, and what people do with it.

import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './server.mjs'
import { main, newTerminal, PHONE, scenario, screen, showsOnScreen, terminal, type } from './support.mjs'

const shell = async (page, title = 'Shell') => {
  await newTerminal(page, { title, program: 'Shell' })
  await type(page, "PS1='$ '; unset PROMPT_COMMAND; echo rea\"dy\"\n")
  await showsOnScreen(page, /^ready$/m)
}

/** Runs a command and waits until it is over, as seen on the screen. */
let runs = 0
async function run(page, command, within = 20_000) {
  const word = `done-${(runs += 1)}`
  await type(page, `${command}; printf '\\033[0m\\033[?2026l\\n%s-%s\\n' done ${runs}\n`)
  await showsOnScreen(page, new RegExp(`^${word}$`, 'm'), within)
}

async function paste(page, text) {
  await terminal(page).locator('.xterm-helper-textarea').evaluate((area, pasted) => {
    const data = new DataTransfer()
    data.setData('text/plain', pasted)
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, text)
}

/** Where a text is on the page. */
async function spot(page, text) {
  const at = await terminal(page).locator('.xterm-rows').evaluate((rows, wanted) => {
    for (const row of [...rows.children].reverse()) {
      const index = row.textContent.indexOf(wanted)
      if (index < 0) continue
      const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT)
      for (let before = 0, node; (node = walker.nextNode()); before += node.length) {
        if (index >= before + node.length) continue
        const range = document.createRange()
        range.setStart(node, index - before)
        range.setEnd(node, Math.min(node.length, index - before + 1))
        const { x, y, width, height } = range.getBoundingClientRect()
        return { x: x + width / 2, y: y + height / 2 }
      }
    }
  }, text)
  assert.ok(at, `“${text}” is on the screen`)
  return at
}

scenario('nothing a program prints stops the page', { timeout: 240_000 }, async (rig, t) => {
  const page = await rig.signedIn()
  await shell(page)
  await page.evaluate(() => {
    window.longest = 0
    let last = performance.now()
    setInterval(() => {
      window.longest = Math.max(window.longest, performance.now() - last)
      last = performance.now()
    }, 10)
  })
  const cases = {
    'numbers up to 2^31': "for f in S T L M I Z @ P X A B C D E F G d e a H r b; do printf 'x\\033[2147483647%s' $f; done",
    'the last corner': "printf '\\033[999;999H\\033[1J\\033[?1049h\\033[999;999H\\033[1J\\033[?1049l'",
    'a million numbers': "printf '\\033['; yes '1;' | tr -d '\\n' | head -c 2000000; printf m",
    'a title of 50 MB': "printf '\\033]0;'; head -c 50000000 /dev/zero | tr '\\0' x; printf '\\a'",
    'a picture': "printf '\\033Pq'; head -c 5000000 /dev/zero | tr '\\0' '~'; printf '\\033\\\\'; printf '\\033]1337;File=inline=1:AAAA\\a\\033_Ga=T;AAAA\\033\\\\'",
    'clears without end': "yes $'\\033[J\\033[2J\\033c' | head -c 150000",
    'lines without end': "yes $'\\033[9999L\\033[9999M\\033[9999S' | head -c 60000",
    'repetitions without end': "yes $'A\\033[2147483647b' | head -c 6000",
    'synchronised output without end': "printf '\\033[?2026hin the dark'; sleep 1.5",
    'bells and titles': "yes $'\\a\\033]0;title\\a' | head -c 200000",
    'a letter with many marks': "printf e; yes $'\\u0301' | tr -d '\\n' | head -c 3000000",
    'another size': "printf '\\033[8;5;20t\\033[?40h\\033[?3h'",
  }
  for (const [name, command] of Object.entries(cases)) {
    await page.evaluate(() => (window.longest = 0))
    await run(page, command, 60_000)
    const longest = Math.round(await page.evaluate(() => window.longest))
    t.diagnostic(`${name}: the page waited ${longest} ms at most`)
    assert.ok(longest < 3_000, `${name}: the page stood still for ${longest} ms`)
  }
  await run(page, 'echo size=$(stty size)')
  assert.match(await screen(page), /^size=\d\d+ \d\d\d+$/m, 'the size is the window’s')
})

scenario('a program copies only with consent, and never reads', {}, async (rig) => {
  const page = await rig.signedIn({ permissions: ['clipboard-read', 'clipboard-write'] })
  await shell(page)
  const read = () => page.evaluate(() => navigator.clipboard.readText())
  await page.evaluate(() => navigator.clipboard.writeText('before'))
  const copy = (text) => type(page, `printf '\\033]52;c;%s\\a' $(printf '${text}' | base64)\n`)
  const ask = page.getByRole('alert', { name: 'A program asks for the clipboard' })
  await copy('from a program')
  await ask.getByText('14 characters').waitFor()
  await ask.getByText('from a program').waitFor()
  assert.equal(await read(), 'before')
  await ask.getByRole('button', { name: 'Copy once' }).click()
  await until('the copy', async () => (await read()) === 'from a program')
  await copy('again')
  await ask.getByRole('button', { name: 'Always in this session' }).click()
  await until('the second', async () => (await read()) === 'again')
  await copy('third')
  await until('the third, unasked', async () => (await read()) === 'third')

  await run(page, "printf '\\033]52;c;?\\a'; read -t 1 -n 1 answer; echo \"answer=<$answer>\"")
  assert.match(await screen(page), /^answer=<>$/m)

  await page.keyboard.press('Control+Shift+L')
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox').fill('Clipboard: ask')
  await page.keyboard.press('Enter')
  await copy('fourth')
  await ask.getByRole('button', { name: 'Never' }).click()
  await copy('fifth')
  await run(page, 'true')
  assert.equal(await ask.count(), 0)
  assert.equal(await read(), 'third')

  // What is drawn again asks for nothing again: it would be asked about first, and a later text waits for that.
  await page.reload()
  await showsOnScreen(page, /done-/)
  await copy('sixth')
  await ask.getByText('sixth').waitFor()
})

scenario('a link says where it leads before anybody goes there', {}, async (rig) => {
  const page = await rig.signedIn()
  await shell(page)
  await page.context().route(/example\.test/, (route) => route.fulfill({ body: 'there' }))
  const opened = []
  page.context().on('page', (one) => opened.push(one))
  await run(page, "clear; printf 'see https://plain.example.test/path here\\n\\033]8;;https://bad.example.test/x\\033\\\\https://good.example.test\\033]8;;\\033\\\\\\n\\033]8;;javascript:alert(1)\\033\\\\script\\033]8;;\\033\\\\\\n'")
  const dialog = page.getByRole('alertdialog', { name: 'Open this address?' })

  const plain = await spot(page, 'plain.example')
  await page.mouse.move(plain.x, plain.y)
  await main(page).getByText('Ctrl+click to open').waitFor()
  await page.mouse.click(plain.x, plain.y)
  await dialog.getByText('plain.example.test').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  assert.equal(opened.length, 0)
  await page.keyboard.down('Control')
  await page.mouse.move(plain.x + 40, plain.y, { steps: 4 })
  await page.mouse.move(plain.x, plain.y, { steps: 4 })
  await page.mouse.click(plain.x, plain.y)
  await page.keyboard.up('Control')
  const first = await until('the tab', () => opened[0])
  await until('its address', () => first.url() === 'https://plain.example.test/path')
  assert.equal(await first.evaluate(() => window.opener), null)

  const false_ = await spot(page, 'good.example')
  await page.mouse.move(false_.x, false_.y)
  await main(page).getByText('https://bad.example.test/x').waitFor()
  await page.keyboard.down('Control')
  await page.mouse.move(false_.x + 40, false_.y, { steps: 4 })
  await page.mouse.move(false_.x, false_.y, { steps: 4 })
  await page.mouse.click(false_.x, false_.y)
  await page.keyboard.up('Control')
  await dialog.getByText('which is not the address').waitFor()
  await dialog.getByText('bad.example.test').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  const script = await spot(page, 'script')
  await page.mouse.move(script.x, script.y)
  await page.mouse.click(script.x, script.y)
  assert.equal(await dialog.count(), 0)
  assert.equal(opened.length, 1)
})

scenario('find: counts, goes on, takes expressions, and no expression stops the page', {}, async (rig) => {
  const page = await rig.signedIn()
  await shell(page)
  await run(page, "clear; for i in $(seq 1 17); do echo \"Needle $i\"; seq 1 20; done; head -c 40 /dev/zero | tr '\\0' a; echo '!'")
  await page.keyboard.press('Control+Shift+F')
  const bar = main(page).getByRole('search', { name: 'Find in terminal' })
  const box = bar.getByRole('textbox', { name: 'Find in terminal' })
  await until('the field has the focus', () => box.evaluate((field) => document.activeElement === field))
  const rows = await terminal(page).locator('.xterm-rows > div').count()
  await box.fill('Needle ')
  await bar.getByText(/^\d+ of (17|19)$/).waitFor()
  await bar.getByRole('button', { name: 'Regular expression' }).click()
  await box.fill('^needle 1\\d$')
  await bar.getByText(/^\d of 8$/).waitFor()
  await bar.getByRole('button', { name: 'Match case' }).click()
  await bar.getByText('Nothing found').waitFor()
  await box.fill('^Needle (3|16)$')
  await bar.getByText(/of 2$/).waitFor()
  await box.press('Enter')
  await box.press('Enter')
  await bar.getByText(/of 2$/).waitFor()
  for (let step = 0; step < 2 && !/^Needle 3$/m.test(await screen(page)); step++) {
    await box.press('Enter')
    await sleep(300)
  }
  await showsOnScreen(page, /^Needle 3$/m)
  assert.equal(await terminal(page).locator('.xterm-rows > div').count(), rows, 'to find is no resize')
  await box.fill('(')
  await bar.getByText('Not an expression yet').waitFor()
  await box.fill('(a+)+$')
  await page.evaluate(() => {
    window.longest = 0
    let last = performance.now()
    setInterval(() => {
      window.longest = Math.max(window.longest, performance.now() - last)
      last = performance.now()
    }, 10)
  })
  await bar.getByText('This expression takes too long').waitFor()
  const longest = Math.round(await page.evaluate(() => window.longest))
  assert.ok(longest < 2_000, `the page stood still for ${longest} ms`)
  await box.press('Escape')
  assert.equal(await bar.count(), 0)
  await page.keyboard.type('echo typed-$((1+1))\n')
  await showsOnScreen(page, /^typed-2$/m)
})

scenario('a paste stays in its bracket, and is asked about when it may surprise', {}, async (rig) => {
  const page = await rig.signedIn()
  await shell(page)
  await type(page, "bind 'set enable-bracketed-paste off'; clear; echo o\"ff\"\n")
  await showsOnScreen(page, /^off$/m)
  await paste(page, 'echo one\necho two\n')
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText('Paste 2 lines?').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await type(page, "printf '\\033[?2004h'; stty -icanon; cat -v\n")
  await sleep(500)
  await paste(page, 'a\u001b[201~\nb')
  await showsOnScreen(page, /\^\[\[200~a\[201~\n?.*b\^\[\[201~/s)
  await paste(page, 'x'.repeat(150_000))
  await dialog.getByText('Paste 150 KB?').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

scenario('letters, selection, scrollback, title and bell', {}, async (rig) => {
  const page = await rig.signedIn({ permissions: ['clipboard-read', 'clipboard-write'] })
  await shell(page, 'Comforts')
  const size = () => terminal(page).locator('.xterm-rows').evaluate((rows) => parseFloat(getComputedStyle(rows).fontSize))
  const palette = async (text) => {
    await page.keyboard.press('Control+Shift+L')
    await page.keyboard.press('Control+K')
    await page.getByRole('combobox').fill(text)
    await page.keyboard.press('Enter')
  }
  assert.equal(await size(), 13)
  const cols = async () => {
    await run(page, 'clear; echo cols=$(tput cols)')
    return Number((await screen(page)).match(/^cols=(\d+)$/m)[1])
  }
  const before = await cols()
  for (let press = 0; press < 3; press++) await page.keyboard.press('Control+=')
  await until('larger letters', async () => (await size()) === 16)
  await until('fewer columns', async () => (await cols()) < before, { within: 20_000 })
  await page.reload()
  await showsOnScreen(page, /cols=/)
  assert.equal(await size(), 16, 'remembered')
  await terminal(page).locator('.xterm-helper-textarea').focus()
  await page.keyboard.press('Control+0')
  await until('usual letters', async () => (await size()) === 13)

  await palette('Copy on selection')
  await run(page, 'clear; echo pick-me')
  const at = await spot(page, 'pick-me')
  await page.mouse.dblclick(at.x, at.y)
  await until('the selection in the clipboard', async () => (await page.evaluate(() => navigator.clipboard.readText())) === 'pick-me')

  await run(page, 'seq 1 200')
  await palette('Clear what has scrolled')
  await terminal(page).locator('.xterm-helper-textarea').focus()
  await page.keyboard.press('Control+Shift+F')
  const bar = main(page).getByRole('search', { name: 'Find in terminal' })
  await bar.getByRole('textbox').fill('17')
  await bar.getByText(/ of /).waitFor()
  await bar.getByRole('textbox').fill('pick-me')
  await bar.getByText('Nothing found').waitFor()
  await bar.getByRole('textbox').press('Escape')

  await run(page, "printf '\\033]0;busy with tests\\a'")
  await until('the title', async () => (await page.title()).startsWith('busy with tests · Comforts · '))
  await page.evaluate(() => {
    window.lit = 0
    window.since = performance.now()
    new MutationObserver(([record]) => (window.lit += record.target.classList.contains('lit') ? 1 : 0)).observe(document.querySelector('[role=region][aria-label=Terminal]'), { attributes: true, attributeFilter: ['class'] })
  })
  await run(page, "for i in $(seq 1 20); do yes $'\\a' | head -c 1000 | tr -d '\\n'; sleep 0.1; done")
  const { lit, ms } = await page.evaluate(() => ({ lit: window.lit, ms: performance.now() - window.since }))
  assert.ok(lit >= 1 && lit <= ms / 400 + 1, `lit ${lit} times in ${Math.round(ms)} ms`)
})

scenario('what an ended program left switched on is off, and its text is there', {}, async (rig) => {
  const page = await rig.signedIn()
  await shell(page)
  await type(page, "printf '\\033[?1049h\\033[Hlast words\\033[?1003h\\033[?1006h\\033[?2004h'; sleep 0.3; exec false\n")
  await main(page).getByText('The program ended').waitFor()
  await showsOnScreen(page, /^last words$/m)
  assert.equal(await terminal(page).locator('.xterm.enable-mouse-events').count(), 0)
})

scenario('a phone looks on: the whole screen in letters one can read; its keyboard is no resize', {}, async (rig) => {
  const [desk, phone] = [await rig.signedIn({ viewport: { width: 900, height: 700 } }), await rig.signedIn(PHONE)]
  await shell(desk)
  await phone.goto(desk.url())
  await showsOnScreen(phone, /^ready$/m)
  const drawn = () => terminal(phone).evaluate((frame) => ({
    letters: parseFloat(getComputedStyle(frame.querySelector('.xterm-rows')).fontSize),
    over: frame.scrollWidth - frame.clientWidth,
    left: frame.scrollLeft,
  }))
  await until('small letters', async () => (await drawn()).letters < 12)
  const before = await drawn()
  assert.ok(before.letters >= 7, JSON.stringify(before))
  await run(desk, 'clear; echo size=$(stty size)')
  const sized = (await screen(desk)).match(/^size=.*$/m)[0]
  await run(desk, 'clear; echo size=$(stty size)')
  assert.equal((await screen(desk)).match(/^size=.*$/m)[0], sized, 'looking on resizes nothing')

  await phone.getByRole('button', { name: 'Drive from here' }).click()
  await until('its own letters', async () => (await drawn()).letters === 12)
  await run(phone, 'clear; echo size=$(stty size)')
  const driven = (await screen(phone)).match(/^size=(\d+) (\d+)$/m)
  assert.ok(Number(driven[1]) > 25 && Number(driven[2]) < 70, driven[0])

  // Who looks on looks closer, and moves about.
  const closer = () => terminal(desk).evaluate((frame) => ({ letters: parseFloat(getComputedStyle(frame.querySelector('.xterm-rows')).fontSize), over: frame.scrollHeight - frame.clientHeight, page: window.visualViewport.scale }))
  const far = await closer()
  const box = await terminal(desk).boundingBox()
  await desk.mouse.move(box.x + 100, box.y + 100)
  await desk.keyboard.down('Control')
  for (let turn = 0; turn < 8; turn++) await desk.mouse.wheel(0, -60)
  await desk.keyboard.up('Control')
  await until('larger letters', async () => (await closer()).letters > far.letters * 1.8)
  const near = await closer()
  assert.ok(near.over > 100 && near.page === 1, JSON.stringify(near))

  // The keyboard: less height while the terminal has the focus.
  await terminal(phone).locator('.xterm-helper-textarea').focus()
  await phone.setViewportSize({ width: 390, height: 500 })
  await sleep(600)
  await run(phone, 'seq 1 60; echo size=$(stty size)')
  assert.equal((await screen(phone)).match(/^size=(\d+) (\d+)$/m)[0], driven[0])
  const seen = await terminal(phone).evaluate((frame) => {
    const cursor = frame.querySelector('.xterm-cursor').getBoundingClientRect()
    const box = frame.getBoundingClientRect()
    return cursor.bottom <= box.bottom + 1 && cursor.top >= box.top
  })
  assert.ok(seen, 'the cursor is in sight')
  await phone.setViewportSize({ width: 390, height: 844 })
  await sleep(600)
  await run(phone, 'clear; echo size=$(stty size)')
  assert.equal((await screen(phone)).match(/^size=(\d+) (\d+)$/m)[0], driven[0])

  // Whoever drove before and drives again has the size of before.
  await desk.getByRole('button', { name: 'Drive from here' }).click()
  await until('the size of before', async () => {
    await run(desk, 'clear; echo size=$(stty size)')
    return (await screen(desk)).match(/^size=.*$/m)[0] === sized
  })
  await phone.getByRole('button', { name: 'Drive from here' }).click()
  await until('the size of the phone', async () => {
    await run(phone, 'clear; echo size=$(stty size)')
    return (await screen(phone)).match(/^size=.*$/m)[0] === driven[0]
  })

  // Turned round it is a resize.
  await phone.setViewportSize({ width: 844, height: 390 })
  await sleep(600)
  await run(phone, 'clear; echo size=$(stty size)')
  assert.notEqual((await screen(phone)).match(/^size=(\d+) (\d+)$/m)[0], driven[0])
})
