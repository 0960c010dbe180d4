// A shell in a tmux of its own, which knows of its pane what no other terminal tells: size, modes, alternate screen.

import { execFileSync } from 'node:child_process'
import { until } from './server.mjs'

const FORMATS = 'alternate_on cursor_flag mouse_any_flag mouse_standard_flag mouse_button_flag mouse_sgr_flag keypad_flag keypad_cursor_flag wrap_flag insert_flag'
const PROMPT = 'PROMPT>'

export class Tmux {
  /** Its socket and its home are in `base`; `env` is the environment of the shell. */
  constructor(base, env, { cols = 80, rows = 24 } = {}) {
    this.env = { ...env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' }
    this.socket = `${base}/tmux`
    const shell = `env PS1='${PROMPT} ' bash --norc --noprofile -i`
    this.command('new-session', '-d', '-s', 'test', '-x', String(cols), '-y', String(rows), shell)
    this.command('set-option', '-g', 'history-limit', '5000')
    this.command('set-option', '-g', 'status', 'off')
    this.command('resize-window', '-t', 'test', '-x', String(cols), '-y', String(rows))
  }

  command(...args) {
    return execFileSync('tmux', ['-f', '/dev/null', '-S', this.socket, ...args], { env: this.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  /** Types text as it is. */
  type(text) {
    this.command('send-keys', '-t', 'test', '-l', '--', text)
  }

  /** Presses keys by tmux's names for them. */
  press(...keys) {
    this.command('send-keys', '-t', 'test', ...keys)
  }

  run(line) {
    this.type(line)
    this.press('Enter')
  }

  resize(cols, rows) {
    this.command('resize-window', '-t', 'test', '-x', String(cols), '-y', String(rows))
  }

  /** What the pane shows; with `colours` its attributes, too. */
  screen({ colours = false, history = false } = {}) {
    return this.command('capture-pane', '-t', 'test', '-p', ...(colours ? ['-e'] : []), ...(history ? ['-S', '-'] : [])).trimEnd()
  }

  shows(pattern, within = 15_000) {
    return until(`the pane shows ${pattern}\n${this.screen()}`, () => this.screen().match(pattern), { within, every: 100 }).catch((error) => {
      throw new Error(`${error.message}\n--- it shows:\n${this.screen()}`)
    })
  }

  title() {
    return this.command('display-message', '-t', 'test', '-p', '#{pane_title}').trim()
  }

  cursor() {
    return this.command('display-message', '-t', 'test', '-p', '#{cursor_x},#{cursor_y}').trim()
  }

  /** The modes of the pane's terminal. */
  modes() {
    const format = FORMATS.split(' ').map((name) => `${name}=#{${name}}`).join(' ')
    return this.command('display-message', '-t', 'test', '-p', format).trim()
  }

  /** The process that runs in front of the shell. */
  foreground() {
    const shell = this.command('display-message', '-t', 'test', '-p', '#{pane_pid}').trim()
    return execFileSync('ps', ['--ppid', shell, '-o', 'pid='], { encoding: 'utf8' }).trim().split(/\s+/).map(Number)
  }

  /** Runs a command at the shell's prompt and gives what it prints. */
  async output(line) {
    const mark = `mark${Math.random().toString(36).slice(2, 8)}`
    this.run(`clear; ${line}; echo ${mark.slice(0, 4)}""${mark.slice(4)}`)
    await this.shows(new RegExp(`^${mark}$`, 'm'))
    return this.screen().split('\n').filter((row) => !row.includes(PROMPT) && row !== mark).join('\n').trim()
  }

  /** How the terminal is: its settings, its modes, and its title. */
  async state() {
    return { stty: await this.output('stty -a | tail -n +2'), modes: this.modes(), title: this.title() }
  }

  close() {
    try {
      this.command('kill-server')
    } catch {
      // It has ended with its last shell.
    }
  }
}
