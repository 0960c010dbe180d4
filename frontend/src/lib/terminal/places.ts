// Where a piece of a line is on the screen: the line may have been wrapped, and a letter may take two cells or share one.

import type { IBuffer } from '@xterm/xterm';
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

export function placeOf(buffer: IBuffer, first: number, { start, length }: Pick<Match, 'start' | 'length'>, cols: number): Place | null {
  let at = 0;
  let begin: number | null = null;
  for (let row = first; row < buffer.length; row++) {
    const line = buffer.getLine(row);
    if (line === undefined || (row > first && !line.isWrapped)) break;
    for (let col = 0; col < line.length; col++) {
      const cell = line.getCell(col);
      const width = cell?.getWidth() ?? 1;
      if (width === 0) continue;
      if (at >= start + length && begin !== null) return between(begin, (row - first) * cols + col);
      at += cell?.getChars().length || 1;
      if (begin === null && at > start) begin = (row - first) * cols + col;
      if (begin !== null && at >= start + length) return between(begin, (row - first) * cols + col + width);
    }
  }
  return null;

  function between(from: number, to: number): Place {
    return { row: first + Math.floor(from / cols), col: from % cols, length: to - from };
  }
}
