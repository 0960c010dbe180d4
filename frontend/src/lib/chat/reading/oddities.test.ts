import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '$lib/protocol';
import { converse, said, tool } from '../events.testing';
import { firstOdd } from './oddities';

const unknown: ChatEvent = { type: 'unknown', raw: { type: 'hologram' } };
const warning: ChatEvent = { type: 'warning', code: 'line_cut', message: 'A line was cut.' };
const found = (...events: ChatEvent[]): string | undefined => firstOdd(converse(...events).items)?.value.kind;

describe('what the warnings are about', () => {
  it('is nowhere in a conversation that is known throughout', () => {
    expect(found(said('Hello'), tool('t1', 'Bash', { command: 'ls' }))).toBeUndefined();
  });

  it('is a message or a tool nobody knows, before anything that was merely warned of', () => {
    expect(found(said('Hello'), unknown)).toBe('unknown');
    expect(found(warning, tool('t1', 'Frobnicate'))).toBe('tool');
    expect(found(said('Hello'), warning)).toBe('notice');
  });

  it('is the subagent in which an unknown tool was called', () => {
    expect(found(tool('t1', 'Agent', { prompt: 'Look' }), tool('t2', 'Frobnicate', {}, 't1'))).toBe('tool');
  });
});
