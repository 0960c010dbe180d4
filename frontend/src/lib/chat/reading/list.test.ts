import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cell, Item } from '../items';
import { ListView } from './list.svelte';

// The test's document measures nothing: heights are said here.
const sized = (heights: Record<string, number>): HTMLElement => {
  const element = document.createElement('div');
  for (const [name, value] of Object.entries(heights)) Object.defineProperty(element, name, { value, writable: true, configurable: true });
  return element;
};
const grow = (element: HTMLElement, name: string, value: number): void => void ((element as unknown as Record<string, number>)[name] = value);

describe('a list that stands at its end', () => {
  const list = new ListView(() => false);
  const scroller = sized({ scrollHeight: 2_000, clientHeight: 800, scrollTop: 1_200 });
  const content = document.createElement('div');
  const item = sized({ offsetHeight: 100 });
  const button = document.createElement('button');

  beforeEach(() => {
    vi.useFakeTimers();
    item.append(button);
    content.append(item);
    scroller.append(content);
    list.watchScroller(scroller);
    list.watchContent(content);
    list.watchItem({ value: { id: 1 } } as unknown as Cell<Item>)(item);
    list.stuck = true;
    grow(scroller, 'scrollHeight', 2_000);
    grow(scroller, 'scrollTop', 1_200);
    grow(item, 'offsetHeight', 100);
    button.onclick = (event) => list.clicked(event);
    button.click();
  });
  afterEach(() => vi.useRealTimers());

  it('follows what is said while a button is pressed', () => {
    grow(scroller, 'scrollHeight', 3_000);
    vi.advanceTimersByTime(100);
    expect([list.stuck, scroller.scrollTop]).toEqual([true, 3_000]);
  });

  it('stays where something was opened', () => {
    grow(item, 'offsetHeight', 600);
    grow(scroller, 'scrollHeight', 2_500);
    vi.advanceTimersByTime(100);
    expect([list.stuck, scroller.scrollTop]).toEqual([false, 1_200]);
  });
});
