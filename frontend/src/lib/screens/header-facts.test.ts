import { describe, expect, it } from 'vitest';
import { session } from '$lib/chat/events.testing';
import { fullness, howItRuns, whatItUsed } from './header-facts';

describe('the facts of a session', () => {
  it('names model, mode and effort, and leaves out what goes without saying', () => {
    expect(howItRuns(session({ model: 'claude-opus-4-8', permission_mode: 'plan', effort: 'high' }))).toEqual(['Opus 4.8', 'Plan', 'high effort']);
    expect(howItRuns(session({ model: null, permission_mode: 'default', effort: null }))).toEqual([]);
    expect(howItRuns(session({ kind: 'terminal', program: 'shell', model: null, permission_mode: null, effort: null }))).toEqual(['shell']);
  });

  it('says how full the context is', () => {
    expect(fullness(null)).toBeNull();
    expect(fullness({ used_tokens: 0, window_tokens: 200_000 })).toBeNull();
    expect(fullness({ used_tokens: 82_500, window_tokens: 200_000 })).toBe('41 % context');
    expect(fullness({ used_tokens: 10, window_tokens: 200_000 })).toBe('1 % context');
    expect(fullness({ used_tokens: 300_000, window_tokens: 200_000 })).toBe('100 % context');
    expect(fullness({ used_tokens: 41_000, window_tokens: null })).toBe('41k tokens');
  });

  it('adds the cost once there is one', () => {
    expect(whatItUsed(session({ context: null, cost_usd: 0 }))).toEqual([]);
    expect(whatItUsed(session({ context: { used_tokens: 20_000, window_tokens: 200_000 }, cost_usd: 1.2 }))).toEqual(['10 % context', '$1.20']);
  });
});
