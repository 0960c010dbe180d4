import { describe, expect, it } from 'vitest';
import type { Cell, Item } from '../items';
import { converse, result, said, tool, user } from '../events.testing';
import { MOST_MATCHES, pattern, search, textOf, type Match } from './search';

const plain = { matchCase: false, wholeWord: false };

function find(items: readonly Cell<Item>[], text: string, options: Partial<typeof plain> = {}): { matches: readonly Match[]; steps: number } {
  const wanted = pattern({ text, ...plain, ...options });
  if (wanted === null) return { matches: [], steps: 0 };
  const run = search(items, wanted);
  let steps = 0;
  for (;;) {
    const step = run.next();
    if (step.done === true) return { matches: step.value, steps };
    steps += 1;
  }
}

describe('find in conversation', () => {
  it('looks into prompts, replies, tool inputs and outputs, also those of subagents', () => {
    const c = converse(
      user('a needle here'),
      said('Needle and needle'),
      tool('a', 'Agent', { prompt: 'x' }),
      tool('b', 'Bash', { command: 'echo needle', deep: [{ n: 1 }] }, 'a'),
      result('b', 'needle', { parent_tool_use_id: 'a' }),
    );
    const { matches } = find(c.items, 'needle');
    expect(matches.map(({ cell, nth }) => [cell.value.kind, nth])).toEqual([['user', 0], ['text', 0], ['text', 1], ['tool', 0], ['tool', 1]]);
  });

  it('tells case and whole words apart when asked to', () => {
    const c = converse(said('Cat cat concat cat_ (cat) Straße'));
    expect(find(c.items, 'cat').matches).toHaveLength(5);
    expect(find(c.items, 'Cat', { matchCase: true }).matches).toHaveLength(1);
    expect(find(c.items, 'cat', { wholeWord: true }).matches).toHaveLength(3);
    expect(find(c.items, 'straße', { wholeWord: true }).matches).toHaveLength(1);
  });

  it('takes every character literally', () => {
    const c = converse(said('a.b (c) [d] $5 \\n x{2} ^|? a-b /x/'));
    for (const text of ['a.b', '(c)', '[d]', '$5', '\\n', 'x{2}', '^|?', 'a-b', '/x/', '.*']) expect(find(c.items, text).matches, text).toHaveLength(text === '.*' ? 0 : 1);
    expect(pattern({ text: '', ...plain })).toBeNull();
  });

  it('takes a break in long conversations, and stops at a most', () => {
    const long: Cell<Item>[] = [{ value: { ...converse(said('')).items[0]?.value, text: `${'x'.repeat(399_997)}needle${'ab '.repeat(400_000)}` } as Item }];
    const { matches, steps } = find(long, 'needle');
    expect(matches).toHaveLength(1);
    expect(steps).toBeGreaterThanOrEqual(3);
    expect(find(long, 'a').matches).toHaveLength(MOST_MATCHES);
  });

  it('reads again what a subagent added', () => {
    const c = converse(tool('a', 'Agent'), tool('b', 'Bash', { command: 'one' }, 'a'));
    const item = c.items[0]?.value as Item;
    expect(textOf(item)).toContain('one');
    c.apply(9, 0, tool('c', 'Bash', { command: 'two' }, 'a'));
    expect(textOf(c.items[0]?.value as Item)).toContain('two');
  });
});
