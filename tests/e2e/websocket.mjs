// A WebSocket as a script opens it: the parts of RFC 6455 that a test needs. Node has one from version 22 on only.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:https'

const TEXT = 1
const CLOSE = 8
const PING = 9
const PONG = 10

function frame(opcode, payload) {
  const mask = randomBytes(4)
  const head = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(payload.length < 65_536 ? 4 : 10)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (payload.length < 126 ? payload.length : payload.length < 65_536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(payload.length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2)
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ mask[index & 3])])
}

/** The first frame in `bytes`, once it is all there. */
function parse(bytes) {
  if (bytes.length < 2) return undefined
  const short = bytes[1] & 0x7f
  const at = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < at) return undefined
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < at + length) return undefined
  return { final: (bytes[0] & 0x80) !== 0, opcode: bytes[0] & 0x0f, payload: bytes.subarray(at, at + length), rest: bytes.subarray(at + length) }
}

export class Socket {
  /** `onText` gets every message, `onClose` is called once. */
  static async open(port, path, { onText, onClose = () => {} }) {
    const socket = new Socket()
    Object.assign(socket, { onText, onClose, buffered: [], size: 0, message: [] })
    const call = request({
      host: '127.0.0.1',
      port,
      path,
      rejectUnauthorized: false,
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        origin: `https://127.0.0.1:${port}`,
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    })
    call.end()
    const [response, stream, head] = await Promise.race([
      once(call, 'upgrade'),
      once(call, 'response').then(([refused]) => {
        throw new Error(`${path}: no upgrade, but ${refused.statusCode}`)
      }),
    ])
    socket.stream = stream
    stream.on('data', (chunk) => socket.#take(chunk))
    stream.on('error', () => {})
    stream.on('close', () => socket.onClose())
    if (head.length > 0) socket.#take(head)
    return Object.assign(socket, { status: response.statusCode })
  }

  send(text) {
    this.stream.write(frame(TEXT, Buffer.from(text)))
  }

  /** Breaks the connection as a lost network does: without a word. */
  drop() {
    this.stream.destroy()
  }

  #take(chunk) {
    let bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk])
    for (let found = parse(bytes); found !== undefined; found = parse(bytes)) {
      bytes = found.rest
      this.#frame(found)
    }
    this.rest = bytes
  }

  #frame({ final, opcode, payload }) {
    if (opcode === PING) return this.stream.write(frame(PONG, payload))
    if (opcode === CLOSE) return this.stream.end(frame(CLOSE, payload))
    if (opcode === PONG) return undefined
    this.message.push(payload)
    if (!final) return undefined
    const text = Buffer.concat(this.message).toString('utf8')
    this.message = []
    return this.onText(text)
  }
}
