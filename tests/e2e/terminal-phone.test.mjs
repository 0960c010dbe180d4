// A terminal under fingers: the key bar, scrolling, selecting, on-screen keyboards, and Claude's own UI from end to end.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './server.mjs'
import { PHONE, main, newTerminal, scenario, screen, showsOnScreen, terminal, type } from './support.mjs'

const SHOTS = process.env.SHOTS
const shot = async (page, name) => SHOTS && page.screenshot({ path: join(SHOTS, `${name}.png`) })

// ---- fingers -------------------------------------------------------------------------------------------------------

/** Fingers on a page: each call is one event, with all points that are down. */
class Fingers {
  static async on(page) {
    const fingers = new Fingers()
    fingers.client = await page.context().newCDPSession(page)
    return fingers
  }

  /** Time never goes back, not even where a drag was faster than its own clock. */
  last = 0

  event(type, points = [], at = Date.now()) {
    this.last = Math.max(at, this.last)
    return this.client.send('Input.dispatchTouchEvent', { type, timestamp: this.last / 1000, touchPoints: points.map(([x, y], id) => ({ x, y, id })) })
  }

  async tap(x, y) {
    await this.event('touchStart', [[x, y]])
    await this.event('touchEnd')
  }

  /** From one point to another in steps, each of a frame by its own clock; `rest` before the finger leaves throws nothing. */
  async drag([x, y], [toX, toY], { steps = 8, rest = 0 } = {}) {
    const began = Math.max(Date.now(), this.last + 20)
    await this.event('touchStart', [[x, y]], began)
    for (let step = 1; step <= steps; step += 1) {
      await this.event('touchMove', [[x + ((toX - x) * step) / steps, y + ((toY - y) * step) / steps]], began + 16 * step)
    }
    await sleep(rest)
    await this.event('touchEnd', [], began + 16 * (steps + 1) + rest)
  }

  /** Two fingers around a point, so far from it at first and at last. */
  async pinch([x, y], from, to) {
    for (let step = 0; step <= 10; step += 1) {
      const away = from + ((to - from) * step) / 10
      await this.event(step === 0 ? 'touchStart' : 'touchMove', [[x - away, y], [x + away, y]])
      await sleep(16)
    }
    await this.event('touchEnd')
  }

  async hold(x, y, ms = 650) {
    await this.event('touchStart', [[x, y]])
    await sleep(ms)
    await this.event('touchEnd')
  }
}

const bar = (page) => main(page).getByRole('toolbar', { name: 'Keys' })
const key = (page, name) => bar(page).getByRole('button', { name, exact: true })

async function phone(rig, options = {}, about = {}) {
  const page = await rig.signedIn({ ...PHONE, permissions: ['clipboard-read', 'clipboard-write'], ...options })
  await newTerminal(page, { program: 'Shell', ...about })
  // Claude's own UI has no prompt to shorten; a shell's would wrap what is typed.
  if (about.program === undefined) {
    await showsOnScreen(page, /[$#] ?$/m)
    await type(page, "PS1='$ '; clear\n")
    await showsOnScreen(page, /^\$\n*$/)
  }
  return page
}


/** A program that prints each byte it gets, and takes none of them for itself. */
async function echoBytes(page, before = '') {
  await type(page, `${before}stty -icanon -echo -isig -icrnl -ixon -iexten; clear; echo ready; cat -vT\n`)
  await showsOnScreen(page, /^ready$/m)
}

/** What it has printed, without the breaks that the width makes. */
const bytes = async (page) => (await screen(page)).replace(/^[^]*?ready\n/, '').replaceAll('\n', '')

async function got(page, expected, what = '') {
  let last
  await until(`the program got ${expected} ${what}`, async () => (last = await bytes(page)).trimEnd() === expected.trimEnd(), { within: 5_000, every: 50 }).catch((error) => {
    throw new Error(`${error.message}; it got ${last}`)
  })
}

const focused = (page) => page.evaluate(() => document.activeElement?.className ?? '')
const boxOf = async (locator) => {
  const { x, y, width, height } = await locator.boundingBox()
  return { x, y, width, height, cx: x + width / 2, cy: y + height / 2 }
}
const count = (text, part) => text.split(part).length - 1

/** What is read once it has stopped to change; what never stops is a fault. */
async function settled(what, read, pause = 400) {
  let before = await read()
  return until(`${what} comes to rest`, async () => {
    await sleep(pause)
    const now = await read()
    const same = now === before
    before = now
    return same && { now }
  }).then(({ now }) => now)
}

/** What the page has heard is drawn. */
const frames = (page) => page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))

// ---- the key bar ---------------------------------------------------------------------------------------------------

