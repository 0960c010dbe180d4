import { describe, expect, it } from 'vitest';
import { converse, finished, said, user } from '../events.testing';
import { neighbour, outline } from './outline';

const c = converse(user('First\nmore'), said('ok'), finished({ cost_usd: 0.5 }), finished({ cost_usd: 0.25, unsolicited: true }), user('note', { origin: 'cli' }), user('Second', { message_id: 's' }), said('hm', { message_id: 'm2' }));
const entries = outline(c.items);

describe('outline', () => {
  it('lists what the user said, with what it cost', () => {
    expect(entries.map(({ title, cost }) => [title, cost])).toEqual([['First…', 0.75], ['Second', null]]);
  });

  it('knows what comes before and after', () => {
    const indexOf = (cell: (typeof c.items)[number]): number => c.items.indexOf(cell);
    expect(neighbour(entries, indexOf, 2, -1)?.title).toBe('First…');
    expect(neighbour(entries, indexOf, 2, 1)?.title).toBe('Second');
    expect(neighbour(entries, indexOf, 0, -1)).toBeNull();
    expect(neighbour(entries, indexOf, c.items.length, 1)).toBeNull();
  });
});
