// Makes what the CLI wrote the same on every machine and at every time: identifiers are numbered in the order they come,
// paths lose where the test ran, times are fixed, and what is long and says nothing new is cut.

import { realpathSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const TIMESTAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g
/** Identifiers without a shape of their own are known by the field they stand in. */
const ID_FIELDS = new Set(['id', 'task_id', 'taskId', 'agentId', 'agent_id', 'backgroundTaskId', 'shell_id', 'bash_id'])
const SCRIPTED = /script\d{6}/g
const MADE_UP = [
  [/\bwf_[0-9a-f]{8}-[0-9a-f]{3}\b/g, 'wf_00000000-000'],
  [/plans\/[\w-]+\.md/g, 'plans/the-plan.md'],
  [/(Total duration \((?:API|wall)\): +)\S+/g, '$11s'],
  [/tool-results\/\w+\.txt/g, 'tool-results/result.txt'],
  [/(duration_ms: )\d+/g, '$1100'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:1'],
  [/\b(?:1[6-9]|20)\d{11}\b/g, '1767225600000'],
]
/** Measured, and so different every time. */
const MEASURED = /^(duration(_api)?_?ms|durationMs|durationSeconds|ttft_ms|ttft_stream_ms|time_to_request_ms|elapsed_time_seconds|totalDurationMs|pid|end_time|start_time|retry_delay_ms|mtime|timestamp_ms|scheduledFor|clampedDelaySeconds)$/
/** Long lists that only the settings of the machine decide. */
const LISTS = new Set(['commands', 'agents', 'models', 'slash_commands', 'skills', 'available_output_styles', 'plugins'])

/** An identifier that says nothing: letters and digits in no order a person would choose. */
const isOpaque = (value) => /^[a-z0-9]{8,24}$/i.test(value) && /\d/.test(value) && !/^script\d/.test(value)

const LONGEST_TEXT = 4_000
const LONGEST_WORDS = 260
const LONGEST_LIST = 3

export class Stable {
  #numbers = new Map()
  #counts = new Map()
  #paths
  #secrets

  /** `paths` are [real, shown] pairs; the longest is replaced first. */
  constructor(paths, secrets = []) {
    const munged = paths.map(([real, shown]) => [real.replaceAll(/[^A-Za-z0-9]/g, '-'), shown.replace('~', '-home').replaceAll(/[^A-Za-z0-9]/g, '-')])
    const own = [[realpathSync(tmpdir()), '/tmp'], [`claude-${userInfo().uid}`, 'claude-1000']]
    this.#paths = [...paths, ...munged, ...own].sort(([a], [b]) => b.length - a.length)
    this.#secrets = secrets
  }

  /** All frames of a recording: an identifier may stand in a text before it stands in its field. */
  frames(frames) {
    for (const frame of frames) this.#learn(frame, '')
    return frames.map((frame) => this.#frame(frame))
  }

  #learn(value, key) {
    if (typeof value === 'string') {
      if (ID_FIELDS.has(key) && isOpaque(value)) this.#number(key === 'id' ? 'id' : key.replace(/_?id$/i, ''), value)
    } else if (value !== null && typeof value === 'object') {
      for (const [name, entry] of Object.entries(value)) this.#learn(entry, Array.isArray(value) ? '' : name)
    }
  }

  #frame(frame) {
    const brief = frame.type === 'control_response' || frame.subtype === 'init'
    return this.#value(frame, '', brief)
  }

  #number(kind, id) {
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    const shown = kind === 'script' ? `script${String(count).padStart(6, '0')}` : kind === 'uuid' ? `00000000-0000-4000-8000-${String(count).padStart(12, '0')}` : `${kind}-${count}`
    this.#numbers.set(id, shown)
    return shown
  }

  #text(text, brief) {
    let said = text
    for (const [real, shown] of this.#paths) said = said.replaceAll(real, shown)
    for (const secret of this.#secrets) said = said.replaceAll(secret, 'FAKEKEY')
    said = said.replaceAll(UUID, (id) => this.#number('uuid', id)).replaceAll(TIMESTAMP, '2026-01-01T00:00:00.000Z')
    said = said.replaceAll(SCRIPTED, (id) => this.#number('script', id))
    for (const [pattern, shown] of MADE_UP) said = said.replaceAll(pattern, shown)
    for (const [id, shown] of this.#numbers) if (isOpaque(id)) said = said.replaceAll(id, shown)
    const longest = brief ? LONGEST_WORDS : LONGEST_TEXT
    return said.length > longest ? `${said.slice(0, longest)}…(+${said.length - longest} chars)` : said
  }

  #value(value, key, brief) {
    if (typeof value === 'string') {
      // Pieces of a tool's input would hold pieces of paths.
      return key === 'partial_json' ? '' : this.#text(value, brief)
    }
    if (typeof value === 'number') return MEASURED.test(key) ? 100 : /cost/i.test(key) || value < 1e11 ? value : 1_767_225_600_000
    if (Array.isArray(value)) {
      const kept = brief && LISTS.has(key) ? value.slice(0, LONGEST_LIST) : value
      const shown = kept.map((entry) => this.#value(entry, '', brief))
      return kept.length < value.length ? [...shown, `…(+${value.length - kept.length} more)`] : shown
    }
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [this.#text(name, true), this.#value(entry, name, brief)]))
  }
}

const KEPT_DELTAS = 2

/** Whether a frame is worth keeping: of a block's deltas and of heartbeats only the first few are. */
export function thinning() {
  const seen = new Map()
  const first = (key, count) => {
    const before = seen.get(key) ?? 0
    seen.set(key, before + 1)
    return before < count
  }
  let message = ''
  return (frame) => {
    if (frame.subtype === 'thinking_tokens') return first('thinking_tokens', 3)
    if (frame.type !== 'stream_event') return true
    if (frame.event.type === 'message_start') message = frame.event.message.id
    if (frame.event.type !== 'content_block_delta') return true
    return first(`${message} ${frame.event.index} ${frame.event.delta.type}`, KEPT_DELTAS)
  }
}
