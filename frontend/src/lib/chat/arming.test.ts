import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { arm } from './arming';

describe('arming', () => {
  let ready: ReturnType<typeof vi.fn<() => void>>;
  let stop: () => void = () => {};
  const begin = (): void => {
    ready = vi.fn<() => void>();
    stop = arm(ready);
  };
  const pointer = (type: string): void => void window.dispatchEvent(Object.assign(new Event(type), { pointerId: 1 }));
  const key = (name: string, target: EventTarget = window): void => void target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));

  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    stop();
    pointer('pointerup');
    document.body.replaceChildren();
    vi.useRealTimers();
  });

  it('takes half a second', () => {
    begin();
    vi.advanceTimersByTime(499);
    expect(ready).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ready).toHaveBeenCalledTimes(1);
  });

  it('begins anew with every key that is typed', () => {
    begin();
    for (let i = 0; i < 10; i += 1) {
      vi.advanceTimersByTime(400);
      key('x');
    }
    expect(ready).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    expect(ready).toHaveBeenCalledTimes(1);
    key('x');
    vi.advanceTimersByTime(500);
    expect(ready).toHaveBeenCalledTimes(1);
  });

  it('does not mind keys that type nothing, nor an answer being written', () => {
    document.body.innerHTML = '<div data-prompt="r1"><input></div>';
    begin();
    vi.advanceTimersByTime(400);
    key('Shift');
    key('Tab');
    key('x', document.querySelector('input')!);
    vi.advanceTimersByTime(100);
    expect(ready).toHaveBeenCalled();
  });

  it('waits for a finger to leave', () => {
    begin();
    vi.advanceTimersByTime(300);
    pointer('pointerdown');
    vi.advanceTimersByTime(5_000);
    pointer('pointerup');
    vi.advanceTimersByTime(499);
    expect(ready).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ready).toHaveBeenCalled();
  });

  it('knows of a finger that was down before', () => {
    pointer('pointerdown');
    begin();
    vi.advanceTimersByTime(5_000);
    expect(ready).not.toHaveBeenCalled();
    pointer('pointercancel');
    vi.advanceTimersByTime(500);
    expect(ready).toHaveBeenCalled();
  });

  it('can be called off', () => {
    begin();
    stop();
    vi.advanceTimersByTime(5_000);
    expect(ready).not.toHaveBeenCalled();
  });
});
