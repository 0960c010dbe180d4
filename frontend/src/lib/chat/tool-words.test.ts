import { describe, expect, it } from 'vitest';
import type { ChatEvent, JsonValue } from '$lib/protocol';
import { converse, finished, resolved, approval, result, tool, tools } from './events.testing';
import { hostOf, mcpName, titleText, toolTitle } from './tool-words';

const BASE = '/w/proj';

function title(...events: ChatEvent[]): string {
  const item = tools(converse(...events).items)[0];
  return item === undefined ? '' : titleText(toolTitle(item, BASE));
}

function done(name: string, input: JsonValue, structured: JsonValue | null = null, text = ''): string {
  return title(tool('t', name, input), result('t', text, { structured }));
}

describe('tool titles', () => {
  it('say what happened', () => {
    const patch = { structuredPatch: [{ oldStart: 1, oldLines: 2, newStart: 1, newLines: 3, lines: [' a', '-b', '+c', '+d'] }] };
    const cases: [string, JsonValue, JsonValue | null, string][] = [
      ['Bash', { command: 'cargo test' }, null, 'Ran cargo test'],
      ['Read', { file_path: '/w/proj/f.txt' }, null, 'Read f.txt'],
      ['Read', { file_path: '/etc/hosts', offset: 10, limit: 5 }, null, 'Read /etc/hosts · lines 10–14'],
      ['Edit', { file_path: '/w/proj/src/gate.rs', old_string: 'b', new_string: 'c' }, patch, 'Edited src/gate.rs · +2 −1'],
      ['Write', { file_path: '/w/proj/notes.md', content: 'a\nb\n' }, { type: 'create', structuredPatch: [] }, 'Wrote notes.md · new · 2 lines'],
      ['Write', { file_path: '/w/proj/notes.md', content: 'a\nb\n' }, { type: 'update', ...patch }, 'Wrote notes.md · +2 −1'],
      ['Glob', { pattern: '**/*.rs' }, { numFiles: 12 }, 'Looked for files **/*.rs · 12 files'],
      ['WebFetch', { url: 'https://docs.rs/hyper/latest' }, null, 'Fetched docs.rs'],
      ['WebSearch', { query: 'rust' }, null, 'Searched the web for “rust”'],
      ['TaskCreate', { subject: 'A task' }, null, 'Added task “A task”'],
      ['TaskUpdate', { taskId: '1', status: 'in_progress' }, null, 'Marked task 1 as in progress'],
      ['TodoWrite', { todos: [{ status: 'completed' }, { status: 'pending' }] }, null, 'Updated the to-do list · 1 of 2 done'],
      ['Skill', { skill: 'pdf' }, null, 'Used skill pdf'],
      ['mcp__github__create_issue', { title: 'x' }, null, 'Used github create_issue'],
      ['Frobnicate', {}, null, 'Used Frobnicate'],
      ['constructor', {}, null, 'Used constructor'],
    ];
    for (const [name, input, structured, words] of cases) expect(done(name, input, structured)).toBe(words);
  });

  it('say that it is going on, failed, took long, was denied or was stopped', () => {
    const bash = tool('t1', 'Bash', { command: 'cargo test' });
    expect(title(bash)).toBe('Running cargo test');
    expect(title(bash, result('t1', 'Exit code 101\nboom', { is_error: true }))).toBe('Ran cargo test · exit 101');
    expect(title(tool('r', 'Read', { file_path: 'x' }), result('r', 'no such file', { is_error: true }))).toBe('Read x · failed');
    expect(title(bash, { type: 'stderr', line: '' }, { type: 'stderr', line: '' }, result('t1'))).toBe('Ran cargo test · 3 s');
    expect(title(bash, approval(), resolved({ outcome: 'denied' }), result('t1', 'no', { is_error: true }))).toBe('Did not run cargo test · denied');
    expect(title(bash, finished({ outcome: 'interrupted' }))).toBe('Ran cargo test · stopped');
  });

  it('do not count the wait for an approval', () => {
    const wait: ChatEvent[] = Array.from({ length: 60 }, () => ({ type: 'stderr', line: '' }));
    expect(title(tool('t1', 'Bash', { command: 'ls' }), approval(), ...wait, resolved(), result('t1'))).toBe('Ran ls');
  });

  it('sum a subagent up', () => {
    const agent = tool('a', 'Agent', { description: 'Explore' });
    expect(title(agent, tool('b', 'Read', {}, 'a'))).toBe('Subagent: Explore · 1 tool call');
    expect(title(agent, result('a', '', { structured: { totalToolUseCount: 2, totalTokens: 17_500 } }))).toBe('Subagent: Explore · 2 tool calls · 18k tokens');
    expect(title(tool('a', 'Agent', { description: 'Explore', run_in_background: true }), result('a', '', { structured: { status: 'async_launched' } }))).toBe('Subagent: Explore · in the background, running');
  });

  it('say what runs in the background', () => {
    const events: ChatEvent[] = [
      tool('t1', 'Bash', { command: 'cargo watch', run_in_background: true }),
      { type: 'task_started', task_id: 'k', tool_use_id: 't1', task_type: 'local_bash', description: 'watch', subagent_type: null, prompt: null },
      result('t1'),
    ];
    expect(title(...events)).toBe('Started cargo watch · in the background, running');
    expect(title(...events, { type: 'task_finished', task_id: 'k', status: 'stopped', summary: null, total_tokens: null, tool_uses: null, duration_ms: null })).toBe('Started cargo watch · in the background, stopped');
  });

  it('take names apart', () => {
    expect(mcpName('mcp__my_server__do__it')).toEqual({ server: 'my_server', tool: 'do__it' });
    expect(mcpName('Bash')).toBeNull();
    expect(hostOf('not a url')).toBe('not a url');
  });
});
