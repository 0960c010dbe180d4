// Sentences for what the CLI reports in words of its own.

import type { EndReason, JsonValue } from '$lib/protocol';
import { clock, duration, tokens } from '$lib/text/format';
import type { Ended, Tone } from './items';
import { field, numberField, textField } from './json';

const API_ERRORS: Readonly<Record<string, string>> = {
  overloaded: 'the API is overloaded',
  rate_limit: 'the rate limit was reached',
  server_error: 'the API had an internal error',
  authentication_failed: 'the API did not accept the login',
  billing_error: 'the account cannot be billed',
  invalid_request: 'the API refused the request',
};

export function apiErrorWords(error: string): string {
  return API_ERRORS[error] ?? error.replaceAll('_', ' ');
}

export function retryWords(attempt: number, most: number, status: number | null, error: string): string {
  return `Trying again: ${retryReason(status, error)}. Try ${attempt} of ${most}`;
}

/** What is left of it once the wait is over. */
export function retriedWords(attempt: number, status: number | null, error: string): string {
  return `Tried again${attempt > 1 ? ` ${attempt} times` : ''}: ${retryReason(status, error)}.`;
}

function retryReason(status: number | null, error: string): string {
  return status === null ? 'the API could not be reached' : `${apiErrorWords(error)} (${status})`;
}

/** The end of a sentence that counts down. */
export function countdownWords(until: number, now: number): string {
  const left = until - now;
  return left > 0 ? `in ${duration(Math.max(1_000, Math.ceil(left / 1_000) * 1_000))}` : 'now';
}

export function compactedWords(trigger: string | null, before: number | null, after: number | null): string {
  const how = trigger === 'auto' ? 'Conversation compacted automatically' : 'Conversation compacted';
  if (before === null) return how;
  return after === null ? `${how} · was ${tokens(before)} tokens` : `${how} · ${tokens(before)} → ${tokens(after)} tokens`;
}

export function deniedWords(tool: string): string {
  return `${tool} was denied by the permission rules.`;
}

const LIMITS: Readonly<Record<string, string>> = {
  five_hour: 'five-hour limit',
  seven_day: 'weekly limit',
  seven_day_opus: 'weekly Opus limit',
  seven_day_sonnet: 'weekly Sonnet limit',
  overage: 'limit of extra usage',
};

/** None while the limit is far away. */
export function rateLimitWords(raw: JsonValue): { tone: Tone; text: string } | null {
  const info = field(raw, 'rate_limit_info') ?? raw;
  const status = textField(info, 'status');
  if (status === 'allowed') return null;
  const type = textField(info, 'rateLimitType');
  const which = type === null ? 'usage limit' : (LIMITS[type] ?? `${type.replaceAll('_', ' ')} limit`);
  const until = resetWords(numberField(info, 'resetsAt'));
  if (status === 'rejected') {
    if (textField(info, 'overageStatus') === 'allowed') return { tone: 'warn', text: `The ${which} is reached; extra usage is billed.${until}` };
    return { tone: 'error', text: `The ${which} is reached.${until}` };
  }
  const used = numberField(info, 'utilization');
  const share = used === null ? '' : ` ${Math.round(used <= 1 ? used * 100 : used)} % of it are used.`;
  return { tone: 'warn', text: `The ${which} is close.${share}${until}` };
}

// Seconds, unlike every other time on this wire.
function resetWords(at: number | null): string {
  return at === null ? '' : ` It resets at ${clock(at < 1e12 ? at * 1_000 : at)}.`;
}

const REASONS: Readonly<Record<EndReason, string>> = {
  exited: 'Claude Code exited',
  killed: 'The session was stopped',
  disconnected: 'The session was stopped because nobody was connected',
  idle_timeout: 'The session was stopped after being idle',
  crashed: 'Claude Code crashed',
  failed_to_start: 'Claude Code did not start',
  shutdown: 'The server was shut down',
};

/** One sentence: why, and with which code or signal. */
export function endedWords(end: Omit<Ended, 'at'>): string {
  const parts = [REASONS[end.reason] ?? 'The session ended'];
  if (end.signal !== null) parts.push(`signal ${end.signal}`);
  else if (end.code !== null && (end.code !== 0 || end.reason === 'failed_to_start')) parts.push(`exit ${end.code}`);
  return parts.join(' · ');
}
