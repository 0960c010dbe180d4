import { describe, expect, it } from 'vitest';
import { sequence, withControl } from './keys';
import { cleanPaste, runsLines } from './paste';

describe('keys on glass', () => {
  it('follow the mode of the cursor keys', () => {
    expect(sequence('up', false)).toBe('\x1b[A');
    expect(sequence('up', true)).toBe('\x1bOA');
    expect(sequence('escape', true)).toBe('\x1b');
  });

  it('make a control key of a single letter only', () => {
    expect([...withControl(new Uint8Array([0x63]))]).toEqual([3]);
    expect([...withControl(new Uint8Array([0x5b]))]).toEqual([27]);
    expect([...withControl(new Uint8Array([0x31]))]).toEqual([0x31]);
    expect([...withControl(new Uint8Array([0x61, 0x62]))]).toEqual([0x61, 0x62]);
  });
});

describe('pasting', () => {
  it('cannot leave the bracket around it', () => {
    expect(cleanPaste('a\x1b[201~rm -rf /\n\tb\x9b201~')).toBe('a[201~rm -rf /\n\tb201~');
  });

  it('tells when lines would run', () => {
    expect(runsLines('ls')).toBe(false);
    expect(runsLines('ls\n')).toBe(true);
    expect(runsLines('a\nb')).toBe(true);
  });
});
