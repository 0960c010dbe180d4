// What a program that is gone has left switched on.

import type { IBuffer } from '@xterm/xterm';

/** Ends a sequence that was cut, then: margins, colours, character sets, origin, insertion, keys, mouse, focus, pasting, synchronised output, cursor. */
const LEFT_ON = '\x18\x1b[r\x1b[m\x1b(B\x0f\x1b[?6l\x1b[4l\x1b[20l\x1b>\x1b[?1l\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?2004l\x1b[?2026l\x1b[?7h\x1b[?25l';

/** Writes what ends it, and keeps what the other screen shows: below what was on the first one. */
export function ending(active: IBuffer): string {
  if (active.type === 'normal') {
    // Setting margins goes home.
    return `\x1b7${LEFT_ON}\x1b8`;
  }
  const rows: string[] = [];
  for (let row = 0; row < active.length; row++) rows.push(active.getLine(row)?.translateToString(true) ?? '');
  while (rows.at(-1) === '') rows.pop();
  return `${LEFT_ON}\x1b[?1049l\x1b[999;1H\r\n${rows.join('\r\n')}`;
}
