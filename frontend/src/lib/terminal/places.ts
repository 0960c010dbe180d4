// Where a piece of a line is on the screen: the line may have been wrapped, and a letter may take two cells or share one.

import type { IBuffer, IBufferCell } from '@xterm/xterm';
import type { Match } from './search';

export interface Place {
  readonly row: number;
  readonly col: number;
  /** In cells, over the end of rows. */
  readonly length: number;
}

export interface Lines {
  readonly texts: readonly string[];
  /** The row on which each begins. */
  readonly rows: readonly number[];
}

export function linesOf(buffer: IBuffer): Lines {
  const texts: string[] = [];
  const rows: number[] = [];
  for (let row = 0; row < buffer.length; row++) {
    const line = buffer.getLine(row);
    if (line === undefined) break;
    const goesOn = buffer.getLine(row + 1)?.isWrapped === true;
    const text = line.translateToString(!goesOn);
    if (line.isWrapped && texts.length > 0) texts[texts.length - 1] += text;
    else {
      texts.push(text);
      rows.push(row);
    }
  }
  return { texts, rows };
}

/** The places of matches in their order, which is that of the text; each line is walked through once for all of its own. */
export function placesOf(buffer: IBuffer, rows: readonly number[], matches: readonly Match[], cols: number): (Place | null)[] {
  const cell = buffer.getNullCell();
  const places: (Place | null)[] = [];
  for (let from = 0, to = 0; from < matches.length; from = to) {
    const line = matches[from]?.line ?? 0;
    while (matches[to]?.line === line) to += 1;
    places.push(...placesIn(buffer, rows[line] ?? 0, matches.slice(from, to), cols, cell));
  }
  return places;
}

/** Within one line, which begins on the row `first`; no match reaches into the next. */
function placesIn(buffer: IBuffer, first: number, matches: readonly Match[], cols: number, cell: IBufferCell): (Place | null)[] {
  const places: (Place | null)[] = [];
  let at = 0;
  let begin: number | null = null;
  for (let row = first; row < buffer.length && places.length < matches.length; row++) {
    const line = buffer.getLine(row);
    if (line === undefined || (row > first && !line.isWrapped)) break;
    for (let col = 0; col < line.length; col++) {
      line.getCell(col, cell);
      const width = cell.getWidth();
      if (width === 0) continue;
      const here = (row - first) * cols + col;
      at += cell.getChars().length || 1;
      // One cell may hold the end of one and the beginning of the next.
      for (let match; (match = matches[places.length]) !== undefined; begin = null) {
        if (begin === null && at > match.start) begin = here;
        if (begin === null || at < match.start + match.length) break;
        places.push({ row: first + Math.floor(begin / cols), col: begin % cols, length: here + width - begin });
      }
    }
  }
  while (places.length < matches.length) places.push(null);
  return places;
}
