// Draws coloured text. Text nodes and class names only: nothing in it is ever read as markup, and no style attribute is
// set, which the page's policy would refuse.

import { reveal } from '$lib/text/reveal';
import type { Span } from './tones';
import './highlight.css';

/** Appends the spans of a line; what hides from the eye is drawn as a labelled mark. */
export function paint(line: Node, spans: readonly Span[]): void {
  for (const span of spans) {
    const parent = holder(span);
    for (const piece of reveal(span.text)) {
      if (piece.mark) (parent ?? line).appendChild(marked(piece.text));
      else (parent ?? line).appendChild(document.createTextNode(piece.text));
    }
    if (parent !== null) line.appendChild(parent);
  }
}

/** Fills a block with lines, each an element of its own, numbered where `start` says from which. */
export function paintLines(block: Element, lines: readonly (readonly Span[])[], start: number | null): void {
  const fragment = document.createDocumentFragment();
  lines.forEach((spans, i) => {
    const line = document.createElement('span');
    line.className = 'hl-line';
    if (start !== null) line.dataset['n'] = String(start + i);
    paint(line, spans);
    // A selection that is copied keeps its lines.
    line.appendChild(document.createTextNode('\n'));
    fragment.appendChild(line);
  });
  block.replaceChildren(fragment);
}

function holder({ tone, changed = false }: Span): HTMLElement | null {
  if (tone === 'plain' && !changed) return null;
  const element = document.createElement(changed ? 'mark' : 'span');
  if (tone !== 'plain') element.className = `hl-${tone}`;
  return element;
}

function marked(text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'mark';
  element.textContent = text;
  return element;
}
