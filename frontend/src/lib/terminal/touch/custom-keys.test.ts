import { describe, expect, it } from 'vitest';
import { NONE } from '../keys';
import { LONGEST_TEXT, MOST_KEYS, fault, loadKeys, moved, storeKeys, type CustomKey } from './custom-keys';

const text = (label: string, typed: string): CustomKey => ({ label, sends: { text: typed, enter: true } });
const key = (label: string, name: string): CustomKey => ({ label, sends: { key: name, ...NONE, control: true } });

function memory(content: string | null = null): Storage {
  let held = content;
  return { getItem: () => held, setItem: (_: string, value: string) => (held = value) } as unknown as Storage;
}

describe('a key of one’s own', () => {
  it.each([
    [text('gs', 'git status'), true],
    [key('^R', 'r'), true],
    [key('^F5', 'f5'), true],
    [text('', 'x'), false],
    [text('   ', 'x'), false],
    [text('far too long', 'x'), false],
    [text('x', ''), false],
    [text('x', 'a\x1b[A'), false],
    [text('x', 'two\nlines'), false],
    [text('x', 'a\u202eb'), false],
    [text('a\u202e', 'x'), false],
    [text('x', 'x'.repeat(LONGEST_TEXT + 1)), false],
    [key('x', 'ab'), false],
    [key('x', '\x1b'), false],
    [key('x', 'constructor'), false],
  ])('%o: %s', (one, good) => {
    expect(fault(one) === null).toBe(good);
  });

  it('comes back from storage as it was', () => {
    const storage = memory();
    const keys = [text('gs', 'git status'), key('^R', 'r')];
    expect(storeKeys(keys, storage)).toBe(true);
    expect(loadKeys(storage)).toEqual(keys);
  });

  it('is left out when storage holds something else', () => {
    expect(loadKeys(memory('{'))).toEqual([]);
    expect(loadKeys(memory('{"label":"x"}'))).toEqual([]);
    expect(loadKeys(memory(JSON.stringify([null, 1, { label: 'x' }, { label: 'x', sends: null }, { label: 'x', sends: { text: '\x07' } }, text('ok', 'y')])))).toEqual([text('ok', 'y')]);
    expect(loadKeys(memory(JSON.stringify(Array.from({ length: 100 }, () => text('a', 'b')))))).toHaveLength(MOST_KEYS);
  });

  it('tells when it could not be kept', () => {
    const full = { getItem: () => null, setItem: () => { throw new Error('full'); } };
    expect(storeKeys([], full)).toBe(false);
  });

  it('moves among the others', () => {
    const [a, b, c] = [text('a', 'a'), text('b', 'b'), text('c', 'c')];
    expect(moved([a, b, c], 0, 1)).toEqual([b, a, c]);
    expect(moved([a, b, c], 2, -1)).toEqual([a, c, b]);
    expect(moved([a, b, c], 0, -1)).toEqual([a, b, c]);
  });
});
