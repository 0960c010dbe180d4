import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import OneByOne from './OneByOne.testing.svelte';

describe('what may be large', () => {
  let view: object | null = null;
  const show = (names: readonly string[]): void => {
    view = mount(OneByOne, { target: document.body, props: { names } });
    flushSync();
  };
  const shown = (): string => document.body.textContent?.trim() ?? '';
  const task = (): void => {
    vi.advanceTimersToNextTimer();
    flushSync();
  };

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    if (view !== null) void unmount(view);
    view = null;
    vi.useRealTimers();
  });

  it('comes in one by one, the first at once', () => {
    show(['a', 'b', 'c']);
    expect(shown()).toBe('a');
    task();
    expect(shown()).toBe('a b');
    task();
    expect(shown()).toBe('a b c');
  });

  it('waits for nothing when it is alone', () => {
    show(['a']);
    expect(shown()).toBe('a');
    task();
    expect(vi.getTimerCount()).toBe(0);
  });
});
