import { describe, expect, it } from 'vitest';
import type { DiffLine } from '../../patch';
import { isCut, largeLimits, shownText, usual } from './limits';

const line = (length: number): DiffLine => ({ sign: '+', oldNumber: null, newNumber: null, text: 'x'.repeat(length), spans: [] });
const drawn = (lines: readonly DiffLine[], limit = largeLimits(lines)): number[] => lines.map((one) => shownText(one, limit(one)).length);

describe('long lines of a diff', () => {
  it('are cut in a conversation, and much later in a view of their own', () => {
    const lines = [line(80), line(2_000), line(2_001), line(15_000), line(1_000_000)];
    expect(drawn(lines, usual)).toEqual([80, 2_000, 2_000, 2_000, 2_000]);
    expect(drawn(lines)).toEqual([80, 2_000, 2_001, 15_000, 20_000]);
    expect(lines.map(({ text }) => isCut(text))).toEqual([false, false, true, true, true]);
  });

  it('take no more together than can be drawn, the first ones first', () => {
    const lines = Array.from({ length: 100 }, () => line(1_000_000));
    const all = drawn(lines);
    expect(all.slice(0, 7)).toEqual([20_000, 20_000, 20_000, 20_000, 20_000, 2_000, 2_000]);
    expect(drawn(lines.slice(0, 3))).toEqual(all.slice(0, 3));
  });
});
