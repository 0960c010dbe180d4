// A scripted Messages API on loopback: what the real Claude Code CLI talks to in tests instead of a model.
//
// The reply is chosen by the newest prompt of the conversation. A prompt may hold steps in double brackets;
// each step is one assistant message, and the next one is sent when the results of the one before have come:
//
//   Make it so: [[write notes.md: hello]] then [[bash echo done]]
//
// Steps joined by `+` share one message ("[[think hm]]+[[read a.txt]]+[[read b.txt]]"). After the last step the
// model says "Result was: …" with the results of the step before it, so a test sees what reached the model.
//
//   say TEXT · say 20x50 TEXT   text, in 20 chunks, 50 ms apart
//   slow 60                     text that takes 60 s
//   think TEXT                  a thinking block        redacted       one that only the model may read
//   write FILE: TEXT            Write        edit FILE: OLD => NEW     Edit
//   read FILE                   Read         bash COMMAND [## WHY]     Bash
//   background COMMAND          Bash with run_in_background
//   ask · ask many              AskUserQuestion: one question, or two of which one takes several answers
//   plan TEXT                   writes the plan file and calls ExitPlanMode (needs plan mode)
//   agent PROMPT                Agent; "((…))" in PROMPT are the steps of the subagent
//   tool NAME {JSON}            any other tool
//   fail 529 · fail 529 2       an API error always, or twice and then the next step
//   fail 400 - TEXT             an API error that says TEXT
//   refuse TEXT                 text, and then the model stops because it refuses
//   cut                         half a stream, then the connection is dropped
//   hang                        a stream that opens and says nothing
//
// A request that offers the model a web search of the API's own (the CLI's WebSearch makes one) is answered by two hits.
//
// GET /__requests lists what came in; DELETE /__requests forgets it.
// `node messages-api.mjs --port 0` prints its URL; tests use `start()`.

import http from 'node:http'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const ERROR_TYPES = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

const QUESTION = {
  question: 'Which colour should it be?',
  header: 'Colour',
  multiSelect: false,
  options: [
    { label: 'Red', description: 'Like a fire engine' },
    { label: 'Blue', description: 'Like the sea' },
    { label: 'Green', description: 'Like a meadow' },
  ],
}

const SECOND_QUESTION = {
  question: 'Which features do you want?',
  header: 'Features',
  multiSelect: true,
  options: [
    { label: 'Search', description: 'Find things' },
    { label: 'Export', description: 'Take things out' },
    { label: 'Dark mode', description: 'Spare the eyes' },
  ],
}

// ---- reading the conversation -------------------------------------------------------------------------------------

const blocksOf = (message) =>
  typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content ?? []

const textOf = (content) =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? `(${part.type})`).join('\n')

/** Text the CLI adds by itself is not a prompt. */
const isPrompt = (text) =>
  text.trim() !== '' && !/^\s*<(system-reminder|command-|local-command-)/.test(text) && !text.startsWith('[Request interrupted')

/** The newest prompt, the replies already given to it, and the newest tool results. */
function readConversation(messages) {
  const state = { prompt: '', replies: 0, results: [] }
  for (const message of messages) {
    if (message.role === 'assistant') {
      state.replies += 1
      state.results = []
      continue
    }
    // The CLI tells the model things in messages of role "system", too.
    for (const block of message.role === 'user' ? blocksOf(message) : []) {
      if (block.type === 'tool_result') {
        state.results.push({ tool_use_id: block.tool_use_id, is_error: block.is_error === true, text: textOf(block.content) })
      } else if (block.type === 'text' && isPrompt(block.text)) {
        Object.assign(state, { prompt: block.text, replies: 0, results: [] })
      }
    }
  }
  return state
}

/** "[[a]]+[[b]] … [[c]]" → [["a","b"],["c"]] */
function parseSteps(prompt) {
  const steps = []
  let end = -1
  for (const match of prompt.matchAll(/\[\[([^]*?)\]\](?!\])/g)) {
    const joined = steps.length > 0 && prompt.slice(end, match.index).trim() === '+'
    if (joined) steps.at(-1).push(match[1].trim())
    else steps.push([match[1].trim()])
    end = match.index + match[0].length
  }
  return steps.flatMap((step) => (step[0].startsWith('plan') ? [[step[0].replace('plan', 'plan-file')], ['plan-exit']] : [step]))
}

