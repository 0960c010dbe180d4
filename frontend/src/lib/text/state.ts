// Words and shapes for where a session stands.

import type { EndReason, Session } from '$lib/protocol';

export type Shape = 'working' | 'attention' | 'idle' | 'starting' | 'done' | 'failed' | 'terminal';
export type Tone = 'accent' | 'warn' | 'muted' | 'ok' | 'danger' | 'text';

export interface StateLook {
  word: string;
  shape: Shape;
  tone: Tone;
}

/** Ends nobody needs to look into. */
const CALM: readonly EndReason[] = ['killed', 'disconnected', 'idle_timeout', 'shutdown'];

export function endedWell(session: Session): boolean {
  const end = session.end;
  if (end === null) return true;
  return CALM.includes(end.reason) || (end.reason === 'exited' && (end.code === null || end.code === 0));
}

export function isEnded(session: Session): boolean {
  return session.end !== null || session.state === 'ended';
}

export function needsYou(session: Session): boolean {
  if (isEnded(session)) return false;
  return session.pending.length > 0 || session.state === 'needs_approval' || session.state === 'needs_answer';
}

export function lookOf(session: Session): StateLook {
  if (isEnded(session)) {
    return endedWell(session) ? { word: 'ended', shape: 'done', tone: 'muted' } : { word: 'failed', shape: 'failed', tone: 'danger' };
  }
  switch (session.state) {
    case 'needs_approval':
      return { word: 'needs approval', shape: 'attention', tone: 'warn' };
    case 'needs_answer':
      return { word: 'needs answer', shape: 'attention', tone: 'warn' };
    case 'starting':
      return { word: 'starting', shape: 'starting', tone: 'muted' };
    default:
      // What a program in a terminal is up to cannot be told from outside.
      if (session.kind === 'terminal') return { word: 'terminal', shape: 'terminal', tone: 'muted' };
      return session.state === 'working'
        ? { word: 'working', shape: 'working', tone: 'accent' }
        : { word: 'idle', shape: 'idle', tone: 'muted' };
  }
}

/** A sentence on why it ended. */
export function whyEnded(end: NonNullable<Session['end']>): string {
  const how = [end.code === null ? null : `exit code ${end.code}`, end.signal === null ? null : `signal ${end.signal}`]
    .filter((part) => part !== null)
    .join(', ');
  const tail = how === '' ? '' : ` (${how})`;
  switch (end.reason) {
    case 'exited':
      return end.code === 0 || end.code === null ? `The program ended by itself${tail}.` : `The program ended with an error${tail}.`;
    case 'killed':
      return 'You killed this session.';
    case 'disconnected':
      return 'Nobody was watching, so the server stopped it. Turn on “Keep running” to prevent that.';
    case 'idle_timeout':
      return 'Nothing happened for a long time, so the server stopped it.';
    case 'crashed':
      return `The program crashed${tail}.`;
    case 'failed_to_start':
      return `The program could not be started${tail}.`;
    case 'shutdown':
      return 'The server was shut down.';
  }
}

const MODE_NAMES: Readonly<Record<string, string>> = {
  default: 'Default',
  acceptEdits: 'Accept edits',
  plan: 'Plan',
  auto: 'Auto',
  dontAsk: "Don't ask",
  bypassPermissions: 'Bypass permissions',
};

/** Claude Code's own name of a permission mode. */
export function modeName(mode: string): string {
  return MODE_NAMES[mode] ?? mode;
}
