import type { Terminal } from '@xterm/xterm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Accelerator } from './renderer';

class Fake {
  lost = (): void => {};
  disposed = false;
  activate(): void {}
  dispose(): void {
    this.disposed = true;
  }
  onContextLoss(lost: () => void): { dispose(): void } {
    this.lost = lost;
    return { dispose: () => {} };
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function accelerated(broken = false): { accelerator: Accelerator; made: Fake[] } {
  const made: Fake[] = [];
  const loadAddon = (): void => {
    if (broken) throw new Error('WebGL2 not supported');
  };
  const accelerator = new Accelerator({ loadAddon } as unknown as Terminal, () => {
    const fake = new Fake();
    made.push(fake);
    return fake;
  });
  accelerator.start();
  return { accelerator, made };
}

describe('a graphics context that was taken away', () => {
  it('is left to the plain renderer at once, and asked for again', () => {
    const { accelerator, made } = accelerated();
    made[0]?.lost();
    expect([made[0]?.disposed, accelerator.on, made.length]).toEqual([true, false, 1]);
    vi.advanceTimersByTime(2_000);
    expect([accelerator.on, made.length]).toEqual([true, 2]);
  });

  it('is not fought over for ever', () => {
    const { accelerator, made } = accelerated();
    for (let round = 0; round < 20; round++) {
      made.at(-1)?.lost();
      vi.advanceTimersByTime(60_000);
    }
    expect([made.length, accelerator.on]).toEqual([5, false]);
  });

  it('is not asked for where there is none, nor after the end', () => {
    const none = accelerated(true);
    vi.advanceTimersByTime(60_000);
    expect([none.made.length, none.accelerator.on]).toEqual([1, false]);
    const ended = accelerated();
    ended.made[0]?.lost();
    ended.accelerator.dispose();
    vi.advanceTimersByTime(60_000);
    expect(ended.made.length).toBe(1);
  });
});
