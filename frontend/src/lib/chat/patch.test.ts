import { describe, expect, it } from 'vitest';
import { countChanges, diffLines, hunksBetween, patchOf } from './patch';

const text = (spans: readonly { text: string }[]): string => spans.map((span) => span.text).join('');

describe('patches', () => {
  it("are the CLI's where it gives one", () => {
    const structured = { structuredPatch: [{ oldStart: 41, oldLines: 1, newStart: 41, newLines: 1, lines: ['-one', '+two', '\\ No newline at end of file'] }] };
    expect(patchOf('Edit', {}, structured)).toEqual([{ oldStart: 41, newStart: 41, lines: ['-one', '+two'], unended: 'new' }]);
  });

  it('are worked out where it does not', () => {
    expect(patchOf('MultiEdit', { edits: [{ old_string: 'a', new_string: 'b' }, { old_string: 'c', new_string: '' }] }, null)?.map((hunk) => hunk.lines)).toEqual([['-a', '+b'], ['-c']]);
    expect(patchOf('Write', { content: 'a\nb\n' }, null)?.[0]?.lines).toEqual(['+a', '+b']);
    expect(patchOf('NotebookEdit', { new_source: 'a\nc' }, { old_source: 'a\nb' })?.[0]?.lines).toEqual([' a', '-b', '+c']);
    expect(patchOf('Edit', { old_string: 1 }, null)).toBeNull();
    expect(patchOf('Bash', { command: 'x' }, null)).toBeNull();
  });

  it('do not compare what has nothing in common forever', () => {
    const lines = (word: string): string => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`).join('\n');
    const began = performance.now();
    expect(countChanges(hunksBetween(lines('old'), lines('new')))).toEqual({ added: 20_000, removed: 20_000 });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('count', () => {
    expect(countChanges(hunksBetween('a\nb\nc\n', 'a\nx\ny\nc\n'))).toEqual({ added: 2, removed: 1 });
  });

  it('number lines on both sides', () => {
    const lines = diffLines({ oldStart: 10, newStart: 20, lines: [' a', '-b', '+c', '+d', ' e'] }, true);
    expect(lines.map((line) => [line.sign, line.oldNumber, line.newNumber])).toEqual([[' ', 10, 20], ['-', 11, null], ['+', null, 21], ['+', null, 22], [' ', 12, 23]]);
  });

  it('mark the words that changed, and add up to the line', () => {
    const [removed, added] = diffLines({ oldStart: 1, newStart: 1, lines: ['-let x = compute(1, 2);', '+let total = compute(1, 3);'] }, false);
    expect(removed?.spans.filter((span) => span.changed).map((span) => span.text)).toEqual(['x', '2']);
    expect(added?.spans.filter((span) => span.changed).map((span) => span.text)).toEqual(['total', '3']);
    expect([text(removed?.spans ?? []), text(added?.spans ?? [])]).toEqual(['let x = compute(1, 2);', 'let total = compute(1, 3);']);
  });

  it('compare words only where somebody looks, and never for long', () => {
    const line = (sign: string, word: string): string => `${sign}${Array.from({ length: 150 }, (_, i) => `${word}${i}`).join(' ')}`;
    const began = process.cpuUsage().user;
    const lines = diffLines({ oldStart: 1, newStart: 1, lines: [...Array.from({ length: 5_000 }, () => line('-', 'a')), ...Array.from({ length: 5_000 }, () => line('+', 'b'))] }, true);
    expect((process.cpuUsage().user - began) / 1_000).toBeLessThan(400);
    for (const one of lines.slice(0, 100)) expect(text(one.spans)).toBe(one.text);
    expect((process.cpuUsage().user - began) / 1_000).toBeLessThan(1_500);
  });

  it('do not compare what is too long to be taken apart', () => {
    const hunks = hunksBetween('a\n'.repeat(150_000), `${'a\n'.repeat(150_000)}b`);
    expect(countChanges(hunks)).toEqual({ added: 150_001, removed: 150_000 });
  });

  it('do not compare lines that have nothing in common', () => {
    const lines = diffLines({ oldStart: 1, newStart: 1, lines: ['-completely other words', '+fn main()'] }, false);
    expect(lines.every((line) => line.spans.every((span) => !span.changed))).toBe(true);
  });
});
