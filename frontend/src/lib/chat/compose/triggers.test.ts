import { describe, expect, it } from 'vitest';
import { closeQuotes, completeCommand, completeFile, triggerAt, type Edited, type FileTrigger } from './triggers';

/** `|` is the caret. */
const at = (marked: string) => triggerAt(marked.replace('|', ''), marked.indexOf('|'));
const shown = ({ text, caret }: Edited): string => `${text.slice(0, caret)}|${text.slice(caret)}`;
const file = (marked: string, path: string, directory = false): string =>
  shown(completeFile(marked.replace('|', ''), at(marked) as FileTrigger, path, directory));

describe('commands', () => {
  it.each([
    ['/|', { query: '', runs: true }],
    ['/co|', { query: 'co', runs: true }],
    ['/co| now', { query: 'co', runs: true }],
    ['first\n/co|', { query: 'co', runs: false }],
  ])('are completed at the start of a line: %j', (text, expected) => expect(at(text)).toMatchObject({ kind: 'command', ...expected }));

  it.each(['say /co|', '/compact now|', '/etc/ho|', '/co|mpact', ' /co|', 'x|'])('are not completed here: %j', (text) => expect(at(text)).toBeNull());

  it('take the place of what was typed', () => {
    const trigger = at('/co|');
    if (trigger?.kind !== 'command') throw new Error('no trigger');
    expect(shown(completeCommand('/co', trigger, 'compact'))).toBe('/compact |');
    expect(shown(completeCommand('/co now', trigger, 'compact'))).toBe('/compact |now');
  });
});

describe('files', () => {
  it.each([
    ['@|', ''],
    ['see @src/ma|', 'src/ma'],
    ['see\n@a|', 'a'],
    ['see @"my no|', 'my no'],
    ['看。@a|', 'a'],
  ])('are completed after a blank: %j', (text, query) => expect(at(text)).toMatchObject({ kind: 'file', query }));

  it.each(['a@b|', 'mail@', 'see @a b|', '@"a" |'])('are not completed here: %j', (text) => expect(at(text)).toBeNull());

  it('are named as the CLI reads them', () => {
    expect(file('see @ma|', 'src/main.rs')).toBe('see @src/main.rs |');
    expect(file('see @ma| now', 'src/main.rs')).toBe('see @src/main.rs |now');
    expect(file('see @no|', 'my notes.md')).toBe('see @"my notes.md" |');
    expect(file('see @"my no|"', 'my notes.md')).toBe('see @"my notes.md" |');
    // Unquoted, the CLI would stop at the last ASCII letter.
    expect(file('@caf|', 'café')).toBe('@"café" |');
    expect(file('@c|', 'c++')).toBe('@"c++" |');
  });

  it('go on below a directory', () => {
    expect(file('@s|', 'src', true)).toBe('@src/|');
    expect(file('@s|', 'src/', true)).toBe('@src/|');
    expect(file('@m|', 'my docs', true)).toBe('@"my docs/|');
    expect(at('@src/|')).toMatchObject({ query: 'src/' });
    expect(file('@"my docs/no|', 'my docs/notes.md')).toBe('@"my docs/notes.md" |');
  });

  it('get their closing quotes before they are sent', () => {
    expect(closeQuotes('see @"my docs/')).toBe('see @"my docs/"');
    expect(closeQuotes('see @"my docs/a.md" and "that"')).toBe('see @"my docs/a.md" and "that"');
    expect(closeQuotes('see @"my docs/ \nnext')).toBe('see @"my docs/" \nnext');
  });
});
