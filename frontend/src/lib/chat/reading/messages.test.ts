import { describe, expect, it } from 'vitest';
import { converse, said, user } from '../events.testing';
import { findNamed, forkPoint, linkTo, nameIn, nameOf, plainOf } from './messages';

const c = converse(user('one', { message_id: 'u1' }), said('first', { uuid: 'a1' }), user('two', { message_id: 'u2' }), said('limit', { uuid: 'x', synthetic: true, message_id: 'm3' }), said('second', { uuid: 'a2', message_id: 'm2' }));

describe('one message', () => {
  it('has an address that leads back to it', () => {
    for (const cell of c.items) {
      const link = new URL(linkTo('https://host:1', 'a b', cell.value));
      expect(link.pathname).toBe('/s/a%20b');
      expect(findNamed(c.items, nameIn(link.hash) ?? '')).toBe(cell);
    }
    expect(nameIn('#other')).toBeNull();
    expect(nameIn('#m-%')).toBeNull();
    expect(nameIn(`#m-${'x'.repeat(300)}`)).toBeNull();
  });

  it('is a fork point when Claude wrote it, and else the last one before it', () => {
    expect(c.items.map((_, index) => forkPoint(c.items, index))).toEqual([null, 'a1', 'a1', 'a1', 'a2']);
    expect(nameOf(c.items[1]?.value as never)).toBe('a1');
  });

  it('can be copied as plain text', () => {
    expect(plainOf('# Title\n\n**bold** and *thin* `code` [a](https://x.test/y)\n\n```js\nlet a_b = 1 * 2 * 3;\n```\n> said\n\n|a|b|\n|---|---|\n|1|2|')).toBe('Title\n\nbold and thin code a\n\nlet a_b = 1 * 2 * 3;\n\nsaid\n\n|a|b|\n\n|1|2|');
  });
});
