// The order of the list: what waits for the user, what runs, what is over.

import type { Session } from '$lib/protocol';
import { isEnded, needsYou } from './state';

export interface Sections {
  needs: Session[];
  running: Session[];
  recent: Session[];
  /** How many the filter hides. */
  hidden: number;
}

export function sectionsOf(sessions: Iterable<Session>, filter: string): Sections {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const sections: Sections = { needs: [], running: [], recent: [], hidden: 0 };
  for (const session of sessions) {
    if (!matches(session, words)) sections.hidden += 1;
    else if (needsYou(session)) sections.needs.push(session);
    else if (isEnded(session)) sections.recent.push(session);
    else sections.running.push(session);
  }
  sections.needs.sort((a, b) => waitingSince(a) - waitingSince(b));
  // By age, not by activity: rows that swap places while someone reaches for them get the wrong one pressed.
  sections.running.sort((a, b) => b.created_at - a.created_at || a.id.localeCompare(b.id));
  sections.recent.sort((a, b) => endedAt(b) - endedAt(a));
  return sections;
}

export function waitingSince(session: Session): number {
  return session.pending[0]?.since ?? session.state_since;
}

function endedAt(session: Session): number {
  return session.end?.at ?? session.last_activity_at;
}

function matches(session: Session, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${session.title} ${session.cwd} ${session.kind} ${session.program ?? ''} ${session.model ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
