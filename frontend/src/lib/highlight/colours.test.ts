import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const blocks = (path: string): Record<string, string>[] =>
  [...readFileSync(path, 'utf8').matchAll(/^\s*:root[^{]*\{([^}]*)\}/gm)].map((match) =>
    Object.fromEntries([...(match[1] ?? '').matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((found) => [found[1], found[2]])),
  );
const page = blocks('src/app.css');
const code = blocks('src/lib/highlight/highlight.css');

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const mixed = (over: string, share: number, under: string): number[] => channels(over).map((value, i) => value * share + (channels(under)[i] ?? 0) * (1 - share));

function luminance(rgb: number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: number[], b: number[]): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ['light', page[0] ?? {}, code[0] ?? {}],
  ['dark', page[2] ?? {}, code[2] ?? {}],
])('%s syntax colours', (_name, ground, colours) => {
  const of = (name: string): string => ground[name] ?? '#000000';
  const tint = (name: string, share: number): number[] => mixed(of(name), share, of('surface'));

  it.each(Object.keys(code[0] ?? {}))('%s can be read on the page and on the lines of a diff', (name) => {
    const colour = channels(colours[name] ?? '#000000');
    for (const where of ['bg', 'surface']) expect(contrast(colour, channels(of(where))), where).toBeGreaterThanOrEqual(4.5);
    // The tints of DiffView.svelte.
    for (const sign of ['ok', 'danger']) expect(contrast(colour, tint(sign, 0.13)), sign).toBeGreaterThanOrEqual(4.5);
  });

  it('changed words, which have the colour of text, can be read on both tints', () => {
    for (const sign of ['ok', 'danger']) {
      const both = tint(sign, 0.13).map((under, i) => (channels(of(sign))[i] ?? 0) * 0.3 + under * 0.7);
      expect(contrast(channels(of('text')), both), sign).toBeGreaterThanOrEqual(4.5);
      expect(contrast(channels(of('muted')), tint(sign, 0.13)), `numbers on ${sign}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it('the system’s dark and the chosen dark are the same', () => {
  expect(code).toHaveLength(3);
  expect(code[1]).toEqual(code[2]);
});
