import { describe, expect, it } from 'vitest';
import { session } from '$lib/chat/events.testing';
import type { PaletteAction } from './actions.svelte';
import { moved, sectionsFor, type Offer } from './entries';

const action = (id: string, title: string, words = ''): PaletteAction => ({ id, title, words, run: () => undefined });
const ACTIONS = [action('create', 'New session…', 'start'), action('rename', 'Rename session…'), action('theme-dark', 'Appearance: dark', 'theme')];
const SESSIONS = [
  session({ id: 'a', title: 'api rewrite', cwd: 'services/api', state: 'idle', created_at: 3 }),
  session({ id: 'b', title: 'docs', cwd: 'docs', state: 'working', created_at: 2 }),
  session({ id: 'c', title: 'gate tests', cwd: 'claude-web', state: 'needs_approval', created_at: 1 }),
];

function found(offer: Partial<Offer>): Record<string, string[]> {
  const sections = sectionsFor({ query: '', sessions: SESSIONS, open: null, actions: ACTIONS, files: [], recent: [], ...offer });
  return Object.fromEntries(sections.map(({ heading, entries }) => [heading, entries.map(({ id }) => id.replace(/^\w+:/, ''))]));
}

describe('sessions', () => {
  it('that need the user come first, then as in the list', () => expect(found({})['Sessions']).toEqual(['c', 'a', 'b']));
  it('that need the user come first whatever fits better', () => expect(found({ query: 't' })['Sessions']?.[0]).toBe('c'));
  it('are found by title, directory and model', () => {
    expect(found({ query: 'api' })['Sessions']).toEqual(['a']);
    expect(found({ query: 'claude-web' })['Sessions']).toEqual(['c']);
    expect(found({ query: 'o' })['Sessions']).toEqual(['b']);
  });
  it('in front are not offered', () => expect(found({ open: 'c' })['Sessions']).toEqual(['a', 'b']));
  it('used lately come before others that run', () => expect(found({ recent: ['session:b'] })['Sessions']).toEqual(['c', 'b', 'a']));
});

describe('actions', () => {
  it('keep their order while nothing is typed', () => expect(found({})['Actions']).toEqual(['create', 'rename', 'theme-dark']));
  it('are found by other words, too, but rather by their own', () => {
    expect(found({ query: 'theme' })['Actions']).toEqual(['theme-dark']);
    expect(found({ query: 'rename' })['Actions']).toEqual(['rename']);
  });
  it('of which there are many wait until something is typed', () => {
    const actions = [...ACTIONS, { ...action('mode-plan', 'Permission mode: Plan'), quiet: true as const }];
    expect(found({ actions })['Actions']).not.toContain('mode-plan');
    expect(found({ actions, query: 'plan' })['Actions']).toEqual(['mode-plan']);
  });
  it('used lately come first', () => expect(found({ recent: ['action:theme-dark', 'action:rename'] })['Actions']).toEqual(['theme-dark', 'rename', 'create']));
  it('show what matched of the title alone', () => {
    const [section] = sectionsFor({ query: 'dark theme', sessions: [], open: null, actions: ACTIONS, files: [], recent: [] });
    const entry = section?.entries[0];
    expect(entry?.positions.every((at) => at < (entry?.title.length ?? 0))).toBe(true);
  });
});

describe('files', () => {
  const files = [
    { path: 'src/main.rs', kind: 'file' as const, positions: [4, 5] },
    { path: 'src', kind: 'directory' as const, positions: [] },
    { path: 'main.md', kind: 'file' as const, positions: [0, 1] },
  ];
  it('stay in the order of the server, without directories', () => expect(found({ query: 'ma', files })['Files']).toEqual(['src/main.rs', 'main.md']));
});

it('says nothing under a heading without lines', () => expect(found({ query: 'zzz' })).toEqual({}));

describe('keys in the list', () => {
  it.each([
    ['ArrowDown', 0, 3, 1],
    ['ArrowDown', 2, 3, 0],
    ['ArrowUp', 0, 3, 2],
    ['PageDown', 1, 20, 9],
    ['PageDown', 15, 20, 19],
    ['PageUp', 3, 20, 0],
    ['a', 1, 3, null],
    ['Home', 1, 3, null],
    ['ArrowDown', 0, 0, null],
  ])('%s from %i of %i', (key, at, count, to) => {
    expect(moved(key, at, count)).toBe(to);
  });
});
