import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clipboard } from './clipboard.svelte';
import ClipboardPrompt from './ClipboardPrompt.svelte';

describe('the question whether a program may copy', () => {
  const write = vi.fn(async () => {});
  const onleft = vi.fn();
  let clipboard: Clipboard;
  let view: object;
  let sessions = 0;

  beforeEach(() => {
    vi.useFakeTimers();
    write.mockClear();
    onleft.mockClear();
    clipboard = new Clipboard(`prompt-${(sessions += 1)}`, write);
    clipboard.offer('text');
    view = mount(ClipboardPrompt, { target: document.body, props: { clipboard, text: 'text', onleft } });
    flushSync();
  });
  afterEach(() => {
    void unmount(view);
    vi.useRealTimers();
  });

  const button = (name: string): HTMLElement => [...document.querySelectorAll('button')].find((one) => (one.ariaLabel ?? one.textContent?.trim()) === name || one.getAttribute('aria-label') === name)!;

  it.each(['Copy once', 'Always in this session', 'Never', 'Dismiss'])('takes no press that comes with it: %s', (name) => {
    button(name).click();
    expect([clipboard.asked, clipboard.consent, write.mock.calls.length]).toEqual(['text', 'ask', 0]);
    vi.advanceTimersByTime(500);
    flushSync();
    expect(button(name).getAttribute('aria-disabled')).toBe('false');
    button(name).click();
    expect(clipboard.asked).toBeNull();
  });

  it('gives the focus back that it had, and takes none by a press', () => {
    vi.advanceTimersByTime(500);
    flushSync();
    const press = new Event('pointerdown', { bubbles: true, cancelable: true });
    button('Never').dispatchEvent(press);
    expect(press.defaultPrevented).toBe(true);
    button('Dismiss').click();
    expect(onleft).not.toHaveBeenCalled();
    clipboard.offer('text');
    button('Copy once').focus();
    button('Copy once').click();
    expect(onleft).toHaveBeenCalledOnce();
  });
});