// ---- a step becomes content blocks ---------------------------------------------------------------------------------

const words = (count) => Array.from({ length: count }, (_, i) => `word-${i + 1} `)

function textBlock(rest) {
  const match = rest.match(/^(\d+)x(\d+)\s*([^]*)$/)
  if (!match) return { kind: 'text', chunks: rest.match(/[^]{1,12}/g) ?? [''], delay: 15 }
  const [, count, delay, text] = match
  const source = text || words(Number(count)).join('')
  const size = Math.max(1, Math.ceil(source.length / Number(count)))
  return { kind: 'text', chunks: source.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [''], delay: Number(delay) }
}

const tool = (name, input) => ({ kind: 'tool', name, input })

function splitFile(rest) {
  const at = rest.indexOf(':')
  return at < 0 ? [rest.trim(), ''] : [rest.slice(0, at).trim(), rest.slice(at + 1).replace(/^ /, '')]
}

/** The directory the CLI works in, as it tells the model; tools want absolute paths. */
function absolute(file, body) {
  if (file.startsWith('/')) return file
  const directory = JSON.stringify(body.system ?? '').concat(JSON.stringify(body.messages)).match(/[Ww]orking directory: (\/[^\\"\n]*)/)
  return directory ? `${directory[1].trim()}/${file}` : file
}

const BLOCKS = {
  say: (rest) => textBlock(rest),
  slow: (rest) => ({ kind: 'text', chunks: words(Number(rest || 60) * 4), delay: 250 }),
  think: (rest) => ({ kind: 'thinking', chunks: (rest || 'Let me think about it.').match(/[^]{1,12}/g), delay: 15 }),
  redacted: () => ({ kind: 'whole', block: { type: 'redacted_thinking', data: 'c2NyaXB0ZWQ=' } }),
  refuse: (rest) => ({ ...textBlock(rest || 'I cannot help with that.'), stop: 'refusal' }),
  write: (rest, body) => {
    const [file, content] = splitFile(rest)
    return tool('Write', { file_path: absolute(file, body), content })
  },
  edit: (rest, body) => {
    const [file, change] = splitFile(rest)
    const [old_string, new_string = ''] = change.split(' => ')
    return tool('Edit', { file_path: absolute(file, body), old_string, new_string })
  },
  read: (rest, body) => tool('Read', { file_path: absolute(rest, body) }),
  bash: (rest) => {
    const [command, description = 'Run a command'] = rest.split(' ## ')
    return tool('Bash', { command, description, timeout: 600_000 })
  },
  background: (rest) => tool('Bash', { command: rest, description: 'Run in the background', run_in_background: true }),
  ask: (rest) => tool('AskUserQuestion', { questions: rest === 'many' ? [QUESTION, SECOND_QUESTION] : [QUESTION] }),
  agent: (rest) =>
    tool('Agent', {
      description: 'A side task',
      subagent_type: 'general-purpose',
      prompt: rest.replaceAll('((', '[[').replaceAll('))', ']]'),
    }),
  tool: (rest) => {
    const [, name, json] = rest.match(/^(\S+)\s*([^]*)$/)
    return tool(name, JSON.parse(json || '{}'))
  },
  'plan-file': (rest, body) => {
    const path = JSON.stringify(body.messages).match(/\/[^\s"'`\\]+\/plans\/[\w-]+\.md/)
    if (!path) return textBlock('There is no plan file: this session is not in plan mode.')
    return tool('Write', { file_path: path[0], content: rest || '# The plan\n\n1. Look around\n2. Do it\n' })
  },
  'plan-exit': () => tool('ExitPlanMode', {}),
}

function buildBlock(step, body) {
  const [, verb, rest] = step.match(/^(\S+)\s*([^]*)$/) ?? [null, 'say', step]
  return (BLOCKS[verb] ?? (() => textBlock(`There is no step "${verb}".`)))(rest, body)
}

/** What the API itself finds on the web. */
function searchBlocks(body) {
  const query = readConversation(body.messages ?? []).prompt.replace(/^.*query: /s, '')
  const hit = (title, url) => ({ type: 'web_search_result', title, url, encrypted_content: 'c2NyaXB0', page_age: null })
  const content = [hit('Tides explained', 'https://example.org/tides'), hit('The moon and the sea', 'https://example.org/moon')]
  return [
    { kind: 'whole', block: { type: 'server_tool_use', id: 'srvtoolu_script1', name: 'web_search', input: { query } } },
    { kind: 'whole', block: { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_script1', content } },
    textBlock('The moon pulls the sea.'),
  ]
}

/** A fault happens as often as its step says: "fail 529 2" twice, "fail 529" and "hang" always, "cut" once. */
function isDue(verb, rest, key, faults) {
  const times = verb === 'cut' ? 1 : Number(rest.split(' ')[1] ?? Infinity) || Infinity
  const seen = faults.get(key) ?? 0
  faults.set(key, seen + 1)
  return seen < times
}

/** What the model answers: blocks to stream, or a fault. */
function choose(body, faults) {
  const { prompt, replies, results } = readConversation(body.messages ?? [])
  if (!body.tools?.length && /title/i.test(JSON.stringify(body.system ?? ''))) {
    return { blocks: [textBlock(JSON.stringify({ title: 'Scripted session' }))] }
  }
  if (body.tools?.some(({ type }) => type?.startsWith('web_search'))) return { blocks: searchBlocks(body) }
  const steps = parseSteps(prompt)
  let answered = 0
  for (const [index, step] of steps.entries()) {
    const [, verb, rest] = step[0].match(/^(\S+)\s*([^]*)$/)
    const isFault = ['fail', 'cut', 'hang'].includes(verb)
    if (!isFault && answered === replies) return { blocks: step.map((part) => buildBlock(part, body)) }
    if (!isFault) answered += 1
    else if (answered === replies && isDue(verb, rest, `${index} ${prompt}`, faults)) {
      return { fault: verb, status: Number(rest.split(' ')[0]), message: rest.split(' - ')[1] }
    }
  }
  if (results.length > 0) return { blocks: [textBlock(`Result was: ${results.map((result) => result.text).join(' | ')}`)] }
  if (steps.length > 0) return { blocks: [textBlock('Done.')] }
  if (prompt.startsWith('<task-notification>')) return { blocks: [textBlock('The background task is done.')] }
  return { blocks: [textBlock(`8x40 Hello from the scripted model. You wrote: ${prompt.trim()}`)] }
}

// ---- sending -------------------------------------------------------------------------------------------------------

let serial = 0

function messageHead(body) {
  serial += 1
  return {
    id: `msg_script${String(serial).padStart(6, '0')}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 120, cache_creation_input_tokens: 20, cache_read_input_tokens: 30, output_tokens: 1 },
  }
}

const stopReason = (blocks) =>
  blocks.find((block) => block.stop)?.stop ?? (blocks.some((block) => block.kind === 'tool') ? 'tool_use' : 'end_turn')

const toolId = (head, index) => `toolu_${head.id.slice(4)}x${index}`

function finished(block, head, index) {
  if (block.kind === 'whole') return block.block
  if (block.kind === 'tool') return { type: 'tool_use', id: toolId(head, index), name: block.name, input: block.input }
  const text = block.chunks.join('')
  return block.kind === 'thinking' ? { type: 'thinking', thinking: text, signature: 'c2NyaXB0' } : { type: 'text', text }
}

function opened(block, head, index) {
  if (block.kind === 'whole') return block.block.type === 'server_tool_use' ? { ...block.block, input: {} } : block.block
  if (block.kind === 'tool') return { type: 'tool_use', id: toolId(head, index), name: block.name, input: {} }
  return block.kind === 'thinking' ? { type: 'thinking', thinking: '', signature: '' } : { type: 'text', text: '' }
}

function deltas(block) {
  if (block.kind === 'whole') {
    return block.block.input ? [{ type: 'input_json_delta', partial_json: JSON.stringify(block.block.input) }] : []
  }
  if (block.kind === 'tool') {
    return JSON.stringify(block.input).match(/[^]{1,40}/g).map((partial_json) => ({ type: 'input_json_delta', partial_json }))
  }
  if (block.kind === 'thinking') {
    return [...block.chunks.map((thinking) => ({ type: 'thinking_delta', thinking })), { type: 'signature_delta', signature: 'c2NyaXB0' }]
  }
  return block.chunks.map((text) => ({ type: 'text_delta', text }))
}

async function streamReply(response, body, reply) {
  const head = messageHead(body)
  const send = (type, data) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'request-id': `req_${head.id.slice(4)}` })
  if (reply.fault === 'hang') return response.flushHeaders()
  send('message_start', { message: head })
  send('ping', {})
  if (reply.fault === 'cut') {
    send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
    send('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'This sentence will never be fin' } })
    await sleep(50)
    return response.destroy()
  }
  for (const [index, block] of reply.blocks.entries()) {
    send('content_block_start', { index, content_block: opened(block, head, index) })
    for (const delta of deltas(block)) {
      if (response.destroyed) return
      send('content_block_delta', { index, delta })
      await sleep(block.delay ?? 5)
    }
    send('content_block_stop', { index })
  }
  send('message_delta', { delta: { stop_reason: stopReason(reply.blocks), stop_sequence: null }, usage: { output_tokens: 42 } })
  send('message_stop', {})
  response.end()
}

function sendJson(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

const sendError = (response, status, message) =>
  sendJson(
    response,
    status,
    { type: 'error', error: { type: ERROR_TYPES[status] ?? 'api_error', message } },
    status === 429 || status === 529 ? { 'retry-after': '1' } : {},
  )

async function answerMessages(response, body, faults) {
  const reply = choose(body, faults)
  if (reply.fault === 'fail') return sendError(response, reply.status, reply.message ?? `Scripted error ${reply.status}`)
  if (body.stream) return streamReply(response, body, reply)
  if (reply.fault) return response.destroy()
  const head = messageHead(body)
  sendJson(response, 200, {
    ...head,
    content: reply.blocks.map((block, index) => finished(block, head, index)),
    stop_reason: stopReason(reply.blocks),
    usage: { ...head.usage, output_tokens: 42 },
  })
}

// ---- the server ----------------------------------------------------------------------------------------------------

async function readJson(request) {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text === '' ? {} : JSON.parse(text)
}

/** What a test may want to know of a request; the long system prompt and tool list are left out. */
function record(request, path, body) {
  const { prompt, replies, results } = readConversation(body.messages ?? [])
  return {
    at: Date.now(),
    method: request.method,
    path,
    model: body.model,
    effort: body.output_config?.effort,
    stream: body.stream === true,
    tools: (body.tools ?? []).map((entry) => entry.name),
    user_agent: request.headers['user-agent'],
    prompt,
    replies,
    results,
    messages: body.messages ?? [],
  }
}

/** Starts the API on loopback. `requests` is the live record of what came in. */
export async function start({ port = 0 } = {}) {
  const requests = []
  const faults = new Map()
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://loopback')
    response.on('error', () => {})
    try {
      if (pathname === '/__requests') {
        if (request.method === 'DELETE') requests.length = 0
        return sendJson(response, 200, requests)
      }
      if (request.method === 'HEAD') return response.writeHead(200).end()
      const body = await readJson(request)
      requests.push(record(request, pathname, body))
      if (pathname === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 150 })
      if (pathname === '/v1/messages') return await answerMessages(response, body, faults)
      sendError(response, 404, `There is no ${request.method} ${pathname} here`)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else sendError(response, 400, String(error))
    }
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const at = process.argv.indexOf('--port')
  const api = await start({ port: at < 0 ? 0 : Number(process.argv[at + 1]) })
  console.log(api.url)
}
