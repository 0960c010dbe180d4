// A bell that is seen. Programs ring it ten thousand times a second; eyes take three.

const PAUSE_MS = 400;
const LIT_MS = 150;

export class Bell {
  private last = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly light: (on: boolean) => void,
    private readonly still = false,
  ) {}

  ring(now = performance.now()): void {
    // Where nothing may move, it is lit longer and seldom.
    if (now - this.last < (this.still ? 5 : 1) * PAUSE_MS) return;
    this.last = now;
    this.light(true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.light(false), (this.still ? 8 : 1) * LIT_MS);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
