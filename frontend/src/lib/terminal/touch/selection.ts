// Selections as one makes them with a finger: a word first, then two ends that can be moved.

/** A place between cells: before the cell in `column` of buffer line `row`. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** From `start` up to, and without, `end`. */
export interface Range {
  readonly start: Place;
  readonly end: Place;
}

/** What a buffer has to tell. */
export interface Grid {
  readonly cols: number;
  /** The characters of a cell; empty where nothing is or where a wide one goes on. */
  cell(row: number, column: number): string;
  /** Whether a wide character begins before this cell. */
  continues(row: number, column: number): boolean;
  /** Whether a line is the rest of the one before. */
  wrapped(row: number): boolean;
}

// Quotes and brackets end a word, and so do the lines that programs draw around their text; what paths and addresses
// are made of does not.
const SEPARATORS = /^[\s()[\]{}<>'"`,;|\u2500-\u259f]?$/u;
/** A word of this many lines is no word. */
const MOST_LINES = 20;

/** The word that a cell belongs to; null where there is none. */
export function wordAt(grid: Grid, at: Place): Range | null {
  const first = onCharacter(grid, at);
  if (separates(grid, first)) return null;
  let start = first;
  for (let place = before(grid, start); place !== null && at.row - place.row < MOST_LINES && !separates(grid, place); place = before(grid, place)) start = place;
  let last = first;
  for (let place = after(grid, last); place !== null && place.row - at.row < MOST_LINES && !separates(grid, place); place = after(grid, place)) last = place;
  return { start, end: { row: last.row, column: last.column + width(grid, last) } };
}

/** The range between two places, whichever comes first; never empty. */
export function between(one: Place, other: Place): Range {
  const [start, end] = isBefore(other, one) ? [other, one] : [one, other];
  return isBefore(start, end) ? { start, end } : { start, end: { row: start.row, column: start.column + 1 } };
}

/** How many cells a range has, in lines of `cols`. */
export function lengthOf({ start, end }: Range, cols: number): number {
  return (end.row - start.row) * cols + end.column - start.column;
}

export function isBefore(one: Place, other: Place): boolean {
  return one.row < other.row || (one.row === other.row && one.column < other.column);
}

function onCharacter(grid: Grid, { row, column }: Place): Place {
  return column > 0 && grid.continues(row, column) ? { row, column: column - 1 } : { row, column };
}

function width(grid: Grid, { row, column }: Place): number {
  return column + 1 < grid.cols && grid.continues(row, column + 1) ? 2 : 1;
}

function separates(grid: Grid, { row, column }: Place): boolean {
  return SEPARATORS.test(grid.cell(row, column));
}

function before(grid: Grid, { row, column }: Place): Place | null {
  if (column > 0) return onCharacter(grid, { row, column: column - 1 });
  return grid.wrapped(row) ? onCharacter(grid, { row: row - 1, column: grid.cols - 1 }) : null;
}

function after(grid: Grid, place: Place): Place | null {
  const column = place.column + width(grid, place);
  if (column < grid.cols) return { row: place.row, column };
  return grid.wrapped(place.row + 1) ? { row: place.row + 1, column: 0 } : null;
}
