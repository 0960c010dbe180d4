import { beforeEach, describe, expect, it } from 'vitest';
import { choicesFor, FIRST_CHOICES, isRemembered, lastDirectory, remember, rememberSettings } from './choices';

describe('what was chosen last', () => {
  beforeEach(() => localStorage.clear());

  it('comes back per directory', () => {
    remember('a', { ...FIRST_CHOICES, model: 'opus', keep: true });
    expect(choicesFor('a')).toMatchObject({ model: 'opus', keep: true });
    expect(choicesFor('b')).toEqual(FIRST_CHOICES);
    expect([isRemembered(choicesFor('a')), isRemembered(choicesFor('b'))]).toEqual([true, false]);
  });

  it('follows what a running session is set to, without becoming the last directory', () => {
    remember('a', { ...FIRST_CHOICES, model: 'opus' });
    rememberSettings('a', { permission_mode: 'plan' });
    rememberSettings('b', { effort: 'high' });
    expect(choicesFor('a')).toMatchObject({ model: 'opus', permission_mode: 'plan' });
    expect(choicesFor('b')).toMatchObject({ effort: 'high' });
    expect(lastDirectory()).toBe('a');
  });

  it('never brings back the mode that asks nothing', () => {
    remember('a', { ...FIRST_CHOICES, permission_mode: 'bypassPermissions' });
    rememberSettings('b', { permission_mode: 'bypassPermissions' });
    expect(localStorage.getItem('claude-web.start')).not.toContain('bypass');
  });
});
