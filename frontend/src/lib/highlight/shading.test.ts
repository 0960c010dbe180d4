import { describe, expect, it } from 'vitest';
import { paint, paintLines } from './paint';
import { blocksOf, BLOCK_LINES } from './shading.svelte';
import type { Span } from './tones';

const lines = Array.from({ length: 120 }, (_, i) => `line ${i}`);

describe('blocks of lines', () => {
  it('hold every line once', () => {
    const blocks = blocksOf(lines, [], [], 0);
    expect(blocks.map((block) => block.from)).toEqual([0, BLOCK_LINES, 2 * BLOCK_LINES]);
    expect(blocks.flatMap((block) => block.lines.map((line) => line[0]?.text))).toEqual(lines);
  });

  it('are the same objects where nothing changed', () => {
    const before = blocksOf(lines, [], [], 0);
    const spans: Span[][] = lines.slice(0, 60).map((text) => [{ text, tone: 'keyword' }]);
    const after = blocksOf(lines, spans, before, 0);
    expect([after[0] === before[0], after[1] === before[1], after[2] === before[2]]).toEqual([false, false, true]);
    expect(blocksOf([...lines, 'more'], spans, after, 0).slice(0, 2)).toEqual(after.slice(0, 2));
    expect(blocksOf([...lines, 'more'], spans, after, 0)[0]).toBe(after[0]);
  });

  it('do not paint a line in the colours of another', () => {
    const block = blocksOf(['now this'], [[{ text: 'was that', tone: 'comment' }]], [], 0)[0];
    expect(block?.lines[0]).toEqual([{ text: 'now this', tone: 'plain' }]);
  });
});

describe('painting', () => {
  it('makes text of everything, and no markup, style or attribute of what is said', () => {
    const hostile = '<img src=x onerror=alert(1)>" style="x"';
    const line = document.createElement('code');
    paint(line, [{ text: hostile, tone: 'string' }, { text: hostile, tone: 'plain', changed: true }, { text: 'a\u202eb', tone: 'plain' }]);
    expect(line.textContent).toBe(`${hostile}${hostile}aRLOb`);
    expect(line.querySelectorAll('img, [style], [onerror]')).toHaveLength(0);
    expect([...line.querySelectorAll('*')].map((element) => `${element.tagName}.${element.className}`)).toEqual(['SPAN.hl-string', 'MARK.', 'SPAN.mark']);
  });

  it('numbers lines without writing the numbers into the text', () => {
    const block = document.createElement('span');
    paintLines(block, [[{ text: 'a', tone: 'plain' }], []], 41);
    expect(block.textContent).toBe('a\n\n');
    expect([...block.querySelectorAll<HTMLElement>('.hl-line')].map((line) => line.dataset['n'])).toEqual(['41', '42']);
  });
});
