import { describe, expect, it } from 'vitest';
import { session } from '$lib/chat/events.testing';
import { howItRuns } from './header-facts';

describe('the facts of a session', () => {
  it('names model, mode and effort, and leaves out what goes without saying', () => {
    expect(howItRuns(session({ model: 'claude-opus-4-8', permission_mode: 'plan', effort: 'high' }))).toEqual(['Opus 4.8', 'Plan', 'high effort']);
    expect(howItRuns(session({ model: null, permission_mode: 'default', effort: null }))).toEqual([]);
    expect(howItRuns(session({ kind: 'terminal', program: 'shell', model: null, permission_mode: null, effort: null }))).toEqual(['shell']);
  });
});
