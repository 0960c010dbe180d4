// What was thrown goes on for a while, slower and slower.

/** After this time a thrown thing has e times less speed; about what phones do. */
const DECAY_MS = 325;
/** In pixels per millisecond: slower is standing still. */
const SLOWEST = 0.03;
const FASTEST = 6;
/** Only what the finger did last says how fast it was. */
const RECENT_MS = 100;
/** A finger that has rested before it left throws nothing. */
const REST_MS = 60;

/** How fast a finger was when it left, in pixels per millisecond. */
export class Speed {
  private samples: { at: number; y: number }[] = [];

  add(at: number, y: number): void {
    // On a busy phone even the one before may be old; without it there would be no speed at all.
    this.samples = [...this.samples.filter((sample, index) => at - sample.at <= RECENT_MS || index === this.samples.length - 1), { at, y }];
  }

  at(now: number): number {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (first === undefined || last === undefined || now - last.at > REST_MS || last.at === first.at) return 0;
    return Math.max(-FASTEST, Math.min(FASTEST, (last.y - first.y) / (last.at - first.at)));
  }
}

export class Momentum {
  constructor(private speed: number) {}

  /** How far it comes in the next `ms`; null once it stands. */
  step(ms: number): number | null {
    if (Math.abs(this.speed) < SLOWEST) return null;
    const kept = Math.exp(-ms / DECAY_MS);
    const way = this.speed * DECAY_MS * (1 - kept);
    this.speed *= kept;
    return way;
  }
}

/** Pixels in, whole lines out; what is less than a line is kept for the next time. */
export class Lines {
  private rest = 0;

  take(pixels: number, height: number): number {
    if (!(height > 0)) return 0;
    // What was left of the other direction must not delay this one.
    if (this.rest !== 0 && Math.sign(this.rest) !== Math.sign(pixels)) this.rest = 0;
    this.rest += pixels;
    const lines = Math.trunc(this.rest / height);
    this.rest -= lines * height;
    return lines;
  }

  clear(): void {
    this.rest = 0;
  }
}
