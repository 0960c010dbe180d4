import { setTimeout as sleep } from 'node:timers/promises'
import { Rig, newTerminal, PHONE, showsOnScreen, terminal, type, main, online, signIn } from './support.mjs'
import { chromium } from 'playwright-core'
const OUT = '/tmp/browser/shots/'
const rig = await Rig.start({})
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--use-angle=swiftshader', '--disable-quic', '--no-first-run'] })
const open = async (o) => { const c = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['clipboard-read', 'clipboard-write'], ...o }); const p = await c.newPage(); p.setDefaultTimeout(15000); p.on('console', m => m.type() === 'error' && console.log('CONSOLE', m.text())); p.on('pageerror', e => console.log('ERR', e.stack)); await signIn(p, rig.server); return p }
try {
  for (const dark of [false, true]) {
    const theme = dark ? 'dark' : 'light'
    const desk = await open({ viewport: { width: 1440, height: 900 }, colorScheme: theme })
    await newTerminal(desk, { title: `Shots ${theme}`, program: 'Shell' })
    await sleep(1500)
    const cmd = async (s) => { await terminal(desk).locator('.xterm-helper-textarea').focus(); await desk.keyboard.type(s + '\n'); await sleep(600) }
    await cmd("PS1='$ '; clear; for b in 0 1; do for i in 0 1 2 3 4 5 6 7; do printf \"\\033[$((b*60+30+i))m colour $i \"; done; echo; done; for i in 0 1 2 3 4 5 6 7; do printf \"\\033[$((40+i))m colour $i \"; done; printf '\\033[0m\\n'")
    await cmd("printf '┌──────┬──────┐\\n│ box  │ draw │\\n├──────┼──────┤\\n│ ████ │ ▓▒░  │\\n└──────┴──────┘\\n\\033]8;;https://bad.example/x\\033\\\\https://good.example/login\\033]8;;\\033\\\\ and https://plain.example/path\\n'")
    await cmd("for i in $(seq 1 12); do echo \"Needle $i in the hay, a needle\"; done")
    console.log(theme, 'webgl canvas', await terminal(desk).locator('canvas').count())
    await desk.keyboard.press('Control+Shift+F')
    await main(desk).getByRole('textbox', { name: 'Find in terminal' }).fill('needle')
    await sleep(900)
    await cmd("printf '\\033]52;c;%s\\a' $(printf 'ssh-ed25519 AAAAC3 something\\nand a second line' | base64 -w0)")
    await sleep(500)
    await desk.screenshot({ path: `${OUT}desk-${theme}-find.png` })
    const phone = await open({ ...PHONE, colorScheme: theme })
    await phone.goto(desk.url()); await online(phone).catch(() => {}); await sleep(2500)
    await phone.screenshot({ path: `${OUT}phone-${theme}-scaled.png` })
    await phone.getByRole('button', { name: 'Drive from here' }).click(); await sleep(1200)
    await cmd("printf '\\033]52;c;%s\\a' $(printf 'ssh-ed25519 AAAAC3 something and a second line' | base64 -w0)")
    await sleep(500)
    await phone.getByRole('button', { name: 'Session actions' }).click(); await sleep(300)
    await phone.screenshot({ path: `${OUT}phone-${theme}-menu.png` })
    await phone.getByRole('button', { name: /Find in the terminal/ }).click(); await sleep(300)
    await main(phone).getByRole('textbox', { name: 'Find in terminal' }).fill('needle'); await sleep(900)
    await phone.screenshot({ path: `${OUT}phone-${theme}-find.png` })
    await desk.screenshot({ path: `${OUT}desk-${theme}-follow.png` })
    // lose the context
    await desk.getByRole('button', { name: 'Drive from here' }).click(); await sleep(800)
    const n = await terminal(desk).evaluate(() => { let n = 0; for (const c of document.querySelectorAll('.xterm canvas')) { const gl = c.getContext('webgl2'); if (gl) { gl.getExtension('WEBGL_lose_context').loseContext(); n++ } } return n })
    await sleep(3800); const mid = await terminal(desk).locator('.xterm-rows > div').count()
    console.log('lost', n, 'rows as text right after', mid); await sleep(3000); console.log('canvases later', await terminal(desk).locator('canvas').count(), 'text rows', await terminal(desk).locator('.xterm-rows > div').count())
    await desk.screenshot({ path: `${OUT}desk-${theme}-after-loss.png` })
    const box = await terminal(desk).boundingBox()
    // find link: row of "good.example": click around
    await desk.getByRole('button', { name: 'Close find' }).click().catch(() => {})
    await cmd("clear; printf '\\033]8;;https://good.example@bad.example/x?y\\033\\\\https://good.example/login\\033]8;;\\033\\\\\\n'")
    const b2 = await terminal(desk).boundingBox()
    await desk.mouse.move(b2.x + 60, b2.y + 40); await desk.mouse.move(b2.x + 60, b2.y + 15, { steps: 5 }); await sleep(400)
    await desk.screenshot({ path: `${OUT}desk-${theme}-hover.png` })
    await desk.mouse.click(b2.x + 60, b2.y + 15); await sleep(400)
    await desk.screenshot({ path: `${OUT}desk-${theme}-link.png` })
    await desk.context().close(); await phone.context().close()
  }
} finally { await browser.close(); await rig.stop() }
