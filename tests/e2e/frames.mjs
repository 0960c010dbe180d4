// Lines as Claude Code writes them, for sessions that are made up.

const USAGE = { input_tokens: 1, output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 }

let serial = 0
export const next = (prefix) => `${prefix}${(serial += 1)}`
export const framed = (frame) => ({ session_id: '', ...frame })
export const system = (subtype, more) => framed({ type: 'system', subtype, ...more })
export const assistant = (content, more = {}) =>
  framed({ type: 'assistant', message: { id: next('msg_'), type: 'message', role: 'assistant', model: 'claude-opus-4-8', content: [content], usage: USAGE, ...more.message }, parent_tool_use_id: null, ...more.line })
export const text = (words) => assistant({ type: 'text', text: words })
export const user = (content, more = {}) => framed({ type: 'user', message: { role: 'user', content }, parent_tool_use_id: null, ...more })
export const over = (more = {}) => framed({ type: 'result', subtype: 'success', is_error: false, duration_ms: 1, num_turns: 1, result: 'x', total_cost_usd: 0, usage: USAGE, ...more })

export function called(name, input, content, structured, isError = false) {
  const id = next('toolu_')
  return [
    assistant({ type: 'tool_use', id, name, input }),
    user([{ type: 'tool_result', tool_use_id: id, content, is_error: isError }], { tool_use_result: structured }),
  ]
}

/** A tool that wants to be allowed. */
export const ask = (tool_name, input, more = {}) => ({
  type: 'control_request',
  request_id: next('r'),
  request: { subtype: 'can_use_tool', tool_name, input, tool_use_id: next('toolu_'), permission_suggestions: [], ...more },
})
