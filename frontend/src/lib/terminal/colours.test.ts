import { readFileSync } from 'node:fs';
import type { ITheme } from '@xterm/xterm';
import { describe, expect, it } from 'vitest';
import { colours, DARK, LIGHT } from './colours';

const css = readFileSync('src/app.css', 'utf8');
const surface = (block: RegExp): string => /--surface:\s*(#[0-9a-f]{6})/.exec(block.exec(css)?.[0] ?? '')?.[1] ?? '';

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Black on black and white on white are what a program asked for; the emulator lifts them where they stand on the ground. */
const hues = (theme: ITheme): [string, string][] => Object.entries(theme).filter(([name]) => !['black', 'white'].includes(name)) as [string, string][];

describe.each([
  ['light', LIGHT, surface(/:root \{[^}]*\}/)],
  ['dark', DARK, surface(/:root\[data-theme='dark'\] \{[^}]*\}/)],
] as const)('the sixteen colours, %s', (name, theme, ground) => {
  it('there are sixteen', () => expect(Object.keys(theme)).toHaveLength(16));
  it.each(hues(theme))('%s (%s) is read on the ground', (_, colour) => expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.5));
  it('text is read on what was found', () => {
    const { findBackground } = colours(name === 'dark');
    expect(contrast(findBackground, name === 'dark' ? '#ebe7df' : '#211f1b')).toBeGreaterThanOrEqual(4.5);
  });
});
