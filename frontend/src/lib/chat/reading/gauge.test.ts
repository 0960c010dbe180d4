import { describe, expect, it } from 'vitest';
import { bars, gauge } from './gauge';

describe('context gauge', () => {
  it('is a word and a share, and warns when the window is nearly full', () => {
    expect(gauge({ used_tokens: 82_000, window_tokens: 200_000 })).toMatchObject({ percent: 41, words: '41 % context', tone: 'muted' });
    expect(gauge({ used_tokens: 160_000, window_tokens: 200_000 })?.tone).toBe('muted');
    expect(gauge({ used_tokens: 163_000, window_tokens: 200_000 })).toMatchObject({ percent: 81, tone: 'warn' });
    expect(gauge({ used_tokens: 199_900, window_tokens: 200_000 })?.percent).toBe(99);
    expect(gauge({ used_tokens: 340, window_tokens: 1_000_000 })).toMatchObject({ percent: 1, words: '1 % context' });
    expect(gauge({ used_tokens: 999_000, window_tokens: 200_000 })?.percent).toBe(100);
  });

  it('says what is known when the window is not', () => {
    expect(gauge(null)).toBeNull();
    expect(gauge({ used_tokens: 0, window_tokens: null })).toBeNull();
    expect(gauge({ used_tokens: 1_500, window_tokens: null })).toMatchObject({ percent: null, words: '1.5k tokens' });
  });

  it('lists what fills it, most first', () => {
    const categories = [{ name: 'System prompt', tokens: 3_000 }, { name: 'Messages', tokens: 9_000 }, { name: 'Free space', tokens: 188_000 }, { name: 'Skills', tokens: 0 }];
    expect(bars({ used_tokens: 12_000, window_tokens: 200_000, categories, auto_compact_at: null }).map(({ name, share }) => [name, share])).toEqual([['Messages', 4.5], ['System prompt', 1.5]]);
  });
});
