import { describe, expect, it } from 'vitest';
import type { Cell, Item } from '../items';
import { Heights, rangeAt, rowsOf, type Range, type Row } from './rows';
import { Sizes } from './sizes';

const SIZE = 50;
const VIEW = 800;

function sizes(count: number, size = SIZE): Sizes {
  const made = new Sizes();
  for (let index = 0; index < count; index += 1) made.push(size);
  return made;
}

const key = (index: number): string => `i${index}`;
const none: ReadonlySet<number> = new Set();
const heightOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + (row.kind === 'gap' ? row.height : SIZE), 0);
const shown = (rows: readonly Row[]): number[] => rows.flatMap((row) => (row.kind === 'item' ? [row.index] : []));

describe('the range in the document', () => {
  it('covers the view and a little more, however long the conversation', () => {
    const list = sizes(20_000);
    const range = rangeAt({ from: 0, to: 0 }, list, { top: 500_000, height: VIEW }, false);
    expect(range.from * SIZE).toBeLessThan(500_000 - VIEW * 0.5);
    expect(range.to * SIZE).toBeGreaterThan(500_000 + VIEW * 1.5);
    expect(range.to - range.from).toBeLessThan(80);
  });

  it('stays the same while the view moves a little', () => {
    const list = sizes(1_000);
    const range = rangeAt({ from: 0, to: 0 }, list, { top: 10_000, height: VIEW }, false);
    expect(rangeAt(range, list, { top: 10_200, height: VIEW }, false)).toBe(range);
    expect(rangeAt(range, list, { top: 11_000, height: VIEW }, false)).not.toBe(range);
  });

  it('follows the end and lets go of what is far above it', () => {
    const list = sizes(100);
    let range: Range = rangeAt({ from: 0, to: 0 }, list, { top: 0, height: VIEW }, true);
    expect(range.to).toBe(100);
    for (let index = 0; index < 2_000; index += 1) {
      list.push(SIZE);
      range = rangeAt(range, list, { top: 0, height: VIEW }, true);
      expect(range.to).toBe(list.length);
      expect((range.to - range.from) * SIZE).toBeGreaterThan(VIEW);
      expect((range.to - range.from) * SIZE).toBeLessThan(VIEW * 6);
    }
  });

  it('does not move what is read when more is said below', () => {
    const list = sizes(1_000);
    const range = rangeAt({ from: 0, to: 0 }, list, { top: 2_000, height: VIEW }, false);
    for (let index = 0; index < 500; index += 1) list.push(SIZE);
    expect(rangeAt(range, list, { top: 2_000, height: VIEW }, false)).toBe(range);
  });

  it('is empty when nothing was said', () => {
    expect(rangeAt({ from: 3, to: 9 }, sizes(0), { top: 0, height: VIEW }, true)).toEqual({ from: 0, to: 0 });
  });
});

describe('rows', () => {
  it('are as high as the whole conversation', () => {
    const list = sizes(500);
    for (const kept of [[], [3], [3, 4, 499], [100, 101, 102, 480]]) {
      const rows = rowsOf({ from: 100, to: 120 }, kept, none, list, key);
      expect(heightOf(rows)).toBe(500 * SIZE);
      expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
      expect(shown(rows)).toEqual([...shown(rows)].sort((a, b) => a - b));
      for (const index of kept) expect(shown(rows)).toContain(index);
    }
  });

  it('leave out what stands elsewhere', () => {
    expect(shown(rowsOf({ from: 0, to: 4 }, [2], new Set([2]), sizes(10), key))).toEqual([0, 1, 3]);
  });
});

describe('heights of a conversation', () => {
  const cell = (id: number): Cell<Item> => ({ value: { kind: 'divider', id, at: 0, text: '', compaction: false, summary: null } });

  it('keep what was measured when something before the end is taken out', () => {
    const items = [1, 2, 3, 4, 5].map(cell);
    const heights = new Heights();
    heights.follow(items);
    const fifth = items[4] as Cell<Item>;
    expect(heights.measured(fifth, 333)).toBe(true);
    expect(heights.measured(fifth, 333.2)).toBe(false);
    items.splice(3, 1);
    heights.follow(items);
    expect(heights.indexOf(fifth)).toBe(3);
    expect(heights.sizes.get(3)).toBe(333);
    expect(heights.sizes.length).toBe(4);
  });

  it('start again with another conversation', () => {
    const heights = new Heights();
    heights.follow([1, 2, 3].map(cell));
    const other = [7, 8].map(cell);
    heights.follow(other);
    expect(heights.sizes.length).toBe(2);
    expect(heights.cellAt(1)).toBe(other[1]);
  });
});
