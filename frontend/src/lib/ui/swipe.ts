// A swipe from one thing to its neighbour: locked to a direction once that is clear, and only meant when it was far enough.

export const FAR_ENOUGH = 80;
/** A finger that only presses wanders less than this. */
const SLOP = 12;
/** How much more sideways than up or down it has to be. */
const SLANT = 1.6;

export type Way = 'previous' | 'next';

export interface Progress {
  readonly way: Way;
  /** From 0 to 1, where 1 is far enough. */
  readonly done: number;
}

export class Swipe {
  private from: { x: number; y: number } | null = null;
  private locked: 'sideways' | 'other' | null = null;
  private dx = 0;

  start(x: number, y: number): void {
    this.from = { x, y };
    this.locked = null;
    this.dx = 0;
  }

  /** How far it has come; null while it is none. */
  move(x: number, y: number): Progress | null {
    if (this.from === null) return null;
    this.dx = x - this.from.x;
    const dy = y - this.from.y;
    if (this.locked === null && Math.max(Math.abs(this.dx), Math.abs(dy)) > SLOP) {
      this.locked = Math.abs(this.dx) > Math.abs(dy) * SLANT ? 'sideways' : 'other';
    }
    return this.progress();
  }

  /** Where it went; null when it was none, or taken back. */
  end(): Way | null {
    const progress = this.progress();
    this.cancel();
    return progress !== null && progress.done >= 1 ? progress.way : null;
  }

  cancel(): void {
    this.from = null;
    this.locked = null;
    this.dx = 0;
  }

  private progress(): Progress | null {
    if (this.locked !== 'sideways' || this.dx === 0) return null;
    return { way: this.dx > 0 ? 'previous' : 'next', done: Math.min(1, Math.abs(this.dx) / FAR_ENOUGH) };
  }
}

const NOT_FROM = 'input, textarea, select, pre, code, table, .xterm, [role="dialog"], [data-no-swipe]';

/** Whether a finger that comes down on `target` may begin a swipe: not where it would scroll, write or select. */
export function maySwipeFrom(target: Element, within: Element): boolean {
  if (target.closest(NOT_FROM) !== null) return false;
  for (let one: Element | null = target; one !== null && one !== within; one = one.parentElement) {
    if (one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX)) return false;
  }
  return true;
}

const EDGE = 28;

/** An attachment: listens for swipes that begin on `[data-swipe]` or at the left and right edge of `root`. */
export function swipeable(onprogress: (progress: Progress | null) => void, onswipe: (way: Way) => void): (root: HTMLElement) => () => void {
  return (root) => {
    const swipe = new Swipe();
    const start = (event: TouchEvent): void => {
      swipe.cancel();
      const touch = event.touches[0];
      if (touch === undefined || event.touches.length > 1 || !(event.target instanceof Element)) return;
      const { left, right } = root.getBoundingClientRect();
      const atEdge = touch.clientX - left < EDGE || right - touch.clientX < EDGE;
      const selecting = window.getSelection()?.isCollapsed === false;
      if (selecting || (!atEdge && event.target.closest('[data-swipe]') === null) || !maySwipeFrom(event.target, root)) return;
      swipe.start(touch.clientX, touch.clientY);
    };
    const move = (event: TouchEvent): void => {
      const touch = event.touches[0];
      if (event.touches.length > 1) stop();
      else if (touch !== undefined) onprogress(swipe.move(touch.clientX, touch.clientY));
    };
    const stop = (): void => {
      swipe.cancel();
      onprogress(null);
    };
    const end = (): void => {
      const way = swipe.end();
      onprogress(null);
      if (way !== null) onswipe(way);
    };
    const passive = { passive: true } as const;
    root.addEventListener('touchstart', start, passive);
    root.addEventListener('touchmove', move, passive);
    root.addEventListener('touchend', end, passive);
    root.addEventListener('touchcancel', stop, passive);
    return () => {
      root.removeEventListener('touchstart', start);
      root.removeEventListener('touchmove', move);
      root.removeEventListener('touchend', end);
      root.removeEventListener('touchcancel', stop);
    };
  };
}

/**
 * An attachment, for where `touch-action` leaves sideways moves to the page. Chromium takes a quick one for a fling all the
 * same and drops the next tap as the one that stops it; a move that is prevented makes no fling. Only on what is small: a
 * browser waits for such a listener before it scrolls.
 */
export function keepsSideways(element: HTMLElement): () => void {
  const swipe = new Swipe();
  const start = (event: TouchEvent): void => {
    const touch = event.touches[0];
    if (touch !== undefined) swipe.start(touch.clientX, touch.clientY);
  };
  const move = (event: TouchEvent): void => {
    const touch = event.touches[0];
    if (touch !== undefined && swipe.move(touch.clientX, touch.clientY) !== null && event.cancelable) event.preventDefault();
  };
  element.addEventListener('touchstart', start, { passive: true });
  element.addEventListener('touchmove', move, { passive: false });
  return () => {
    element.removeEventListener('touchstart', start);
    element.removeEventListener('touchmove', move);
  };
}
