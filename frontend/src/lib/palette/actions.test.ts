import { describe, expect, it } from 'vitest';
import { register, toolsOf } from './actions.svelte';

const run = (): void => undefined;
const names = (session: string): [string, string[]][] => toolsOf(session).map(({ name, actions }) => [name, actions.map(({ id }) => id)]);

describe('tools of a session', () => {
  it('are what was registered as such for it, ways of one thing under one name', () => {
    const away = register(
      { id: 'find', title: 'Find in conversation', tool: { icon: 'search' }, session: 'a', run },
      { id: 'stop', title: 'Stop Claude', session: 'a', run },
      { id: 'fold', title: 'Show tools again', tool: { icon: 'fold', name: 'Fold all tools', pressed: true }, session: 'a', run },
      { id: 'export-md', title: 'Export as Markdown', tool: { icon: 'download', name: 'Export' }, session: 'a', run },
      { id: 'export-html', title: 'Export as HTML', tool: { icon: 'download', name: 'Export' }, session: 'a', run },
      { id: 'find', title: 'Find in conversation', tool: { icon: 'search' }, session: 'b', run },
    );
    expect(names('a')).toEqual([['Find in conversation', ['find']], ['Fold all tools', ['fold']], ['Export', ['export-md', 'export-html']]]);
    expect(names('b')).toEqual([['Find in conversation', ['find']]]);
    expect(toolsOf('a')[1]?.pressed).toBe(true);
    away();
    expect(names('a')).toEqual([]);
  });
});
