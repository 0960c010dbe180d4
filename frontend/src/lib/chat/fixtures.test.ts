// Every recording of the CLI's output, as the server decodes it, through the reducer: what becomes of each kind.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '$lib/protocol';
import { Conversation } from './conversation';
import type { Cell, Item } from './items';
import { toolTitle } from './tool-words';

const DIRECTORY = `${import.meta.dirname}/../../../../tests/fixtures/stream/`;
const RECORDINGS = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith('.events.json'))
  .map((name) => name.replace('.events.json', ''));

function replay(name: string): Conversation {
  const events = JSON.parse(readFileSync(`${DIRECTORY}${name}.events.json`, 'utf8')) as ChatEvent[];
  const conversation = new Conversation();
  events.forEach((event, index) => conversation.apply(index + 1, (index + 1) * 1_000, event));
  return conversation;
}

/** What an item is, in a few words. */
function word(item: Item): string {
  switch (item.kind) {
    case 'tool':
      return `tool ${item.name} ${item.status}${item.children.length > 0 ? ` (${words(item.children).join(', ')})` : ''}`;
    case 'notice':
      return `notice ${item.code}`;
    case 'log':
      return `log ${item.source}`;
    case 'turn':
      return `turn ${item.outcome}`;
    case 'user':
      return `user ${item.origin} ${item.content.map(({ type }) => type).join('+')}`;
    case 'approval':
      return `approval ${item.request.tool_name}`;
    default:
      return item.kind;
  }
}

const words = (cells: readonly Cell<Item>[]): string[] => cells.map(({ value }) => word(value));

function all(cells: readonly Cell<Item>[]): Item[] {
  return cells.flatMap(({ value }) => (value.kind === 'tool' ? [value, ...all(value.children)] : [value]));
}

it('there are recordings', () => expect(RECORDINGS.length).toBeGreaterThan(40));

describe.each(RECORDINGS)('%s', (name) => {
  const conversation = replay(name);
  const items = all(conversation.items);

  it('becomes these items', () => expect(words(conversation.items)).toMatchSnapshot());

  it('holds nothing unknown, unless it was made to', () => {
    expect(items.some(({ kind }) => kind === 'unknown')).toBe(name === 'handmade_unknown');
  });

  it('names every tool', () => {
    for (const item of items) {
      if (item.kind === 'tool') expect(toolTitle(item, '/w/project').verb, item.name).not.toBe('');
    }
  });

  it('is told once: applying it again changes nothing', () => {
    const before = words(conversation.items);
    expect(conversation.apply(1, 0, { type: 'title', title: 'again' })).toBe(false);
    expect(words(conversation.items)).toEqual(before);
  });
});
