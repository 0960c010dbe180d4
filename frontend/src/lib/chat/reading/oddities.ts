// Where a conversation holds what this version does not know: what the count of warnings is about.

import type { Cell, Item } from '../items';
import { isKnownTool } from '../tools/kinds';

/** The first of them at the top level; what was read with a warning counts only where nothing is unknown. */
export function firstOdd(items: readonly Cell<Item>[]): Cell<Item> | null {
  return items.find(({ value }) => isUnknown(value)) ?? items.find(({ value }) => value.kind === 'notice' && value.tone === 'warn') ?? null;
}

function isUnknown(item: Item): boolean {
  if (item.kind !== 'tool') return item.kind === 'unknown';
  return !isKnownTool(item.name) || item.children.some(({ value }) => isUnknown(value));
}
