import { describe, expect, it } from 'vitest';
import { NONE } from '../keys';
import { DOUBLE_TAP_MS, Sticky } from './sticky.svelte';

describe('a modifier on glass', () => {
  it('is for the next key after one tap', () => {
    const sticky = new Sticky();
    sticky.tap('control', 0);
    expect(sticky.control).toBe('once');
    expect(sticky.typed('c')).toBe('\x03');
    expect(sticky.control).toBe('off');
    expect(sticky.typed('c')).toBe('c');
  });

  it('is held after a double tap, until another tap', () => {
    const sticky = new Sticky();
    sticky.tap('alt', 0);
    sticky.tap('alt', DOUBLE_TAP_MS);
    expect(sticky.alt).toBe('locked');
    expect([sticky.typed('b'), sticky.typed('f')]).toEqual(['\x1bb', '\x1bf']);
    sticky.tap('alt', DOUBLE_TAP_MS + 50);
    expect(sticky.alt).toBe('off');
    expect(sticky.typed('b')).toBe('b');
  });

  it('is let go by a second tap that comes too late for a double tap', () => {
    const sticky = new Sticky();
    sticky.tap('control', 0);
    sticky.tap('control', DOUBLE_TAP_MS + 1);
    expect(sticky.control).toBe('off');
  });

  it('is not held by a tap after the key that used it', () => {
    const sticky = new Sticky();
    sticky.tap('control', 0);
    sticky.typed('a');
    sticky.tap('control', 100);
    expect(sticky.control).toBe('once');
  });

  it('joins others, and the keys of the bar', () => {
    const sticky = new Sticky();
    sticky.tap('control', 0);
    sticky.tap('alt', 100);
    expect(sticky.typed('x')).toBe('\x1b\x18');
    sticky.tap('shift', 1000);
    sticky.tap('control', 1100);
    expect(sticky.pressed({ key: 'left', ...NONE })).toEqual({ key: 'left', shift: true, alt: false, control: true });
    expect(sticky.held).toEqual(NONE);
  });

  it('is not used up by what is no single character: a paste, a report', () => {
    const sticky = new Sticky();
    sticky.tap('control', 0);
    expect(sticky.typed('\x1b[<64;1;1M')).toBe('\x1b[<64;1;1M');
    expect(sticky.control).toBe('once');
  });
});