scenario('phone: the keys of the bar, alone and with modifiers, and the focus stays where it is', {}, async (rig) => {
  const page = await phone(rig)
  await echoBytes(page)
  const press = (...names) => names.reduce((before, name) => before.then(() => key(page, name).tap()), Promise.resolve())
  let expected = ''
  const after = async (sent, what) => got(page, (expected += sent), what)

  await press('Escape', 'Tab', 'Shift Tab', 'Control C', 'Control D', 'Slash', 'Pipe', 'Tilde', 'Enter')
  await after('^[^I^[[Z^C^D/|~^M')
  await press('Up', 'Left', 'Down', 'Right', 'Home', 'End', 'Page up', 'Page down')
  await after('^[[A^[[D^[[B^[[C^[[H^[[F^[[5~^[[6~')
  await press('Control', 'Left')
  await after('^[[1;5D')
  await press('Left')
  await after('^[[D', '(Control was for one key)')
  await press('Shift', 'Up')
  await after('^[[1;2A')
  await press('Alt')
  await page.keyboard.press('x')
  await after('^[x')
  await press('Control', 'Alt')
  await page.keyboard.press('x')
  await after('^[^X')
  await sleep(400)
  await press('Control', 'Control')
  assert.equal(await key(page, 'Control').getAttribute('aria-pressed'), 'true')
  assert.equal(await key(page, 'Control').getAttribute('title'), 'held')
  await key(page, 'Alt').tap()
  await shot(page, 'modifiers')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot(page, 'modifiers-dark')
  await sleep(400)
  await key(page, 'Alt').tap()
  await page.keyboard.type('ab')
  await after('^A^B', '(held)')
  await press('Control')
  assert.equal(await key(page, 'Control').getAttribute('aria-pressed'), 'false')
  await page.keyboard.type('ab')
  await after('ab')
  assert.match(await focused(page), /xterm-helper-textarea/, 'the focus has not left the terminal')

  // Nor does a key bring the keyboard up where it was down.
  await page.evaluate(() => document.activeElement.blur())
  await press('Slash', 'Up', 'Control', 'Control')
  await after('/^[[A')
  assert.doesNotMatch(await focused(page), /xterm-helper-textarea/)

  for (const button of await bar(page).getByRole('button').all()) {
    const { width, height } = await button.boundingBox()
    assert.ok(width >= 44 && height >= 44, `${await button.getAttribute('aria-label')} is ${width}×${height}`)
  }
})

scenario('phone: the arrows follow the application mode, repeat while held, and take swipes', {}, async (rig) => {
  const page = await phone(rig)
  const fingers = await Fingers.on(page)
  await echoBytes(page, String.raw`printf '\e[?1h'; `)
  await key(page, 'Up').tap()
  await got(page, '^[OA')
  const up = await boxOf(key(page, 'Up'))
  const ups = async () => count(await bytes(page), '^[OA')
  const timed = async (act) => {
    const began = Date.now()
    await act()
    return Date.now() - began
  }
  const took = await timed(() => fingers.hold(up.cx, up.cy, 1000))
  const held = await settled('the key', ups)
  // One was a tap; then one after 400 ms and 30 in each second after that.
  assert.ok(held >= 5 && held <= 1 + 2 + (took - 400) / 33, `${held} in ${took} ms`)
  await key(page, 'Enter').tap()
  await until('a key that does not repeat, after one that did', async () => (await bytes(page)).trimEnd().endsWith('^M'))
  const pageUp = key(page, 'Page up')
  await pageUp.scrollIntoViewIfNeeded()
  const paged = await boxOf(pageUp)
  await fingers.hold(paged.cx, paged.cy)
  await settled('the key', async () => count(await bytes(page), '^[[5~'))
  await key(page, 'Escape').tap()
  await until('Escape after Page up', async () => (await bytes(page)).trimEnd().endsWith('^[[5~^['))

  await fingers.event('touchStart', [[up.cx, up.cy]])
  await sleep(600)
  await fingers.event('touchCancel')
  const cancelled = await settled('a key whose finger was taken away', ups)

  const right = await boxOf(key(page, 'Right'))
  const swipe = await timed(() => fingers.drag([right.cx, right.cy], [right.cx - 80, right.cy], { steps: 4 }))
  const lefts = await settled('the swipe', async () => count(await bytes(page), '^[OD'))
  // A finger that is slow by no fault of its own presses more.
  assert.ok(swipe < 400 ? lefts === 3 : lefts >= 3, `${lefts}: an arrow for each step`)
  if (swipe < 400) assert.equal(count(await bytes(page), '^[OC'), 0)
  await fingers.drag([up.cx, up.cy + 30], [up.cx, up.cy - 20], { steps: 4, rest: 900 })
  const swiped = (await settled('the key', ups)) - cancelled
  assert.ok(swiped >= 6, `${swiped} while the finger stays`)
})

