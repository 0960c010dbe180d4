// Watches a page for what foreign text must never do there: run, ask for anything outside, put anything into the document
// that is more than text, or lead away.

import { OUTSIDE } from './xss-corpus.mjs'

/** In the page, before anything else: reports what appears, also when it is gone again at once. */
function watch() {
  const NEVER = new Set(['SCRIPT', 'OBJECT', 'EMBED', 'BASE', 'META', 'APPLET', 'FRAME', 'FRAMESET', 'PORTAL', 'FENCEDFRAME', 'STYLE', 'LINK', 'AUDIO', 'VIDEO', 'SOURCE', 'TRACK', 'MARQUEE', 'FOREIGNOBJECT', 'ANIMATE', 'SET'])
  const ADDRESS = ['href', 'src', 'xlink:href', 'action', 'formaction', 'data', 'poster', 'background', 'ping', 'srcset', 'cite']
  const found = new Set()
  window.__found = found
  window.__xssWatched = 0
  const own = (address) => new URL(address, location.href).origin === location.origin
  /** The page draws its own icon, of nothing but its own words. */
  const isIcon = ({ rel, href }) => rel === 'icon' && /^data:image\/svg\+xml,[\w%.-]*$/.test(href)
  /** What the build itself inserts: chunks and their styles, from this server. */
  const isOurs = (element) =>
    (element.tagName === 'SCRIPT' && element.src !== '' && own(element.src)) || (element.tagName === 'LINK' && (own(element.href) || isIcon(element))) || element.tagName === 'META' && document.readyState === 'loading'
  const isSafe = (name, value, element) => {
    const words = value.replaceAll(/[\u0000-\u0020]/g, '').toLowerCase()
    if (!/^[a-z][a-z0-9+.-]*:/.test(words)) return own(value)
    if (/^(https?|mailto):/.test(words)) return element.tagName === 'A' || own(value)
    return element.tagName === 'IMG' && name === 'src' && /^(blob:|data:image\/(png|jpeg|gif|webp);base64,)/.test(words)
  }
  const check = (element) => {
    window.__xssWatched += 1
    const complain = (what) => found.add(`${what}: ${element.outerHTML.slice(0, 300)}`)
    if (NEVER.has(element.tagName.toUpperCase()) && !isOurs(element)) complain('element')
    if (element.tagName === 'IFRAME') {
      const sandbox = element.getAttribute('sandbox')
      if (sandbox === null || /allow-(same-origin|top|popups|forms|modals)/.test(sandbox)) complain('frame without a sandbox')
      if (element.hasAttribute('srcdoc')) complain('frame with a document of its own')
    }
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) complain('handler')
      if (name === 'style' && /url\(|expression|@import/i.test(value)) complain('style')
      if (name === 'srcdoc' || name === 'http-equiv') complain('attribute')
      if (ADDRESS.includes(name) && !isIcon(element) && !isSafe(name, value, element)) complain('address')
    }
    if (element.tagName === 'A' && element.host !== '' && element.host !== location.host && /^https?:/.test(element.protocol) && !/noopener|noreferrer/.test(element.rel)) complain('link without noopener')
  }
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'attributes') check(target)
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue
        check(node)
        for (const below of node.querySelectorAll('*')) check(below)
      }
    }
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['href', 'src', 'srcdoc', 'action', 'style', 'sandbox'] })
}

/** The numbers of the payloads a text holds. */
export const numbersIn = (text) => [...text.matchAll(/__xss\((\d+)\)|evil\.example[\/\\](\d+)/g)].map(([, ran, asked]) => Number(ran ?? asked))

