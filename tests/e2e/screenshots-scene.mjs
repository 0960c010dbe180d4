// What the screenshots show: sessions in all states, made with the real CLI. People's words reach the scripted API as
// its steps, so that the pictures show words.

import { mkdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { start as startApi } from './messages-api.mjs'
import { begin } from './looks-tour.mjs'
import { makeHome } from './real-cli.mjs'
import { Server } from './server.mjs'
import { composer, main, newTerminal, says, send, showsOnScreen, terminal, turnOver, type } from './support.mjs'

const GATE = `/// The names under which this server answers.
pub struct HostTable {
    allowed: Vec<String>,
}

impl HostTable {
    pub fn accepts(&self, host: &str) -> bool {
        self.allowed.iter().any(|name| host.ends_with(name))
    }
}
`

const SPOKEN = `The table compared by suffix, so \`evil-example.org\` passed for \`example.org\`. It now compares **whole names**:

- a port after the name is cut off first
- upper and lower case are the same
- an empty header is refused

Next I would add the cases to \`tests/it/hosts.rs\`. Shall I?`

/** What is said in the pictures, and what the scripted model does then. */
const WORDS = {
  'Make the host table strict: whole names, not suffixes.':
    '[[think A suffix match lets evil-example.org pass for example.org.]]+[[read src/hosts.rs]] then ' +
    '[[edit src/hosts.rs: self.allowed.iter().any(|name| host.ends_with(name)) => let name = host.split(\':\').next().unwrap_or_default();\n        self.allowed.iter().any(|known| known.eq_ignore_ascii_case(name))]] then ' +
    `[[bash grep -c known src/hosts.rs ## Count the comparisons]] then [[say ${SPOKEN}]]`,
  'Publish the branch, whatever is there.': '[[bash git push --force origin main && rm -rf target/package ## Push over what is there, clear the old package]]',
  'Set up the new front page.': '[[ask many]]',
  'How would you split the parser?':
    '[[plan # Split the parser\n\n1. Move the tokens into `lexer.rs`, with the tests they have\n2. Give the parser an iterator instead of the text\n3. Report positions as line and column\n\nNothing public changes its name.]]',
  'Which flags does serve take?': '[[say Four that matter: `--root`, `--port`, `--lan` and `--on-disconnect`.]]',
}

const inJson = (text) => JSON.stringify(text).slice(1, -1)

/** Stands before the scripted API and puts the steps where the words are. */
async function interpreter(apiUrl) {
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    for (const [words, steps] of Object.entries(WORDS)) body = body.replaceAll(inJson(words), () => inJson(steps))
    const { host, 'content-length': length, 'transfer-encoding': encoding, ...headers } = request.headers
    const onward = http.request(new URL(request.url, apiUrl), { method: request.method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    onward.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export async function raise() {
  const place = makeHome({ projects: ['gate', 'site', 'parser'] })
  mkdirSync(join(place.root, 'gate/src'))
  writeFileSync(join(place.root, 'gate/src/hosts.rs'), GATE)
  writeFileSync(join(place.root, 'gate/src/main.rs'), 'fn main() {}\n')
  // Beside the code, as a team would have it: where the pictures were taken is nobody's business.
  mkdirSync(join(place.home, '.claude'))
  writeFileSync(join(place.home, '.claude/settings.json'), JSON.stringify({ plansDirectory: 'docs/plans' }))
  const api = await startApi()
  const speaks = await interpreter(api.url)
  const server = await Server.start(place, speaks.url, { args: ['--on-disconnect', 'keep'] })
  return {
    server,
    async down() {
      try {
        await server.end()
        await server.expectNothingLeft()
      } finally {
        speaks.close()
        await api.close()
        place.remove()
      }
    },
  }
}

const say = async (page, index) => send(page, Object.keys(WORDS)[index])
const offers = (page, name) => main(page).getByRole('button', { name, exact: true }).waitFor()

/** Brings every session into the state it is to be seen in. They wait for nobody's eyes. */
export async function populate(page) {
  await begin(page, { title: 'First look', dir: 'gate', keep: true })
  await say(page, 4)
  await says(page, /Four that matter/)
  await turnOver(page)
  await main(page).getByRole('button', { name: 'Kill session' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Kill', exact: true }).click()
  await offers(page, 'Resume')

  await newTerminal(page, { title: 'Shell', dir: 'gate', program: 'Shell', keep: true })
  await showsOnScreen(page, /[$#]/)
  await type(page, "PS1='gate $ '; clear\n")
  await showsOnScreen(page, /^gate \$/m)
  await type(page, 'wc -l src/*.rs\ngrep -n fn src/*.rs\n')
  await showsOnScreen(page, /main\.rs:1/)
  await terminal(page).waitFor()

  await begin(page, { title: 'Strict hosts', dir: 'gate', mode: 'acceptEdits', keep: true })
  await say(page, 0)
  await Promise.race([says(page, /Shall I\?/), allowed(page)])
  await says(page, /Shall I\?/)
  await turnOver(page)

  await begin(page, { title: 'Publish', dir: 'gate', mode: 'default', keep: true })
  await say(page, 1)
  await offers(page, 'Deny…')
  await begin(page, { title: 'Front page', dir: 'site', mode: 'default', keep: true })
  await say(page, 2)
  await main(page).getByText('Which colour should it be?').waitFor()
  await begin(page, { title: 'Parser', dir: 'parser', mode: 'plan', keep: true })
  await say(page, 3)
  await offers(page, 'Keep planning')
  await composer(page).waitFor()
}

/** The command that only counts lines may be asked about. */
async function allowed(page) {
  const button = main(page).getByRole('button', { name: 'Allow', exact: true })
  await button.waitFor({ timeout: 60_000 })
  await sleep(700)
  await button.click()
}
