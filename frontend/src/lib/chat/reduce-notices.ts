// Everything said about the conversation rather than in it: turns, modes, retries, hooks, limits, the end.

import type { JsonValue } from '$lib/protocol';
import { patch, type Store, type EventOf, type EventType, type Handlers } from './store';
import { modelName, plural } from '$lib/text/format';
import { modeName } from '$lib/text/state';
import { compactedWords, deniedWords, rateLimitWords, retriedWords, retryWords } from './notice-words';
import type { Cell, Item, LogItem, NoticeItem, Tone } from './items';
import { cancelPending } from './reduce-prompts';
import { drop } from './reduce-texts';
import { stopOpenTools } from './reduce-tools';

type Notices = Exclude<
  EventType,
  | `user_message${string}`
  | 'text_delta'
  | 'thinking_delta'
  | 'message'
  | 'message_discarded'
  | `tool_${string}`
  | `task_${string}`
  | `approval_${string}`
  | `question_${string}`
  | `plan_${string}`
>;

const STDERR_KEPT = 200;

export const NOTICES: Handlers<Notices> = {
  capabilities: (c, e) => c.set({ commands: e.commands, models: e.models, agents: e.agents, projectTrusted: e.project_trusted }),
  turn_started: (c, e, at) => {
    const { mode, model } = c.meta.value;
    // A list that was done in an earlier turn is history.
    if (c.steps.value.every((step) => step.status === 'completed')) c.steps.value = [];
    c.set({ turnSince: at, model: e.model ?? model, mode: e.permission_mode ?? mode, mcpServers: e.mcp_servers });
  },
  turn_finished: turnFinished,
  state: (c, e) => c.set(e.state === 'idle' || e.state === 'ended' ? { state: e.state, activity: null } : { state: e.state }),
  mode: (c, e, at) => changed(c, 'mode', e.permission_mode, at, `Permission mode is now ${modeName(e.permission_mode)}`),
  model: (c, e, at) => changed(c, 'model', e.model, at, `Model is now ${modelName(e.model)}`),
  queue: (c, e) => c.set({ queue: e.order.flatMap((id) => c.queued.get(id) ?? []), queuePaused: e.paused }),
  effort: (c, e, at) => {
    const before = c.meta.value.effort;
    c.set({ effort: e.effort });
    if (before !== null && before !== e.effort) notice(c, at, 'effort', 'quiet', `Effort is now ${e.effort}`);
  },
  context: (c, e) => c.set({ context: { used_tokens: e.used_tokens, window_tokens: e.window_tokens } }),
  resumed: (c, e, at) => {
    settle(c, true, at);
    if (e.cut) c.divide('Earlier parts of the conversation are left out here', at);
    c.divide(e.forked ? 'A copy of the conversation goes on here' : 'The conversation goes on here', at);
  },
  rewound: (c, e, at) => notice(c, at, 'rewound', 'info', `${plural(e.files.length, 'file')} set back`, { detail: e.files.join('\n') }),
  title: (c, e) => c.set({ title: e.title }),
  activity: (c, e) => c.set({ activity: e.status }),
  compacted: (c, e, at) => c.divide(compactedWords(e.trigger, e.pre_tokens, e.post_tokens), at, true),
  api_retry: retry,
  rate_limit: (c, e, at) => rateLimit(c, e.raw, at),
  hook: hook,
  stderr: (c, e, at) => {
    c.stderr.push(e.line);
    if (c.stderr.length > STDERR_KEPT) c.stderr.shift();
    log(c, 'stderr', e.line, false, at);
  },
  warning: (c, e, at) => notice(c, at, e.code, 'warn', e.message),
  permission_denied: (c, e, at) => notice(c, at, 'permission_denied', 'warn', deniedWords(e.tool_name), { detail: e.message }),
  ended: (c, e, at) => {
    settle(c, true, at);
    cancelPending(c, at);
    c.set({ state: 'ended', activity: null, turnSince: null, ended: { reason: e.reason, code: e.code, signal: e.signal, at } });
  },
  unknown: (c, e, at) => c.addUnknown(e.raw, at),
};

type More = Partial<Pick<NoticeItem, 'detail' | 'until' | 'raw'>>;

