import { describe, expect, it } from 'vitest';
import { overlay, spansOf, THEME, toneOf, TONES } from './tones';

describe('tones', () => {
  it('come back from the colours of the theme', () => {
    const colours = THEME.settings?.map((setting) => setting.settings.foreground) ?? [];
    expect(new Set(colours.map(toneOf))).toEqual(new Set(TONES));
    expect(toneOf('#123456')).toBe('plain');
    expect(toneOf(undefined)).toBe('plain');
  });

  it('are as few spans as say the same', () => {
    expect(spansOf('let x = 1;', [0, 3, 4, 5, 8, 9], ['keyword', 'plain', 'plain', 'plain', 'number', 'plain'])).toEqual([
      { text: 'let ', tone: 'keyword' },
      { text: 'x = ', tone: 'plain' },
      { text: '1', tone: 'number' },
      { text: ';', tone: 'plain' },
    ]);
    expect(spansOf('', [0], ['plain'])).toEqual([]);
  });

  it('lie under the words that changed, and the text stays the text', () => {
    const spans = overlay([{ text: 'let ', tone: 'keyword' }, { text: 'total = 1', tone: 'plain' }], [
      { text: 'let ', changed: false },
      { text: 'tot', changed: true },
      { text: 'al = 1', changed: false },
    ]);
    expect(spans.map((span) => [span.text, span.tone, span.changed])).toEqual([['let ', 'keyword', false], ['tot', 'plain', true], ['al = 1', 'plain', false]]);
    expect(overlay([{ text: 'abc', tone: 'plain' }], []).map((span) => span.text)).toEqual(['abc']);
    expect(overlay([{ text: 'abc', tone: 'plain' }], [{ text: '', changed: true }, { text: 'ab', changed: false }]).map((span) => span.text)).toEqual(['ab', 'c']);
  });
});