/** Gives a list that fills with whatever goes wrong; empty is good. */
export async function watchPage(page, origin) {
  const wrong = []
  const context = page.context()
  await context.exposeBinding('__xss', (_, number) => wrong.push(`payload ${number} ran`))
  await context.addInitScript(watch)
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`)
    dialog.dismiss().catch(() => {})
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:') && !url.startsWith('blob:')) wrong.push(`request: ${url.slice(0, 300)}`)
    // The path of a request to our own server may name anything, in encoded form: the output of a task goes by its id.
    if (url.startsWith('data:text') || (!url.startsWith(`${origin}/`) && url.includes(OUTSIDE))) wrong.push(`request: ${url.slice(0, 300)}`)
  })
  page.on('popup', (popup) => wrong.push(`window: ${popup.url()}`))
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame() && frame.url() !== 'about:blank' && !frame.url().startsWith(`${origin}/`)) wrong.push(`navigation: ${frame.url()}`)
  })
  return {
    wrong,
    /** What has appeared in the document since the last question. */
    async collect() {
      const [found, polluted, count] = await page.evaluate(() => {
        const list = [...window.__found]
        window.__found.clear()
        return [list, ({}).polluted ?? Object.prototype.file_path, window.__xssWatched]
      })
      wrong.push(...found)
      if (polluted !== undefined) wrong.push(`every object has a ${polluted} now`)
      return count
    },
  }
}

/**
 * Opens everything in the conversation that can be opened, from the first row to the last, and reads it on the way: only
 * what is around the view is laid out. Gives how many things were pressed, the numbers of the payloads that were to be
 * read, the rows with their kind and words, and the cards of calls with their sentence and face.
 */
export async function openAll(page) {
  await page.getByRole('main').getByRole('log', { name: 'Conversation' }).waitFor()
  return page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()))
    const log = document.querySelector('[role="log"]')
    let scroller = log
    while (scroller !== document.body && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = scroller.parentElement
    const pressed = new WeakSet()
    const rows = new Map()
    const calls = {}
    const numbers = new Set()
    const RAW = 12
    let raw = 0
    const VALUES = 'input, textarea, a[href], [title], img[alt]'
    const read = () => {
      const values = [...scroller.querySelectorAll(VALUES)].flatMap((element) => [element.value, element.href, element.title, element.alt]).filter((value) => typeof value === 'string')
      for (const [, ran, asked] of `${scroller.textContent} ${values.join(' ')}`.matchAll(/__xss\((\d+)\)|evil\.example[\/\\](\d+)/g)) numbers.add(Number(ran ?? asked))
      for (const row of scroller.querySelectorAll('.item')) {
        // Laid out words cost; only what has changed is read again.
        const length = row.textContent.length
        if ((rows.get(row)?.length ?? -1) < length) rows.set(row, { kind: row.classList[1], length, words: row.innerText })
      }
      for (const card of scroller.querySelectorAll('[data-call]')) {
        const face = card.querySelector(':scope > :not(.head) > [data-face]')?.dataset.face
        const seen = calls[card.dataset.call]
        calls[card.dataset.call] = { title: card.ariaLabel, line: card.querySelector('.line').textContent.trim().replaceAll(/\s+/g, ' '), face: face ?? seen?.face ?? null, shown: card.getBoundingClientRect().height > 0 }
      }
    }
    // Diagrams are drawn one by one elsewhere: each is a frame with a large script.
    const opens = (element) =>
      element.tagName !== 'BUTTON' || element.hasAttribute('aria-expanded') || /^(show (?!diagram)|read )|more lines|\d+ lines/i.test(element.textContent.trim())
    const press = async () => {
      let count = 0
      for (;;) {
        const closed = [...scroller.querySelectorAll('[aria-expanded="false"]:not([aria-haspopup]), details:not([open]) > summary, button')].filter((element) => !pressed.has(element) && opens(element))
        if (closed.length === 0 || count > 5_000) break
        // The raw view takes the place of what else a card shows, so it comes last.
        const readable = closed.filter((element) => !/^show raw/i.test(element.textContent.trim()))
        // The raw view is the same for all; some are enough.
        if (readable.length === 0) read()
        for (const element of readable.length > 0 ? readable : closed.slice(0, Math.max(0, RAW - raw))) {
          if (readable.length === 0) raw += 1
          pressed.add(element)
          element.click()
          count += 1
        }
        await frame()
        if (readable.length === 0 && raw >= RAW) break
      }
      read()
      return count
    }
    // What the server still has to say.
    for (let quiet = 0, length = -1, tries = 0; quiet < 3 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60))
      const now = scroller.scrollHeight
      quiet = now === length && scroller.textContent.length > 200 ? quiet + 1 : 0
      length = now
    }
    read()
    let count = 0
    scroller.scrollTop = 0
    for (let at = 0, held = 0, steps = 0; steps < 2_000; steps += 1) {
      await frame()
      await frame()
      read()
      count += await press()
      // From where the reader is now: what opens above is held in place by the page, which may also undo a step once.
      at = scroller.scrollTop
      scroller.scrollTop = at + scroller.clientHeight
      await frame()
      held = scroller.scrollTop <= at ? held + 1 : 0
      if (held > 2) break
    }
    return { count, numbers: [...numbers], rows: [...rows.values()], calls }
  })
}