scenario('phone: keys of one’s own are made, moved, used, kept and removed', {}, async (rig) => {
  const page = await phone(rig)
  await echoBytes(page)
  await key(page, 'Edit keys').tap()
  const sheet = page.getByRole('dialog')
  const make = async (fill) => {
    await sheet.getByRole('button', { name: 'Add a key' }).tap()
    await fill()
    await sheet.getByRole('button', { name: 'Save key' }).tap()
  }
  await make(async () => {
    await sheet.getByRole('textbox', { name: 'Label' }).fill('gs')
    await sheet.getByRole('textbox', { name: 'Text' }).fill('git status')
    await sheet.getByLabel('Press Enter after it').check()
  })
  await sheet.getByRole('button', { name: 'Add a key' }).tap()
  await sheet.getByRole('textbox', { name: 'Label' }).fill('w←')
  await sheet.getByRole('radio', { name: 'Key', exact: true }).check({ force: true })
  await shot(page, 'key-form')
  await sheet.getByRole('button', { name: 'Save key' }).tap()
  await sheet.getByRole('alert').filter({ hasText: 'Choose a key' }).waitFor()
  await sheet.getByRole('combobox', { name: 'Key' }).selectOption('left')
  await sheet.getByLabel('Control').check()
  await sheet.getByRole('button', { name: 'Save key' }).tap()
  await sheet.getByText('Presses Control Left').waitFor()
  await sheet.getByRole('button', { name: 'Move w← up' }).tap()
  await shot(page, 'key-list')
  await sheet.getByRole('button', { name: 'Done' }).tap()
  await sheet.waitFor({ state: 'hidden' })
  await key(page, 'gs').tap()
  await key(page, 'w←').tap()
  await got(page, 'git status^M^[[1;5D')

  await page.reload()
  await showsOnScreen(page, /ready/)
  const labels = await bar(page).locator('.own').allInnerTexts()
  assert.deepEqual(labels, ['w←', 'gs'])
  await key(page, 'Edit keys').tap()
  await sheet.getByRole('button', { name: 'Remove w←' }).tap()
  await sheet.getByRole('button', { name: 'Done' }).tap()
  assert.deepEqual(await bar(page).locator('.own').allInnerTexts(), ['gs'])
})

// ---- fingers on the screen -----------------------------------------------------------------------------------------

const topLine = async (page) => Number((await screen(page)).split('\n').find((line) => /^\d+$/.test(line)))

scenario('phone: a finger scrolls back and forth, what it throws goes on, and sessions are not switched', {}, async (rig) => {
  const page = await phone(rig, {}, { title: 'One' })
  const address = page.url()
  const fingers = await Fingers.on(page)
  await type(page, 'seq 1 900\n')
  await showsOnScreen(page, /^900$/m)
  const bottom = await topLine(page)
  await fingers.drag([200, 200], [200, 500], { rest: 200 })
  // A finger that rested throws nothing: these are the lines it went over.
  const slow = bottom - (await settled('the scrolling', () => topLine(page)))
  assert.ok(slow >= 12 && slow <= 25, `300 px are ${slow} lines`)

  await fingers.drag([200, 200], [200, 500], { steps: 5 })
  const thrown = await until('it goes on by itself', async () => {
    const lines = bottom - slow - (await topLine(page))
    return lines > 40 && lines
  }, { within: 3_000, every: 50 })
  // A finger stops it, and is no tap.
  await fingers.tap(200, 300)
  await frames(page)
  const stopped = await topLine(page)
  await sleep(400)
  assert.ok(Math.abs((await topLine(page)) - stopped) <= 2, `stopped after ${thrown} lines`)

  await fingers.drag([200, 600], [200, 200], { steps: 4 })
  await until('and forth', async () => (await topLine(page)) > stopped + 20)

  // From edge to edge is no way to another session; nothing zooms or reloads.
  await fingers.drag([2, 300], [300, 305])
  await fingers.drag([388, 300], [80, 305])
  await fingers.drag([200, 90], [200, 700])
  await sleep(400)
  assert.equal(page.url(), address)
  assert.equal(await page.evaluate(() => visualViewport.scale), 1)
  assert.equal(await page.evaluate(() => scrollY), 0)
})

