import { describe, expect, it } from 'vitest';
import { bytes, excerpt, LINE_CHARS } from './excerpt';

describe('an excerpt', () => {
  it('is the whole of a short text, without the last line end', () => {
    expect(excerpt('a\nb\n', 'start', 20)).toEqual({ lines: ['a', 'b'], total: 2, counted: true, cut: 0 });
    expect(excerpt('a\n\n', 'end', 20).lines).toEqual(['a', '']);
    expect(excerpt('', 'start', 20)).toMatchObject({ lines: [''], total: 1 });
    expect(excerpt('\n', 'end', 20).lines).toEqual(['']);
  });

  it('keeps the end that says more', () => {
    const text = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n');
    expect(excerpt(text, 'start', 2)).toMatchObject({ lines: ['line 0', 'line 1'], total: 50 });
    expect(excerpt(text, 'end', 2)).toMatchObject({ lines: ['line 48', 'line 49'], total: 50 });
    expect(excerpt(text, 'end', 60).lines).toEqual(text.split('\n'));
  });

  it('cuts a line no screen can take, and says how much', () => {
    const found = excerpt('x'.repeat(LINE_CHARS + 5), 'start', 20);
    expect(found.cut).toBe(5);
    expect(found.lines[0]).toHaveLength(LINE_CHARS + 1);
  });

  it('of ten megabytes does not take long', () => {
    const text = `${'0123456789'.repeat(10)}\n`.repeat(100_000);
    const began = performance.now();
    expect(excerpt(text, 'end', 20)).toMatchObject({ total: 100_000 });
    expect(excerpt('\n'.repeat(10_000_000), 'start', 20).counted).toBe(false);
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('sizes read like sizes', () => {
    expect([900, 1_200, 20_480, 1_240_000, 12_000_000, 5e9].map(bytes)).toEqual(['900 bytes', '1.2 kB', '20 kB', '1.2 MB', '12 MB', '5 GB']);
  });

  it('cuts long lines sooner once much is shown', () => {
    const { lines, cut } = excerpt(`${'x'.repeat(4_000)}\n`.repeat(400), 'start', 400);
    const shown = lines.reduce((sum, line) => sum + line.replace('…', '').length, 0);
    expect(shown).toBeLessThan(150_000);
    expect(shown + cut).toBe(1_600_000);
    expect(excerpt(`${'x'.repeat(190)}\n`.repeat(1_000), 'start', 1_000).cut).toBe(0);
  });
});
