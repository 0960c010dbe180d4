import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ime, PAD, changeOf } from './ime';

let root: HTMLElement;
let field: HTMLTextAreaElement;
let ime: Ime;
let sent: string;
let pasted: string[];
let composing: string;
let armed: boolean;
let emulator: string[];

beforeEach(() => {
  root = document.createElement('div');
  field = document.createElement('textarea');
  root.append(field);
  document.body.append(root);
  [sent, pasted, composing, armed, emulator] = ['', [], '', false, []];
  for (const name of ['keydown', 'input', 'compositionstart', 'compositionend']) field.addEventListener(name, () => emulator.push(name), true);
  ime = new Ime(root, field, {
    typed: (text) => {
      sent += text;
      armed = false;
    },
    pasted: (text) => void pasted.push(text),
    composing: (text) => (composing = text),
    armed: () => armed,
    reads: () => false,
  });
  field.focus();
});

afterEach(() => {
  ime.dispose();
  root.remove();
});

const tell = (event: Event): boolean => field.dispatchEvent(event);
const key = (keyCode = 229): boolean => tell(new KeyboardEvent('keydown', { bubbles: true, keyCode }));

/** What a browser does when a keyboard edits the field. */
function edit(value: string): void {
  tell(new InputEvent('beforeinput', { bubbles: true }));
  field.value = value;
  tell(new InputEvent('input', { bubbles: true }));
}

const typed = (): string => field.value.slice(PAD.length);
const compose = (...words: string[]): void => {
  tell(new CompositionEvent('compositionstart', { bubbles: true }));
  const before = field.value;
  for (const word of words) edit(before + word);
};
const commit = (): boolean => tell(new CompositionEvent('compositionend', { bubbles: true }));

describe('how a field has changed', () => {
  it.each([
    ['ab', 'abc', { kept: 2, removed: 0, inserted: 'c' }],
    ['abc', 'ab', { kept: 2, removed: 1, inserted: '' }],
    ['teh', 'the', { kept: 1, removed: 2, inserted: 'he' }],
    ['a🙂', 'a🙃', { kept: 1, removed: 1, inserted: '🙃' }],
    ['ad', 'abcd', { kept: 1, removed: 1, inserted: 'bcd' }],
  ] as const)('%j to %j', (before, after, change) => {
    expect(changeOf(before, after)).toEqual(change);
  });
});

describe('an on-screen keyboard', () => {
  it('types letters that are no keys, and the emulator does not see them', () => {
    for (const letter of 'ls -l') {
      key();
      edit(field.value + letter);
    }
    expect(sent).toBe('ls -l');
    expect(emulator).toEqual([]);
  });

  it('sends a composed word once, when it is committed', () => {
    compose('h', 'he', 'hel', 'hello');
    expect([sent, composing]).toEqual(['', 'hello']);
    commit();
    expect([sent, composing]).toEqual(['hello', '']);
    edit(`${field.value} `);
    expect(sent).toBe('hello ');
  });

  it('may correct a word while it commits it, and afterwards', () => {
    compose('teh');
    edit(`${PAD}the`);
    commit();
    expect(sent).toBe('the');
    edit(`${PAD}they`);
    edit(`${PAD}then `);
    expect(sent).toBe('they\x7fn ');
  });

  it('may take a sent word up again: what goes is deleted at once, what is new waits', () => {
    edit(`${PAD}hello`);
    tell(new CompositionEvent('compositionstart', { bubbles: true }));
    edit(`${PAD}hell`);
    expect(sent).toBe('hello\x7f');
    edit(`${PAD}help`);
    expect([sent, composing]).toEqual(['hello\x7f\x7f', 'p']);
    commit();
    expect(sent).toBe('hello\x7f\x7fp');
  });

  it('deletes where it has written nothing, once for each time', () => {
    edit(field.value.slice(0, -1));
    expect(sent).toBe('\x7f');
    edit('');
    expect(sent).toBe('\x7f\x7f');
    expect(field.value).toBe(PAD);
    edit(`${PAD}ab`);
    edit(PAD.slice(0, 3));
    expect(sent).toBe('\x7f\x7fab\x7f\x7f');
  });

  it('sends Enter for a line end, and begins anew', () => {
    edit(`${PAD}ls`);
    edit(`${PAD}ls\n`);
    expect(sent).toBe('ls\r');
    expect(field.value).toBe(PAD);
  });

  it('pastes what has several lines', () => {
    edit(`${PAD}one\ntwo`);
    expect(pasted).toEqual(['one\ntwo']);
    expect(sent).toBe('');
  });

  it('gives a modifier the first letter of a word at once', () => {
    armed = true;
    compose('c');
    expect([sent, composing, typed()]).toEqual(['c', '', '']);
    commit();
    expect(sent).toBe('c');
  });

  it('has what it composes sent before a key of the bar', () => {
    compose('lo');
    ime.flush();
    expect(sent).toBe('lo');
    commit();
    ime.flush();
    expect(sent).toBe('lo');
  });

  it('leaves keys to the emulator', () => {
    key(65);
    expect(emulator).toEqual(['keydown']);
    // It sends a space when it is told of the press, and would leave it in the field as well.
    expect(tell(new KeyboardEvent('keypress', { bubbles: true, cancelable: true, charCode: 32 }))).toBe(false);
  });

  it('is told to leave words alone', () => {
    expect(['autocomplete', 'autocorrect', 'autocapitalize', 'spellcheck', 'inputmode'].map((name) => field.getAttribute(name))).toEqual(['off', 'off', 'none', 'false', 'text']);
  });
});
