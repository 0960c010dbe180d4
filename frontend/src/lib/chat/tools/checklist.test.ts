import { describe, expect, it } from 'vitest';
import type { ChatEvent, JsonValue } from '$lib/protocol';
import { converse, finished, result, tool, user } from '../events.testing';
import { checklistWords, isShown, summed, type Checklist } from './checklist';

function list(...events: ChatEvent[]): Checklist {
  return summed(converse(...events).steps.value);
}

const add = (id: string, subject: string, more: { [key in string]?: JsonValue } = {}): ChatEvent[] => [
  tool(`c${id}`, 'TaskCreate', { subject, description: 'd', ...more }),
  result(`c${id}`, `Task #${id} created successfully: ${subject}`, { structured: { task: { id, subject } } }),
];
const mark = (call: string, id: string, status: string): ChatEvent[] => [tool(call, 'TaskUpdate', { taskId: id, status }), result(call, 'Updated')];

describe('the checklist', () => {
  it('is what TodoWrite said last', () => {
    const first = tool('a', 'TodoWrite', { todos: [{ content: 'Read', status: 'in_progress', activeForm: 'Reading' }] });
    const last = tool('b', 'TodoWrite', {
      todos: [
        { content: 'Read', status: 'completed', activeForm: 'Reading' },
        { content: 'Write tests', status: 'in_progress', activeForm: 'Writing tests' },
        { content: 'Commit', status: 'pending', activeForm: 'Committing' },
      ],
    });
    expect(checklistWords(list(first, result('a'), last, result('b')))).toBe('1 of 3 done · now: Writing tests');
  });

  it('grows by tasks and changes with them', () => {
    const events = [...add('1', 'Read', { activeForm: 'Reading' }), ...add('2', 'Write')];
    expect(checklistWords(list(...events))).toBe('0 of 2 done · next: Read');
    events.push(...mark('u1', '1', 'in_progress'));
    expect(checklistWords(list(...events))).toBe('0 of 2 done · now: Reading');
    events.push(...mark('u2', '1', 'completed'), ...mark('u3', '2', 'completed'));
    expect(checklistWords(list(...events))).toBe('2 of 2 done');
    expect(list(...events, ...mark('u4', '2', 'deleted')).steps.map((step) => step.id)).toEqual(['1']);
  });

  it('takes the id from the words where the result has no structure', () => {
    expect(list(tool('c', 'TaskCreate', { subject: 'A' }), result('c', 'Task #7 created successfully: A')).steps[0]?.id).toBe('7');
  });

  it('believes the list the CLI reads out', () => {
    const read = result('l', '', { structured: { tasks: [{ id: '2', subject: 'Write', status: 'in_progress', blockedBy: ['1'] }] } });
    expect(list(...add('1', 'Read'), ...add('2', 'Write', { activeForm: 'Writing' }), tool('l', 'TaskList'), read).steps).toEqual([
      { id: '2', text: 'Write', doing: 'Writing', status: 'in_progress', blockedBy: ['1'] },
    ]);
  });

  it('does not believe calls that failed, or lists of subagents', () => {
    expect(list(tool('c', 'TaskCreate', { subject: 'A' }), result('c', 'no', { is_error: true })).steps).toEqual([]);
    expect(list(tool('a', 'Agent', {}), tool('t', 'TodoWrite', { todos: [{ content: 'x' }] }, 'a'), result('t')).steps).toEqual([]);
  });

  it('reads calls whose result came first', () => {
    expect(list(result('t'), tool('t', 'TodoWrite', { todos: [{ content: 'x' }] })).steps).toHaveLength(1);
  });

  it('survives what is not a list', () => {
    for (const todos of [null, 'x', [1, null, {}], {}] as JsonValue[]) expect(() => list(tool('t', 'TodoWrite', { todos }), result('t'))).not.toThrow();
  });

  it('goes away when it was done in an earlier turn', () => {
    const began: ChatEvent = { type: 'turn_started', claude_session_id: 's', model: null, permission_mode: null, claude_version: null, mcp_servers: [] };
    const open = list(...add('1', 'Read'), finished(), began);
    const events = [user('go'), ...add('1', 'Read'), ...mark('u', '1', 'completed'), finished()];
    expect([isShown(open, false), isShown(list(...events), true), isShown(list(...events), false), isShown(list(...events, began), true)]).toEqual([true, true, false, false]);
  });
});
