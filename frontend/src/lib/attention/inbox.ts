// Which sessions the inbox shows, and in which order. What was just answered keeps its place for a moment: a list that
// closes up under a finger gets the wrong thing pressed.

import type { Session } from '$lib/protocol';

export interface Settled {
  /** What became of it, in words. */
  readonly words: string;
  readonly title: string;
  readonly until: number;
  /** Where in the list it stood. */
  readonly place: number;
}

export type InboxRow = { readonly id: string; readonly session: Session; readonly settled: null } | { readonly id: string; readonly session: null; readonly settled: Settled };

export const SETTLED_MS = 8_000;

/** What is settled stays at its place; the rest is in the order of `needs`, oldest first. */
export function arrange(needs: readonly Session[], settled: ReadonlyMap<string, Settled>): InboxRow[] {
  const waiting = new Set(needs.map((session) => session.id));
  const rows: InboxRow[] = needs.map((session) => ({ id: session.id, session, settled: null }));
  const over = [...settled].filter(([id]) => !waiting.has(id)).sort(([, a], [, b]) => a.place - b.place);
  for (const [id, done] of over) rows.splice(Math.min(done.place, rows.length), 0, { id, session: null, settled: done });
  return rows;
}
