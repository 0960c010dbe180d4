// Goes to every screen and state of the page, and has each looked at: `visit(page, name)`.

import { setTimeout as sleep } from 'node:timers/promises'
import { composer, conversation, decide, main, newChat, newTerminal, row, says, send, showsOnScreen, turnOver, type } from './support.mjs'

const EDITED = '[[write gate.rs: fn gate() {\n    open();\n}]] then [[edit gate.rs: open() => open_only_for(host)]] then [[bash echo checked]] then ' +
  '[[say The **gate** opens only for a known host. Run `cargo test`:\n\n```sh\ncargo test gate\n```\n\n1. one\n2. two\n\n| a | b |\n| - | - |\n| 1 | 2 |]]'

const button = (page, name) => main(page).getByRole('button', { name, exact: true })
const dialog = (page) => page.getByRole('dialog')

async function escape(page) {
  await page.keyboard.press('Escape')
  await page.locator('[role="dialog"],[role="alertdialog"]').first().waitFor({ state: 'hidden' })
}

/** Opens a session's action, which stands in a menu where the header is narrow. */
export async function sessionAction(page, name) {
  const menu = button(page, 'Session actions')
  if (await menu.first().isVisible()) await menu.first().click()
  await button(page, name).first().click()
}

/** Back to the list, where a phone shows it instead of the session. */
export async function toList(page) {
  const back = main(page).getByRole('link', { name: 'All sessions' })
  if (await back.isVisible()) await back.click()
}

/** A new chat, and the page shows it: not the one before, whose composer is still there for a moment. */
export async function begin(page, options) {
  await newChat(page, { keep: true, ...options })
  await main(page).getByRole('heading', { name: options.title }).waitFor()
  await composer(page).waitFor()
}

export async function palette(page, text) {
  await toList(page)
  await page.getByRole('button', { name: 'Search and commands' }).click()
  const field = page.getByRole('combobox', { name: /^Search sessions/ })
  await field.waitFor()
  if (text !== undefined) await field.fill(text)
  await sleep(400)
}

async function signedOut(rig, options, visit) {
  const visitor = await rig.page(options)
  await visitor.goto(new URL('/', rig.server.url).href)
  await visitor.getByRole('button', { name: 'Sign in' }).waitFor()
  await visit(visitor, 'sign-in')
  await visitor.getByRole('button', { name: 'Sign in' }).click()
  await visitor.getByRole('alert').waitFor()
  await visit(visitor, 'sign-in refused')
  await visitor.context().close()
}

async function sheets(page, visit) {
  await page.getByRole('button', { name: 'New session' }).first().click()
  await dialog(page).getByRole('button', { name: 'Start session' }).waitFor()
  await visit(page, 'new session')
  await escape(page)
  const keys = page.getByRole('button', { name: 'Keyboard shortcuts' })
  if (await keys.isVisible()) {
    await keys.click()
    await dialog(page).getByText('Everywhere').waitFor()
    await visit(page, 'shortcuts')
    await escape(page)
  }
}

async function chat(page, visit) {
  await begin(page, { title: 'gate tests', mode: 'acceptEdits' })
  await visit(page, 'new chat')
  await send(page, EDITED)
  await decideIfAsked(page)
  await says(page, /opens only for a known host/)
  await turnOver(page)
  await visit(page, 'chat')
  for (const name of ['Rename', 'Stderr', 'Kill session']) {
    await sessionAction(page, name)
    await page.locator('[role="dialog"],[role="alertdialog"]').first().waitFor()
    await visit(page, name.toLowerCase())
    await escape(page)
  }
  const menu = button(page, 'Session actions')
  if (await menu.isVisible()) {
    await menu.click()
    await visit(page, 'session actions')
    await page.keyboard.press('Escape')
  }
}

async function decideIfAsked(page) {
  await Promise.race([button(page, 'Allow').waitFor(), says(page, /opens only for a known host/)])
  if (await button(page, 'Allow').isVisible()) await decide(page, 'Allow')
}

async function prompts(page, visit) {
  await toList(page)
  await begin(page, { title: 'release', dir: 'docs' })
  await send(page, '[[bash git push --force origin main]]')
  await button(page, 'Deny…').waitFor()
  await visit(page, 'approval')
  await decide(page, 'Always…')
  await visit(page, 'approval, always')
  await page.keyboard.press('Escape')
  await decide(page, 'Deny…')
  await visit(page, 'approval, deny')
  await page.getByRole('button', { name: 'Not now' }).click()
  await says(page, /^Result was: /)
  await turnOver(page)
  await send(page, '[[ask many]]')
  await main(page).getByText('Which colour should it be?').waitFor()
  await visit(page, 'question')
  await toList(page)
  await begin(page, { title: 'plan', mode: 'plan' })
  await send(page, '[[plan # Sweep the floor\n\n1. Lift the chairs\n2. Sweep]]')
  await button(page, 'Keep planning').waitFor()
  await visit(page, 'plan')
  await toList(page)
  await visit(page, 'list that needs you')
}

async function terminalAndSearch(page, visit) {
  await newTerminal(page, { title: 'shell', program: 'Shell', keep: true })
  await showsOnScreen(page, /[$#]/)
  await visit(page, 'terminal')
  await sleep(1_600)
  await type(page, "printf '\\033]52;c;aGVsbG8=\\a\\033]8;;https://bad.example\\ahttps://good.example\\033]8;;\\a\\n'\n")
  await main(page).getByRole('button', { name: 'Copy once' }).waitFor()
  await page.keyboard.press('Control+Shift+F')
  await main(page).getByRole('textbox', { name: 'Find in terminal' }).fill('good')
  await main(page).getByText(/ of 2$/).waitFor()
  await visit(page, 'terminal, asked and searched')
  await page.keyboard.press('Escape')
  await main(page).getByRole('button', { name: 'Never' }).click()
  await palette(page)
  await visit(page, 'palette')
  await escape(page)
  await palette(page, 'gate')
  await visit(page, 'palette, found')
  await escape(page)
  await palette(page, 'qqqq')
  await visit(page, 'palette, nothing')
  await escape(page)
}

async function beside(page, visit) {
  if (page.viewportSize().width < 1100) return
  await row(page, 'gate tests').click()
  await composer(page).waitFor()
  await row(page, 'release').hover()
  await page.getByRole('button', { name: 'Open “release” beside' }).click()
  await main(page).getByRole('separator').waitFor()
  await main(page).getByText('Which colour should it be?').waitFor()
  await visit(page, 'split view')
  await page.goBack()
  await main(page).getByRole('separator').waitFor({ state: 'hidden' })
}

async function ended(page, visit) {
  await toList(page)
  await row(page, 'gate tests').click()
  await conversation(page).waitFor()
  await sessionAction(page, 'Kill session')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Kill', exact: true }).click()
  await button(page, 'Resume').waitFor()
  await visit(page, 'ended session')
  await toList(page)
  await visit(page, 'list with ended sessions')
}

export async function tour(rig, options, visit) {
  await signedOut(rig, options, visit)
  const page = await rig.signedIn(options)
  await visit(page, 'empty list')
  await sheets(page, visit)
  await chat(page, visit)
  await prompts(page, visit)
  await terminalAndSearch(page, visit)
  await beside(page, visit)
  await ended(page, visit)
  rig.expectComplaint(/status of 404/)
  await page.goto(new URL('/s/no-such-session', rig.server.url).href)
  await main(page).getByRole('heading', { name: 'This session cannot be shown' }).waitFor()
  await visit(page, 'missing session')
}
