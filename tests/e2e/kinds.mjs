// Which kinds of messages and tools the recordings hold, and the row or card of the page each must become. The table in
// ../fixtures/stream/README.md is written from what the page really shows.

/** Some texts only fill a place, and are not shown. */
const hasWords = (text) => /[A-Za-z]/.test(text) && text !== '(no content)'
/** The beginning of a text as it stands in the page: without marks of markdown, on one line. */
const beginning = (text) => text.match(/[A-Za-z][A-Za-z ]*[A-Za-z]/)?.[0] ?? text
const literally = (words) => new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
const outcome = (wanted, error) => (event) => event.type === 'turn_finished' && event.outcome === wanted && (error === undefined || Boolean(event.error) === error)
const isA = (type, more = () => true) => (event) => event.type === type && more(event)
const task = (event) => /^task_/.test(event.type)
const taskOf = (wanted) => (event) => event.type === wanted

/** Kind, the events that are of it, the kind of row, and what the row says; without a row, where it shows. */
export const MESSAGES = [
  { kind: 'text', is: isA('message', ({ block, error, parent_tool_use_id }) => block.type === 'text' && !error && parent_tool_use_id === null && hasWords(block.text)), row: 'text', says: ({ block }) => literally(beginning(block.text)), card: 'prose' },
  { kind: 'API error, refusal, prompt too long', is: isA('message', ({ block, error }) => block.type === 'text' && Boolean(error)), row: 'text', says: ({ block }) => literally(beginning(block.text)), card: 'message of Claude Code' },
  { kind: 'thinking', is: isA('message', ({ block }) => block.type === 'thinking'), row: 'thinking', says: () => /Thought/ },
  { kind: 'user message', is: isA('user_message', ({ client_id }) => client_id !== null), row: 'user', says: ({ content }) => literally(content[0].text.slice(0, 12)), card: 'what you wrote' },
  { kind: 'approval', is: isA('approval_requested'), row: 'approval', says: () => /Allowed by script|No longer needed|Answered|Denied/ },
  { kind: 'question', is: isA('question_requested'), row: 'question', says: () => /Claude (has \d+ questions|asks)|Denied|No longer needed/ },
  { kind: 'plan', is: isA('plan_requested'), row: 'plan', says: () => /The plan/ },
  { kind: 'refused by rule, mode or Claude Code', is: isA('permission_denied'), row: 'notice', says: () => /\w+ was denied by the permission rules/ },
  { kind: 'hook', is: isA('hook'), row: 'log', says: ({ name }) => literally(name) },
  { kind: 'retry', is: isA('api_retry'), row: 'notice', says: () => /Tried again(?: \d+ times)?: [a-z ]*[a-z]/ },
  { kind: 'compaction', is: isA('compacted'), row: 'divider', says: ({ trigger }) => (trigger === 'auto' ? /Conversation compacted automatically/ : /Conversation compacted/) },
  { kind: 'failed compaction', is: isA('warning', ({ code }) => code === 'compact_failed'), row: 'notice', says: ({ message }) => literally(beginning(message)) },
  { kind: 'a request this version does not know', is: isA('warning', ({ code }) => code === 'unknown_control_request'), row: 'notice', says: () => /Claude Code asked for/ },
  { kind: 'limit of the account', is: isA('rate_limit', ({ raw }) => raw.rate_limit_info.status !== 'allowed'), row: 'notice', says: () => /The (five-hour|weekly) limit is (close|reached)/ },
  { kind: 'task started', is: taskOf('task_started'), row: null, card: 'on its call’s card, else a task row' },
  { kind: 'task progress, updated, finished', is: (event) => task(event) && event.type !== 'task_started', row: null, card: 'the same' },
  { kind: 'progress of a call', is: isA('tool_progress'), row: null, card: 'seconds on its card' },
  { kind: 'turn: success', is: outcome('success'), row: 'turn', says: () => /\d+ out|\d s/, card: 'time, tokens, cost' },
  { kind: 'turn: interrupted', is: outcome('interrupted'), row: 'turn', says: () => /Interrupted/ },
  { kind: 'turn: error', is: outcome('error', true), row: null, card: 'The turn ended with an error, unless the message said it' },
  { kind: 'mode', is: isA('mode'), row: null, card: 'header; “Permission mode is now …” when it changes' },
  { kind: 'title, model, state, context, commands', is: ({ type }) => ['title', 'model', 'state', 'context', 'capabilities'].includes(type), row: null, card: 'header, gauge, pickers' },
  { kind: 'declared but never seen, from the future, no message', is: isA('unknown'), row: 'unknown', says: () => /An event this page does not know/ },
]

const kindOfTool = (name) => (/^mcp__/.test(name) ? 'MCP tool (`mcp__…`)' : name === '__proto__' || name === 'TimeTravel' ? 'any other tool' : name)

/** Collects what was shown, recording by recording. */
export class Table {
  rows = new Map()

  note(kind, file, card) {
    const row = this.rows.get(kind) ?? { kind, files: new Set(), card }
    const captured = (name) => !name.startsWith('handmade_')
    // A captured one says more about the CLI than one made by hand.
    if (captured(file) && ![...row.files].some(captured)) row.card = card
    row.files.add(file)
    this.rows.set(kind, row)
  }

  tool(event, file, { line, face }) {
    // Calls that asked are told by what they asked; these were refused before.
    if (event.name !== 'AskUserQuestion') this.note(kindOfTool(event.name), file, `${line} · ${face}`)
  }

  /** As lines of markdown, sorted. */
  get lines() {
    const place = ({ kind }) => MESSAGES.findIndex((message) => message.kind === kind)
    const order = (a, b) => (place(a) + MESSAGES.length + 1) % (MESSAGES.length + 1) - (place(b) + MESSAGES.length + 1) % (MESSAGES.length + 1) || (a.kind < b.kind ? -1 : 1)
    return ['| kind | file | captured or hand-made | card |', '| --- | --- | --- | --- |', ...[...this.rows.values()].sort(order).map(({ kind, files, card }) => {
      const captured = [...files].filter((name) => !name.startsWith('handmade_'))
      const shown = captured.length > 0 ? captured : [...files]
      return `| ${kind} | ${shown.slice(0, 3).join(', ')}${shown.length > 3 ? ` and ${shown.length - 3} more` : ''} | ${captured.length > 0 ? 'captured' : 'hand-made'} | ${card.replaceAll('|', '\\|')} |`
    })]
  }
}
