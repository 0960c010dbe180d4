import { afterEach, describe, expect, it, vi } from 'vitest';
import { later } from './later';

describe('work for later', () => {
  afterEach(() => vi.useRealTimers());

  it('is done in order, a little at a time, and can be taken back', () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const done: number[] = [];
    const take = (n: number): (() => void) =>
      later(() => {
        done.push(n);
        // Longer than a slice.
        const until = performance.now() + 20;
        while (performance.now() < until);
      });
    const handles = [1, 2, 3, 4].map(take);
    handles[2]?.();
    expect(done).toEqual([]);
    vi.runAllTimers();
    expect(done).toEqual([1, 2, 4]);
  });
});
