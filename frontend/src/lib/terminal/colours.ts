// The sixteen colours on both grounds; background and foreground are the page's own tokens.

import type { ITheme } from '@xterm/xterm';
import type { FindTheme } from './xterm-screen';

export const LIGHT: ITheme = {
  black: '#211f1b',
  red: '#ad241c',
  green: '#2b6e40',
  yellow: '#855600',
  blue: '#28599a',
  magenta: '#8a3a86',
  cyan: '#0f6a72',
  white: '#8d8678',
  brightBlack: '#635e54',
  brightRed: '#c43a2c',
  brightGreen: '#35804c',
  brightYellow: '#9a6700',
  brightBlue: '#356cb4',
  brightMagenta: '#a04c9b',
  brightCyan: '#177d86',
  brightWhite: '#3c3932',
};

export const DARK: ITheme = {
  black: '#37342e',
  red: '#f28f85',
  green: '#82c293',
  yellow: '#e2b457',
  blue: '#8fb8ea',
  magenta: '#d7a0d3',
  cyan: '#7fc7cc',
  white: '#d3cec4',
  brightBlack: '#8c8579',
  brightRed: '#f7aba3',
  brightGreen: '#a0d5ae',
  brightYellow: '#edca83',
  brightBlue: '#b0cef2',
  brightMagenta: '#e4bde1',
  brightCyan: '#a2d9dd',
  brightWhite: '#f6f3ed',
};

export function colours(dark: boolean): FindTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ...(dark ? DARK : LIGHT),
    background: token('--surface'),
    foreground: token('--text'),
    cursor: token('--accent'),
    cursorAccent: token('--surface'),
    findBackground: dark ? '#5c4a1a' : '#f3dfae',
    findCurrent: token('--accent'),
    findCurrentText: token('--on-accent'),
    selectionBackground: `${token('--accent')}55`,
    scrollbarSliderBackground: `${token('--edge')}66`,
    scrollbarSliderHoverBackground: `${token('--edge')}aa`,
    scrollbarSliderActiveBackground: token('--edge'),
  };
}
