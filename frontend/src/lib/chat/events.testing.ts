// Makers of events for tests: say what matters, the rest is filled in.

import type { ApprovalRequest, ChatEvent, JsonValue, Session } from '$lib/protocol';
import { Conversation } from './conversation';
import type { Cell, Item, PromptItem, TextItem, ToolItem } from './items';

type Make<K extends ChatEvent['type']> = Partial<Extract<ChatEvent, { type: K }>>;

export const user = (text: string, more: Make<'user_message'> = {}): ChatEvent => ({
  type: 'user_message',
  client_id: null,
  message_id: null,
  content: [{ type: 'text', text }],
  origin: 'user',
  by: 'Chrome on Linux',
  parent_tool_use_id: null,
  ...more,
});

export const delta = (text: string, message_id = 'm1', index = 0): ChatEvent => ({ type: 'text_delta', message_id, index, text });

export const said = (text: string, more: Make<'message'> = {}): ChatEvent => ({
  type: 'message',
  message_id: 'm1',
  index: 0,
  block: { type: 'text', text },
  uuid: null,
  synthetic: false,
  error: null,
  parent_tool_use_id: null,
  ...more,
});

export const tool = (tool_use_id: string, name: string, input: JsonValue = {}, parent: string | null = null): ChatEvent => ({
  type: 'tool_use',
  tool_use_id,
  name,
  input,
  message_id: 'm1',
  parent_tool_use_id: parent,
});

export const result = (tool_use_id: string, text = '', more: Make<'tool_result'> = {}): ChatEvent => ({
  type: 'tool_result',
  tool_use_id,
  is_error: false,
  content: [{ type: 'text', text }],
  structured: null,
  cut_bytes: null,
  parent_tool_use_id: null,
  ...more,
});

export const request = (more: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  request_id: 'r1',
  tool_use_id: 't1',
  tool_name: 'Bash',
  input: { command: 'ls' },
  description: null,
  suggestions: [],
  blocked_path: null,
  decision_reason: null,
  agent_id: null,
  ...more,
});

export const approval = (more: Partial<ApprovalRequest> = {}): ChatEvent => ({ type: 'approval_requested', request: request(more) });

export const resolved = (more: Make<'approval_resolved'> = {}): ChatEvent => ({
  type: 'approval_resolved',
  request_id: 'r1',
  outcome: 'allowed',
  by: 'Pixel',
  message: null,
  updated_input: null,
  rules: [],
  ...more,
});

export const finished = (more: Make<'turn_finished'> = {}): ChatEvent => ({
  type: 'turn_finished',
  outcome: 'success',
  error: null,
  usage: { input_tokens: 100, output_tokens: 25, cache_read_input_tokens: 30, cache_creation_input_tokens: 20 },
  cost_usd: 0.012,
  total_cost_usd: 0.034,
  duration_ms: 4_200,
  unsolicited: false,
  ...more,
});

export const session = (more: Partial<Session> = {}): Session => ({
  id: 's1',
  kind: 'chat',
  program: null,
  title: 'gate tests',
  cwd: 'proj',
  state: 'idle',
  state_since: 0,
  model: 'opus',
  permission_mode: 'default',
  effort: null,
  claude_session_id: null,
  pid: 1,
  keep: false,
  viewers: 1,
  created_at: 0,
  last_activity_at: 0,
  cost_usd: null,
  context: null,
  last_line: null,
  warnings: 0,
  pending: [],
  end: null,
  ...more,
});

/** Applies events numbered from 1, one second apart. */
export function converse(...events: ChatEvent[]): Conversation {
  const conversation = new Conversation();
  events.forEach((event, i) => conversation.apply(i + 1, (i + 1) * 1_000, event));
  return conversation;
}

export const kinds = (conversation: Conversation): string[] => conversation.items.map((cell) => cell.value.kind);

export function tools(cells: readonly Cell<Item>[]): ToolItem[] {
  return cells.flatMap(({ value }) => (value.kind === 'tool' ? [value] : []));
}

export function texts(conversation: Conversation): TextItem[] {
  return conversation.items.flatMap(({ value }) => (value.kind === 'text' || value.kind === 'thinking' ? [value] : []));
}

export function prompts(conversation: Conversation): PromptItem[] {
  return conversation.items.flatMap(({ value }) =>
    value.kind === 'approval' || value.kind === 'question' || value.kind === 'plan' ? [value] : [],
  );
}
