// A finger that stays on a key presses it again and again.

export const REPEAT_AFTER_MS = 400;
export const REPEAT_EVERY_MS = 1000 / 30;

export class KeyRepeat {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pressed = false;

  /** A finger came down; `press` is called from when it has stayed until `stop`. */
  start(press: () => void, after = REPEAT_AFTER_MS): void {
    this.stop();
    this.timer = setTimeout(() => {
      this.pressed = true;
      press();
      this.timer = setInterval(press, REPEAT_EVERY_MS);
    }, after);
  }

  /** Ends it; whether it has pressed since it was last ended. */
  stop(): boolean {
    // One id space for both kinds of timer.
    clearTimeout(this.timer);
    this.timer = undefined;
    const did = this.pressed;
    this.pressed = false;
    return did;
  }
}
