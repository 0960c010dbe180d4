import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TaskOutput } from '$lib/protocol';
import { ApiError, type Result } from '$lib/wire/api';
import { KEPT_CHARS, LiveOutput } from './live-output.svelte';

const said = (text: string, offset: number): Result<TaskOutput> => ({ ok: true, value: { text, offset, next_offset: offset + text.length } });
const refused = (status: number): Result<TaskOutput> => ({ ok: false, error: new ApiError('NOT_FOUND', 'There is no such task.', status, null, null, null) });

function setUp(answers: Result<TaskOutput>[]) {
  const asked: number[] = [];
  let seen = true;
  const output = new LiveOutput({
    read: (offset) => {
      asked.push(offset);
      return Promise.resolve(answers.shift() ?? said('', offset));
    },
    visible: () => seen,
  });
  return { output, asked, hide: () => (seen = false), show: () => (seen = true) };
}

describe('live output', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());
  const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  it('goes on where it stopped, every two seconds', async () => {
    const t = setUp([said('one\n', 0), said('two\n', 4)]);
    t.output.follow();
    await wait(0);
    expect(t.output.text).toBe('one\n');
    await wait(2_000);
    expect([t.output.text, t.asked]).toEqual(['one\ntwo\n', [0, 4]]);
    t.output.stop();
    await wait(10_000);
    expect(t.asked).toHaveLength(2);
  });

  it('does not ask while nobody can see it', async () => {
    const t = setUp([]);
    t.hide();
    t.output.follow();
    await wait(6_000);
    expect(t.asked).toEqual([]);
    t.show();
    await wait(2_000);
    expect(t.asked).toHaveLength(1);
    t.output.stop();
  });

  it('keeps the end, and says how much is gone', async () => {
    const t = setUp([said('x'.repeat(KEPT_CHARS + 10), 100)]);
    await t.output.once();
    expect([t.output.text.length, t.output.skipped]).toEqual([KEPT_CHARS, 110]);
  });

  it('says what went wrong, and asks again only when that can help', async () => {
    const t = setUp([refused(0), said('ok', 0), refused(404)]);
    t.output.follow();
    await wait(0);
    expect(t.output.error).toBe('There is no such task.');
    await wait(2_000);
    expect([t.output.error, t.output.text]).toEqual([null, 'ok']);
    await wait(10_000);
    expect(t.asked).toHaveLength(3);
  });
});
