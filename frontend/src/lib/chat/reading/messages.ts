// What can be done from one message of a conversation: its name in addresses, its text, where a fork begins.

import type { Cell, Item } from '../items';
import { contentText, textOf } from './search';

/** A message's name in an address: Claude's own where it has one, so that it survives a restart of the server. */
export function nameOf(item: Item): string {
  if (item.kind === 'text' && item.uuid !== null) return item.uuid;
  if (item.kind === 'user' && item.messageId !== null) return item.messageId;
  return String(item.id);
}

export function linkTo(origin: string, session: string, item: Item): string {
  return `${origin}/s/${encodeURIComponent(session)}#m-${encodeURIComponent(nameOf(item))}`;
}

/** The name in `#m-…`; none for any other fragment. */
export function nameIn(hash: string): string | null {
  const name = /^#m-([A-Za-z0-9._%-]{1,200})$/.exec(hash)?.[1];
  if (name === undefined) return null;
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}

export function findNamed(items: readonly Cell<Item>[], name: string): Cell<Item> | null {
  return items.find(({ value }) => nameOf(value) === name) ?? null;
}

/** Where a copy of the conversation ends when it goes on from an item: the last of Claude's messages up to it. */
export function forkPoint(items: readonly Cell<Item>[], index: number): string | null {
  for (let at = Math.min(index, items.length - 1); at >= 0; at -= 1) {
    const item = items[at]?.value;
    if (item?.kind === 'text' && item.uuid !== null && !item.synthetic) return item.uuid;
  }
  return null;
}

/** Markdown as it was written. */
export function sourceOf(item: Item): string {
  return item.kind === 'user' ? contentText(item.content) : textOf(item);
}

/** The words alone: fences, emphasis, link targets and table rules left out. */
export function plainOf(markdown: string): string {
  return markdown
    .replace(/^ {0,3}(?:```|~~~).*$/gm, '')
    .replace(/^ {0,3}#{1,6}[ \t]+/gm, '')
    .replace(/^ {0,3}>[ \t]?/gm, '')
    .replace(/^[ |:-]*-{3,}[ |:-]*$/gm, '')
    .replace(/!?\[([^\][\n]{0,1000})\]\([^()\s]{0,2000}\)/g, '$1')
    .replace(/(\*\*|__|~~)(?=\S)([^\n]{1,2000}?\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=[^\s*])([^*\n]{1,2000})\*(?![\w*])/g, '$1')
    .replace(/`([^`\n]{1,2000})`/g, '$1')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
