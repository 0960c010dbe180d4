import { Terminal, type IBufferLine } from '@xterm/xterm';
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Finder } from './finder.svelte';
import { linesOf, placesOf } from './places';
import { expression, matchesIn, MOST_MATCHES, type Match, type Query } from './search';
import SearchBar from './SearchBar.svelte';
import { searching, type Result } from './search-thread';

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
    return placesOf(buffer.active, rows, matchesIn(all, expression(query(wanted))), 10);
  };

  it('in a plain line', async () => expect(await places('one two', 'two')).toEqual([{ row: 0, col: 4, length: 3 }]));
  it('over the end of a row', async () => expect(await places('a\r\n01234567needle90', 'needle')).toEqual([{ row: 1, col: 8, length: 6 }]));
  it('after wide letters and marks', async () => expect(await places('漢字e\u0301 ok', 'ok')).toEqual([{ row: 0, col: 6, length: 2 }]));
  it('of wide letters', async () => expect(await places('a漢字b', '漢字')).toEqual([{ row: 0, col: 1, length: 4 }]));
  it('of all in a line, one after the other, and of those in the next', async () =>
    expect(await places('ab ab abab\r\n ab', 'ab')).toEqual([
      { row: 0, col: 0, length: 2 },
      { row: 0, col: 3, length: 2 },
      { row: 0, col: 6, length: 2 },
      { row: 0, col: 8, length: 2 },
      { row: 1, col: 1, length: 2 },
    ]));
  it('of letters that share a cell with the end of the one before', async () => expect(await places('xe\u0301e\u0301', '\u0301')).toEqual([{ row: 0, col: 1, length: 1 }, { row: 0, col: 2, length: 1 }]));
  it('is told with one look at each cell, however long the line is and however much is in it', async () => {
    const terminal = new Terminal({ cols: 100, rows: 4, scrollback: 1000, allowProposedApi: true });
    await new Promise<void>((done) => terminal.write('needle '.repeat(10_000), done));
    const { active } = terminal.buffer;
    const { texts: all, rows } = linesOf(active);
    const matches = matchesIn(all, expression(query('needle'))).slice(-500);
    const prototype = Object.getPrototypeOf(active.getLine(0)) as IBufferLine;
    const looks = vi.spyOn(prototype, 'getCell');
    const found = placesOf(active, rows, matches, 100);
    const cells = looks.mock.calls.length;
    looks.mockRestore();
    expect([all.length, found.length, found.at(-1)]).toEqual([1, 500, { row: 699, col: 93, length: 6 }]);
    expect(cells).toBeLessThanOrEqual(70_000);
  });
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

  it('ends a search that runs before output that went on is looked through', async () => {
    const gives: ((result: Result) => void)[] = [];
    const { finder: one, shown } = finder(() => new Promise((give) => gives.push(give)));
    one.text = 'a';
    const first = one.look();
    await one.look(true);
    await one.look(true);
    expect([gives.length, one.words]).toEqual([1, 'Searching…']);
    gives[0]?.({ matches: three });
    await vi.waitFor(() => expect([gives.length, one.words]).toEqual([2, '2 of 3']));
    gives[1]?.({ matches: [] });
    await first;
    expect([gives.length, shown.at(-1)], 'and moves nothing').toEqual([2, [0, -1, false]]);
  });
});

describe('the bar', () => {
  it('looks for what stands in it when it is opened', () => {
    const looked: string[] = [];
    const find = new Finder({ lines: () => [], show: () => {}, nearest: () => 0 }, ({ text }) => {
      looked.push(text);
      return { result: new Promise(() => {}), cancel: () => {} };
    });
    find.text = 'old';
    const bar = mount(SearchBar, { target: document.body, props: { find, revision: 0, onclose: () => {} } });
    flushSync();
    expect(looked).toEqual(['old']);
    void unmount(bar);
  });
});

describe('beside the page', () => {
  class FakeWorker {
    static last: FakeWorker;
    onmessage: (event: { data: unknown }) => void = () => {};
    onerror = (): void => {};
    postMessage = vi.fn();
    terminate = vi.fn();
    constructor() {
      FakeWorker.last = this;
    }
  }
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('Worker', FakeWorker);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('the time of a search begins when it can begin', async () => {
    const given = vi.fn();
    void searching(query('a', { regex: true }), ['a']).result.then(given);
    await vi.advanceTimersByTimeAsync(5_000);
    FakeWorker.last.onmessage({ data: 'ready' });
    await vi.advanceTimersByTimeAsync(1_400);
    expect(given).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(given.mock.calls).toEqual([[{ wrong: 'This expression takes too long' }]]);
    expect(FakeWorker.last.terminate).toHaveBeenCalled();
  });

  it('where no expression was written, none is to blame', async () => {
    const { result } = searching(query('a'), ['a']);
    FakeWorker.last.onmessage({ data: 'ready' });
    await vi.advanceTimersByTimeAsync(1_600);
    expect(await result).toEqual({ wrong: 'There is too much to search' });
  });
});
