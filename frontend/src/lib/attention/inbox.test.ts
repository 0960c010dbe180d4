import { beforeEach, describe, expect, it, vi } from 'vitest';
import { allow, deny } from '$lib/chat/decisions';
import { request, session } from '$lib/chat/events.testing';
import type { OpenPrompt } from '$lib/protocol';
import { ApiError } from '$lib/wire/api';
import { arrange, type Settled } from './inbox';
import { SessionPrompts, type PromptApi } from './session-prompts.svelte';

const at = (place: number): Settled => ({ words: 'Allowed by you, 14:07', title: 'x', until: 1, place });
const ids = (...args: Parameters<typeof arrange>): string[] => arrange(...args).map((row) => `${row.id}${row.settled === null ? '' : '*'}`);
const of = (...names: string[]) => names.map((id) => session({ id }));

describe('the inbox', () => {
  it('is in the order of waiting', () => {
    expect(ids(of('a', 'b'), new Map())).toEqual(['a', 'b']);
  });

  it('keeps the place of what was just answered', () => {
    expect(ids(of('a', 'c'), new Map([['b', at(1)]]))).toEqual(['a', 'b*', 'c']);
    expect(ids([], new Map([['a', at(4)]]))).toEqual(['a*']);
    expect(ids(of('a', 'b'), new Map([['a', at(0)]]))).toEqual(['a', 'b']);
    expect(ids(of('c'), new Map([['b', at(1)], ['a', at(0)]]))).toEqual(['a*', 'b*', 'c']);
  });
});

describe('prompts of a session', () => {
  const prompt: OpenPrompt = { kind: 'approval', request: request() };
  const pending = { request_id: 'r1', kind: 'approval' as const, tool_name: 'Bash', summary: 'ls', since: 5 };
  const failure = (code: ConstructorParameters<typeof ApiError>[0], details: ConstructorParameters<typeof ApiError>[3] = null) => ({ ok: false as const, error: new ApiError(code, 'It failed.', 409, details, null, null) });
  const api = { prompts: vi.fn<PromptApi['prompts']>(), answer: vi.fn<PromptApi['answer']>() };
  const settled = vi.fn<(words: string | null) => void>();
  let serial = 0;
  let prompts: SessionPrompts;

  beforeEach(async () => {
    vi.resetAllMocks();
    api.prompts.mockResolvedValue({ ok: true, value: [prompt] });
    prompts = new SessionPrompts('s1', api, settled, () => `id${(serial += 1)}`, () => 1_000);
    await prompts.follow([pending]);
  });

  it('are fetched whole, and once', async () => {
    expect(prompts.items).toMatchObject([{ kind: 'approval', at: 5, resolution: null, request: { input: { command: 'ls' } } }]);
    await prompts.follow([pending]);
    expect(api.prompts).toHaveBeenCalledTimes(1);
  });

  it('are answered once', async () => {
    api.answer.mockResolvedValue({ ok: true, value: null });
    prompts.answer('r1', allow());
    prompts.answer('r1', deny());
    await vi.waitFor(() => expect(prompts.items[0]?.resolution).toMatchObject({ outcome: 'allowed', by: 'you' }));
    expect(api.answer).toHaveBeenCalledTimes(1);
    expect(settled).toHaveBeenCalledWith(expect.stringContaining('Allowed by you'));
    await prompts.follow([]);
    expect(prompts.notes.size).toBe(0);
  });

  it('tell who was first', async () => {
    api.answer.mockResolvedValue(failure('ALREADY_ANSWERED', { by: 'Pixel', outcome: 'denied' }));
    prompts.answer('r1', allow());
    await vi.waitFor(() => expect(prompts.items[0]?.resolution).toMatchObject({ outcome: 'denied', by: 'Pixel' }));
    expect(prompts.notes.get('r1')).toContain('Already answered by Pixel');
  });

  it('can be answered again after a failure, under the same id while it is the same answer', async () => {
    api.answer.mockResolvedValue(failure('NETWORK'));
    prompts.answer('r1', allow());
    await vi.waitFor(() => expect(prompts.sent('r1')).toMatchObject({ fate: 'failed', error: 'It failed.' }));
    prompts.answer('r1', allow());
    await vi.waitFor(() => expect(prompts.sent('r1')?.fate).toBe('failed'));
    prompts.answer('r1', deny());
    await vi.waitFor(() => expect(api.answer).toHaveBeenCalledTimes(3));
    const used = api.answer.mock.calls.map((call) => call[1]);
    expect([used[0] === used[1], used[1] === used[2]]).toEqual([true, false]);
    expect(prompts.items[0]?.resolution).toBeNull();
    await vi.waitFor(() => expect(settled).toHaveBeenLastCalledWith(null));
  });

  it('are closed when somebody else answered', async () => {
    await prompts.follow([]);
    expect(prompts.items[0]?.resolution).toMatchObject({ outcome: 'cancelled' });
  });

  it('say when they could not be fetched, and try again', async () => {
    api.prompts.mockResolvedValue(failure('NETWORK'));
    const other = new SessionPrompts('s2', api);
    await other.follow([pending]);
    expect([other.error, other.loaded]).toEqual(['It failed.', false]);
    api.prompts.mockResolvedValue({ ok: true, value: [prompt] });
    await other.load();
    expect([other.error, other.items.length]).toEqual([null, 1]);
  });
});
