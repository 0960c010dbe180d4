// Draws rows of a diff. A sign and a tint say what a line is, never a tint alone.

import { later } from '$lib/highlight/later';
import { paint } from '$lib/highlight/paint';
import { overlay, type Span } from '$lib/highlight/tones';
import { size } from '$lib/rich/limits';
import type { DiffLine } from '../../patch';
import { LINE_MOST, shownText, type Limit } from './limits';
import type { Pair } from './rows';

/** Colours of a line's language; none while they are not known. */
export type Tones = readonly Span[] | null;
export type Colour = (line: DiffLine) => Tones;

const SIGNS = { ' ': ' ', '+': '+', '-': '−' } as const;
const KINDS = { ' ': 'same', '+': 'added', '-': 'removed' } as const;

/** What a block shows: the rows, and of each line the colours it has. */
interface Drawn {
  readonly what: readonly unknown[];
}

const drawn = new WeakMap<Element, Drawn>();

/**
 * Draws a block unless it shows just that already. Colours of one line come in for all blocks; the first blocks of a view
 * are drawn at once, the others one after the other, so that none of it is felt.
 */
function draw(block: Element, what: readonly unknown[], first: boolean, rows: () => HTMLElement[]): (() => void) | undefined {
  const before = drawn.get(block)?.what;
  if (before !== undefined && before.length === what.length && before.every((one, i) => one === what[i])) return undefined;
  const fill = (): void => {
    drawn.set(block, { what });
    block.replaceChildren(...rows());
  };
  if (!first) return later(fill);
  fill();
  return undefined;
}

export function drawUnified(block: Element, lines: readonly DiffLine[], numbered: boolean, colour: Colour, limit: Limit, first: boolean): (() => void) | undefined {
  const tones = lines.map(colour);
  const most = lines.map(limit);
  return draw(block, [numbered, ...lines, ...tones, ...most], first, () =>
    lines.map((line, i) => {
      const row = element('div', `line ${KINDS[line.sign]}`);
      if (numbered) row.appendChild(number(line.newNumber ?? line.oldNumber));
      side(row, line, tones[i] ?? null, most[i] ?? LINE_MOST);
      return row;
    }),
  );
}

export function drawSplit(block: Element, pairs: readonly Pair[], numbered: boolean, colour: Colour, limit: Limit, first: boolean): (() => void) | undefined {
  const tones = pairs.map(({ before, after }) => [before === null ? null : colour(before), after === null ? null : colour(after)] as const);
  const sides = pairs.flatMap(({ before, after }) => [before, after]);
  const what = [numbered, ...sides, ...tones.flat(), ...sides.map((line) => line && limit(line))];
  return draw(block, what, first, () =>
    pairs.map(({ before, after }, i) => {
      const row = element('div', 'pair');
      row.append(half(before, before?.oldNumber ?? null, numbered, tones[i]?.[0] ?? null, limit), half(after, after?.newNumber ?? null, numbered, tones[i]?.[1] ?? null, limit));
      return row;
    }),
  );
}

function half(line: DiffLine | null, at: number | null, numbered: boolean, tones: Tones, limit: Limit): HTMLElement {
  const cell = element('div', `line ${line === null ? 'none' : KINDS[line.sign]}`);
  if (line === null) return cell;
  if (numbered) cell.appendChild(number(at));
  side(cell, line, tones, limit(line));
  return cell;
}

/** Both kinds of colour: of the language, and of the words that changed. */
function side(row: HTMLElement, line: DiffLine, tones: Tones, most: number): void {
  const sign = element('span', 'sign');
  sign.textContent = SIGNS[line.sign];
  const words = element('span', 'words');
  const cut = line.text.length - most;
  // A line this long has no words that were compared, and its colours are known as far as a conversation shows it.
  const spans = cut > 0 ? [{ text: shownText(line, most), changed: false }] : line.spans;
  paint(words, tones === null || (most > LINE_MOST && line.text.length > LINE_MOST) ? spans.map((span) => ({ ...span, tone: 'plain' as const })) : overlay(tones, spans));
  if (cut > 0) {
    const note = element('span', 'mark');
    note.textContent = `… ${size(cut)} of this line are left out; copy gets them`;
    words.appendChild(note);
  }
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
