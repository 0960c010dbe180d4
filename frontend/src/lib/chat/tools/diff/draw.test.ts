import { beforeEach, describe, expect, it } from 'vitest';
import type { DiffLine } from '../../patch';
import { drawSplit, drawUnified } from './draw';
import { usual, type Limit } from './limits';

const text = 'x'.repeat(15_000);
const line: DiffLine = { sign: '+', oldNumber: null, newNumber: 1, text, spans: [{ text, changed: false }] };
const large: Limit = () => 10_000;

describe('a block that is drawn again', () => {
  const block = document.createElement('div');
  const cut = (): number => (block.textContent ?? '').split('x').length - 1;
  beforeEach(() => block.replaceChildren());

  it.each([
    ['in one column', (limit: Limit) => drawUnified(block, [line], true, () => null, limit, true)],
    ['side by side', (limit: Limit) => drawSplit(block, [{ before: null, after: line }], true, () => null, limit, true)],
  ])('shows as much of a line as it may now: %s', (_, draw) => {
    draw(usual);
    expect(cut()).toBe(2_000);
    const [row] = block.children;
    draw(usual);
    expect(block.children[0], 'the same is not drawn twice').toBe(row);
    draw(large);
    expect(cut()).toBe(10_000);
    draw(usual);
    expect(cut()).toBe(2_000);
  });
});
