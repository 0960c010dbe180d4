import { afterEach, describe, expect, it, vi } from 'vitest';
import { FAR_ENOUGH, keepsSideways, maySwipeFrom, Swipe, swipeable, type Progress } from './swipe';

afterEach(() => document.body.replaceChildren());

function drag(...points: readonly (readonly [number, number])[]): Swipe {
  const swipe = new Swipe();
  const [first, ...rest] = points;
  swipe.start(first?.[0] ?? 0, first?.[1] ?? 0);
  for (const [x, y] of rest) swipe.move(x, y);
  return swipe;
}

describe('a swipe', () => {
  it.each([
    ['to the right means the one before', [[100, 100], [140, 102], [100 + FAR_ENOUGH, 104]], 'previous'],
    ['to the left means the one after', [[200, 100], [160, 98], [200 - FAR_ENOUGH, 96]], 'next'],
    ['that is too short is none', [[100, 100], [100 + FAR_ENOUGH - 1, 100]], null],
    ['that began as a scroll stays one', [[100, 100], [101, 130], [250, 130]], null],
    ['on a slant is none', [[100, 100], [200, 180]], null],
    ['that came back is none', [[100, 100], [220, 100], [120, 100]], null],
    ['of a resting finger is none', [[100, 100], [103, 101]], null],
  ] as const)('%s', (_name, points, way) => {
    expect(drag(...points).end()).toBe(way);
  });

  it('tells how far it is', () => {
    const swipe = drag([0, 0]);
    expect(swipe.move(8, 0)).toBeNull();
    expect(swipe.move(FAR_ENOUGH / 2, 0)).toEqual({ way: 'previous', done: 0.5 });
    expect(swipe.move(FAR_ENOUGH * 3, 0)).toEqual({ way: 'previous', done: 1 });
  });

  it('ends once', () => {
    const swipe = drag([0, 0], [200, 0]);
    expect(swipe.end()).toBe('previous');
    expect(swipe.end()).toBeNull();
  });
});

describe('where it may begin', () => {
  it.each([
    ['<p><span data-from>text</span></p>', true],
    ['<pre><span data-from>code</span></pre>', false],
    ['<textarea data-from></textarea>', false],
    ['<div class="xterm"><b data-from>$</b></div>', false],
    ['<button data-from>Allow</button>', true],
  ])('%s', (html, may) => {
    document.body.innerHTML = `<main>${html}</main>`;
    const [target, root] = ['[data-from]', 'main'].map((selector) => document.querySelector(selector));
    if (target == null || root == null) throw new Error('not drawn');
    expect(maySwipeFrom(target, root)).toBe(may);
  });

  it('is not what scrolls sideways', () => {
    document.body.innerHTML = '<main><div style="overflow-x: auto"><i>wide</i></div></main>';
    const box = document.querySelector('div');
    Object.defineProperties(box, { scrollWidth: { value: 900 }, clientWidth: { value: 300 } });
    expect(maySwipeFrom(document.querySelector('i') as Element, document.querySelector('main') as Element)).toBe(false);
  });
});

describe('listening', () => {
  /** False when the page has prevented it. */
  function touch(type: string, target: Element, ...points: readonly (readonly [number, number])[]): boolean {
    const event = new Event(type, { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'touches', { value: points.map(([clientX, clientY]) => ({ clientX, clientY })) });
    return target.dispatchEvent(event);
  }

  function setUp(): { head: Element; rest: Element; swiped: ReturnType<typeof vi.fn>; progress: (Progress | null)[]; remove: () => void } {
    document.body.innerHTML = '<main><header data-swipe>title</header><p>text</p></main>';
    const root = document.querySelector('main') as HTMLElement;
    root.getBoundingClientRect = () => ({ left: 0, right: 390 }) as DOMRect;
    const swiped = vi.fn();
    const progress: (Progress | null)[] = [];
    const remove = swipeable((one) => progress.push(one), swiped)(root);
    return { head: document.querySelector('header') as Element, rest: document.querySelector('p') as Element, swiped, progress, remove };
  }

  it('hears the header and the edges, and nothing else', () => {
    const { head, rest, swiped } = setUp();
    const swipe = (target: Element, from: number, to: number): void => {
      touch('touchstart', target, [from, 50]);
      touch('touchmove', target, [to, 50]);
      touch('touchend', target);
    };
    swipe(head, 200, 100);
    swipe(rest, 10, 120);
    swipe(rest, 200, 100);
    expect(swiped.mock.calls).toEqual([['next'], ['previous']]);
  });

  it('gives up for a second finger, and when it is taken away', () => {
    const { head, swiped, progress, remove } = setUp();
    touch('touchstart', head, [200, 50]);
    touch('touchmove', head, [150, 50], [10, 10]);
    touch('touchmove', head, [50, 50]);
    touch('touchend', head);
    expect(swiped).not.toHaveBeenCalled();
    expect(progress.at(-1)).toBeNull();
    remove();
    touch('touchstart', head, [200, 50]);
    touch('touchmove', head, [50, 50]);
    touch('touchend', head);
    expect(swiped).not.toHaveBeenCalled();
  });
  it('keeps sideways moves from the browser, and leaves it the others', () => {
    const { head, rest } = setUp();
    const remove = keepsSideways(head as HTMLElement);
    const moved = (target: Element, x: number, y: number): boolean => {
      touch('touchstart', target, [200, 50]);
      return touch('touchmove', target, [x, y]);
    };
    expect([moved(head, 150, 52), moved(head, 198, 120), moved(rest, 150, 52)]).toEqual([false, true, true]);
    remove();
    expect(moved(head, 150, 52)).toBe(true);
  });
});
