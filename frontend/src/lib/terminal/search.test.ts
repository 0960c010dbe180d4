import { Terminal } from '@xterm/xterm';
import { describe, expect, it } from 'vitest';
import { Finder } from './finder.svelte';
import { linesOf, placeOf } from './places';
import { expression, matchesIn, MOST_MATCHES, type Match, type Query } from './search';
import type { Result } from './search-thread';

const query = (text: string, more: Partial<Query> = {}): Query => ({ text, regex: false, matchCase: false, wholeWord: false, ...more });
const texts = (lines: string[], wanted: Query): string[] => matchesIn(lines, expression(wanted)).map(({ line, start, length }) => (lines[line] ?? '').slice(start, start + length));

describe('what is found', () => {
  const lines = ['Error: no such file', 'error (3) of [x]', 'terrors', 'naïve Straße'];
  it.each([
    [query('error'), ['Error', 'error', 'error']],
    [query('error', { matchCase: true }), ['error', 'error']],
    [query('error', { wholeWord: true }), ['Error', 'error']],
    [query('(3)'), ['(3)']],
    [query('[x]'), ['[x]']],
    [query('\\(\\d\\)', { regex: true }), ['(3)']],
    [query('no|of', { regex: true, wholeWord: true }), ['no', 'of']],
    [query('x*', { regex: true }), ['x']],
    [query('stra', { wholeWord: true }), []],
  ])('%j', (wanted, found) => expect(texts(lines, wanted)).toEqual(found));

  it('an expression that is none is said to be so', () => expect(() => expression(query('a)(b', { regex: true, wholeWord: true }))).toThrow(/Invalid/));

  it('is bounded', () => expect(matchesIn(['x'.repeat(50_000)], expression(query('x'))).length).toBe(MOST_MATCHES));
});

describe('where it is', () => {
  async function shown(text: string): Promise<Terminal> {
    const terminal = new Terminal({ cols: 10, rows: 4, scrollback: 100, allowProposedApi: true });
    await new Promise<void>((done) => terminal.write(text, done));
    return terminal;
  }
  const places = async (text: string, wanted: string): Promise<unknown[]> => {
    const { buffer } = await shown(text);
    const { texts: all, rows } = linesOf(buffer.active);
    return matchesIn(all, expression(query(wanted))).map((match) => placeOf(buffer.active, rows[match.line] ?? 0, match, 10));
  };

  it('in a plain line', async () => expect(await places('one two', 'two')).toEqual([{ row: 0, col: 4, length: 3 }]));
  it('over the end of a row', async () => expect(await places('a\r\n01234567needle90', 'needle')).toEqual([{ row: 1, col: 8, length: 6 }]));
  it('after wide letters and marks', async () => expect(await places('漢字e\u0301 ok', 'ok')).toEqual([{ row: 0, col: 6, length: 2 }]));
  it('of wide letters', async () => expect(await places('a漢字b', '漢字')).toEqual([{ row: 0, col: 1, length: 4 }]));
  it('after cells where nothing was written', async () => expect(await places('\x1b[6Gend', 'end')).toEqual([{ row: 0, col: 5, length: 3 }]));
});

describe('the finder', () => {
  function finder(results: (wanted: Query) => Promise<Result>): { finder: Finder; shown: [number, number, boolean][] } {
    const shown: [number, number, boolean][] = [];
    const page = { lines: () => ['a'], show: (matches: readonly Match[], at: number, bring: boolean) => void shown.push([matches.length, at, bring]), nearest: () => 1 };
    return { finder: new Finder(page, (wanted) => ({ result: results(wanted), cancel: () => {} })), shown };
  }
  const three: Match[] = [0, 1, 2].map((line) => ({ line, start: 0, length: 1 }));

  it('counts, and goes round', async () => {
    const { finder: one, shown } = finder(async () => ({ matches: three }));
    one.text = 'a';
    await one.look();
    expect(one.words).toBe('2 of 3');
    one.step(1);
    one.step(1);
    expect(one.words).toBe('1 of 3');
    one.step(-1);
    expect(one.words).toBe('3 of 3');
    expect(shown.at(-1)).toEqual([3, 2, true]);
    await one.look(true);
    expect(shown.at(-1), 'what goes on does not move the view').toEqual([3, 2, false]);
    one.close();
    expect(shown.at(-1)?.slice(0, 2)).toEqual([0, -1]);
  });

  it('an answer that comes too late is dropped', async () => {
    const gives: ((result: Result) => void)[] = [];
    const { finder: one } = finder(() => new Promise((give) => gives.push(give)));
    one.text = 'a';
    const first = one.look();
    one.text = 'ab';
    const second = one.look();
    gives[0]?.({ matches: three });
    gives[1]?.({ matches: [] });
    await Promise.all([first, second]);
    expect(one.words).toBe('Nothing found');
  });

  it('says what is wrong', async () => {
    const { finder: one } = finder(async () => ({ wrong: 'Invalid regular expression: /(/: Unterminated group' }));
    one.text = '(';
    await one.look();
    expect(one.words).toBe('Not an expression yet');
  });
});
