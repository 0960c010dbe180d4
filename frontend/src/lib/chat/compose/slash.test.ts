import { describe, expect, it } from 'vitest';
import { argumentGhost, commandMatches, fit, ownCommand } from './slash';

const command = (name: string, more: object = {}) => ({ name, description: '', argument_hint: '', aliases: [] as string[], ...more });
const commands = [command('compact', { argument_hint: '[instructions]' }), command('clear', { aliases: ['reset', 'new'] }), command('cost'), command('my:recompact')];
const names = (query: string): string[] => commandMatches(query, commands).map((one) => one.name);

describe('slash commands', () => {
  it('are found by their beginning, then by what they hold', () => {
    expect(names('co').slice(0, 3)).toEqual(['cost', 'compact', 'my:recompact']);
    expect(names('')).toHaveLength(4);
    expect(names('rec')).toEqual(['my:recompact']);
  });

  it('are found by letters in order, and the letters are known', () => {
    expect(names('cpt')).toEqual(['compact', 'my:recompact']);
    expect(fit('compact', 'cpt')?.positions).toEqual([0, 3, 6]);
    expect(fit('compact', 'tc')).toBeNull();
  });

  it('are found by their other names', () => {
    expect(commandMatches('reset', commands)[0]).toMatchObject({ name: 'clear', alias: 'reset' });
  });

  it('of the terminal interface open our menus or say what to do', () => {
    expect(commandMatches('mod', commands)[0]).toMatchObject({ name: 'model', own: { opens: 'model' } });
    expect(ownCommand('/model opus', commands)).toMatchObject({ opens: 'model' });
    expect(ownCommand('/help', commands)?.explains).toContain('Type /');
    expect(ownCommand('/compact', commands)).toBeNull();
    expect(ownCommand('/etc/hosts is wrong', commands)).toBeNull();
    expect(ownCommand(' /model', commands)).toBeNull();
  });

  it('that the CLI reports itself are left to it', () => {
    expect(ownCommand('/model', [...commands, command('model')])).toBeNull();
    expect(commandMatches('model', [...commands, command('model')])).toMatchObject([{ own: null }]);
    // Until it has reported any, nothing is known about them.
    expect(commandMatches('mod', [])).toEqual([]);
  });

  it('show what may follow, until something does', () => {
    expect(argumentGhost('/compact ', commands)).toBe('[instructions]');
    expect(argumentGhost('/compact', commands)).toBe(' [instructions]');
    expect(argumentGhost('/compact now', commands)).toBe('');
    expect(argumentGhost('/cost ', commands)).toBe('');
  });
});
