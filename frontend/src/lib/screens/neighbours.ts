// Which session is before and after another: in the order of the list.

import type { Session } from '$lib/protocol';
import { sectionsOf } from '$lib/text/sections';

export interface Neighbours {
  readonly previous: Session | null;
  readonly next: Session | null;
}

export function neighbours(sessions: Iterable<Session>, id: string): Neighbours {
  const { needs, running, recent } = sectionsOf(sessions, '');
  const order = [...needs, ...running, ...recent];
  const at = order.findIndex((session) => session.id === id);
  if (at < 0) return { previous: null, next: null };
  return { previous: order[at - 1] ?? null, next: order[at + 1] ?? null };
}
