import { describe, expect, it } from 'vitest';
import { applyEdit, editorOf } from './approval-edit';
import { REASONS, toggleReason } from './deny-reasons';

describe('editing the input', () => {
  it.each([
    ['Bash', { command: 'ls', description: 'd' }, 'command'],
    ['Write', { file_path: 'a', content: 'x' }, 'content'],
    ['Edit', { file_path: 'a', old_string: 'x', new_string: 'y' }, 'new_string'],
    ['WebFetch', { url: 'https://a.b', prompt: 'p' }, 'url'],
  ])('of %s changes one field and keeps the rest', (tool, input, key) => {
    const editor = editorOf(tool, input);
    expect(editor.key).toBe(key);
    expect(applyEdit(input, editor, 'https://c.d')).toEqual({ ok: true, input: { ...input, [key]: 'https://c.d' } });
  });

  it.each([
    ['MultiEdit', { edits: [] }],
    ['mcp__x__y', { a: 1 }],
    ['Bash', { command: 7 }],
    ['toString', {}],
  ])('of %s is JSON', (tool, input) => {
    const editor = editorOf(tool, input);
    expect(editor.key).toBeNull();
    expect(applyEdit(input, editor, '{"b": 2}')).toEqual({ ok: true, input: { b: 2 } });
    expect(applyEdit(input, editor, '{"b": ')).toMatchObject({ ok: false, message: expect.stringContaining('not JSON') });
    expect(applyEdit(input, editor, '[1]')).toMatchObject({ ok: false });
  });

  it('says what cannot run', () => {
    const refused = (tool: string, input: { [key: string]: string }, text: string): boolean => !applyEdit(input, editorOf(tool, input), text).ok;
    expect(refused('Bash', { command: 'ls' }, '  ')).toBe(true);
    expect(refused('Write', { content: 'x' }, '')).toBe(false);
    expect(refused('Edit', { new_string: 'x' }, '')).toBe(false);
    expect(refused('WebFetch', { url: 'https://a' }, 'javascript:alert(1)')).toBe(true);
    expect(refused('WebFetch', { url: 'https://a' }, 'no address')).toBe(true);
  });
});

describe('reasons', () => {
  it('are added to what was typed, and taken back', () => {
    const [first, second] = REASONS;
    const one = toggleReason('Hm.', first!);
    expect(one).toBe(`Hm. ${first!.text}`);
    const both = toggleReason(one, second!);
    expect(both).toBe(`Hm. ${first!.text} ${second!.text}`);
    expect(toggleReason(both, first!)).toBe(`Hm. ${second!.text}`);
    expect(toggleReason('', first!)).toBe(first!.text);
  });
});
