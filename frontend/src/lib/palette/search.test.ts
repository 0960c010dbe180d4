import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { session } from '$lib/chat/events.testing';
import type { FileMatches } from '$lib/protocol';
import { ApiError, type Result } from '$lib/wire/api';
import { availableActions, fileTaker, register, takesFiles } from './actions.svelte';
import { recentIds, remember } from './recent';
import { Search } from './search.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const match = (path: string): Result<FileMatches> => ({ ok: true, value: { matches: [{ path, kind: 'file', positions: [] }], truncated: false } });

function searching(findFiles: (cwd: string, query: string) => Promise<Result<FileMatches>>, open = session({ id: 'a', cwd: 'project' })): Search {
  return new Search({ api: { findFiles }, open, sessions: () => [], actions: () => [], recent: [] });
}

describe('files', () => {
  it('are asked for once the typing pauses, in the directory of the session in front', async () => {
    const find = vi.fn((_cwd: string, query: string) => Promise.resolve(match(query)));
    const search = searching(find);
    for (const typed of ['m', 'ma', 'mai']) search.type(typed);
    await vi.runAllTimersAsync();
    expect(find.mock.calls).toEqual([['project', 'mai']]);
    expect(search.entries.map(({ title }) => title)).toEqual(['mai']);
  });

  it('of an older question do not replace those of a newer', async () => {
    const answers = new Map<string, (result: Result<FileMatches>) => void>();
    const search = searching((_cwd, query) => new Promise((resolve) => answers.set(query, resolve)));
    search.type('old');
    await vi.advanceTimersByTimeAsync(200);
    search.type('new');
    await vi.advanceTimersByTimeAsync(200);
    answers.get('new')?.(match('new.rs'));
    answers.get('old')?.(match('old.rs'));
    await vi.runAllTimersAsync();
    expect(search.entries.map(({ title }) => title)).toEqual(['new.rs']);
  });

  it('go when nothing is typed any more, and are not asked for without a session', async () => {
    const find = vi.fn(() => Promise.resolve(match('a.rs')));
    const search = searching(find);
    search.type('a');
    await vi.runAllTimersAsync();
    search.type('');
    expect(search.entries).toEqual([]);
    const none = new Search({ api: { findFiles: find }, open: null, sessions: () => [], actions: () => [], recent: [] });
    none.type('a');
    await vi.runAllTimersAsync();
    expect(find).toHaveBeenCalledOnce();
  });

  it('that cannot be had are said to be so', async () => {
    const search = searching(() => Promise.resolve({ ok: false, error: new ApiError('NETWORK', 'The server cannot be reached.', 0, null, null, null) }));
    search.type('a');
    await vi.runAllTimersAsync();
    expect(search.failure).toBe('The server cannot be reached.');
  });
});

describe('the line with the focus', () => {
  it('moves by keys, starts anew with each letter, and is always one that is there', async () => {
    let paths = ['a', 'b', 'c'];
    const search = searching(() => Promise.resolve({ ok: true, value: { matches: paths.map((path) => ({ path, kind: 'file' as const, positions: [] })), truncated: false } }));
    search.type('x');
    await vi.runAllTimersAsync();
    expect(search.key('ArrowUp')).toBe(true);
    expect(search.current?.title).toBe('c');
    expect(search.key('x')).toBe(false);
    paths = ['a'];
    search.type('xy');
    await vi.runAllTimersAsync();
    expect(search.current?.title).toBe('a');
  });
});

describe('the registry', () => {
  it('offers what is general and what belongs to the session in front, until it is taken back', () => {
    const run = (): void => undefined;
    const dispose = register({ id: 'x', title: 'X', run }, { id: 'y', title: 'Y', session: 'a', run });
    expect(availableActions('a').map(({ id }) => id)).toEqual(['y', 'x']);
    expect(availableActions('b').map(({ id }) => id)).toEqual(['x']);
    const again = register({ id: 'x', title: 'Newer', run });
    dispose();
    expect(availableActions('a').map(({ title }) => title)).toEqual(['Newer']);
    again();
    expect(availableActions('a')).toEqual([]);
  });

  it('knows which composer takes files', () => {
    const take = vi.fn();
    const dispose = takesFiles('a', take);
    fileTaker('a')?.('src/main.rs');
    expect(take).toHaveBeenCalledWith('src/main.rs');
    dispose();
    expect(fileTaker('a')).toBeUndefined();
  });
});

describe('what was chosen lately', () => {
  it('is kept, latest first, each once, and survives broken storage', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    for (const id of ['a', 'b', 'a']) remember(id, storage);
    expect(recentIds(storage)).toEqual(['a', 'b']);
    for (let index = 0; index < 100; index += 1) remember(`x${index}`, storage);
    expect(recentIds(storage)).toHaveLength(30);
    for (const broken of ['', '{', '{"a":1}', '[1,null,"a"]']) {
      kept.set([...kept.keys()][0] ?? '', broken);
      expect(() => recentIds(storage)).not.toThrow();
    }
    expect(recentIds(storage)).toEqual(['a']);
  });
});
