// How much of a line of a diff is drawn: of one that is longer than a screen can take, its beginning.

import type { DiffLine } from '../../patch';

/** Characters of a line in a conversation. */
export const LINE_MOST = 2_000;
/** And where a diff has a view of its own. */
const LARGE_MOST = 20_000;
/** Once so much of long lines is drawn, the others are cut where they are cut elsewhere. */
const LARGE_ROOM = 100_000;

export type Limit = (line: DiffLine) => number;

export const usual: Limit = () => LINE_MOST;

/** Whether a conversation shows only the beginning of it. */
export const isCut = (text: string): boolean => text.length > LINE_MOST;

export const shownText = ({ text }: DiffLine, most: number): string => (text.length > most ? text.slice(0, most) : text);

/** The limits in a view of its own. A line keeps its own while more lines are shown after it. */
export function largeLimits(lines: readonly DiffLine[]): Limit {
  const own = new Map<DiffLine, number>();
  let room = LARGE_ROOM;
  for (const line of lines) {
    if (!isCut(line.text)) continue;
    const most = Math.max(LINE_MOST, Math.min(LARGE_MOST, room));
    own.set(line, most);
    room -= Math.min(most, line.text.length);
  }
  return (line) => own.get(line) ?? LINE_MOST;
}
