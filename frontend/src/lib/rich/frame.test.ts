import { describe, expect, it } from 'vitest';
import { frameMessage } from './frame';

describe('what the diagram frame says', () => {
  it('is taken within bounds', () => {
    expect(frameMessage({ type: 'ready' })).toEqual({ type: 'ready' });
    expect(frameMessage({ type: 'drawn', height: 1e9 })).toEqual({ type: 'drawn', height: 4_000 });
    expect(frameMessage({ type: 'drawn', height: -5 })).toEqual({ type: 'drawn', height: 40 });
    expect(frameMessage({ type: 'failed', error: 'x'.repeat(9_999) })).toEqual({ type: 'failed', error: 'x'.repeat(300) });
  });

  it('is dropped when it is anything else', () => {
    for (const data of [null, 1, 'ready', {}, { type: 'drawn' }, { type: 'drawn', height: '10' }, { type: 'drawn', height: Number.NaN }, { type: 'failed', error: {} }, { type: 'go', url: 'x' }]) expect(frameMessage(data)).toBeNull();
  });
});
