// A tiny MCP server on stdio: what the tests give the CLI to call.

import { createInterface } from 'node:readline'

const TOOLS = [
  {
    name: 'weigh',
    description: 'Weighs a thing',
    inputSchema: { type: 'object', properties: { thing: { type: 'string' } }, required: ['thing'] },
  },
  { name: 'picture', description: 'Draws a dot', inputSchema: { type: 'object', properties: {} } },
  { name: 'fails', description: 'Always fails', inputSchema: { type: 'object', properties: {} } },
]
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

const CALLS = {
  weigh: ({ thing }) => ({ content: [{ type: 'text', text: JSON.stringify({ thing, grams: 420, tags: ['heavy', 'red'] }) }] }),
  picture: () => ({ content: [{ type: 'text', text: 'A dot:' }, { type: 'image', data: DOT, mimeType: 'image/png' }] }),
  fails: () => ({ isError: true, content: [{ type: 'text', text: 'The scales are broken' }] }),
}

const ANSWERS = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'scales', version: '1' } }),
  'tools/list': () => ({ tools: TOOLS }),
  'tools/call': (params) => CALLS[params.name](params.arguments ?? {}),
  ping: () => ({}),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) continue
  const answer = ANSWERS[method]
  const outcome = answer ? { result: answer(params ?? {}) } : { error: { code: -32601, message: `There is no ${method} here` } }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...outcome })}\n`)
}
