import { describe, expect, it } from 'vitest';
import { session } from '$lib/chat/events.testing';
import { isSeen, loadSettings, permissionWords, QUIET, saveSettings, signalsFor, tagOf, waitingOf, type Waiting } from './signals';

const waiting = (sessionId: string, requestId: string): Waiting => ({ sessionId, requestId, title: sessionId, summary: '' });
const known = (...list: Waiting[]): Map<string, Waiting> => new Map(list.map((one) => [tagOf(one), one]));
const AWAY = { visible: false, focused: false, session: null };
const A = waiting('a', 'r1');
const B = waiting('b', 'r2');

describe('signals', () => {
  it('are for what has begun to wait, once', () => {
    expect(signalsFor(known(A), [A, B], AWAY)).toEqual({ notify: [B], close: [], sound: true });
    expect(signalsFor(known(A, B), [A, B], AWAY)).toEqual({ notify: [], close: [], sound: false });
  });

  it('are not for what waited when the page opened', () => {
    expect(signalsFor(null, [A, B], AWAY)).toEqual({ notify: [], close: [], sound: false });
  });

  it('are not for the session one looks at, but for every other', () => {
    const look = { visible: true, focused: true, session: 'a' };
    expect(signalsFor(known(), [A, B], look).notify).toEqual([B]);
    expect(signalsFor(known(), [A], look).sound).toBe(false);
    expect(isSeen('a', { ...look, focused: false })).toBe(false);
    expect(isSeen('a', { ...look, visible: false })).toBe(false);
    expect(isSeen('a', { ...look, session: null })).toBe(false);
  });

  it('are taken back when somebody answered elsewhere', () => {
    expect(signalsFor(known(A, B), [B], AWAY).close).toEqual([tagOf(A)]);
  });

  it('say who wants what, in clean text', () => {
    const pending = { request_id: 'r1', kind: 'approval' as const, tool_name: 'Bash', summary: 'rm\u202e -rf\nx', since: 1 };
    const list = [session({ title: 'gate\u0000 tests', state: 'needs_approval', pending: [pending] }), session({ id: 's2', state: 'ended', pending: [pending] })];
    expect(waitingOf(list)).toEqual([{ sessionId: 's1', requestId: 'r1', title: 'gate tests', summary: 'wants to use Bash: rm -rf x' }]);
  });

  it('are off until somebody wants them, whatever storage says', () => {
    const shelf = (raw: string | null) => () => ({ getItem: () => raw, setItem: () => { throw new Error('full'); } });
    for (const raw of [null, '', '{', '7', '{"notify":"yes"}']) expect(loadSettings(shelf(raw))).toEqual(QUIET);
    expect(loadSettings(shelf('{"notify":true,"sound":true}'))).toEqual({ notify: true, sound: true });
    expect(() => saveSettings(QUIET, shelf(null))).not.toThrow();
  });

  it('have words for everything that stands in their way', () => {
    const all = (['default', 'granted', 'denied', 'missing', 'insecure', 'refused'] as const).map((one) => permissionWords(one, true));
    expect(new Set(all).size).toBe(6);
    expect(permissionWords('insecure', false)).toContain('HTTPS');
  });
});
