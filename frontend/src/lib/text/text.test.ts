import { describe, expect, it } from 'vitest';
import type { Session } from '$lib/protocol';
import { ago, directory, plural } from './format';
import { plain, reveal } from './reveal';
import { sectionsOf } from './sections';
import { endedWell, lookOf, whyEnded } from './state';

const NOW = new Date(2026, 4, 20, 14, 3).getTime();
const MIN = 60_000;

const base: Session = {
  id: 'a',
  kind: 'chat',
  program: null,
  title: 'gate tests',
  cwd: 'src/claude-web',
  state: 'idle',
  state_since: NOW,
  model: 'opus',
  permission_mode: 'default',
  effort: null,
  claude_session_id: null,
  pid: null,
  keep: false,
  viewers: 0,
  created_at: NOW,
  last_activity_at: NOW,
  cost_usd: null,
  context: null,
  last_line: null,
  warnings: 0,
  pending: [],
  end: null,
};
const ended = (more: Partial<NonNullable<Session['end']>> = {}): Session => ({
  ...base,
  state: 'ended',
  end: { reason: 'exited', code: 0, signal: null, stderr_tail: [], at: NOW, ...more },
});

describe('times', () => {
  it.each([
    [0, 'now'],
    [-5000, 'now'],
    [59_000, 'now'],
    [2 * MIN, '2 min'],
    [59.9 * MIN, '59 min'],
    [3 * 60 * MIN, '3 h'],
    [13 * 60 * MIN, '13 h'],
    [26 * 60 * MIN, 'yesterday'],
  ])('%d ms ago is %s', (passed, text) => {
    expect(ago(NOW - passed, NOW)).toBe(text);
  });

  it('gives dates beyond yesterday', () => {
    expect(ago(NOW - 5 * 24 * 60 * MIN, NOW)).toMatch(/15/);
    expect(ago(new Date(2024, 0, 3).getTime(), NOW)).toMatch(/2024/);
  });
});

describe('names', () => {
  it('names the root', () => {
    expect(directory('.')).toBe('root directory');
    expect(plural(1, 'session')).toBe('1 session');
    expect(plural(2, 'session')).toBe('2 sessions');
  });
});

describe('hidden characters', () => {
  it('become labelled marks', () => {
    expect(reveal('a\u202eb\u001b[0m\u200b')).toEqual([
      { text: 'a', mark: false },
      { text: 'RLO', mark: true },
      { text: 'b', mark: false },
      { text: 'ESC', mark: true },
      { text: '[0m', mark: false },
      { text: 'ZWSP', mark: true },
    ]);
    expect(reveal('\u{e0041}')).toEqual([{ text: 'U+E0041', mark: true }]);
  });

  it('are written into the text where there are too many to be drawn', () => {
    const pieces = reveal('\u202ea'.repeat(5_000));
    expect(pieces.length).toBeLessThan(100);
    expect(pieces.at(-1)?.text).toContain('⟨RLO⟩a⟨RLO⟩a');
    expect(pieces.map((piece) => piece.text).join('').replaceAll(/[^a]/g, '')).toHaveLength(5_000);
    expect(pieces.some((piece) => piece.text.includes('\u202e'))).toBe(false);
  });

  it('leave line ends, tabs and all visible text alone', () => {
    expect(reveal('ls\n\tÄ 日本 🙂')).toEqual([{ text: 'ls\n\tÄ 日本 🙂', mark: false }]);
    expect(reveal('')).toEqual([]);
  });

  it('are taken out of titles', () => {
    expect(plain(' a\u202e\n\u0007 b ')).toBe('a b');
    expect(plain('x'.repeat(300))).toHaveLength(200);
  });
});

describe('states', () => {
  it('tells a calm end from a failure', () => {
    expect(endedWell(ended())).toBe(true);
    expect(endedWell(ended({ reason: 'killed', signal: 'SIGTERM', code: null }))).toBe(true);
    expect(endedWell(ended({ code: 1 }))).toBe(false);
    expect(endedWell(ended({ reason: 'crashed' }))).toBe(false);
    expect(lookOf(ended({ code: 1 })).word).toBe('failed');
  });

  it('always has a word and a sentence', () => {
    expect(lookOf({ ...base, kind: 'terminal', state: 'working' }).word).toBe('terminal');
    expect(lookOf({ ...base, state: 'needs_approval' }).shape).toBe('attention');
    expect(whyEnded({ reason: 'crashed', code: null, signal: 'SIGSEGV', stderr_tail: [], at: 0 })).toBe('The program crashed (signal SIGSEGV).');
  });
});

describe('the list', () => {
  const pending = { request_id: 'p', kind: 'approval', tool_name: 'Bash', summary: 'ls', since: NOW - 5 * MIN } as const;
  const sessions: Session[] = [
    { ...base, id: 'young', created_at: NOW },
    { ...base, id: 'old', created_at: NOW - 9 * MIN, cwd: 'docs' },
    { ...base, id: 'asks', state: 'needs_approval', pending: [pending] },
    { ...base, id: 'asked-longer', state: 'needs_answer', pending: [{ ...pending, since: NOW - 9 * MIN }] },
    { ...ended(), id: 'over', pending: [pending] },
  ];
  const ids = (list: Session[]): string[] => list.map((session) => session.id);

  it('puts what waits longest first', () => {
    const sections = sectionsOf(sessions, '');
    expect(ids(sections.needs)).toEqual(['asked-longer', 'asks']);
    expect(ids(sections.running)).toEqual(['young', 'old']);
    expect(ids(sections.recent)).toEqual(['over']);
  });

  it('filters by every word and counts what it hides', () => {
    const sections = sectionsOf(sessions, ' DOCS gate ');
    expect(ids(sections.running)).toEqual(['old']);
    expect(sections.hidden).toBe(4);
  });
});
