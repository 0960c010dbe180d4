// The queue as it is shown: what the server holds, with the changes that are on their way to it already made, and then
// the messages it does not have yet.

import type { ClientId, Content, QueueChange } from '$lib/protocol';
import type { Queued } from '../items';
import { plainText } from '../json';
import type { Entry, Fate } from '../outbox.svelte';

export interface QueueRow {
  readonly clientId: ClientId;
  readonly content: readonly Content[];
  readonly fate: 'waiting' | 'sending' | 'queued' | 'failed' | 'handing';
  /** A change of it is on its way. */
  readonly changing: boolean;
  readonly error: string | null;
  readonly by: string | null;
}

export const FATE_WORDS: Readonly<Record<QueueRow['fate'], string>> = {
  waiting: 'waiting for the connection',
  sending: 'sending',
  queued: 'queued',
  failed: 'not sent',
  handing: 'going to Claude',
};

export function queueRows(queue: readonly Queued[], entries: readonly Entry[]): QueueRow[] {
  let rows: QueueRow[] = queue.map(({ clientId, content, by }) => ({ clientId, content, by, fate: 'queued', changing: false, error: null }));
  for (const { command, fate } of entries) {
    if (command.type === 'queue' && fate !== 'failed') rows = changed(rows, command.change);
  }
  const known = new Set(queue.map((one) => one.clientId));
  const own = entries.flatMap((entry) => (entry.queued && entry.command.type === 'send' && !known.has(entry.clientId) ? [ownRow(entry, entry.command.content)] : []));
  return [...rows, ...own];
}

const SHOWN: Readonly<Record<Fate, QueueRow['fate']>> = { waiting: 'waiting', sending: 'sending', accepted: 'queued', delivered: 'handing', failed: 'failed' };

function ownRow({ clientId, fate, error }: Entry, content: readonly Content[]): QueueRow {
  return { clientId, content, fate: SHOWN[fate], changing: false, error, by: null };
}

function changed(rows: readonly QueueRow[], change: QueueChange): QueueRow[] {
  switch (change.action) {
    case 'edit':
      return rows.map((row) => (row.clientId === change.target ? { ...row, content: change.content, changing: true } : row));
    case 'remove':
      return rows.filter((row) => row.clientId !== change.target);
    case 'send_now':
      return rows.map((row) => (row.clientId === change.target ? { ...row, fate: 'handing' } : row));
    case 'move':
      return moved(rows, change.target, change.before);
    default:
      return [...rows];
  }
}

function moved(rows: readonly QueueRow[], target: ClientId, before: ClientId | null): QueueRow[] {
  const row = rows.find((one) => one.clientId === target);
  if (row === undefined || before === target) return [...rows];
  const rest = rows.filter((one) => one !== row);
  const at = rest.findIndex((one) => one.clientId === before);
  return before === null || at < 0 ? [...rest, row] : [...rest.slice(0, at), row, ...rest.slice(at)];
}

/** The change that moves a row by one; none at the edge. Rows the server does not hold yet stay behind the others. */
export function move(rows: readonly QueueRow[], clientId: ClientId, by: 1 | -1): QueueChange | null {
  const held = rows.filter(isHeld);
  const at = held.findIndex((row) => row.clientId === clientId);
  const to = at + by;
  if (at < 0 || to < 0 || to >= held.length) return null;
  const before = by < 0 ? held[to] : held[to + 1];
  return { action: 'move', target: clientId, before: before?.clientId ?? null };
}

/** Whether the server has it in its queue, so that it can be changed. */
export function isHeld(row: QueueRow): boolean {
  return row.fate === 'queued';
}

/** The id of the message after this one, to put it back there. */
export function following(rows: readonly QueueRow[], clientId: ClientId): ClientId | null {
  const at = rows.findIndex((row) => row.clientId === clientId);
  return at < 0 ? null : (rows[at + 1]?.clientId ?? null);
}

/** One line of what it says. */
export function gist(content: readonly Content[]): string {
  const text = plainText(content).trim();
  if (text !== '') return text.length > 300 ? `${text.slice(0, 300)}…` : text;
  const names = content.map((part) => (part.type === 'image' ? 'Image' : part.type === 'text_file' ? part.name : part.type === 'document' ? (part.name ?? 'Document') : ''));
  return names.filter((name) => name !== '').join(', ');
}

/** How much is attached, in words. */
export function attachedWords(content: readonly Content[]): string {
  const count = content.filter((part) => part.type === 'image' || part.type === 'document' || part.type === 'text_file').length;
  return count === 0 ? '' : count === 1 ? '1 attachment' : `${count} attachments`;
}
