import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArrowPad, type Arrow } from './pad';
import { KeyRepeat } from './repeat';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a held key', () => {
  it('presses after 400 ms, and then 30 times a second', () => {
    const press = vi.fn();
    const repeat = new KeyRepeat();
    repeat.start(press);
    vi.advanceTimersByTime(399);
    expect(press).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(press).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(press.mock.calls.length).toBeGreaterThanOrEqual(29);
    expect(press.mock.calls.length).toBeLessThanOrEqual(32);
  });

  it('stops with the finger, and says whether it has pressed', () => {
    const press = vi.fn();
    const repeat = new KeyRepeat();
    repeat.start(press);
    vi.advanceTimersByTime(100);
    expect(repeat.stop()).toBe(false);
    repeat.start(press);
    vi.advanceTimersByTime(450);
    expect(repeat.stop()).toBe(true);
    const calls = press.mock.calls.length;
    vi.advanceTimersByTime(5000);
    expect(press).toHaveBeenCalledTimes(calls);
    expect(repeat.stop(), 'a key that does not repeat comes next').toBe(false);
  });
});

describe('the arrow keys', () => {
  it('send the arrow of the way a finger moves, once for each step, and again while it stays', () => {
    const sent: Arrow[] = [];
    const pad = new ArrowPad((arrow) => sent.push(arrow));
    pad.down(100, 100, 'up');
    pad.move(110, 100);
    expect(sent).toEqual([]);
    pad.move(119, 101);
    expect(sent).toEqual(['right']);
    pad.move(170, 101);
    expect(sent).toEqual(['right', 'right', 'right']);
    pad.move(170, 130);
    expect(sent.at(-1)).toBe('down');
    vi.advanceTimersByTime(500);
    expect(sent.filter((arrow) => arrow === 'down').length).toBeGreaterThan(3);
    expect(pad.up()).toBe(true);
    const count = sent.length;
    vi.advanceTimersByTime(5000);
    expect(sent.length).toBe(count);
  });

  it('leave a tap beside them to be a tap, also after one was held', () => {
    const pad = new ArrowPad(() => {});
    pad.down(10, 10, 'up');
    vi.advanceTimersByTime(1000);
    expect(pad.up()).toBe(true);
    pad.down(40, 40, null);
    expect(pad.up()).toBe(false);
  });

  it('leave a tap to be a tap', () => {
    const press = vi.fn();
    const pad = new ArrowPad(press);
    pad.down(10, 10, 'left');
    pad.move(14, 8);
    expect(pad.up()).toBe(false);
    expect(press).not.toHaveBeenCalled();
  });
});
