import { describe, expect, it } from 'vitest';
import { fuzzy, pieces } from './rank';

const order = (query: string, ...texts: string[]): string[] =>
  texts
    .map((text) => ({ text, score: fuzzy(query, text)?.score }))
    .filter((one): one is { text: string; score: number } => one.score !== undefined)
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);
const shown = (query: string, text: string): string =>
  pieces(text, fuzzy(query, text)?.positions ?? [])
    .map(({ text: part, hit }) => (hit ? `[${part}]` : part))
    .join('');

describe('what is found', () => {
  it.each([
    ['', 'Anything'],
    ['gt', 'gate tests'],
    ['GATE', 'gate tests'],
    ['tests gate', 'gate tests'],
    ['srg', 'src/router.svelte.ts/gone'],
    ['ß', 'Straße'],
    ['🦀', 'rust 🦀 crab'],
  ])('"%s" in "%s"', (query, text) => {
    expect(fuzzy(query, text)).not.toBeNull();
  });

  it.each([
    ['x', 'gate'],
    ['tg', 'gt'],
    ['re', 'Appearance'],
    ['re', 'Go to the start page'],
    ['gate rust', 'gate tests'],
  ])('but not "%s" in "%s"', (query, text) => {
    expect(fuzzy(query, text)).toBeNull();
  });

  it('looks at the beginning of what is very long, and at once', () => {
    const began = performance.now();
    expect(fuzzy('ab', 'a'.repeat(1_000_000))).toBeNull();
    expect(performance.now() - began).toBeLessThan(50);
  });
});

describe('what comes first', () => {
  it('is what begins so', () => expect(order('re', 'Restore', 'Here', 'Share')[0]).toBe('Restore'));
  it('then what has a word that begins so', () => expect(order('ses', 'processes', 'Rename session')[0]).toBe('Rename session'));
  it('prefers letters together to letters apart', () => expect(order('dif', 'do it for me', 'unified diff')[0]).toBe('unified diff'));
  it('takes the letters that begin words', () => expect(order('ns', 'unseen', 'New session')[0]).toBe('New session'));
  it('prefers the shorter of two equals', () => expect(order('gate', 'gate and everything around it', 'gate')[0]).toBe('gate'));
});

describe('the emphasis', () => {
  it.each([
    ['ns', 'New session', '[N]ew [s]ession'],
    ['ses', 'processes of a session', 'processes of a [ses]sion'],
    ['gate te', 'gate tests', '[gate] [te]sts'],
    ['', 'gate', 'gate'],
  ])('of "%s" in "%s"', (query, text, marked) => {
    expect(shown(query, text)).toBe(marked);
  });

  it('never leaves the text, even where letters grow in lower case', () => {
    const text = 'İİİ gate';
    for (const at of fuzzy('gate', text)?.positions ?? [-1]) expect(text[at]).toMatch(/[gate]/);
  });
});
