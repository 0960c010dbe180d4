// A terminal in the browser: Claude's own UI, and a shell.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './server.mjs'
import { newTerminal, scenario, screen, showsOnScreen, type } from './support.mjs'

/** The longest line Claude draws from edge to edge. */
const ruleLength = (text) => Math.max(0, ...(text.match(/─+/g) ?? []).map((line) => line.length))

async function sizeOf(page) {
  const before = (await screen(page)).match(/size=/g)?.length ?? 0
  await type(page, 'echo size=$(stty size)\n')
  const sizes = await until('the size', async () => {
    const found = [...(await screen(page)).matchAll(/^size=(\d+) (\d+)$/gm)]
    return (await screen(page)).match(/size=/g).length > before + 1 && found.at(-1)
  })
  return { rows: Number(sizes[1]), cols: Number(sizes[2]) }
}

scenario("the terminal shows Claude's own UI, takes typed input and follows a resize", {}, async (rig) => {
  const page = await rig.signedIn()
  await newTerminal(page, { title: 'Own UI' })
  await showsOnScreen(page, /Claude Code/)
  await showsOnScreen(page, /❯/)
  await type(page, 'Hello from the keyboard')
  await showsOnScreen(page, /❯.*Hello from the keyboard/)
  await page.keyboard.press('Enter')
  await showsOnScreen(page, /You wrote: Hello from the\s+keyboard/)

  const wide = ruleLength(await screen(page))
  assert.ok(wide > 60, `the UI is ${wide} columns wide`)
  await page.setViewportSize({ width: 900, height: 700 })
  await until('Claude drew itself narrower', async () => {
    const narrow = ruleLength(await screen(page))
    return narrow > 20 && narrow < wide
  })
})

scenario("a Write is approved with Claude's own dialog", {}, async (rig) => {
  const page = await rig.signedIn()
  await newTerminal(page)
  await showsOnScreen(page, /❯/)
  await type(page, '[[write typed.md: by hand]]')
  await page.keyboard.press('Enter')
  await showsOnScreen(page, /Do you want to create/)
  await page.keyboard.press('1')
  await until('the file', () => existsSync(join(rig.project, 'typed.md')))
})

scenario('a shell: input, size, resize, exit status', {}, async (rig) => {
  const page = await rig.signedIn()
  await newTerminal(page, { title: 'Shell', program: 'Shell' })
  await type(page, 'pwd\n')
  await showsOnScreen(page, new RegExp(`^${rig.project}$`, 'm'))
  const before = await sizeOf(page)
  await page.setViewportSize({ width: 900, height: 700 })
  const after = await until('another size', async () => {
    const now = await sizeOf(page)
    return now.cols < before.cols && now.rows < before.rows && now
  })
  assert.ok(after.cols > 20 && after.rows > 10, `${after.rows} rows, ${after.cols} columns`)
  await type(page, 'exit 3\n')
  const ended = await until('the end', async () => {
    const session = await rig.server.session('Shell')
    return session.state === 'ended' && session
  }, { every: 250 })
  assert.equal(ended.end.code, 3)
})

scenario('a reload shows the same screen, and nothing is typed twice', {}, async (rig) => {
  const page = await rig.signedIn()
  await newTerminal(page, { program: 'Shell' })
  await type(page, 'for i in 1 2 3 4 5; do echo line-$i; done\n')
  await showsOnScreen(page, /^line-5$/m)
  await page.reload()
  await showsOnScreen(page, /^line-1\nline-2\nline-3\nline-4\nline-5$/m)
  // A replayed query that the page answers would be typed into the shell.
  await type(page, 'echo o"k"\n')
  await showsOnScreen(page, /^ok$/m)
  assert.doesNotMatch(await screen(page), /command not found|\[\?\d+;\d+c/)
})

scenario('two viewers: both see the output, one sets the size', {}, async (rig) => {
  const [first, second] = [await rig.signedIn(), await rig.signedIn({ viewport: { width: 800, height: 600 } })]
  await newTerminal(first, { title: 'Two', program: 'Shell' })
  const before = await sizeOf(first)
  await second.goto(first.url())
  await showsOnScreen(second, /size=/)
  await type(first, 'echo seen by b"oth"\n')
  await Promise.all([first, second].map((page) => showsOnScreen(page, /^seen by both$/m)))
  assert.deepEqual(await sizeOf(first), before, 'looking on does not resize')
})
