import { describe, expect, it } from 'vitest';
import type { Hunk } from '../../patch';
import { commonIndent, countLines, digits, fits, growAbove, growBelow, hiddenAbove, hiddenBelow, pairs, sections, sideText } from './rows';

const file = Array.from({ length: 60 }, (_, i) => `line ${i + 1}`);
const hunks: Hunk[] = [
  { oldStart: 10, newStart: 10, lines: [' line 10', '-line 11', '+LINE 11', ' line 12'] },
  { oldStart: 30, newStart: 30, lines: [' line 30', '+more', ' line 31'], unended: 'new' },
];

describe('diff rows', () => {
  it('have a header for each hunk and stop where the room ends', () => {
    expect(sections(hunks, true, 400).map((section) => section.header)).toEqual(['@@ −10,3 +10,3 @@', '@@ −30,2 +30,3 @@']);
    expect(sections(hunks, false, 400)[0]?.header).toBe('');
    expect(sections(hunks, true, 5).map((section) => section.lines.length)).toEqual([4, 1]);
    expect(sections(hunks, true, 5)[1]?.unended).toBeNull();
    expect(sections(hunks, true, 400)[1]?.unended).toContain('new text has no line end');
    expect(countLines(hunks)).toBe(7);
  });

  it('stand side by side', () => {
    const [first] = sections([{ oldStart: 1, newStart: 1, lines: ['-a', '-b', '+c', ' d', '+e', '-f'] }], true, 400);
    const shown = pairs(first?.lines ?? []).map(({ before, after }) => [before, after].map((line) => line?.spans.map((span) => span.text).join('') ?? null));
    expect(shown).toEqual([['a', 'c'], ['b', null], ['d', 'd'], [null, 'e'], ['f', null]]);
  });

  it('know what all lines begin with, and how long their numbers are', () => {
    const of = (...lines: string[]) => commonIndent(sections([{ oldStart: 1, newStart: 1, lines }], true, 400)[0]?.lines ?? []);
    expect(of('     if a {', '-        b', '+          c', ' ', '     }')).toEqual({ tabs: 0, spaces: 4 });
    expect(of(' \t\tif a {', '+\t\t  b', ' \t\t}')).toEqual({ tabs: 2, spaces: 0 });
    expect(of(' \t  a', '+\t  b')).toEqual({ tabs: 1, spaces: 2 });
    expect(of(' a', '+    b')).toEqual({ tabs: 0, spaces: 0 });
    expect(of(' \ta', '+    b')).toEqual({ tabs: 0, spaces: 0 });
    expect(of('+', ' ')).toEqual({ tabs: 0, spaces: 0 });
    expect(digits(sections(hunks, true, 400))).toBe(2);
    expect(digits([])).toBe(1);
  });

  it('know what each side says', () => {
    expect(sideText(hunks, 'old')).toBe('line 10\nline 11\nline 12\nline 30\nline 31');
    expect(sideText(hunks, 'new')).toBe('line 10\nLINE 11\nline 12\nline 30\nmore\nline 31');
  });

  it('grow into the file, and into each other', () => {
    expect(fits(hunks, file)).toBe(true);
    expect([hiddenAbove(hunks, 0), hiddenAbove(hunks, 1), hiddenBelow(hunks, file)]).toEqual([9, 17, 29]);
    const above = growAbove(hunks, file, 0, 20);
    expect([above[0]?.oldStart, above[0]?.lines[0], hiddenAbove(above, 0)]).toEqual([1, ' line 1', 0]);
    const one = growAbove(hunks, file, 1, 20);
    expect([one.length, one[0]?.lines.length]).toEqual([1, 4 + 17 + 3]);
    expect(fits(one, file)).toBe(true);
    const below = growBelow(hunks, file, 20);
    expect([below[1]?.lines.at(-1), hiddenBelow(below, file), below[1]?.unended]).toEqual([' line 51', 9, 'new']);
  });

  it('do not grow into another text', () => {
    expect(fits(hunks, file.slice(0, 11))).toBe(false);
    expect(fits(hunks, ['…'])).toBe(false);
  });

  it('stay the same rows when more of them are shown', () => {
    const many: Hunk[] = [{ oldStart: 1, newStart: 1, lines: Array.from({ length: 900 }, (_, i) => `+${i}`) }];
    const before = sections(many, true, 40)[0]?.lines ?? [];
    const after = sections(many, true, 400)[0]?.lines ?? [];
    expect([before.length, after.length]).toEqual([40, 400]);
    expect(before.every((line, i) => line === after[i])).toBe(true);
  });
});
