// What fingers on the screen mean. Knows nothing of a terminal; whoever listens does it.

import { Speed } from './momentum';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GestureEvents {
  /** One finger went up or down by so many pixels since the last time; `at` is where it is. */
  scroll(pixels: number, at: Point): void;
  /** It left with this speed, in pixels per millisecond. */
  fling(speed: number, at: Point): void;
  /** It went to a side by so many pixels, to the right with positive ones. */
  sideways(pixels: number): void;
  /** It stayed where it came down. */
  hold(at: Point): void;
  /** It moved on after that. */
  drag(at: Point): void;
  /** It left after that. */
  dropped(): void;
  /** Two fingers: `factor` further apart, and by so many pixels elsewhere, since the last time. */
  pinch(factor: number, centre: Point, dx: number, dy: number): void;
}

export const HOLD_MS = 500;
/** A finger that only presses wanders less than this. */
export const SLOP = 10;
/** How much more sideways than up or down it has to be. */
const SLANT = 1.6;

type Doing = 'nothing' | 'press' | 'scroll' | 'sideways' | 'hold' | 'pinch' | 'over';

export class Gestures {
  private doing: Doing = 'nothing';
  private from: Point = { x: 0, y: 0 };
  private last: Point = { x: 0, y: 0 };
  private apart = 0;
  private speed = new Speed();
  private stops = false;
  private holdTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly events: GestureEvents) {}

  /** The fingers that are down now, after one came. `stops` says that what was thrown still moved: stopping it is no tap. */
  down(points: readonly Point[], now: number, stops = false): void {
    clearTimeout(this.holdTimer);
    const [first, second] = points;
    if (first === undefined) return;
    if (second !== undefined) {
      // A selection that is being made is not given up for a second finger.
      if (this.doing === 'hold') return;
      this.doing = points.length === 2 ? 'pinch' : 'over';
      this.spread(first, second);
      return;
    }
    this.doing = 'press';
    this.stops = stops;
    this.from = this.last = first;
    this.speed = new Speed();
    this.speed.add(now, first.y);
    if (!stops) this.holdTimer = setTimeout(() => this.hold(), HOLD_MS);
  }

  move(points: readonly Point[], now: number): void {
    const [first, second] = points;
    if (first === undefined) return;
    if (this.doing === 'pinch') {
      if (second !== undefined) this.pinch(first, second);
      return;
    }
    if (this.doing === 'hold') {
      this.events.drag(first);
      return;
    }
    this.speed.add(now, first.y);
    if (this.doing === 'press') this.decide(first);
    if (this.doing === 'scroll') {
      this.events.scroll(first.y - this.last.y, first);
      this.last = first;
    } else if (this.doing === 'sideways') {
      this.events.sideways(first.x - this.last.x);
      this.last = first;
    }
  }

  /** The fingers that are still down after one has left; whether what they did was a tap, for others to take. */
  up(points: readonly Point[], now: number): boolean {
    clearTimeout(this.holdTimer);
    const did = this.doing;
    if (points.length > 0) {
      // What is left of two fingers does not begin something else.
      if (did !== 'hold') this.doing = 'over';
      return false;
    }
    this.doing = 'nothing';
    if (did === 'scroll') this.events.fling(this.speed.at(now), this.last);
    else if (did === 'hold') this.events.dropped();
    return did === 'press' && !this.stops;
  }

  cancel(): void {
    clearTimeout(this.holdTimer);
    const did = this.doing;
    this.doing = 'nothing';
    if (did === 'hold') this.events.dropped();
  }

  private decide(at: Point): void {
    const [dx, dy] = [Math.abs(at.x - this.from.x), Math.abs(at.y - this.from.y)];
    if (Math.max(dx, dy) <= SLOP) return;
    clearTimeout(this.holdTimer);
    this.doing = dx > dy * SLANT ? 'sideways' : 'scroll';
    // The way that told what it is counts for arrows, so that a short swipe is one; a screen would jump by it.
    if (this.doing === 'scroll') this.last = at;
  }

  private hold(): void {
    this.doing = 'hold';
    this.events.hold(this.from);
  }

  private pinch(first: Point, second: Point): void {
    const [apart, last] = [this.apart, this.last];
    this.spread(first, second);
    const factor = apart > 0 && this.apart > 0 ? this.apart / apart : 1;
    this.events.pinch(factor, this.last, this.last.x - last.x, this.last.y - last.y);
  }

  private spread(first: Point, second: Point): void {
    this.last = { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 };
    this.apart = Math.hypot(first.x - second.x, first.y - second.y);
  }
}
