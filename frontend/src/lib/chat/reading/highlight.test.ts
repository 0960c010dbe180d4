import { describe, expect, it } from 'vitest';
import { rangesIn } from './highlight';

function element(html: string): HTMLElement {
  const made = document.createElement('div');
  made.innerHTML = html;
  return made;
}

describe('ranges of matches', () => {
  it('go across inner borders', () => {
    const ranges = rangesIn(element('<p>one nee<b>dl</b>e two</p><p>needle</p>'), /needle/gu);
    expect(ranges.map(String)).toEqual(['needle', 'needle']);
  });

  it('leave out what is only said to screen readers', () => {
    expect(rangesIn(element('<span class="sr-only">needle</span> needle'), /needle/gu)).toHaveLength(1);
  });

  it('are none where nothing matches', () => {
    expect(rangesIn(element(''), /x/gu)).toEqual([]);
  });
});
