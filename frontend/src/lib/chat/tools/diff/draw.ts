// Draws rows of a diff. A sign and a tint say what a line is, never a tint alone.

import { paint } from '$lib/highlight/paint';
import type { Span } from '$lib/highlight/tones';
import type { DiffLine } from '../../patch';
import type { Pair } from './rows';

export type Colour = (line: DiffLine) => readonly Span[];

const SIGNS = { ' ': ' ', '+': '+', '-': '−' } as const;
const KINDS = { ' ': 'same', '+': 'added', '-': 'removed' } as const;

export function drawUnified(block: Element, lines: readonly DiffLine[], numbered: boolean, colour: Colour): void {
  const fragment = document.createDocumentFragment();
  for (const line of lines) {
    const row = element('div', `line ${KINDS[line.sign]}`);
    if (numbered) row.appendChild(number(line.newNumber ?? line.oldNumber));
    side(row, line, colour);
    fragment.appendChild(row);
  }
  block.replaceChildren(fragment);
}

export function drawSplit(block: Element, pairs: readonly Pair[], numbered: boolean, colour: Colour): void {
  const fragment = document.createDocumentFragment();
  for (const { before, after } of pairs) {
    const row = element('div', 'pair');
    row.append(half(before, before?.oldNumber ?? null, numbered, colour), half(after, after?.newNumber ?? null, numbered, colour));
    fragment.appendChild(row);
  }
  block.replaceChildren(fragment);
}

function half(line: DiffLine | null, at: number | null, numbered: boolean, colour: Colour): HTMLElement {
  const cell = element('div', `line ${line === null ? 'none' : KINDS[line.sign]}`);
  if (line === null) return cell;
  if (numbered) cell.appendChild(number(at));
  side(cell, line, colour);
  return cell;
}

function side(row: HTMLElement, line: DiffLine, colour: Colour): void {
  const sign = element('span', 'sign');
  sign.textContent = SIGNS[line.sign];
  const words = element('span', 'words');
  paint(words, colour(line));
  row.append(sign, words);
}

function number(at: number | null): HTMLElement {
  const cell = element('span', 'number');
  cell.dataset['n'] = at === null ? '' : String(at);
  cell.setAttribute('aria-hidden', 'true');
  return cell;
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
