// Fingers on an element, told to `Gestures`; what moves under them, and goes on when they have left.

import { Gestures, type GestureEvents, type Point } from './gestures';
import { Lines, Momentum } from './momentum';

export interface FingerEvents extends Omit<GestureEvents, 'scroll' | 'fling' | 'sideways'> {
  /** So many lines up (positive) or down. */
  lines(count: number, at: Point): void;
  lineHeight(): number;
  /** What is scrolled, and how; what was thrown at one thing does not go on in another. */
  scrolls(): string;
  /** So many steps to the right (positive) or to the left. */
  steps(count: number): void;
  /** Moves the view by so many pixels where it is wider than there is room; false where it is not. */
  across(pixels: number): boolean;
  /** A tap; true when it is used up and neither focuses nor clicks. */
  tap(at: Point): boolean;
}

/** Each so many pixels sideways are another step. */
const STEP = 20;
/** For so long after a finger, what the browser makes of it (a menu, a click) is the finger's. */
const AFTERMATH_MS = 1000;

/** Listens until the returned function is called. */
export function followFingers(element: HTMLElement, events: FingerEvents): () => void {
  const lines = new Lines();
  let frame = 0;
  let lastTouch = -Infinity;
  const scroll = (pixels: number, at: Point): void => {
    const count = lines.take(pixels, events.lineHeight());
    if (count !== 0) events.lines(count, at);
  };
  const sides = new Lines();
  const sideways = (pixels: number): void => {
    if (events.across(pixels)) return;
    const count = sides.take(pixels, STEP);
    if (count !== 0) events.steps(count);
  };
  const fling = (speed: number, at: Point): void => {
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const momentum = new Momentum(speed);
    const scrolled = events.scrolls();
    let then = performance.now();
    const step = (now: number): void => {
      const pixels = momentum.step(Math.max(0, now - then));
      then = Math.max(then, now);
      frame = 0;
      if (pixels === null || events.scrolls() !== scrolled) return;
      scroll(pixels, at);
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  };
  const gestures = new Gestures({ ...events, scroll, sideways, fling });
  const points = (event: TouchEvent): Point[] => [...event.targetTouches].map(({ clientX, clientY }) => ({ x: clientX, y: clientY }));

  const start = (event: TouchEvent): void => {
    lastTouch = event.timeStamp;
    const moved = frame !== 0;
    cancelAnimationFrame(frame);
    frame = 0;
    lines.clear();
    sides.clear();
    gestures.down(points(event), event.timeStamp, moved);
  };
  const move = (event: TouchEvent): void => {
    if (event.cancelable) event.preventDefault();
    gestures.move(points(event), event.timeStamp);
  };
  const end = (event: TouchEvent): void => {
    lastTouch = event.timeStamp;
    const touch = event.changedTouches[0];
    const tapped = gestures.up(points(event), event.timeStamp);
    const left = tapped && touch !== undefined && !events.tap({ x: touch.clientX, y: touch.clientY });
    // Only what is left of a tap becomes a click, which the emulator focuses by, reports or opens a link with.
    if (!left && event.cancelable) event.preventDefault();
  };
  const cancel = (): void => gestures.cancel();
  const menu = (event: MouseEvent): void => {
    if (event.timeStamp - lastTouch > AFTERMATH_MS) return;
    event.preventDefault();
    event.stopPropagation();
  };

  // All of it is handled here: the page neither scrolls nor zooms nor goes back by what happens on the terminal.
  element.style.touchAction = 'none';
  element.addEventListener('touchstart', start, { passive: true });
  element.addEventListener('touchmove', move, { passive: false });
  element.addEventListener('touchend', end, { passive: false });
  element.addEventListener('touchcancel', cancel);
  element.addEventListener('contextmenu', menu, true);
  return () => {
    cancelAnimationFrame(frame);
    gestures.cancel();
    element.removeEventListener('touchstart', start);
    element.removeEventListener('touchmove', move);
    element.removeEventListener('touchend', end);
    element.removeEventListener('touchcancel', cancel);
    element.removeEventListener('contextmenu', menu, true);
  };
}
