import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keyboardInset } from './viewport.svelte';

describe('keyboard inset', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    ['the keyboard lies over the pane', 844, 500, 1, 344],
    ['the page has made room', 500, 500, 1, 0],
    ['the page is zoomed', 844, 300, 2, 0],
  ])('when %s', (_case, bottom, height, scale, expected) => {
    const viewport = Object.assign(new EventTarget(), { height: 844, offsetTop: 0, scale: 1 });
    vi.stubGlobal('visualViewport', viewport);
    const root = document.createElement('div');
    root.getBoundingClientRect = () => new DOMRect(0, 0, 390, bottom);
    const inset = keyboardInset();
    const stop = inset.watch(root);
    Object.assign(viewport, { height, scale });
    viewport.dispatchEvent(new Event('resize'));
    flushSync();
    expect(inset.value).toBe(expected);
    stop?.();
  });
});