function notice(c: Store, at: number, code: string, tone: Tone, text: string, { detail = null, until = null, raw = null }: More = {}): Cell<NoticeItem> {
  return c.add<NoticeItem>({ kind: 'notice', at, code, tone, text, detail, until, raw });
}

function turnFinished(c: Store, e: EventOf<'turn_finished'>, at: number): void {
  settle(c, false, at);
  const last = c.items.at(-1)?.value;
  c.add({
    kind: 'turn',
    told: last?.kind === 'text' && last.error !== null && last.text.trim() === e.error?.trim(),
    at,
    outcome: e.outcome,
    error: e.error,
    usage: e.usage,
    cost: e.cost_usd,
    durationMs: e.duration_ms,
    unsolicited: e.unsolicited,
  });
  c.set({ turnSince: null, activity: null, totalCost: e.total_cost_usd ?? c.meta.value.totalCost });
}

/** What was being written stays as far as it got; a tool call that was only announced goes. */
function settle(c: Store, ended: boolean, at: number): void {
  for (const cell of [...c.open]) {
    const item = cell.value;
    if (item.kind === 'text' || item.kind === 'thinking') {
      cell.value = { ...item, done: true, endedAt: at };
      c.open.delete(cell);
    } else if (item.kind === 'tool' && item.status === 'preparing' && item.children.length === 0) {
      drop(c, cell);
    }
  }
  stopOpenTools(c, ended);
}

function changed(c: Store, key: 'mode' | 'model', value: string, at: number, words: string): void {
  const before = c.meta.value[key];
  c.set({ [key]: value });
  if (before !== null && before !== value) notice(c, at, key, 'quiet', words);
}

function retry(c: Store, e: EventOf<'api_retry'>, at: number): void {
  const text = retryWords(e.attempt, e.max_retries, e.error_status, e.error);
  const until = at + e.retry_delay_ms;
  const words = retriedWords(e.attempt, e.error_status, e.error);
  // One line that counts up, not one line per try.
  if (c.retrying !== null) {
    patch(c.retrying.cell, { text, until });
    c.retrying = { ...c.retrying, words };
  } else c.retrying = { cell: notice(c, at, 'api_retry', 'warn', text, { until }), words };
}

const GOES_ON: ReadonlySet<string> = new Set<EventType>(['text_delta', 'thinking_delta', 'message', 'tool_use_started', 'tool_use', 'turn_finished', 'turn_started', 'ended', 'resumed']);

/** Whatever comes next, the wait is over: it went well, or what went wrong is said right after. */
export function settleRetry(c: Store, type: string): void {
  if (c.retrying === null || !GOES_ON.has(type)) return;
  patch(c.retrying.cell, { tone: 'quiet', text: c.retrying.words, until: null });
  c.retrying = null;
}

function rateLimit(c: Store, raw: JsonValue, at: number): void {
  const words = rateLimitWords(raw);
  if (words !== null && words.text !== c.limitSaid) notice(c, at, 'rate_limit', words.tone, words.text, { raw });
  c.limitSaid = words?.text ?? null;
}

function hook(c: Store, e: EventOf<'hook'>, at: number): void {
  const failed = e.outcome !== null && e.outcome !== 'success';
  const end = failed ? ` · ${e.outcome}${e.exit_code === null ? '' : `, exit ${e.exit_code}`}` : '';
  const output = e.output.trim();
  log(c, 'hook', `${e.name}${end}${output === '' ? '' : `\n${output}`}`, failed, at);
}

function log(c: Store, source: LogItem['source'], line: string, failed: boolean, at: number): void {
  const last = c.last as Cell<Item> | undefined;
  if (last?.value.kind === 'log' && last.value.source === source) {
    const item = last as unknown as Cell<LogItem>;
    // A program that floods stderr must not make each line cost more than the one before.
    const kept = item.value.lines.length < STDERR_KEPT ? item.value.lines : item.value.lines.slice(1 - STDERR_KEPT);
    patch(item, { lines: [...kept, line], failed: item.value.failed + (failed ? 1 : 0) });
  } else {
    c.add<LogItem>({ kind: 'log', at, source, failed: failed ? 1 : 0, lines: [line] });
  }
}
