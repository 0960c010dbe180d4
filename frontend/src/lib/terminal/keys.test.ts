import { describe, expect, it } from 'vitest';
import { NONE, isCharacter, nameOf, repeats, sequence, withModifiers } from './keys';
import { cleanPaste, runsLines } from './paste';

const send = (key: string, held: Partial<typeof NONE> = {}, application = false): string => sequence({ key, ...NONE, ...held }, application);

describe('keys on glass', () => {
  it('follow the mode of the cursor keys, unless a modifier is held', () => {
    expect(send('up')).toBe('\x1b[A');
    expect(send('up', {}, true)).toBe('\x1bOA');
    expect(send('home', {}, true)).toBe('\x1bOH');
    expect(send('left', { control: true }, true)).toBe('\x1b[1;5D');
    expect(send('escape', {}, true)).toBe('\x1b');
  });

  it.each([
    ['left', { control: true }, '\x1b[1;5D'],
    ['right', { alt: true }, '\x1b[1;3C'],
    ['up', { shift: true }, '\x1b[1;2A'],
    ['down', { control: true, alt: true, shift: true }, '\x1b[1;8B'],
    ['end', { control: true }, '\x1b[1;5F'],
    ['pageup', {}, '\x1b[5~'],
    ['pagedown', { shift: true }, '\x1b[6;2~'],
    ['delete', { control: true }, '\x1b[3;5~'],
    ['f1', {}, '\x1bOP'],
    ['f3', { control: true }, '\x1b[1;5R'],
    ['f12', {}, '\x1b[24~'],
    ['tab', { shift: true }, '\x1b[Z'],
    ['tab', { alt: true }, '\x1b\t'],
    ['enter', { alt: true }, '\x1b\r'],
    ['backspace', {}, '\x7f'],
    ['backspace', { control: true }, '\b'],
    ['backspace', { alt: true }, '\x1b\x7f'],
    ['escape', { alt: true }, '\x1b\x1b'],
    ['c', { control: true }, '\x03'],
    ['x', { alt: true }, '\x1bx'],
    ['x', { alt: true, control: true }, '\x1b\x18'],
    ['a', { shift: true }, 'A'],
    ['/', {}, '/'],
  ] as const)('%s with %o sends %j', (key, held, sent) => {
    expect(send(key, held)).toBe(sent);
  });

  it('repeat where holding means many', () => {
    expect(repeats({ key: 'left', ...NONE })).toBe(true);
    expect(repeats({ key: 'backspace', ...NONE })).toBe(true);
    expect(repeats({ key: 'c', ...NONE, control: true })).toBe(false);
  });

  it('have a name', () => {
    expect(nameOf({ key: 'left', ...NONE, control: true, alt: true })).toBe('Control Alt Left');
    expect(nameOf({ key: 'c', ...NONE, control: true })).toBe('Control c');
  });
});

describe('what is typed while a modifier is held on glass', () => {
  const control = { ...NONE, control: true };
  const alt = { ...NONE, alt: true };

  it.each([
    ['c', control, '\x03'],
    ['C', control, '\x03'],
    ['[', control, '\x1b'],
    [' ', control, '\0'],
    ['/', control, '\x1f'],
    ['\x7f', control, '\b'],
    ['1', control, '1'],
    ['é', control, 'é'],
    ['x', alt, '\x1bx'],
    ['\r', alt, '\x1b\r'],
    ['x', { ...alt, control: true }, '\x1b\x18'],
    ['ab', control, 'ab'],
    ['\x1b[A', alt, '\x1b[A'],
    ['', alt, ''],
  ] as const)('%j with %o sends %j', (text, held, sent) => {
    expect(withModifiers(text, held)).toBe(sent);
  });

  it('is one character, however many units it has', () => {
    expect(isCharacter('🙂')).toBe(true);
    expect(isCharacter('ab')).toBe(false);
    expect(isCharacter('')).toBe(false);
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
