// The prompts of a conversation, to jump between.

import { firstLine } from '$lib/text/format';
import type { Cell, Item } from '../items';
import { contentText } from './search';

export interface Entry {
  readonly cell: Cell<Item>;
  readonly title: string;
  readonly at: number;
  /** What its turn cost; none while it runs, or when nobody said. */
  readonly cost: number | null;
}

export function outline(items: readonly Cell<Item>[]): Entry[] {
  const entries: Entry[] = [];
  for (const cell of items) {
    const item = cell.value;
    if (item.kind === 'user' && item.origin === 'user' && item.fate !== 'cancelled') {
      const words = firstLine(contentText(item.content), 100);
      entries.push({ cell, title: words === '' ? 'Attachment' : words, at: item.at, cost: null });
    } else if (item.kind === 'turn' && item.cost !== null) {
      const last = entries[entries.length - 1];
      if (last !== undefined) entries[entries.length - 1] = { ...last, cost: (last.cost ?? 0) + item.cost };
    }
  }
  return entries;
}

/** The prompt before or after the item at an index. */
export function neighbour(entries: readonly Entry[], indexOf: (cell: Cell<Item>) => number, here: number, by: 1 | -1): Entry | null {
  if (by > 0) return entries.find(({ cell }) => indexOf(cell) > here) ?? null;
  return entries.findLast(({ cell }) => indexOf(cell) < here) ?? null;
}
