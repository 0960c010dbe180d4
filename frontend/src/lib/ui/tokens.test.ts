import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src/app.css', 'utf8');
const blocks = [...css.matchAll(/^\s*:root[^{]*\{([^}]*)\}/gm)].map((match) => match[1] ?? '');
const tokens = (block: string): Record<string, string> => Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]]));

/** What `color-mix(in srgb, a share%, b)` gives. */
function mix(a: string, share: number, b: string): string {
  const part = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return `#${[1, 3, 5].map((at) => Math.round(part(a, at) * share + part(b, at) * (1 - share)).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ['light', tokens(blocks[0] ?? '')],
  ['dark', tokens(blocks[2] ?? '')],
])('%s colours', (_name, token) => {
  const of = (name: string): string => token[name] ?? '#000000';

  it.each(['text', 'muted', 'accent', 'ok', 'warn', 'danger', 'info'])('%s can be read on every ground', (name) => {
    for (const ground of ['bg', 'surface', 'raised']) expect(contrast(of(name), of(ground)), ground).toBeGreaterThanOrEqual(4.5);
  });

  it('edges and buttons can be seen', () => {
    for (const ground of ['bg', 'surface', 'raised']) expect(contrast(of('edge'), of(ground)), ground).toBeGreaterThanOrEqual(3);
    expect(contrast(of('on-accent'), of('accent'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('on-accent'), mix(of('accent'), 0.88, of('text'))), 'under the pointer').toBeGreaterThanOrEqual(4.5);
  });

  it('selected text can be read', () => {
    for (const ground of ['bg', 'surface', 'raised']) expect(contrast(of('text'), mix(of('accent'), 0.28, of(ground))), ground).toBeGreaterThanOrEqual(4.5);
  });
});

it('the system’s dark and the chosen dark are the same', () => {
  expect(blocks).toHaveLength(4);
  expect(tokens(blocks[1] ?? '')).toEqual(tokens(blocks[2] ?? ''));
});

it('more contrast is more', () => {
  const more = Object.fromEntries([...(blocks[3] ?? '').matchAll(/--([\w-]+):\s*var\(--([\w-]+)\)/g)].map((match) => [match[1], match[2]]));
  expect(more).toEqual({ border: 'edge', muted: 'text', edge: 'text' });
});
