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

export function retryWords(attempt: number, most: number, delayMs: number, status: number | null, error: string): string {
  const reason = status === null ? 'the API could not be reached' : `${apiErrorWords(error)} (${status})`;
  return `Trying again: ${reason}. Try ${attempt} of ${most}, in ${duration(delayMs)}.`;
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
};

/** None while the limit is far away. */
export function rateLimitWords(raw: JsonValue): { tone: Tone; text: string } | null {
  const info = field(raw, 'rate_limit_info') ?? raw;
  const status = textField(info, 'status');
  if (status === 'allowed') return null;
  const type = textField(info, 'rateLimitType');
  const which = type === null ? 'usage limit' : (LIMITS[type] ?? `${type.replaceAll('_', ' ')} limit`);
  const resets = numberField(info, 'resetsAt');
  // Seconds, unlike every other time on this wire.
  const until = resets === null ? '' : ` It resets at ${clock(resets < 1e12 ? resets * 1_000 : resets)}.`;
  if (status === 'rejected') return { tone: 'error', text: `The ${which} is reached.${until}` };
  return { tone: 'warn', text: `The ${which} is close.${until}` };
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
