import { describe, expect, it } from 'vitest';
import { readingKey } from './keys';

const key = (name: string, more: object = {}): Parameters<typeof readingKey>[0] => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...more });

describe('keys for reading', () => {
  it('find, and leave the second press to the browser', () => {
    expect(readingKey(key('f', { ctrlKey: true }), true, false)).toBe('find');
    expect(readingKey(key('F', { metaKey: true }), false, false)).toBe('find');
    expect(readingKey(key('f', { ctrlKey: true }), true, true)).toBeNull();
    expect(readingKey(key('f'), false, false)).toBeNull();
    expect(readingKey(key('f', { ctrlKey: true, shiftKey: true }), false, false)).toBeNull();
  });

  it('go from prompt to prompt, except while typing', () => {
    expect(readingKey(key('['), false, false)).toBe('previous prompt');
    expect(readingKey(key(']', { ctrlKey: true, altKey: true }), false, false)).toBe('next prompt');
    expect(readingKey(key(']'), true, false)).toBeNull();
    expect(readingKey(key('[', { metaKey: true }), false, false)).toBeNull();
  });

  it('close the find bar', () => {
    expect(readingKey(key('Escape'), false, true)).toBe('close find');
    expect(readingKey(key('Escape'), false, false)).toBeNull();
  });
});
