// What a command in the background prints, asked for again and again while somebody looks.

import type { TaskOutput } from '$lib/protocol';
import type { Result } from '$lib/wire/api';

export const KEPT_CHARS = 256 * 1_024;
const EVERY_MS = 2_000;

export interface OutputSource {
  read(offset: number): Promise<Result<TaskOutput>>;
  /** Whether anybody can see it. */
  visible(): boolean;
}

export class LiveOutput {
  text = $state('');
  /** Bytes that were printed before what is kept. */
  skipped = $state(0);
  error = $state<string | null>(null);
  loaded = $state(false);
  private offset = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly source: OutputSource) {}

  /** Reads until it is stopped. */
  follow(): void {
    this.stopped = false;
    void this.step(true);
  }

  /** Reads what is there, once. */
  async once(): Promise<void> {
    this.stopped = false;
    await this.step(false);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async step(again: boolean): Promise<void> {
    if (this.source.visible()) {
      const answer = await this.source.read(this.offset);
      if (this.stopped) return;
      if (answer.ok) this.take(answer.value);
      else this.error = answer.error.message;
      this.loaded = true;
      // A command whose output is not there has no more of it later.
      if (!answer.ok && answer.error.status >= 400 && answer.error.status < 500) return;
    }
    if (again) this.timer = setTimeout(() => void this.step(true), EVERY_MS);
  }

  private take({ text, offset, next_offset }: TaskOutput): void {
    this.error = null;
    if (offset > this.offset) this.skipped += offset - this.offset;
    this.offset = next_offset;
    if (text === '') return;
    const all = this.text + text;
    const over = all.length - KEPT_CHARS;
    if (over > 0) this.skipped += over;
    this.text = over > 0 ? all.slice(over) : all;
  }
}
