import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '$lib/protocol';
import { Conversation } from '../conversation';
import type { Cell, Item, ToolItem } from '../items';
import { titleText, toolTitle } from '../tool-words';
import { summed } from './checklist';
import { bodyKind } from './kinds';

const DIRECTORY = '../tests/fixtures/stream';
/** Made of what no version knows. */
const UNKNOWN = 'handmade_unknown.events.json';
const recordings = readdirSync(DIRECTORY).filter((name) => name.endsWith('.events.json') && name !== UNKNOWN);

/** Tools of a recording that this version has no face for. */
const GENERIC: ReadonlySet<string> = new Set([]);

function replay(name: string): Conversation {
  const conversation = new Conversation();
  const events = JSON.parse(readFileSync(`${DIRECTORY}/${name}`, 'utf8')) as ChatEvent[];
  events.forEach((event, i) => conversation.apply(i + 1, (i + 1) * 1_000, event));
  return conversation;
}

function tools(cells: readonly Cell<Item>[]): ToolItem[] {
  return cells.flatMap(({ value }) => (value.kind === 'tool' ? [value, ...tools(value.children)] : []));
}

describe('recordings of the real CLI', () => {
  it('are there', () => {
    expect(recordings.length).toBeGreaterThan(10);
  });

  it.each(recordings)('%s: every event is known, and every tool has a face and a sentence', (name) => {
    const conversation = replay(name);
    expect(conversation.items.filter((cell) => cell.value.kind === 'unknown')).toEqual([]);
    for (const tool of tools(conversation.items)) {
      const words = titleText(toolTitle(tool, '/w/proj'));
      // A call of which only a result was seen has no name.
      if (tool.name !== '' && !GENERIC.has(tool.name)) expect(bodyKind(tool.name), words).not.toBe('unknown');
      expect(words).not.toMatch(/undefined|null|NaN|\[object/);
      expect(words.length).toBeGreaterThan(3);
    }
    expect(conversation.meta.value.unknown).toBe(0);
  });

  it('a list of tasks comes together', () => {
    const { steps, done } = summed(replay('subagent_tasks_bg.events.json').steps.value);
    expect(steps.map((step) => [step.text, step.status])).toEqual([['First task', 'completed'], ['Second', 'pending']]);
    expect(done).toBe(1);
  });
});
