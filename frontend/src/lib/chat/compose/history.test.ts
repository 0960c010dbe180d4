import { describe, expect, it } from 'vitest';
import { converse, said, user } from '../events.testing';
import { atEdge, projectPrompts, rememberPrompt, sessionPrompts, Walk } from './history';
import { BlockedStorage, MemoryStorage } from './storage.testing';

describe('earlier prompts', () => {
  it('are walked up and down, and the draft comes back', () => {
    const walk = new Walk(() => ['three', 'two', 'two', 'one']);
    expect([walk.older(''), walk.older('three'), walk.older('two'), walk.older('one')]).toEqual(['three', 'two', 'one', null]);
    expect([walk.newer('one'), walk.newer('two'), walk.newer('three'), walk.newer('')]).toEqual(['two', 'three', '', null]);
  });

  it('never replace what is being written', () => {
    const walk = new Walk(() => ['one']);
    expect(walk.older('half a thought')).toBeNull();
    expect(walk.older('')).toBe('one');
    expect(walk.older('one, changed')).toBeNull();
    expect(walk.newer('one, changed')).toBeNull();
  });

  it('can be walked from a draft that has not been touched', () => {
    const walk = new Walk(() => ['one']);
    walk.reset('of yesterday');
    expect(walk.older('of yesterday')).toBe('one');
    expect(walk.newer('one')).toBe('of yesterday');
  });

  it('begin anew when the box was emptied in between', () => {
    const walk = new Walk(() => ['two', 'one']);
    walk.older('');
    walk.older('two');
    expect(walk.older('')).toBe('two');
  });

  it('are a session’s own, whoever sent them, and not what the CLI noted', () => {
    const conversation = converse(user('one'), said('yes'), user('note', { origin: 'cli' }), user('two', { by: 'Pixel' }));
    expect(sessionPrompts(conversation.items)).toEqual(['two', 'one']);
  });

  it('are remembered per directory, once each, and not without end', () => {
    const storage = new MemoryStorage();
    for (const prompt of ['a', 'b', 'a', '  ', 'x'.repeat(5_000)]) rememberPrompt('proj', prompt, storage);
    expect(projectPrompts('proj', storage)).toEqual(['a', 'b']);
    expect(projectPrompts('other', storage)).toEqual([]);
    for (let i = 0; i < 300; i += 1) rememberPrompt('proj', `prompt ${i}`, storage);
    expect(projectPrompts('proj', storage)).toHaveLength(200);
    for (let i = 0; i < 30; i += 1) rememberPrompt(`p${i}`, 'x', storage);
    expect(projectPrompts('proj', storage)).toEqual([]);
  });

  it('do without where storage is blocked or holds nonsense', () => {
    rememberPrompt('proj', 'a', new BlockedStorage());
    expect(projectPrompts('proj', new BlockedStorage())).toEqual([]);
    const storage = new MemoryStorage();
    storage.setItem('claude-web.prompts', '[3,["proj",["ok",4]]]');
    expect(projectPrompts('proj', storage)).toEqual(['ok']);
  });

  it('are reached from the first line, left from the last', () => {
    expect([atEdge('a\nb', 1, true), atEdge('a\nb', 2, true), atEdge('a\nb', 1, false), atEdge('a\nb', 2, false)]).toEqual([true, false, false, true]);
  });
});
