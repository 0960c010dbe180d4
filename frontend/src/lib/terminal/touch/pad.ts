// The arrow keys take swipes as well: a finger that comes down on them and moves sends the arrow of its way for each
// step, and goes on sending the last one while it stays.

import { KeyRepeat } from './repeat';

export type Arrow = 'up' | 'down' | 'left' | 'right';

/** Less is a tap that wanders. */
export const FIRST_STEP = 18;
export const STEP = 24;

export class ArrowPad {
  private readonly repeat = new KeyRepeat();
  private from: { x: number; y: number } | null = null;
  private swiped = false;

  constructor(private readonly press: (arrow: Arrow) => void) {}

  /** A finger is on `arrow`, or on none of them. */
  down(x: number, y: number, arrow: Arrow | null): void {
    this.from = { x, y };
    this.swiped = false;
    if (arrow === null) this.repeat.stop();
    else this.repeat.start(() => this.press(arrow));
  }

  move(x: number, y: number): void {
    if (this.from === null) return;
    const [dx, dy] = [x - this.from.x, y - this.from.y];
    const far = Math.max(Math.abs(dx), Math.abs(dy));
    if (far < (this.swiped ? STEP : FIRST_STEP)) return;
    const arrow = Math.abs(dx) > Math.abs(dy) ? (dx > 0 ? 'right' : 'left') : dy > 0 ? 'down' : 'up';
    const steps = Math.max(1, Math.floor(far / STEP));
    for (let step = 0; step < steps; step += 1) this.press(arrow);
    // What is less than a step counts for the next one.
    const rest = Math.max(0, far - steps * STEP);
    const along = arrow === 'left' || arrow === 'right';
    this.from = { x: along ? x - Math.sign(dx) * rest : x, y: along ? y : y - Math.sign(dy) * rest };
    this.swiped = true;
    this.repeat.start(() => this.press(arrow));
  }

  /** The finger is gone; whether it did anything, so that it was no tap. */
  up(): boolean {
    this.from = null;
    return this.repeat.stop() || this.swiped;
  }
}
