import { describe, expect, it } from 'vitest';
import type { JsonValue } from '$lib/protocol';
import { converse, result, tool, tools } from '../events.testing';
import type { ToolItem } from '../items';
import { titleText, toolTitle } from '../tool-words';
import { agentReport } from './agent';
import { bashFacts, jsonOf, otherParts, readFacts, searchFacts, webHits } from './facts';
import { labelOf, rowsOf } from './form';
import { bodyKind, isKnownTool, KNOWN_TOOLS } from './kinds';
import { canBackground, canStop } from './task-actions';

function call(name: string, input: JsonValue, structured: JsonValue | null = null, text = '', isError = false): ToolItem {
  return tools(converse(tool('t', name, input), result('t', text, { structured, is_error: isError })).items)[0] as ToolItem;
}

describe('every tool this version knows', () => {
  it.each(KNOWN_TOOLS)('%s has a sentence of its own, whatever its input', (name) => {
    for (const input of [{}, null, 'x', { command: 1, todos: 'x', findings: null, url: {} }] as JsonValue[]) {
      const words = titleText(toolTitle(call(name, input), null));
      expect(words).not.toBe(`Used ${name}`);
      expect(words).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('has a face; others are told apart', () => {
    expect([bodyKind('mcp__a__b'), bodyKind('Frobnicate'), bodyKind('constructor')]).toEqual(['mcp', 'unknown', 'unknown']);
    expect([isKnownTool('Bash'), isKnownTool(''), isKnownTool('Frobnicate')]).toEqual([true, true, false]);
    expect(converse(tool('a', 'Frobnicate'), tool('a', 'Frobnicate'), tool('b', 'Bash')).meta.value.unknown).toBe(1);
  });
});

describe('a command', () => {
  it('tells its streams apart', () => {
    const facts = bashFacts(call('Bash', { command: 'x', description: 'd' }, { stdout: 'out', stderr: 'err\nShell cwd was reset to /w/proj', interrupted: true }));
    expect(facts).toMatchObject({ command: 'x', description: 'd', stdout: 'out', stderr: 'err', exit: null });
    expect(facts.notes).toEqual(['Interrupted before it was done.', 'It had left the project; the next command starts in /w/proj again.']);
  });

  it('tells how it ended', () => {
    expect(bashFacts(call('Bash', {}, 'Error: x', 'Exit code 101\nboom\n', true))).toMatchObject({ exit: 101, stdout: 'boom\n' });
    expect(bashFacts(call('Bash', {}, null, '(Bash completed with no output)')).stdout).toBe('');
    expect(bashFacts(call('Bash', {}, { stdout: '', stderr: '', backgroundTaskId: 'k' }, 'Command running in background with ID: k.'))).toMatchObject({ taskId: 'k', stdout: '' });
  });

  it('can be stopped and sent away while it runs', () => {
    const events = [tool('t', 'Bash', { command: 'x' }), { type: 'task_started', task_id: 'k', tool_use_id: 't', task_type: 'local_bash', description: '', subagent_type: null, prompt: null } as const];
    const running = tools(converse(...events).items)[0] as ToolItem;
    const facts = { name: 'Bash', running: running.status === 'running', finished: running.result !== null };
    expect([canStop(running.task), canBackground(facts, running.task)]).toEqual([true, true]);
    expect([canStop(null), canBackground(facts, null), canBackground({ ...facts, finished: true }, running.task), canBackground({ ...facts, name: 'Read' }, running.task)]).toEqual([false, false, false, false]);
  });
});

describe('what was read', () => {
  it('is a text, a picture, a PDF, a notebook or nothing new', () => {
    const kinds: [JsonValue, string][] = [
      [{ type: 'text', file: { content: 'a', startLine: 7, totalLines: 9 } }, 'text'],
      [{ type: 'image', file: { base64: 'AA==', type: 'image/png', originalSize: 3 } }, 'image'],
      [{ type: 'pdf', file: { originalSize: 3 } }, 'pdf'],
      [{ type: 'notebook', file: { cells: [{ cellType: 'code', source: ['a\n', 'b'] }, 1] } }, 'notebook'],
      [{ type: 'file_unchanged', file: {} }, 'unchanged'],
      [{ type: 'image', file: {} }, 'plain'],
      ['?', 'plain'],
    ];
    for (const [structured, kind] of kinds) expect(readFacts(call('Read', {}, structured, 'x')).kind).toBe(kind);
  });

  it('takes the numbers off lines that bring them along', () => {
    expect(readFacts(call('Read', {}, null, '    41\tfn a() {\n    42\t\tb\n'))).toEqual({ kind: 'text', text: 'fn a() {\n\tb\n', start: 41, total: null });
  });
});

describe('what was found', () => {
  it('are lines where the search was for lines', () => {
    const facts = searchFacts(call('Grep', { output_mode: 'content' }, { mode: 'content', content: 'a.rs:3:x: y\nb-c.rs-12-z\n--\n', appliedLimit: 2 }));
    expect(facts.matches).toEqual([{ file: 'a.rs', line: '3', text: 'x: y' }, { file: 'b-c.rs', line: '12', text: 'z' }]);
    expect(facts.summary).toBe('Limited to 2 results.');
    expect(searchFacts(call('Grep', { output_mode: 'content' }, { mode: 'content', content: 'no number here' })).matches).toEqual([]);
  });

  it('are files, or pages of the web', () => {
    expect(searchFacts(call('Glob', {}, { filenames: ['a', 3, 'b'], truncated: true }))).toMatchObject({ files: ['a', 'b'], summary: 'More was found than is listed.' });
    expect(webHits(call('WebSearch', {}, { results: [{ content: [{ title: 'T', url: 'https://a' }, { title: 'no url' }] }, 'words', null] }).result)).toEqual({ hits: [{ title: 'T', url: 'https://a' }], words: 'words' });
  });
});

describe('a subagent', () => {
  it('reports without what the CLI adds for the model', () => {
    const trailer = "agentId: a1 (use SendMessage with to: 'a1')\n<usage>subagent_tokens: 175\ntool_uses: 2</usage>";
    expect(agentReport(call('Agent', {}, null, `Done.\n\n${trailer}`))).toBe('Done.');
    expect(agentReport(call('Agent', {}, { status: 'completed', content: [{ type: 'text', text: 'Report' }] }, 'x'))).toBe('Report');
    expect(agentReport(call('Agent', {}, { status: 'async_launched' }, 'Async agent launched'))).toBe('');
  });
});

describe('a form', () => {
  it('shows what is short and folds what is not', () => {
    const { rows, left } = rowsOf({ file_path: 'a', isDraft: false, labels: ['x', 'y'], body: 'a\nb', meta: { a: 1 }, none: null, list: [{}, {}], empty: [] });
    expect(rows.map((row) => [row.label, row.short ?? `(${row.summary})`])).toEqual([
      ['file path', 'a'], ['is draft', 'no'], ['labels', 'x, y'], ['body', '(3 characters)'], ['meta', '(1 field)'], ['none', 'none'], ['list', '(2 items)'], ['empty', 'none'],
    ]);
    expect(left).toBe(0);
    expect(rowsOf(Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`k${i}`, i]))).left).toBe(50);
    expect(labelOf('<b>x</b>')).toBe('<b>x</b>');
  });

  it('knows JSON from text', () => {
    expect(jsonOf(' {"a": 1}')).toEqual({ a: 1 });
    for (const text of ['{"a": ', 'x', '"a"', '3', '']) expect(jsonOf(text)).toBeUndefined();
    expect(otherParts([{ type: 'other', raw: { type: 'resource_link', uri: 'x://y' } }, { type: 'text', text: 'a' }])).toEqual(['A resource link: x://y']);
  });
});
