// With tools folded, what Claude did between two things it said is one line.

import type { Cell, Item } from '../items';

export interface Run {
  readonly first: number;
  readonly last: number;
  readonly tools: number;
  readonly failed: number;
  readonly running: boolean;
}

const MOST = 2_000;

function isPart({ value }: Cell<Item>): boolean {
  return value.kind === 'tool' || value.kind === 'thinking' || value.kind === 'log' || value.kind === 'task';
}

/** The run an item belongs to; none for what was said, and for thoughts without a tool. */
export function runAt(items: readonly Cell<Item>[], index: number): Run | null {
  const part = (at: number): boolean => {
    const cell = items[at];
    return cell !== undefined && isPart(cell);
  };
  if (!part(index)) return null;
  let first = index;
  while (part(first - 1) && index - first < MOST) first -= 1;
  let last = index;
  while (part(last + 1) && last - index < MOST) last += 1;
  let tools = 0;
  let failed = 0;
  let running = false;
  for (let at = first; at <= last; at += 1) {
    const item = items[at]?.value;
    if (item?.kind !== 'tool') continue;
    tools += 1;
    if (item.status === 'failed' || item.denied) failed += 1;
    running ||= item.status === 'running' || item.status === 'preparing';
  }
  return tools === 0 ? null : { first, last, tools, failed, running };
}
