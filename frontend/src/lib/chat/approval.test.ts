import { describe, expect, it } from 'vitest';
import { approvalBody, approvalTitle, isDangerous, resolvedWords } from './approval';
import { describeSuggestions } from './approval-rules';
import { approval, converse, prompts, request, resolved } from './events.testing';

const BASE = '/w/proj';

describe('approvals', () => {
  it('are titled by the decision', () => {
    const cases: [Parameters<typeof request>[0], string][] = [
      [{}, 'Run this command?'],
      [{ tool_name: 'Write', input: { file_path: '/w/proj/notes.md' } }, 'Write notes.md?'],
      [{ tool_name: 'Edit', input: { file_path: '/w/proj/src/a.rs' } }, 'Edit src/a.rs?'],
      [{ tool_name: 'Read', input: { file_path: '/etc/hosts' }, blocked_path: '/etc/hosts' }, 'Let Claude read outside the project?'],
      [{ tool_name: 'Read', input: { file_path: '/w/proj/a' } }, 'Read a?'],
      [{ tool_name: 'WebFetch', input: { url: 'https://evil.example.com@docs.rs/x' } }, 'Fetch a page from docs.rs?'],
      [{ tool_name: 'Agent', input: {} }, 'Start a subagent?'],
      [{ tool_name: 'mcp__github__merge', input: {} }, 'Use merge from github?'],
      [{ tool_name: 'Frobnicate', input: {} }, 'Use Frobnicate?'],
    ];
    for (const [more, title] of cases) expect(approvalTitle(request(more), BASE)).toBe(title);
  });

  it('show the whole truth in the form that fits', () => {
    expect(approvalBody(request({ input: { command: 'rm -rf /' } }))).toMatchObject({ kind: 'command', command: 'rm -rf /', dangers: [{ label: 'deletes files' }] });
    expect(approvalBody(request({ tool_name: 'Write', input: { file_path: 'a', content: 'x\n' } }))).toMatchObject({ kind: 'diff', isNew: true, hunks: [{ lines: ['+x'] }] });
    expect(approvalBody(request({ tool_name: 'Edit', input: { file_path: 'a', old_string: 'x', new_string: 'y' } }))).toMatchObject({ kind: 'diff', hunks: [{ lines: ['-x', '+y'] }] });
    expect(approvalBody(request({ tool_name: 'WebFetch', input: { url: 'https://a.b/c' } }))).toMatchObject({ kind: 'url', host: 'a.b' });
    expect(approvalBody(request({ tool_name: 'Edit', input: { file_path: 'a' } }))).toMatchObject({ kind: 'json' });
    expect(approvalBody(request({ input: ['?'] }))).toMatchObject({ kind: 'json' });
  });

  it('are dangerous when they cannot be taken back', () => {
    const dangerous = (more: Parameters<typeof request>[0]): boolean => isDangerous(approvalBody(request(more)));
    expect(dangerous({ input: { command: 'git push --force' } })).toBe(true);
    expect(dangerous({ input: { command: 'echo a > b' } })).toBe(false);
    expect(dangerous({ tool_name: 'Read', input: { file_path: '/home/u/.ssh/id_rsa' } })).toBe(true);
    expect(dangerous({ tool_name: 'Write', input: { file_path: '/w/.env', content: 'x' } })).toBe(true);
  });

  it('say exactly what "always" stores, and where', () => {
    const described = describeSuggestions([
      { type: 'addRules', rules: [{ toolName: 'Bash', ruleContent: 'touch a' }, { toolName: 'WebFetch' }], behavior: 'allow', destination: 'localSettings' },
      { type: 'addDirectories', directories: ['/w/other'], destination: 'session' },
      { type: 'setMode', mode: 'acceptEdits', destination: 'session' },
      { type: 'fromTheFuture', destination: 'moon' },
    ]);
    expect(described.map(({ what, rules }) => [what, ...rules])).toEqual([
      ['Always allow', 'Bash(touch a)', 'WebFetch'],
      ['Let Claude work in', '/w/other'],
      ['Switch to the mode “Accept edits”'],
      ['Apply', '{"type":"fromTheFuture","destination":"moon"}'],
    ]);
    expect(described[0]?.where).toContain('.claude/settings.local.json');
    expect(described[1]?.where).toContain('session');
    expect(described[3]?.where).toBe('Stored in moon.');
  });

  it('leave a line that says who decided and when', () => {
    const at = new Date(2026, 10, 20, 14, 7).getTime();
    const line = (more: Parameters<typeof resolved>[0]): string => {
      const c = converse(approval());
      c.apply(2, at, resolved(more));
      const item = prompts(c)[0];
      return item === undefined ? '' : resolvedWords(item, at);
    };
    expect(line({ by: 'Pixel' })).toBe('Allowed by Pixel, 14:07');
    expect(line({ outcome: 'denied', by: null })).toBe('Denied, 14:07');
    expect(line({ outcome: 'cancelled', by: 'x' })).toBe('No longer needed, 14:07');
  });
});
