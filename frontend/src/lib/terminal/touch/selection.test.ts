import { describe, expect, it } from 'vitest';
import { between, lengthOf, wordAt, type Grid } from './selection';

/** Lines as they are on a screen; one that begins with `↩` is the rest of the one before, and wide characters take two cells. */
function grid(cols: number, ...lines: string[]): Grid {
  const cells = lines.map((line) => {
    const row: (string | null)[] = [];
    for (const character of line.replace(/^↩/, '')) {
      row.push(character);
      if (/\p{Script=Han}/u.test(character)) row.push(null);
    }
    return row;
  });
  return {
    cols,
    cell: (row, column) => cells[row]?.[column] ?? '',
    continues: (row, column) => cells[row]?.[column] === null,
    wrapped: (row) => lines[row]?.startsWith('↩') ?? false,
  };
}

const place = (row: number, column: number): { row: number; column: number } => ({ row, column });

describe('the word under a finger', () => {
  it('ends at blanks, quotes, brackets and frames, not at what paths are made of', () => {
    const screen = grid(40, 'see "src/lib/a-b_c.ts:12" now', '│ word │');
    expect(wordAt(screen, place(0, 8))).toEqual({ start: place(0, 5), end: place(0, 24) });
    expect(wordAt(screen, place(1, 4))).toEqual({ start: place(1, 2), end: place(1, 6) });
  });

  it('is none on a blank, on a quote, and beyond what is written', () => {
    const screen = grid(40, 'a "b"');
    expect(wordAt(screen, place(0, 1))).toBeNull();
    expect(wordAt(screen, place(0, 2))).toBeNull();
    expect(wordAt(screen, place(0, 30))).toBeNull();
  });

  it('goes on over a line that is wrapped, but not over one that ends', () => {
    const screen = grid(6, 'x abcd', '↩efghij', '↩kl m', 'next');
    expect(wordAt(screen, place(1, 2))).toEqual({ start: place(0, 2), end: place(2, 2) });
    expect(wordAt(grid(4, 'abcd', 'efgh'), place(0, 3))).toEqual({ start: place(0, 0), end: place(0, 4) });
  });

  it('takes wide characters whole', () => {
    const screen = grid(20, 'a 漢字 b');
    for (const column of [2, 3, 4, 5]) expect(wordAt(screen, place(0, column))).toEqual({ start: place(0, 2), end: place(0, 6) });
  });
});

describe('two ends', () => {
  it('may change sides, and never meet', () => {
    expect(between(place(3, 1), place(2, 9))).toEqual({ start: place(2, 9), end: place(3, 1) });
    expect(between(place(2, 4), place(2, 4))).toEqual({ start: place(2, 4), end: place(2, 5) });
  });

  it('have so many cells between them', () => {
    expect(lengthOf({ start: place(2, 9), end: place(4, 1) }, 10)).toBe(12);
  });
});
