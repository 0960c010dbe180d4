// Marks what was found without touching the document: ranges, drawn by the browser's own highlights.

const ALL = 'find';
const CURRENT = 'find-current';
const MOST_PER_ITEM = 500;

/** Where a pattern occurs in what an element shows, across its inner borders. */
export function rangesIn(element: Element, wanted: RegExp): Range[] {
  const nodes: { node: Text; from: number }[] = [];
  let text = '';
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement?.closest('.sr-only') !== null) continue;
    nodes.push({ node: node as Text, from: text.length });
    text += (node as Text).data;
  }
  const ranges: Range[] = [];
  for (const match of text.matchAll(wanted)) {
    const range = rangeOf(nodes, match.index, match.index + match[0].length);
    if (range !== null) ranges.push(range);
    if (ranges.length >= MOST_PER_ITEM) break;
  }
  return ranges;
}

function rangeOf(nodes: readonly { node: Text; from: number }[], from: number, to: number): Range | null {
  const start = nodeAt(nodes, from);
  const end = nodeAt(nodes, to - 1);
  if (start === undefined || end === undefined) return null;
  const range = document.createRange();
  range.setStart(start.node, from - start.from);
  range.setEnd(end.node, to - end.from);
  return range;
}

function nodeAt(nodes: readonly { node: Text; from: number }[], at: number): { node: Text; from: number } | undefined {
  let low = 0;
  let high = nodes.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((nodes[middle]?.from ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return nodes[low];
}

const able = (): boolean => typeof CSS !== 'undefined' && 'highlights' in CSS && typeof Highlight !== 'undefined';

export function paint(all: readonly Range[], current: Range | null): void {
  if (!able()) {
    // Older browsers show the one that counts as a selection.
    if (current !== null) {
      const selection = document.getSelection();
      selection?.removeAllRanges();
      selection?.addRange(current);
    }
    return;
  }
  CSS.highlights.set(ALL, new Highlight(...all));
  const now = new Highlight(...(current === null ? [] : [current]));
  now.priority = 1;
  CSS.highlights.set(CURRENT, now);
}

export function unpaint(): void {
  if (!able()) return;
  CSS.highlights.delete(ALL);
  CSS.highlights.delete(CURRENT);
}
