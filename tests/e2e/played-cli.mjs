#!/usr/bin/env node
// A `claude` that plays recordings: `claude-web serve --claude …/played-cli.mjs`. What it plays is named by the first
// message of a chat, or by PLAY:
//
//   play NAME            ../fixtures/stream/NAME.jsonl
//   play /path/file      a file of frames, one per line
//   play flood:20000     a long session made up on the spot, of about so many events
//   play NAME wait       the same, but every approval is waited for
//
// PLAY_CAPABILITIES names a file with the answer to `initialize`. Any other message is answered by itself. Every control request succeeds.

import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { flood } from './flood.mjs'

const VERSION = '2.1.197 (Claude Code)'
const FIXTURES = new URL('../fixtures/stream/', import.meta.url).pathname

const argument = (name) => process.argv.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1)

const textOf = (content) => (typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('\n'))

/** The frames a play names, as lines. */
function frames(play) {
  if (play.startsWith('flood:')) return flood(Number(play.slice(6)))
  const path = play.startsWith('/') ? play : `${FIXTURES}${play}.jsonl`
  return readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))
}

const REPLIES = {
  set_permission_mode: ({ mode }) => ({ mode }),
  get_context_usage: () => ({ categories: [{ name: 'Messages', tokens: 4_200, color: 'purple' }], totalTokens: 4_200, maxTokens: 200_000, percentage: 2, model: 'claude-opus-4-8' }),
  file_suggestions: () => ({ suggestions: [{ path: 'src/main.rs' }] }),
  cancel_async_message: () => ({ cancelled: false }),
}

const CAPABILITIES = {
  commands: [{ name: 'compact', description: 'Compacts the conversation', argumentHint: '<what to keep>' }],
  agents: [{ name: 'general-purpose', description: 'For anything' }],
  models: [{ value: 'default', displayName: 'Default', description: 'What fits' }, { value: 'opus', displayName: 'Opus', description: 'For hard work' }],
}

export class Player {
  constructor(output) {
    this.output = output
    this.session = argument('--session-id') ?? argument('--resume') ?? randomUUID()
    this.answered = new Map()
    this.first = process.env.PLAY
    this.playing = Promise.resolve()
    this.serial = 0
  }

  async write(frame) {
    const whole = frame !== null && typeof frame === 'object' && 'session_id' in frame ? { ...frame, session_id: this.session } : frame
    await this.line(JSON.stringify(whole))
  }

  async line(text) {
    if (!this.output.write(`${text}\n`)) await once(this.output, 'drain')
  }

  say(type, more) {
    return this.write({ type, uuid: randomUUID(), session_id: this.session, ...more })
  }

  take(frame) {
    if (frame.type === 'control_response') this.answered.get(frame.response.request_id)?.(frame.response)
    if (frame.type === 'control_request') this.control(frame)
    if (frame.type === 'user') this.playing = this.playing.then(() => this.turn(frame))
  }

  control({ request_id, request }) {
    const reply = request.subtype === 'initialize' ? this.capabilities() : REPLIES[request.subtype]?.(request)
    this.write({ type: 'control_response', response: { subtype: 'success', request_id, response: reply } })
    if (request.subtype === 'interrupt') this.stopped = true
  }

  /** The recording's own, if it has them. */
  capabilities() {
    if (process.env.PLAY_CAPABILITIES) return JSON.parse(readFileSync(process.env.PLAY_CAPABILITIES, 'utf8'))
    const recorded = this.first ? [...frames(this.first)].find((frame) => frame?.response?.response?.commands) : undefined
    return recorded?.response.response ?? CAPABILITIES
  }

  async turn(frame) {
    this.stopped = false
    await this.say('system', { subtype: 'session_state_changed', state: 'running' })
    await this.say('user', { ...frame, uuid: frame.uuid ?? randomUUID(), isReplay: true })
    const [, named, wait] = textOf(frame.message.content).match(/^play (\S+)( wait)?$/) ?? []
    const play = named ?? this.first
    this.first = undefined
    if (play) await this.play(frames(play), wait !== undefined)
    else await this.echo(textOf(frame.message.content))
    await this.say('system', { subtype: 'session_state_changed', state: 'idle' })
  }

  async play(all, wait) {
    this.serial += 1
    for (const frame of all) {
      if (this.stopped) return
      if (frame?.type === 'control_response' || frame?.isReplay) continue
      // The state is this player's to tell; a session may play several recordings.
      if (frame?.subtype === 'session_state_changed') continue
      if (frame?.type === 'control_request') await this.ask(frame, wait)
      else if (frame?.type === 'control_cancel_request') await this.write({ ...frame, request_id: this.own(frame.request_id) })
      else if (frame?.stderr !== undefined) process.stderr.write(`${frame.stderr}\n`)
      // A line that no writer of JSON would write.
      else if (frame?.raw !== undefined) await this.line(frame.raw)
      else await this.write(this.renamed(frame))
    }
  }

  /** Recordings number their messages, calls and tasks from one; a second one in the same session needs others. */
  renamed(frame) {
    if (this.serial === 1) return frame
    return JSON.parse(JSON.stringify(frame).replaceAll(/\b(toolu_|msg_|task-)(?=\w)/g, `$1${this.serial}_`))
  }

  /** Request ids are unique in a process, also when a recording is played twice. */
  own(id) {
    return `${this.serial}-${id}`
  }

  async ask(frame, wait) {
    const request_id = this.own(frame.request_id)
    const answer = new Promise((resolve) => this.answered.set(request_id, resolve))
    await this.write(this.renamed({ ...frame, request_id }))
    if (wait) await answer
  }

  async echo(text) {
    const usage = { input_tokens: 100, output_tokens: 10, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 }
    const content = [{ type: 'text', text: `You wrote: ${text}` }]
    await this.say('assistant', { message: { id: `msg_${randomUUID()}`, type: 'message', role: 'assistant', model: 'claude-opus-4-8', content, usage }, parent_tool_use_id: null })
    await this.say('result', { subtype: 'success', is_error: false, duration_ms: 1, num_turns: 1, result: content[0].text, total_cost_usd: 0.001, usage, terminal_reason: 'completed' })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href || process.argv[1]?.endsWith('/claude')) {
  if (process.argv.includes('--version')) {
    console.log(VERSION)
    process.exit(0)
  }
  const player = new Player(process.stdout)
  for await (const line of createInterface({ input: process.stdin })) player.take(JSON.parse(line))
  process.exit(0)
}
