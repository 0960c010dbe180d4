import { describe, expect, it } from 'vitest';
import { describeSuggestions, movedTo, placeFor, storedWords } from './approval-rules';

const rule = (destination: string, ...rules: string[]) => ({ type: 'addRules', rules: rules.map((ruleContent) => ({ toolName: 'Bash', ruleContent })), behavior: 'allow', destination });
const SUGGESTIONS = describeSuggestions([rule('localSettings', 'ls'), { type: 'addDirectories', directories: ['/w'], destination: 'session' }, { type: 'setMode', mode: 'acceptEdits', destination: 'session' }]);
const [local, folder, mode] = SUGGESTIONS;

describe('the place of a rule', () => {
  it('is the one the CLI offered', () => {
    expect(placeFor([local!], true)).toBe('localSettings');
    expect(placeFor([folder!], true)).toBe('session');
    expect(placeFor([local!], null)).toBe('localSettings');
    expect(placeFor([mode!], true)).toBeNull();
  });

  it('is the session where the project’s rules would be ignored', () => {
    expect(placeFor([local!], false)).toBe('session');
    expect(placeFor(describeSuggestions([rule('userSettings', 'ls')]), false)).toBe('userSettings');
  });

  it('is sent only when it is another one', () => {
    expect(movedTo([local!], 'localSettings')).toBeNull();
    expect(movedTo([local!], 'session')).toBe('session');
    expect(movedTo([mode!], 'session')).toBeNull();
    expect(movedTo([local!, folder!], 'localSettings')).toBe('localSettings');
  });

  it('cannot be chosen for a mode, or where this page does not know it', () => {
    expect(SUGGESTIONS.map((one) => one.movable)).toEqual([true, true, false]);
    expect(describeSuggestions([rule('moon', 'ls')])[0]).toMatchObject({ movable: false, offered: null, where: 'Stored in moon.' });
    expect(describeSuggestions([rule('toString', 'ls')])[0]).toMatchObject({ offered: null });
  });

  it('says how to take it back', () => {
    expect(SUGGESTIONS.every((one) => one.undo !== '')).toBe(true);
  });
});

describe('what was stored', () => {
  it('is told with its place', () => {
    expect(storedWords([rule('localSettings', 'ls', 'pwd')])).toEqual(['Always allow: Bash(ls), Bash(pwd) – stored in .claude/settings.local.json']);
    expect(storedWords([rule('session', 'ls')])).toEqual(['Always allow: Bash(ls) – for this session only']);
    expect(storedWords([{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }])).toEqual(['Switched to the mode “Accept edits”']);
    expect(storedWords([])).toEqual([]);
    expect(storedWords(['?', null])).toHaveLength(2);
  });
});
