// Paths that fit what is typed after an `@`, asked of the server while it is typed.

import type { FileMatch, FileMatches } from '$lib/protocol';

export type FindResult = { ok: true; value: FileMatches } | { ok: false; error: { readonly message: string } };
export type Find = (query: string) => Promise<FindResult>;

const PAUSE_MS = 80;

export class FileSearch {
  matches = $state.raw<readonly FileMatch[]>([]);
  error = $state<string | null>(null);
  /** The directory holds more files than were looked at. */
  truncated = $state(false);
  /** What the matches are for; none before the first answer. */
  answered = $state<string | null>(null);
  private asked: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly find: Find) {}

  search(query: string): void {
    if (query === this.asked) return;
    this.asked = query;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(query), PAUSE_MS);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.asked = null;
    this.answered = null;
    this.matches = [];
    this.error = null;
    this.truncated = false;
  }

  private async ask(query: string): Promise<void> {
    const result = await this.find(query);
    // A slow answer must not take the place of a later one.
    if (query !== this.asked) return;
    this.answered = query;
    this.error = result.ok ? null : result.error.message;
    this.matches = result.ok ? result.value.matches : [];
    this.truncated = result.ok && result.value.truncated;
  }
}
