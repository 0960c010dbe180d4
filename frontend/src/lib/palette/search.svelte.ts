// What the palette shows for what is typed. Files are asked of the server, once the typing pauses.

import type { FileMatch, Session } from '$lib/protocol';
import type { Api } from '$lib/wire/api';
import type { PaletteAction } from './actions.svelte';
import { moved, sectionsFor, type Entry } from './entries';

const PAUSE_MS = 150;

export interface Sources {
  readonly api: Pick<Api, 'findFiles'>;
  readonly open: Session | null;
  sessions(): Iterable<Session>;
  actions(): readonly PaletteAction[];
  readonly recent: readonly string[];
}

export class Search {
  query = $state('');
  private files = $state.raw<readonly FileMatch[]>([]);
  /** Why no files are shown, when the server did not say which there are. */
  failure = $state<string | null>(null);
  private at = $state(0);
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly sections = $derived.by(() =>
    sectionsFor({
      query: this.query,
      sessions: this.sources.sessions(),
      open: this.sources.open?.id ?? null,
      actions: this.sources.actions(),
      files: this.files,
      recent: this.sources.recent,
    }),
  );
  readonly entries: readonly Entry[] = $derived(this.sections.flatMap((section) => section.entries));
  /** A list that became shorter has no line where the focus was. */
  readonly active = $derived(Math.min(this.at, Math.max(0, this.entries.length - 1)));

  constructor(private readonly sources: Sources) {}

  type(query: string): void {
    this.query = query;
    this.at = 0;
    clearTimeout(this.timer);
    this.asked += 1;
    if (query.trim() === '' || this.sources.open === null) {
      this.files = [];
      this.failure = null;
    } else {
      this.timer = setTimeout(() => void this.find(query), PAUSE_MS);
    }
  }

  get current(): Entry | undefined {
    return this.entries[this.active];
  }

  point(at: number): void {
    this.at = at;
  }

  /** Whether the key was one of the list's. */
  key(key: string): boolean {
    const to = moved(key, this.active, this.entries.length);
    if (to === null) return false;
    this.at = to;
    return true;
  }

  close(): void {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  private async find(query: string): Promise<void> {
    const { open } = this.sources;
    if (open === null) return;
    this.asked += 1;
    const mine = this.asked;
    const result = await this.sources.api.findFiles(open.cwd, query.trim());
    // Answers may overtake each other; only the newest question counts.
    if (mine !== this.asked) return;
    this.files = result.ok ? result.value.matches : [];
    this.failure = result.ok || result.error.status === 404 ? null : result.error.message;
  }
}
