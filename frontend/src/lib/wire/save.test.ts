import { describe, expect, it } from 'vitest';
import { fileName } from './save';

describe('names of downloaded files', () => {
  it('are the ones the server gives', () => {
    expect(fileName('attachment; filename="fix the tests.md"', 'conversation.md')).toBe('fix the tests.md');
    expect(fileName("attachment; filename=\"x.md\"; filename*=UTF-8''%C3%BCber.md", 'conversation.md')).toBe('über.md');
    expect(fileName('attachment; filename=plain.md', 'conversation.md')).toBe('plain.md');
  });

  it('are made safe', () => {
    expect(fileName('attachment; filename="../../etc/passwd"', 'conversation.md')).toBe('-..-etc-passwd');
    expect(fileName('attachment; filename="a\u202egnp.md"', 'conversation.md')).toBe('agnp.md');
    expect(fileName("attachment; filename*=UTF-8''%E0%A4%A", 'conversation.md')).toBe('conversation.md');
    expect(fileName(null, 'conversation.md')).toBe('conversation.md');
  });
});
