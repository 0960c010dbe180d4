// What there is to find in a conversation, and where.

import type { Content, JsonValue } from '$lib/protocol';
import type { Cell, Item, ToolItem } from '../items';

const known = new WeakMap<Item, string>();
const DEEPEST = 40;

/** Everything an item says, also what is folded. */
export function textOf(item: Item): string {
  const before = known.get(item);
  if (before !== undefined) return before;
  const text = gather(item, 0);
  // A subagent's work changes below an item that stays the same.
  if (item.kind !== 'tool' || item.children.length === 0) known.set(item, text);
  return text;
}

function gather(item: Item, depth: number): string {
  switch (item.kind) {
    case 'user':
      return contentText(item.content);
    case 'text':
    case 'thinking':
    case 'divider':
      return item.text;
    case 'tool':
      return toolText(item, depth);
    case 'approval':
      return `${item.request.tool_name}\n${valueText(item.request.input)}`;
    case 'question':
      return valueText(item.request.questions);
    case 'plan':
      return item.request.plan ?? '';
    case 'notice':
      return item.detail === null ? item.text : `${item.text}\n${item.detail}`;
    case 'log':
      return item.lines.join('\n');
    case 'task':
      return `${item.task.description}\n${item.task.summary ?? ''}`;
    case 'turn':
      return item.error ?? '';
    case 'unknown':
      return valueText(item.raw);
  }
}

function toolText(item: ToolItem, depth: number): string {
  const children = depth < DEEPEST ? item.children.map((cell) => gather(cell.value, depth + 1)) : [];
  return [item.name, valueText(item.input), ...children, item.result === null ? '' : contentText(item.result.content)].join('\n');
}

export function contentText(content: readonly Content[]): string {
  return content
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'text_file') return `${part.name}\n${part.text}`;
      return part.type === 'document' ? (part.name ?? '') : '';
    })
    .join('\n');
}

function valueText(value: JsonValue | undefined, depth = 0): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || depth > DEEPEST) return '';
  if (typeof value !== 'object') return String(value);
  return (Array.isArray(value) ? value : Object.values(value)).map((one) => valueText(one, depth + 1)).join('\n');
}

export interface Wanted {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

const LETTER = '[\\p{L}\\p{N}_]';

/** None for nothing to look for. */
export function pattern({ text, matchCase, wholeWord }: Wanted): RegExp | null {
  if (text === '') return null;
  const literal = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(wholeWord ? `(?<!${LETTER})${literal}(?!${LETTER})` : literal, matchCase ? 'gu' : 'giu');
}

export interface Match {
  readonly cell: Cell<Item>;
  /** Which one within the item. */
  readonly nth: number;
}

export const MOST_MATCHES = 10_000;
/** Characters looked at in one go; far below what a frame allows. */
const SLICE = 400_000;

/** Looks through a conversation in slices: each step gives what has been found so far. */
export function* search(items: readonly Cell<Item>[], wanted: RegExp): Generator<readonly Match[], readonly Match[]> {
  const found: Match[] = [];
  let looked = 0;
  for (let index = 0; index < items.length; index += 1) {
    const cell = items[index];
    if (cell === undefined) continue;
    const text = textOf(cell.value);
    let nth = 0;
    for (let from = 0; from < text.length; from += SLICE) {
      // A match across two slices is found in the first one, which looks a little further.
      const part = text.slice(from, from + SLICE + 1_000);
      for (const { index: at } of part.matchAll(wanted)) {
        if (at >= SLICE) break;
        found.push({ cell, nth });
        nth += 1;
        if (found.length >= MOST_MATCHES) return found;
      }
      looked += part.length;
      if (looked >= SLICE) {
        looked = 0;
        yield found;
      }
    }
    looked += 50;
  }
  return found;
}
