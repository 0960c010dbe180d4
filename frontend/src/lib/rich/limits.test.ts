import { describe, expect, it } from 'vitest';
import { FORMATTED_MOST, parts, pieces, size } from './limits';

const HOSTILE: Readonly<Record<string, string>> = {
  'a word of 100,000 letters': `${'a'.repeat(100_000)}@`,
  'a paragraph of 10 MB': 'lorem ipsum '.repeat(850_000),
  '100,000 links': '[a](https://example.com) '.repeat(100_000),
  'brackets, 1,000 deep': `${'['.repeat(1_000)}x${']'.repeat(1_000)}`,
  'emphasis, 20,000 times': '_a'.repeat(20_000),
  'quotes, 1,000 deep': `${'>'.repeat(1_000)} x`,
  'lists, 1,000 deep': `${'- '.repeat(1_000)}x`,
  'lists by indentation': Array.from({ length: 1_000 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n'),
  'a rule of 20,000 stars': '* '.repeat(20_000),
};

describe('what is too much to format', () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    it(`keeps ${name} away from the parser`, () => {
      const made = pieces(text.slice(0, FORMATTED_MOST));
      expect(made.every((piece) => piece.kind === 'heavy')).toBe(true);
      expect(made.map((piece) => piece.text).join('')).toBe(text.slice(0, FORMATTED_MOST));
    });
  }

  it('never changes a text, however it is cut', () => {
    const text = '# a\n\n\nb\n\n```js\n\n\nx\n```\n\n- c\n\n  d\n\n~~~\nopen';
    for (let end = 0; end <= text.length; end += 1) {
      expect(
        pieces(text.slice(0, end))
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text.slice(0, end));
    }
    expect(pieces(text)).toHaveLength(1);
  });

  it('formats long texts in pieces that each cost little', () => {
    const made = pieces('Some **words** and [a link](https://example.com).\n\n'.repeat(4_000));
    expect(made.length).toBeGreaterThan(5);
    expect(made.every((piece) => piece.kind === 'markdown' && piece.text.length <= 10_000)).toBe(true);
  });

  it('does not cut a list at its blank lines', () => {
    const list = '1. one with some words in it\n\n   goes on\n\n'.repeat(400);
    const made = pieces(`${'word '.repeat(1_900)}\n\nBefore.\n\n${list}`);
    expect(made.length).toBeLessThanOrEqual(2);
  });

  it('leaves long code whole', () => {
    const code = `\`\`\`\n${'x = [*_]\n\n'.repeat(10_000)}\`\`\`\n`;
    expect(pieces(`before\n\n${code}after`).map((piece) => piece.kind)).toEqual(['markdown', 'markdown', 'markdown']);
  });

  it('does not touch what people write', () => {
    const usual = `${'word '.repeat(2_000)}\n\n${'- [x] item with \`code\` and **bold**\n'.repeat(100)}\n> > > deep enough\n\n| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(150)}`;
    expect(pieces(usual).map((piece) => piece.kind)).not.toContain('heavy');
  });

  it('takes plain text apart without losing any', () => {
    for (const text of ['', 'short', 'x'.repeat(45_000), 'word '.repeat(9_000), 'a line of it\n'.repeat(4_000)]) {
      const all = parts(text, 1_000);
      expect(all.shown.join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
      expect(all.shown.every((part) => part.length <= 10_000)).toBe(true);
      expect(all.left).toBe(0);
    }
    const some = parts('word '.repeat(9_000), 2);
    expect([some.shown.length, some.shown.join('').length + some.left]).toEqual([2, 45_000]);
  });

  it('says sizes in words', () => {
    expect([size(12), size(200_000), size(10_000_000), size(1_250_000)]).toEqual(['12 bytes', '200 KB', '10 MB', '1.3 MB']);
  });
});
