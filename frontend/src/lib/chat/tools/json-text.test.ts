import { describe, expect, it } from 'vitest';
import type { JsonValue } from '$lib/protocol';
import { jsonText, wholeJson } from './json-text';

function nested(depth: number): JsonValue {
  let value: JsonValue = 'core';
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? { inner: value } : [value];
  return value;
}

describe('JSON to read', () => {
  it('is what JSON.stringify makes of small values', () => {
    const values: JsonValue[] = [null, 1, 'a"b\n', [], {}, { a: [1, { b: null }], c: 'x' }, [[], {}]];
    for (const value of values) expect(jsonText(value)).toEqual({ text: JSON.stringify(value, null, 2), cut: false });
  });

  it('stops at a depth, and says so', () => {
    const began = performance.now();
    const { text, cut } = jsonText(nested(1_000));
    expect(cut).toBe(true);
    expect(text).toContain('deeper levels left out');
    expect(text.length).toBeLessThan(10_000);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('stops at a length, and says so', () => {
    const { text, cut } = jsonText({ a: 'x'.repeat(1_000_000), b: 1 });
    expect(cut).toBe(true);
    expect(text.length).toBeLessThan(401_000);
    expect(text.endsWith('… the rest is left out')).toBe(true);
  });

  it('is copied in full', () => {
    expect(wholeJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(wholeJson(nested(2_000))).toContain('core');
  });
});
