// A chat as a script has it: the server's own chat socket, without a page.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Socket } from './websocket.mjs'
import { until } from './server.mjs'

const text = (words) => [{ type: 'text', text: words }]

export class Chat {
  /** Starts a session and opens its chat; `options` go into the request. */
  static async start(server, options = {}) {
    const create = () => server.api('POST', '/api/sessions', { kind: 'chat', cwd: 'project', keep: true, ...options })
    let { status, body } = await create()
    // So many sessions may be started in a minute.
    for (let tries = 0; status === 429 && tries < 10; tries += 1) {
      await sleep(2_500)
      ;({ status, body } = await create())
    }
    if (status !== 201) throw new Error(`no session: ${status} ${JSON.stringify(body)}`)
    return Chat.open(server, body.id ?? body.session.id)
  }

  static async open(server, id) {
    const chat = new Chat()
    Object.assign(chat, { server, id, events: [], acks: [], errors: [] })
    await chat.connect()
    return chat
  }

  /** Connects, or connects again where it was. */
  async connect() {
    this.attached = undefined
    this.socket = await Socket.open(this.server.port, `/api/sessions/${this.id}/chat`, { onText: (line) => this.#take(JSON.parse(line)) })
    this.#write({ type: 'auth', token: this.server.token, device: 'script' })
    const last = this.events.at(-1)
    this.#write({ type: 'attach', ...(last ? { epoch: this.epoch, after: last.seq } : {}) })
    await until('the chat is attached', () => this.attached)
    this.epoch = this.attached.epoch
  }

  drop() {
    this.socket.drop()
  }

  #write(frame) {
    this.socket.send(JSON.stringify(frame))
  }

  #take(frame) {
    if (frame.type === 'attached') this.attached = frame
    if (frame.type === 'event') this.events.push(frame)
    if (frame.type === 'ack') this.acks.push(frame)
    if (frame.type === 'error') this.errors.push(frame)
  }

  /** Sends a command and waits until the server has it; fails when it was refused. */
  async command(frame) {
    const client_id = randomUUID()
    this.#write({ client_id, ...frame })
    const id = frame.client_id ?? client_id
    await until(`an answer to ${frame.type}`, () => {
      if (this.errors.length > 0) throw new Error(JSON.stringify(this.errors))
      return this.acks.some((ack) => ack.client_id === id)
    })
    const failed = this.acks.find((ack) => ack.client_id === id && ack.status === 'failed')
    if (failed) throw new Error(`${frame.type}: ${failed.error}`)
    return id
  }

  /** A message; words or content. */
  send(said, more = {}) {
    return this.command({ type: 'send', content: typeof said === 'string' ? text(said) : said, ...more })
  }

  answer(request, decision) {
    return this.command({ type: 'answer', request_id: request.request_id, decision })
  }

  of(type) {
    return this.events.flatMap(({ event }) => (event.type === type ? [event] : []))
  }

  /** The nth event of this type, from 1. */
  async nth(type, count = 1, within = 20_000) {
    await until(`${count} × ${type}`, () => this.of(type).length >= count, { within })
    return this.of(type)[count - 1]
  }

  /** A message, and all until its turn is over; gives the turn's end. */
  async turn(said) {
    const before = this.of('turn_finished').length
    await this.send(said)
    return this.nth('turn_finished', before + 1)
  }

  /** Waits until nothing is left to do. */
  idle(within = 30_000) {
    return until('the chat is idle', () => this.of('state').at(-1)?.state === 'idle', { within })
  }

  /** Everything Claude has said, in order. */
  get said() {
    return this.of('message').flatMap(({ block }) => (block.type === 'text' ? [block.text] : []))
  }

  end() {
    return this.server.api('DELETE', `/api/sessions/${this.id}`)
  }
}
