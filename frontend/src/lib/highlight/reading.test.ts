import { describe, expect, it } from 'vitest';
import * as grammars from './grammars';
import { commonLines, isTooLong, MOST_LINES, Reading } from './reading';
import type { Span } from './tones';

function setUp(step = 0) {
  let clock = 0;
  const pauses: number[] = [];
  const reads: number[] = [];
  const reading = new Reading(
    { load: () => Promise.resolve(grammars), pause: () => Promise.resolve(void pauses.push(clock)), now: () => (clock += step) },
    (from) => reads.push(from),
  );
  return { reading, pauses, reads };
}

const tones = (spans: readonly Span[] | undefined): string => (spans ?? []).map((span) => `${span.tone}:${span.text}`).join('|');

describe('reading', () => {
  it('colours a text, line by line', async () => {
    const { reading } = setUp();
    await reading.show(['const x = "a"; // b', '/* still', 'open */ let y'], 'tsx');
    expect(tones(reading.spans[0])).toBe('keyword:const|plain: x = |string:"a"|plain:; |comment:// b');
    expect(tones(reading.spans[1])).toBe('comment:/* still');
    expect(tones(reading.spans[2])).toBe('comment:open */ |keyword:let|plain: y');
  });

  it('goes on where a growing text goes on', async () => {
    const { reading, reads } = setUp();
    await reading.show(['let a', 'let b = 1'], 'tsx');
    const first = reading.spans[0];
    await reading.show(['let a', 'let b = 12', 'let c'], 'tsx');
    expect(reading.spans[0]).toBe(first);
    expect(reads).toEqual([0, 1]);
    expect(tones(reading.spans[1])).toBe('keyword:let|plain: b = |number:12');
  });

  it('pauses when its share of the frame is used', async () => {
    const { reading, pauses } = setUp(3);
    await reading.show(Array.from({ length: 50 }, (_, i) => `let x${i} = ${i}`), 'tsx');
    expect(reading.spans).toHaveLength(50);
    expect(pauses.length).toBeGreaterThan(10);
  });

  it('leaves off for another text', async () => {
    const { reading } = setUp(3);
    const first = reading.show(Array.from({ length: 100 }, (_, i) => `let x${i}`), 'tsx');
    await reading.show(['# hi'], 'python');
    await first;
    expect(reading.spans.map(tones)).toEqual(['comment:# hi']);
  });

  it('leaves plain what is not known or too long', async () => {
    const { reading } = setUp();
    await reading.show(['let a'], null);
    expect(reading.spans).toEqual([]);
    await reading.show(Array.from({ length: MOST_LINES + 1 }, () => 'let a'), 'tsx');
    expect(reading.spans).toEqual([]);
    expect([isTooLong(['x'.repeat(200_001)]), isTooLong(['x'])]).toEqual([true, false]);
    await reading.show(['x'.repeat(3_000)], 'tsx');
    expect(reading.spans[0]?.[0]?.tone).toBe('plain');
  });

  it('counts lines in common', () => {
    expect([commonLines(['a', 'b'], ['a', 'c']), commonLines([], ['a']), commonLines(['a'], ['a', 'b'])]).toEqual([1, 0, 1]);
  });
});