scenario('phone: programs that have the whole screen are scrolled by arrows, or by the wheel if they want it', {}, async (rig) => {
  const page = await phone(rig)
  const fingers = await Fingers.on(page)
  await type(page, 'seq 1 900 > n; less n\n')
  await showsOnScreen(page, /^30$/m)
  const top = await topLine(page)
  await fingers.drag([200, 600], [200, 300], { rest: 200 })
  await until('less has moved', async () => (await topLine(page)) >= top + 15, { within: 4_000 })
  await fingers.drag([200, 600], [200, 200], { steps: 4 })
  await until('less goes on', async () => (await topLine(page)) >= top + 70, { within: 6_000 })
  await page.keyboard.press('q')
  await showsOnScreen(page, /[$#] ?$/m)

  await echoBytes(page, String.raw`printf '\e[?1000h\e[?1006h'; `)
  await fingers.drag([200, 300], [200, 420], { rest: 200 })
  await until('the wheel', async () => (await bytes(page)).includes('^[[<64;'))
  const wheel = await settled('the wheel', () => bytes(page))
  assert.match(wheel, /^(\^\[\[<64;\d+;\d+M){4,9}$/, wheel)
  await fingers.drag([200, 420], [200, 360], { rest: 200 })
  await until('the wheel back', async () => (await bytes(page)).includes('^[[<65;'))
  const back = count(await settled('the wheel', () => bytes(page)), '^[[<65;')
  assert.ok(back >= 2 && back <= 5, `${back} back`)
  // A tap is a click.
  await fingers.tap(100, 300)
  await until('the click', async () => /\^\[\[<0;\d+;\d+M\^\[\[<0;\d+;\d+m$/.test(await bytes(page)), { within: 3_000 })
})

scenario('phone: a swipe sideways sends arrows', {}, async (rig) => {
  const page = await phone(rig)
  const fingers = await Fingers.on(page)
  await echoBytes(page)
  await fingers.drag([250, 400], [185, 402])
  await got(page, '^[[D^[[D^[[D')
  await key(page, 'Control').tap()
  await fingers.drag([150, 400], [175, 402])
  await got(page, '^[[D^[[D^[[D^[[1;5C')
})

scenario('phone: holding selects a word, handles change it, and it is copied and pasted', {}, async (rig) => {
  const page = await phone(rig)
  const fingers = await Fingers.on(page)
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await type(page, 'stty size\n')
  const [, cols] = await showsOnScreen(page, /^\d+ (\d+)$/m)
  await type(page, "clear; seq 1 100; echo 'see src/lib/one.ts now'; echo last li'ne'\n")
  await showsOnScreen(page, /^last line$/m)
  const rows = (await screen(page)).split('\n')
  const area = await boxOf(terminal(page).locator('.xterm-screen'))
  const cell = { width: area.width / Number(cols), height: area.height / rows.length }
  const at = (row, column) => [area.x + (column + 0.5) * cell.width, area.y + (row + 0.5) * cell.height]
  const see = rows.findIndex((row) => row.startsWith('see src'))
  const selection = page.getByRole('toolbar', { name: 'Selection' })

  await page.evaluate(() => document.activeElement.blur())
  await fingers.hold(...at(see, 9))
  await selection.waitFor()
  await shot(page, 'selection')
  assert.doesNotMatch(await focused(page), /xterm-helper-textarea/, 'holding raises no keyboard')
  await selection.getByRole('button', { name: 'Copy' }).tap()
  await until('the word', async () => (await clipboard()) === 'src/lib/one.ts', { within: 2_000 })
  await selection.waitFor({ state: 'hidden' })

  // The end handle to the end of "now", the start handle to the left of it.
  await fingers.hold(...at(see, 9))
  await selection.waitFor()
  const handle = async (end) => boxOf(page.locator(`[data-handle="${end}"]`))
  let grip = await handle('end')
  assert.ok(grip.width >= 44 && grip.height >= 44)
  await fingers.drag([grip.x + 10, grip.y + 10], [grip.x + 10 + 4 * cell.width, grip.y + 10], { rest: 50 })
  grip = await handle('start')
  await fingers.drag([grip.x + 34, grip.y + 10], [grip.x + 34 - 4 * cell.width, grip.y + 10], { rest: 50 })
  await shot(page, 'three-words')
  await selection.getByRole('button', { name: 'Copy' }).tap()
  await until('three words', async () => (await clipboard()) === 'see src/lib/one.ts now', { within: 2_000 }).catch(async (error) => {
    throw new Error(`${error.message}: ${await clipboard()}`)
  })

  // Beyond the edge it scrolls; output that comes meanwhile leaves the selection.
  await fingers.hold(...at(see, 9))
  grip = await handle('start')
  await fingers.drag([grip.x + 34, grip.y + 10], [grip.x + 34, 30], { rest: 700 })
  await selection.getByRole('button', { name: 'Copy' }).tap()
  await until('many lines', async () => (await clipboard()).split('\n').length > rows.length, { within: 2_000 }).catch(async (error) => {
    throw new Error(`${error.message}: ${(await clipboard()).split('\n').length} of ${rows.length}`)
  })

  await type(page, 'echo one"two"\n')
  await showsOnScreen(page, /^onetwo$/m)
  await type(page, '(sleep 1.5; echo mean"while") &\n')
  await showsOnScreen(page, /^\[1\]/m)
  const now = (await screen(page)).split('\n')
  await fingers.hold(...at(now.findIndex((row) => row === 'onetwo'), 2))
  await showsOnScreen(page, /meanwhile/)
  await selection.getByRole('button', { name: 'Copy' }).tap()
  await until('the word after output', async () => (await clipboard()) === 'onetwo', { within: 2_000 })

  // A tap elsewhere ends it, and is not a tap on the terminal; the next one is.
  await page.evaluate(() => document.activeElement.blur())
  await fingers.hold(...at(12, 0))
  await selection.waitFor()
  await fingers.tap(...at(11, 30))
  await selection.waitFor({ state: 'hidden' })
  assert.doesNotMatch(await focused(page), /xterm-helper-textarea/)
  await fingers.tap(...at(11, 30))
  await until('a tap focuses', async () => /xterm-helper-textarea/.test(await focused(page)), { within: 2_000 })

  // On nothing there is nothing to copy.
  await fingers.hold(...at(11, 40))
  await selection.waitFor()
  assert.equal(await selection.getByRole('button', { name: 'Copy' }).count(), 0)
  await page.evaluate(() => navigator.clipboard.writeText('echo pas"ted"'))
  await selection.getByRole('button', { name: 'Paste' }).tap()
  await key(page, 'Enter').tap()
  await showsOnScreen(page, /^pasted$/m)
  await page.evaluate(() => navigator.clipboard.writeText('echo a"a"'))
  await key(page, 'Paste').tap()
  await key(page, 'Enter').tap()
  await showsOnScreen(page, /^aa$/m)

  await fingers.hold(...at(12, 0))
  await selection.getByRole('button', { name: 'Select all' }).tap()
  await selection.getByRole('button', { name: 'Copy' }).tap()
  await until('everything', async () => /\n100\n[^]*\npasted\n[^]*\naa\n/.test(await clipboard()), { within: 2_000 })
})

scenario('phone: a tap on an address asks before it is opened', {}, async (rig) => {
  const page = await phone(rig)
  const fingers = await Fingers.on(page)
  await type(page, 'clear; echo https://example.org/a"b"\n')
  await showsOnScreen(page, /^https:\/\/example\.org\/ab$/m)
  const rows = (await screen(page)).split('\n')
  const area = await boxOf(terminal(page).locator('.xterm-screen'))
  await fingers.tap(area.x + 60, area.y + (rows.indexOf('https://example.org/ab') + 0.5) * (area.height / rows.length))
  await page.getByRole('alertdialog').getByText('https://example.org/ab').waitFor()
})

scenario('phone: a pinch changes the size of the font and never the page', {}, async (rig) => {
  const page = await phone(rig)
  const fingers = await Fingers.on(page)
  const fontSize = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.xterm-rows')).fontSize))
  const before = await fontSize()
  await fingers.pinch([195, 400], 40, 80)
  await until('it is larger', async () => (await fontSize()) >= before * 1.8, { within: 2_000 })
  await type(page, 'stty size\n')
  const [, cols] = await showsOnScreen(page, /^\d+ (\d+)$/m)
  assert.ok(Number(cols) < 30, `${cols} columns are told`)
  await shot(page, 'pinched')
  await fingers.pinch([195, 400], 80, 10)
  await until('it is smaller, within reason', async () => (await fontSize()) === 8, { within: 2_000 })
  assert.equal(await page.evaluate(() => visualViewport.scale), 1)
})

// ---- on-screen keyboards -------------------------------------------------------------------------------------------

/** A keyboard as the browser meets it: a key that is none, and then an edit of the field. */
class Keyboard {
  static async on(page) {
    const keyboard = new Keyboard()
    keyboard.client = await page.context().newCDPSession(page)
    keyboard.page = page
    await terminal(page).locator('.xterm-helper-textarea').focus()
    return keyboard
  }

  async key() {
    const key = { windowsVirtualKeyCode: 229, key: 'Unidentified', code: '' }
    await this.client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key })
    return () => this.client.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
  }

  async edit(method, given) {
    const up = await this.key()
    await this.client.send(method, given)
    await up()
  }

  async compose(...words) {
    for (const text of words) await this.edit('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  }

  commit(text) {
    return this.edit('Input.insertText', { text })
  }

  /** Takes up what was written so many characters before the end. */
  async recompose(text, back) {
    const end = await this.page.evaluate(() => document.activeElement.value.length)
    await this.edit('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length, replacementStart: end - back, replacementEnd: end })
  }

  async backspace() {
    const up = await this.key()
    await this.page.evaluate(() => document.execCommand('delete'))
    await up()
  }
}

scenario('phone: composed, corrected and deleted words arrive as they were meant', {}, async (rig) => {
  const page = await phone(rig)
  await echoBytes(page)
  const keyboard = await Keyboard.on(page)
  let expected = ''
  const after = async (sent, what) => got(page, (expected += sent), what)

  for (const letter of 'ls -l') await keyboard.commit(letter)
  await after('ls -l', '(letters that are no keys)')
  await keyboard.compose('h', 'he', 'hel', 'hello')
  await sleep(100)
  await after('', '(nothing before it is committed)')
  await page.getByText('hello', { exact: true }).waitFor()
  await shot(page, 'composing')
  await keyboard.commit('hello')
  await keyboard.commit(' ')
  await after('hello ')
  await keyboard.compose('t', 'te', 'teh')
  await keyboard.commit('the')
  await after('the', '(corrected as it was committed)')
  await keyboard.recompose('then', 3)
  await keyboard.commit('then')
  await after('n', '(taken up again)')
  await keyboard.recompose('than', 4)
  await keyboard.commit('than')
  await after('^?^?an', '(replaced afterwards)')
  await keyboard.backspace()
  await after('^?')
  for (let times = 0; times < 3; times += 1) await keyboard.backspace()
  await after('^?^?^?')
  for (let times = 0; times < 40; times += 1) await keyboard.backspace()
  await after('^?'.repeat(40), '(more than the keyboard has written)')

  await key(page, 'Control').tap()
  await keyboard.compose('c')
  await after('^C', '(Control does not wait for the word)')
  await keyboard.compose('d')
  await keyboard.commit('d')
  await after('d')
  await keyboard.compose('l', 'lo')
  await key(page, 'Tab').tap()
  await after('lo^I', '(a key of the bar comes after what is composed)')
  await keyboard.compose('x')
  await key(page, 'Alt').tap()
  await keyboard.compose('b')
  await after('x^[b')
  await page.keyboard.type('A b')
  await after('A b', '(keys that are keys)')
  await page.keyboard.press('Enter')
  await keyboard.commit('n')
  await after('^Mn')
})

scenario('phone: a language that composes gets its words whole', {}, async (rig) => {
  const page = await phone(rig)
  const keyboard = await Keyboard.on(page)
  await page.keyboard.type('echo ')
  await keyboard.compose('n', 'ni', 'ni h', '你好')
  await keyboard.commit('你好')
  await keyboard.compose('ㅎ', '하', '한')
  await keyboard.commit('한')
  await keyboard.commit('é🙂')
  await page.keyboard.press('Enter')
  await showsOnScreen(page, /^你好한é🙂$/m)
})

// ---- the window ----------------------------------------------------------------------------------------------------

let sizes = 0

const sizeNow = async (page) => {
  const mark = `n${(sizes += 1)}`
  await type(page, `clear; echo ${mark} $(stty size)\n`)
  const [, rows, cols] = await showsOnScreen(page, new RegExp(`^${mark} (\\d+) (\\d+)$`, 'm'))
  return { rows: Number(rows), cols: Number(cols) }
}

scenario('phone: turning it changes the size, lines flow anew, and no keyboard leaves a gap', {}, async (rig) => {
  const page = await phone(rig)
  const bottom = async () => {
    const { y, height } = await boxOf(bar(page))
    return Math.round(y + height)
  }
  const bottomIs = (height) => until(`the bar is above ${height}`, async () => (await bottom()) === height, { within: 3_000 })
  const portrait = await sizeNow(page)
  await type(page, 'clear; seq -s, 1 25\n')
  await showsOnScreen(page, /^1,2,3.*\n.*24,25$/m)
  await page.setViewportSize({ width: 844, height: 390 })
  await showsOnScreen(page, /^1,2,3.*24,25$/m)
  await bottomIs(390)
  await sleep(400)
  await shot(page, 'landscape')
  const landscape = await sizeNow(page)
  assert.ok(landscape.cols > portrait.cols && landscape.rows < portrait.rows, JSON.stringify({ portrait, landscape }))
  await page.setViewportSize({ width: 390, height: 844 })
  await bottomIs(844)
  await sleep(400)
  assert.deepEqual(await sizeNow(page), portrait)

  // A keyboard that shrinks the page, and turning it meanwhile.
  await page.setViewportSize({ width: 390, height: 500 })
  await bottomIs(500)
  await page.setViewportSize({ width: 844, height: 200 })
  await bottomIs(200)
  assert.ok((await boxOf(terminal(page))).height > 40, 'a line or two are left')
  await shot(page, 'landscape-keyboard')
  await page.setViewportSize({ width: 390, height: 844 })
  await bottomIs(844)

  // A keyboard that lies over the page, as Safari's does.
  const over = (height) =>
    page.evaluate((left) => {
      if (left === null) delete visualViewport.height
      else Object.defineProperty(visualViewport, 'height', { configurable: true, value: left })
      visualViewport.dispatchEvent(new Event('resize'))
    }, height)
  await over(480)
  await bottomIs(480)
  await over(null)
  await bottomIs(844)
  await sleep(400)
  assert.deepEqual(await sizeNow(page), portrait)
})

scenario('phone: what an open keyboard hides is reached with a finger, before what has scrolled away', {}, async (rig) => {
  const page = await phone(rig)
  const fingers = await Fingers.on(page)
  const size = await sizeNow(page)
  await terminal(page).locator('.xterm-helper-textarea').focus()
  await page.setViewportSize({ width: 390, height: 500 })
  await sleep(300)
  assert.deepEqual(await sizeNow(page), size, 'a keyboard does not resize')
  await type(page, 'clear; seq 1 200\n')
  await showsOnScreen(page, /^200$/m)
  const hidden = () => terminal(page).evaluate((frame) => frame.scrollTop)
  await until('the cursor is in sight', async () => (await hidden()) > 200, { within: 3_000 })
  await shot(page, 'keyboard-open')
  const top = await topLine(page)
  await fingers.drag([200, 150], [200, 350], { rest: 100 })
  await until('less is hidden', async () => (await hidden()) < 200, { within: 3_000 })
  assert.equal(await settled('the scrolling', () => topLine(page)), top, 'nothing has scrolled yet')
  for (let times = 0; times < 3; times += 1) await fingers.drag([200, 150], [200, 350], { rest: 100 })
  await until('nothing is hidden, and lines have scrolled', async () => (await hidden()) === 0 && (await topLine(page)) < top, { within: 5_000 })
  await page.keyboard.press('Enter')
  await until('typing leads back', async () => (await hidden()) > 200 && (await topLine(page)) >= top, { within: 3_000 })
  await page.evaluate(() => document.activeElement.blur())
  await page.setViewportSize({ width: 390, height: 844 })
  await sleep(400)
  assert.equal(await hidden(), 0)
  assert.deepEqual(await sizeNow(page), size)
})

// ---- Claude's own UI -----------------------------------------------------------------------------------------------

/** Claude as it is when it was never used here: it asks for a theme, shows notes, and whether to trust the directory. */
function neverUsed({ place }) {
  const file = join(place.home, '.claude.json')
  const { customApiKeyResponses } = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ customApiKeyResponses }), { mode: 0o600 })
}

scenario("phone: Claude's own UI from its first dialog to its end", { timeout: 120_000 }, async (rig) => {
  neverUsed(rig)
  const page = await rig.signedIn(PHONE)
  const fingers = await Fingers.on(page)
  await newTerminal(page, { title: 'Own UI' })
  // Nothing but the bar answers what it asks.
  await showsOnScreen(page, /❯ 2\. Dark mode/, 30_000)
  await sleep(500)
  await shot(page, 'claude-theme')
  await key(page, 'Down').tap()
  await showsOnScreen(page, /❯ 3\. Light mode/)
  await key(page, 'Up').tap()
  await showsOnScreen(page, /❯ 2\. Dark mode/)
  await key(page, 'Enter').tap()
  await showsOnScreen(page, /Press Enter to continue/)
  await sleep(500)
  await key(page, 'Enter').tap()
  await showsOnScreen(page, /❯ 1\. Yes, I trust/)
  await sleep(500)
  await shot(page, 'claude-trust')
  await key(page, 'Down').tap()
  await showsOnScreen(page, /❯ 2\. No/)
  await key(page, 'Up').tap()
  await showsOnScreen(page, /❯ 1\. Yes/)
  await key(page, 'Enter').tap()
  await showsOnScreen(page, /\? for shortcuts/, 30_000)

  // Written as a phone writes: a tap brings the keyboard, and words are composed.
  const area = await boxOf(terminal(page).locator('.xterm-screen'))
  await fingers.tap(area.cx, area.y + 40)
  const keyboard = await Keyboard.on(page)
  for (const word of ['Hello', 'from', 'the', 'phone']) {
    await keyboard.compose(word.slice(0, 2), word)
    await keyboard.commit(word)
    await keyboard.commit(' ')
  }
  await showsOnScreen(page, /❯.*Hello from the phone/)
  await page.keyboard.press('Enter')
  await showsOnScreen(page, /You wrote: Hello\s+from\s+the\s+phone/)
  await shot(page, 'claude-reply')

  await type(page, '[[write typed.md: by thumb]]')
  await page.keyboard.press('Enter')
  await showsOnScreen(page, /Do you want to create/)
  await shot(page, 'claude-asks')
  await sleep(300)
  await key(page, 'Down').tap()
  await showsOnScreen(page, /❯ 2\./)
  await key(page, 'Up').tap()
  await showsOnScreen(page, /❯ 1\. Yes/)
  await key(page, 'Enter').tap()
  await until('the file', () => existsSync(join(rig.place.root, 'project/typed.md')), { within: 15_000 })

  await sleep(1500)
  await shot(page, 'claude-made')
  await key(page, 'Control C').tap()
  await showsOnScreen(page, /again to exit/i)
  await key(page, 'Control C').tap()
  await until('the end', async () => (await rig.server.session('Own UI')).state === 'ended', { within: 10_000 })
  await main(page).getByRole('alert').filter({ hasText: 'The program ended' }).waitFor()
})

// ---- two viewers ---------------------------------------------------------------------------------------------------

scenario('phone and desk on one terminal show the same, and the phone may take the size', {}, async (rig) => {
  const desk = await rig.signedIn()
  await newTerminal(desk, { title: 'Two', program: 'Shell' })
  await showsOnScreen(desk, /[$#] ?$/m)
  await type(desk, "PS1='$ '; clear\n")
  const wide = await sizeNow(desk)
  const page = await rig.signedIn(PHONE)
  await page.goto(desk.url())
  await showsOnScreen(page, /^n\d+ \d+ \d+$/m)
  const same = async (what) => {
    let shown
    await until(`both show the same: ${what}`, async () => {
      shown = await Promise.all([desk, page].map(screen))
      return shown[0] === shown[1]
    }, { within: 8_000 }).catch((error) => {
      throw new Error(`${error.message}\n--- desk\n${shown[0]}\n--- phone\n${shown[1]}`)
    })
    return shown[0]
  }
  await same('after joining')
  const drawing = String.raw`printf '\e[2J\e[H'; for i in $(seq 1 $((LINES-2))); do printf "\e[$((30+i%8))m%*s┌─漢字─é🙂─┐%s\e[0m\r\n" $((i%40)) '' "$i"; done; printf '\e[5;10Hover\e[20;1H'`
  await type(desk, `${drawing}\n`)
  await showsOnScreen(desk, /over/)
  assert.match(await same('a drawing as wide as the desk'), /┌─漢字─é🙂─┐/)
  await shot(page, 'follows')
  assert.deepEqual(await sizeNow(desk), wide, 'looking on does not resize')

  // A look from closer, and to the side: that is this view's alone.
  const fingers = await Fingers.on(page)
  const letters = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.xterm-rows')).fontSize))
  const left = () => terminal(page).evaluate((frame) => frame.scrollLeft)
  const small = await letters()
  await fingers.pinch([195, 400], 40, 90)
  await until('the letters are larger', async () => (await letters()) > small * 1.5, { within: 2_000 })
  await fingers.drag([300, 400], [100, 402])
  await until('it has moved', async () => (await left()) > 150, { within: 2_000 })
  await shot(page, 'follows-closer')
  await fingers.pinch([195, 400], 90, 20)
  assert.equal(await page.evaluate(() => visualViewport.scale), 1)
  assert.deepEqual(await sizeNow(desk), wide, 'nor does looking closer')

  await main(page).getByRole('button', { name: 'Drive from here' }).tap()
  await main(page).getByRole('button', { name: 'Drive from here' }).waitFor({ state: 'hidden' })
  await sleep(600)
  const narrow = await sizeNow(page)
  assert.ok(narrow.cols < wide.cols, JSON.stringify({ wide, narrow }))
  await type(page, `${drawing}\n`)
  await showsOnScreen(page, /over/)
  await same('a drawing as narrow as the phone')
  await type(desk, "clear; echo from the de'sk'\n")
  await showsOnScreen(page, /^from the desk$/m)
  await same('what the desk types')
  await main(desk).getByRole('button', { name: 'Drive from here' }).click()
  await sleep(600)
  assert.deepEqual(await sizeNow(desk), wide)
  await same('after the size came back')
})
