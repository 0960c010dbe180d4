// How much room a terminal has. A keyboard that slides over the page takes height away and gives it back; if the
// terminal became smaller for it, the program would draw everything anew twice for every word typed.

/** No keyboard is lower, and nothing else that comes and goes is as high. */
const KEYBOARD = 120;

export class Room {
  private width = 0;
  private height = 0;

  /** The height to keep while a keyboard covers a part of it, or none when the room there is is all there is. */
  measure(width: number, height: number, typing: boolean): number | null {
    if (typing && width === this.width && this.height - height >= KEYBOARD) return this.height;
    this.width = width;
    this.height = height;
    return null;
  }
}

export interface Space {
  readonly width: number;
  readonly height: number;
}

/** Smaller letters are not read, so the screen is moved about instead. */
const READABLE = 7;

/**
 * The size of the letters with which a screen of that many cells fits into a space, never larger than wanted.
 * `cell` is the size of one for letters of size 1.
 */
export function fittingLetters(cells: { cols: number; rows: number }, cell: Space, space: Space, wanted: number): number {
  const across = space.width / (cells.cols * cell.width);
  const down = space.height / (cells.rows * cell.height);
  const fits = Math.floor(Math.min(across, down) * 4) / 4;
  return Math.min(wanted, Math.max(READABLE, Number.isFinite(fits) ? fits : wanted));
}

/** No screen has more cells in a row or column; the server takes less. */
const MOST_CELLS = 1_000;

/** A size the emulator can draw, whatever it is told. */
export function drawable({ cols, rows }: { cols: number; rows: number }): { cols: number; rows: number } {
  return { cols: Math.min(MOST_CELLS, Math.max(2, cols)), rows: Math.min(MOST_CELLS, Math.max(1, rows)) };
}
