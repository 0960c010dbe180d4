// The lines of the palette: which, in which order, under which headings. Pure, so that the order has tests.

import type { FileMatch, Session } from '$lib/protocol';
import { directory, middleTruncate } from '$lib/text/format';
import { plain } from '$lib/text/reveal';
import { sectionsOf } from '$lib/text/sections';
import type { PaletteAction } from './actions.svelte';
import { fuzzy } from './rank';

export type Entry = { readonly id: string; readonly title: string; readonly positions: readonly number[] } & (
  | { readonly kind: 'session'; readonly session: Session; readonly detail: string }
  | { readonly kind: 'action'; readonly action: PaletteAction; readonly detail: string }
  | { readonly kind: 'file'; readonly path: string; readonly detail: string }
);

export interface Section {
  readonly heading: string;
  readonly entries: readonly Entry[];
}

export interface Offer {
  readonly query: string;
  readonly sessions: Iterable<Session>;
  /** The session in front, which need not be offered. */
  readonly open: string | null;
  readonly actions: readonly PaletteAction[];
  readonly files: readonly FileMatch[];
  /** Ids used lately, latest first. */
  readonly recent: readonly string[];
}

const FEW = { sessions: 6, actions: 10, files: 8 };
const MANY = { sessions: 20, actions: 20, files: 20 };
/** A match in what is said beside a title counts less than one in the title. */
const ASIDE = 6;
const LATELY = 10;

export function sectionsFor(offer: Offer): Section[] {
  const most = offer.query.trim() === '' ? FEW : MANY;
  const sections = [
    { heading: 'Sessions', entries: sessionEntries(offer).slice(0, most.sessions) },
    { heading: 'Actions', entries: actionEntries(offer).slice(0, most.actions) },
    { heading: 'Files', entries: fileEntries(offer).slice(0, most.files) },
  ];
  return sections.filter(({ entries }) => entries.length > 0);
}

interface Ranked {
  readonly entry: Entry;
  readonly score: number;
}

function sessionEntries({ query, sessions, open, recent }: Offer): Entry[] {
  const { needs, running, recent: ended } = sectionsOf(sessions, '');
  const order = [...needs, ...running, ...ended].filter((session) => session.id !== open);
  const urgent = new Set(needs.map((session) => session.id));
  const ranked = order.flatMap((session): Ranked[] => {
    const title = plain(session.title);
    const detail = middleTruncate(plain(directory(session.cwd)), 48);
    const found = rank(query, title, `${detail} ${session.kind} ${session.model ?? ''}`);
    if (found === null) return [];
    const id = `session:${session.id}`;
    // What waits for the user comes first, whatever was typed.
    return [{ entry: { kind: 'session', id, title, detail, session, positions: found.positions }, score: found.score + lately(id, recent) + (urgent.has(session.id) ? 1_000 : 0) }];
  });
  return sorted(ranked);
}

function actionEntries({ query, actions, recent }: Offer): Entry[] {
  const ranked = actions.flatMap((action): Ranked[] => {
    if (action.quiet === true && query.trim() === '') return [];
    const found = rank(query, action.title, action.words ?? '');
    if (found === null) return [];
    const id = `action:${action.id}`;
    return [{ entry: { kind: 'action', id, title: action.title, detail: action.detail ?? '', action, positions: found.positions }, score: found.score + lately(id, recent) }];
  });
  return sorted(ranked);
}

/** The server has ranked them already, and by more than the path. */
function fileEntries({ files }: Offer): Entry[] {
  return files.filter(({ kind }) => kind !== 'directory').map(({ path, positions }) => ({ kind: 'file', id: `file:${path}`, title: path, detail: '', path, positions }));
}

function rank(query: string, title: string, aside: string): { score: number; positions: readonly number[] } | null {
  const whole = fuzzy(query, title);
  if (whole !== null) return whole;
  // One letter is in everything that is said beside.
  const both = query.trim().length < 2 ? null : fuzzy(query, `${title} ${aside}`);
  if (both === null) return null;
  return { score: both.score - ASIDE, positions: both.positions.filter((at) => at < title.length) };
}

function lately(id: string, recent: readonly string[]): number {
  const at = recent.indexOf(id);
  return at < 0 ? 0 : LATELY / (at + 1);
}

/** Stable: what scores the same keeps the order it came in. */
function sorted(ranked: readonly Ranked[]): Entry[] {
  return [...ranked].sort((a, b) => b.score - a.score).map(({ entry }) => entry);
}

/** Which line has the focus after a key; the list has no ends. */
export function moved(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at - 1 + count) % count;
    case 'PageDown':
      return Math.min(count - 1, at + 8);
    case 'PageUp':
      return Math.max(0, at - 8);
    default:
      return null;
  }
}
