import { describe, expect, it } from 'vitest';
import type { Content, QueueChange } from '$lib/protocol';
import type { Queued } from '../items';
import type { Entry, Fate } from '../outbox.svelte';
import { following, gist, move, queueRows } from './queue';

const says = (text: string): Content[] => [{ type: 'text', text }];
const held = (...ids: string[]): Queued[] => ids.map((clientId) => ({ clientId, content: says(clientId), by: 'Pixel', at: 0 }));
const entry = (command: Entry['command'], fate: Fate, more: Partial<Entry> = {}): Entry => ({ clientId: command.client_id, command, fate, queued: false, error: null, code: null, at: 0, ...more });
const change = (body: QueueChange, fate: Fate = 'sending'): Entry => entry({ type: 'queue', client_id: `c-${body.action}`, change: body }, fate);
const sent = (id: string, fate: Fate, more: Partial<Entry> = {}): Entry => entry({ type: 'send', client_id: id, content: says(id), when: 'queue' }, fate, { queued: true, ...more });
const ids = (queue: Queued[], entries: Entry[] = []): string => queueRows(queue, entries).map((row) => row.clientId).join('');

describe('the queue', () => {
  it('shows what the server holds, then what it does not have yet', () => {
    const rows = queueRows(held('a'), [sent('b', 'accepted'), sent('c', 'sending'), sent('d', 'waiting'), sent('e', 'failed', { error: 'No.' })]);
    expect(rows.map((row) => [row.clientId, row.fate])).toEqual([['a', 'queued'], ['b', 'queued'], ['c', 'sending'], ['d', 'waiting'], ['e', 'failed']]);
    expect(rows[4]?.error).toBe('No.');
  });

  it('shows nothing twice, and only what was sent to wait', () => {
    expect(ids(held('a'), [sent('a', 'accepted'), sent('b', 'sending', { queued: false })])).toBe('a');
  });

  it('shows changes before the server has made them, and takes failed ones back', () => {
    const queue = held('a', 'b', 'c');
    expect(ids(queue, [change({ action: 'move', target: 'c', before: 'a' })])).toBe('cab');
    expect(ids(queue, [change({ action: 'move', target: 'a', before: null })])).toBe('bca');
    expect(ids(queue, [change({ action: 'remove', target: 'b' })])).toBe('ac');
    expect(ids(queue, [change({ action: 'remove', target: 'b' }, 'failed')])).toBe('abc');
    expect(queueRows(queue, [change({ action: 'edit', target: 'a', content: says('new') })])[0]).toMatchObject({ content: says('new'), changing: true });
    expect(queueRows(queue, [change({ action: 'send_now', target: 'b' })])[1]?.fate).toBe('handing');
  });

  it('moves by one, and not over its ends or over what is not there yet', () => {
    const rows = queueRows(held('a', 'b', 'c'), [sent('d', 'sending')]);
    expect(move(rows, 'c', -1)).toEqual({ action: 'move', target: 'c', before: 'b' });
    expect(move(rows, 'a', 1)).toEqual({ action: 'move', target: 'a', before: 'c' });
    expect(move(rows, 'b', 1)).toEqual({ action: 'move', target: 'b', before: null });
    expect([move(rows, 'a', -1), move(rows, 'c', 1), move(rows, 'd', -1)]).toEqual([null, null, null]);
    expect([following(rows, 'a'), following(rows, 'd')]).toEqual(['b', null]);
  });

  it('says what a message without words is', () => {
    expect(gist([{ type: 'image', media_type: 'image/png', data: '' }, { type: 'text_file', name: 'a.log', text: 'x' }])).toBe('Image, a.log');
    expect(gist(says(' hi\nthere '))).toBe('hi\nthere');
  });
});
