import { describe, expect, it } from 'vitest';
import { FORMATS, fileName } from './exporting';

const [markdown] = FORMATS;

describe('names of exported files', () => {
  it('are the ones the server gives', () => {
    expect(fileName('attachment; filename="fix the tests.md"', markdown)).toBe('fix the tests.md');
    expect(fileName("attachment; filename=\"x.md\"; filename*=UTF-8''%C3%BCber.md", markdown)).toBe('über.md');
    expect(fileName('attachment; filename=plain.md', markdown)).toBe('plain.md');
  });

  it('are made safe', () => {
    expect(fileName('attachment; filename="../../etc/passwd"', markdown)).toBe('-..-etc-passwd');
    expect(fileName('attachment; filename="a\u202egnp.md"', markdown)).toBe('agnp.md');
    expect(fileName("attachment; filename*=UTF-8''%E0%A4%A", markdown)).toBe('conversation.md');
    expect(fileName(null, markdown)).toBe('conversation.md');
  });
});
