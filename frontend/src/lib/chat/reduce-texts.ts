// User messages, assistant text and thinking.

import { patch, type Store, type EventOf, type Handlers } from './store';
import type { Cell, Item, TextItem, UserItem } from './items';
import { plainText } from './json';
import { ensureTool } from './reduce-tools';

export const TEXTS: Handlers<
  | 'user_message'
  | 'user_message_queued'
  | 'user_message_delivered'
  | 'user_message_cancelled'
  | 'text_delta'
  | 'thinking_delta'
  | 'message'
  | 'message_discarded'
> = {
  user_message: userMessage,
  user_message_queued: queued,
  user_message_delivered: (c, e) => setFate(c, e, 'delivered'),
  user_message_cancelled: (c, e) => setFate(c, e, 'cancelled'),
  text_delta: (c, e, at) => delta(c, e, at, 'text'),
  thinking_delta: (c, e, at) => delta(c, e, at, 'thinking'),
  message,
  message_discarded: discard,
};

/** The queue's new order follows; an edited message is in the order already. */
function queued(c: Store, e: EventOf<'user_message_queued'>, at: number): void {
  const entry = { clientId: e.client_id, content: e.content, by: e.by, at: c.queued.get(e.client_id)?.at ?? at };
  c.queued.set(e.client_id, entry);
  const { queue } = c.meta.value;
  if (queue.some((one) => one.clientId === e.client_id)) c.set({ queue: queue.map((one) => (one.clientId === e.client_id ? entry : one)) });
}

function userMessage(c: Store, e: EventOf<'user_message'>, at: number): void {
  const parent = e.parent_tool_use_id;
  if (parent !== null) ensureTool(c, parent, at);
  const known = findUser(c, e.message_id, e.client_id);
  if (known !== undefined) {
    patch(known, { content: e.content, messageId: e.message_id ?? known.value.messageId });
    indexUser(c, known);
    return;
  }
  if (e.origin === 'cli' && parent === null && isSummary(c, plainText(e.content))) return;
  const delivered = (e.message_id !== null && c.delivered.has(e.message_id)) || e.origin !== 'user';
  const cell = c.add<UserItem>(
    {
      kind: 'user',
      at,
      clientId: e.client_id,
      messageId: e.message_id,
      content: e.content,
      origin: e.origin,
      by: e.by,
      fate: delivered ? 'delivered' : 'accepted',
    },
    parent,
  );
  indexUser(c, cell);
}

/** What Claude goes on with after a compaction belongs to the line that says so. */
function isSummary(c: Store, text: string): boolean {
  const last = c.last as Cell<Item> | undefined;
  if (last?.value.kind !== 'divider' || !last.value.compaction || last.value.summary !== null) return false;
  last.value = { ...last.value, summary: text };
  return true;
}

function setFate(c: Store, e: { message_id: string; client_id: string | null }, fate: UserItem['fate']): void {
  const cell = findUser(c, e.message_id, e.client_id);
  if (cell !== undefined) patch(cell, { fate });
  else if (fate === 'delivered') c.delivered.add(e.message_id);
}

function findUser(c: Store, messageId: string | null, clientId: string | null): Cell<UserItem> | undefined {
  const byMessage = messageId === null ? undefined : c.users.get(`m:${messageId}`);
  const found = byMessage ?? (clientId === null ? undefined : c.users.get(`c:${clientId}`));
  return found as Cell<UserItem> | undefined;
}

function indexUser(c: Store, cell: Cell<UserItem>): void {
  const { messageId, clientId } = cell.value;
  const item = cell as unknown as Cell<Item>;
  if (messageId !== null) c.users.set(`m:${messageId}`, item);
  if (clientId !== null) c.users.set(`c:${clientId}`, item);
}

type Delta = { message_id: string; index: number; text: string };

function delta(c: Store, e: Delta, at: number, kind: TextItem['kind']): void {
  const key = textKey(e.message_id, e.index);
  const known = c.texts.get(key);
  if (known === undefined) {
    const cell = addText(c, key, { kind, at, messageId: e.message_id, index: e.index, text: e.text, done: false, endedAt: null, synthetic: false, error: null, uuid: null });
    c.open.add(cell as unknown as Cell<Item>);
  } else if (!known.value.done) {
    patch(known, { text: known.value.text + e.text });
  }
}

function message(c: Store, e: EventOf<'message'>, at: number): void {
  const parent = e.parent_tool_use_id;
  if (parent !== null) ensureTool(c, parent, at);
  const key = textKey(e.message_id, e.index);
  const finished = { kind: e.block.type, text: e.block.text, done: true, endedAt: at, synthetic: e.synthetic, error: e.error, uuid: e.uuid };
  const known = c.texts.get(key);
  if (known !== undefined) {
    patch(known, finished);
    c.open.delete(known as unknown as Cell<Item>);
    return;
  }
  // Claude Code's stand-in for an empty answer, for example after /clear.
  if (e.synthetic && e.block.text === '(no content)') return;
  addText(c, key, { ...finished, at, messageId: e.message_id, index: e.index }, parent);
}

function addText(c: Store, key: string, draft: Omit<TextItem, 'id'>, parent: string | null = null): Cell<TextItem> {
  const cell = c.add<TextItem>(draft, parent);
  c.texts.set(key, cell);
  if (parent === null && draft.kind === 'text') c.lastText = cell;
  return cell;
}

function discard(c: Store, e: EventOf<'message_discarded'>): void {
  for (const cell of [...c.open]) {
    const item = cell.value;
    const mine = 'messageId' in item && item.messageId === e.message_id;
    if (mine && (item.kind !== 'tool' || item.status === 'preparing')) drop(c, cell);
  }
}

/** Takes an unfinished text or an announced tool call out again. */
export function drop(c: Store, cell: Cell<Item>): void {
  c.open.delete(cell);
  const item = cell.value;
  if (item.kind === 'tool') {
    c.remove(cell, c.parents.get(item.toolUseId) ?? null);
    c.tools.delete(item.toolUseId);
    c.parents.delete(item.toolUseId);
  } else if (item.kind === 'text' || item.kind === 'thinking') {
    c.remove(cell, null);
    c.texts.delete(textKey(item.messageId, item.index));
    if (c.lastText?.value === item) c.lastText = null;
  }
}

function textKey(messageId: string, index: number): string {
  return `${messageId}:${index}`;
}
