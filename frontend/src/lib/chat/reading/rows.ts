// Which items of a long conversation are in the document: those around what is being read, and a few that must stay
// (open cards, what has the focus, prompts that wait). Gaps of the right height stand for the rest.

import type { Cell, Item } from '../items';
import { Sizes } from './sizes';

export interface Range {
  readonly from: number;
  /** The first one that is not. */
  readonly to: number;
}

export interface View {
  readonly top: number;
  readonly height: number;
}

export type Row = { readonly kind: 'item'; readonly key: string; readonly index: number } | { readonly kind: 'gap'; readonly key: string; readonly height: number };

/** Laid out beyond both edges of the view, in heights of the view. */
const BEYOND = 1;
/** What must be left of that before the range moves. */
const SLACK = 0.4;
const LEAST_BEYOND = 500;

/** The range to show; the same object as long as it still does. */
export function rangeAt(current: Range, sizes: Sizes, { top, height }: View, stuck: boolean): Range {
  const count = sizes.length;
  if (count === 0) return current.from === 0 && current.to === 0 ? current : { from: 0, to: 0 };
  const beyond = Math.max(LEAST_BEYOND, height * BEYOND);
  if (stuck) return atEnd(current, sizes, height, beyond);
  const slack = beyond * SLACK;
  const first = sizes.at(top - slack);
  const last = sizes.at(top + height + slack);
  if (current.to <= count && current.from <= first && current.to > last && sizes.before(current.to) - sizes.before(current.from) < height + 5 * beyond) return current;
  return { from: sizes.at(top - beyond), to: Math.min(count, sizes.at(top + height + beyond) + 1) };
}

/** What is said at the end is always laid out; what is above it goes only when it has become much. */
function atEnd(current: Range, sizes: Sizes, height: number, beyond: number): Range {
  const count = sizes.length;
  const total = sizes.total;
  const laidOut = total - sizes.before(current.from);
  const keeps = current.from < count && current.to > current.from && laidOut >= height + beyond * SLACK && laidOut < height + 4 * beyond;
  const from = keeps || (current.from === 0 && laidOut < height + 4 * beyond) ? current.from : sizes.at(total - height - beyond);
  return current.from === from && current.to === count ? current : { from, to: count };
}

/** Rows in order. `kept` are indexes outside of the range that stay; `moved` ones stand elsewhere. */
export function rowsOf(range: Range, kept: readonly number[], moved: ReadonlySet<number>, sizes: Sizes, keyOf: (index: number) => string): Row[] {
  const rows: Row[] = [];
  const count = sizes.length;
  const outside = [...new Set(kept)].filter((index) => index >= 0 && index < count && !moved.has(index)).sort((a, b) => a - b);
  let done = 0;
  const gap = (to: number): void => {
    if (to > done) rows.push({ kind: 'gap', key: `gap ${rows.length === 0 ? 'first' : rows[rows.length - 1]?.key}`, height: sizes.before(to) - sizes.before(done) });
    done = Math.max(done, to);
  };
  const item = (index: number): void => {
    if (index < done) return;
    gap(index);
    if (!moved.has(index)) rows.push({ kind: 'item', key: keyOf(index), index });
    done = index + 1;
  };
  for (const index of outside) if (index < range.from) item(index);
  for (let index = range.from; index < Math.min(range.to, count); index += 1) item(index);
  for (const index of outside) if (index >= range.to) item(index);
  gap(count);
  return rows;
}

const LINE = 23;
const LETTERS = 90;

/** How high an item will be, before it has been seen. */
export function guess(item: Item): number {
  switch (item.kind) {
    case 'text':
      return 14 + lines(item.text) * LINE;
    case 'user':
      return 60 + item.content.reduce((sum, part) => sum + (part.type === 'text' ? Math.min(20, lines(part.text)) * LINE : 60), 0);
    case 'tool':
      return item.covered ? 4 : 36;
    case 'approval':
    case 'question':
    case 'plan':
      return item.resolution === null ? 240 : 60;
    default:
      return 40;
  }
}

function lines(text: string): number {
  let breaks = 1;
  // Enough to tell long from short; a guess need not read ten megabytes.
  const most = Math.min(text.length, 20_000);
  for (let at = text.indexOf('\n'); at >= 0 && at < most; at = text.indexOf('\n', at + 1)) breaks += 1;
  return Math.min(800, Math.max(breaks, Math.ceil(text.length / LETTERS)));
}

/** Follows a list of cells that grows and shrinks at its end, and keeps a height for each. */
export class Heights {
  readonly sizes = new Sizes();
  private readonly cells: Cell<Item>[] = [];
  private readonly indexes = new Map<Cell<Item>, number>();

  constructor(private readonly guessed: (item: Item) => number = guess) {}

  /** What is folded or unfolded everywhere makes all heights guesses again. */
  forget(): void {
    for (const [index, cell] of this.cells.entries()) this.sizes.set(index, this.guessed(cell.value));
  }

  /** Takes over what changed; costs what changed. */
  follow(items: readonly Cell<Item>[]): void {
    let same = Math.min(this.cells.length, items.length);
    while (same > 0 && this.cells[same - 1] !== items[same - 1]) same -= 1;
    const measured = new Map<Cell<Item>, number>();
    for (let index = same; index < this.cells.length; index += 1) {
      const cell = this.cells[index];
      if (cell === undefined) continue;
      measured.set(cell, this.sizes.get(index));
      this.indexes.delete(cell);
    }
    this.cells.length = same;
    this.sizes.truncate(same);
    for (let index = same; index < items.length; index += 1) {
      const cell = items[index];
      if (cell === undefined) continue;
      this.cells.push(cell);
      this.indexes.set(cell, index);
      this.sizes.push(measured.get(cell) ?? this.guessed(cell.value));
    }
  }

  indexOf(cell: Cell<Item>): number {
    return this.indexes.get(cell) ?? -1;
  }

  cellAt(index: number): Cell<Item> | undefined {
    return this.cells[index];
  }

  /** Whether that was news. */
  measured(cell: Cell<Item>, height: number): boolean {
    const index = this.indexOf(cell);
    if (index < 0 || Math.abs(this.sizes.get(index) - height) < 0.5) return false;
    this.sizes.set(index, height);
    return true;
  }
}
