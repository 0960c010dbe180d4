import { describe, expect, it } from 'vitest';
import { loadDraft, saveDraft, slashMatches, toContent } from './composer';
import { fittedSize, readPicture } from './images';
import { chatKey, sendsOnEnter, Twice } from './keys';
import { earlier, windowStart } from './list-window';
import { answersOf, isAnswered, NOTHING, readQuestions, toggle, toggleOther } from './question';

const key = (name: string, more: object = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, keyCode: 0, ...more });

describe('keys', () => {
  it('answer only outside of fields and without modifiers', () => {
    expect(chatKey(key('y'), false)).toBe('allow');
    expect(chatKey(key('e'), false)).toBe('edit');
    expect(chatKey(key('Y', { shiftKey: true }), false)).toBe('allow_surely');
    expect(chatKey(key('y'), true)).toBeNull();
    expect(chatKey(key('y', { ctrlKey: true }), false)).toBeNull();
    expect(chatKey(key('Escape'), true)).toBe('escape');
    expect(chatKey(key('toString'), false)).toBeNull();
  });

  it('send on Enter, but not while a word is being composed', () => {
    expect(sendsOnEnter(key('Enter'), false)).toBe(true);
    expect(sendsOnEnter(key('Enter', { shiftKey: true }), false)).toBe(false);
    expect(sendsOnEnter(key('Enter', { isComposing: true }), false)).toBe(false);
    expect(sendsOnEnter(key('Enter', { keyCode: 229 }), false)).toBe(false);
    expect(sendsOnEnter(key('Enter'), true)).toBe(false);
    expect(sendsOnEnter(key('Enter', { ctrlKey: true }), true)).toBe(true);
  });

  it('mean yes twice in a row, not three times twice', () => {
    const twice = new Twice();
    expect([0, 1_000, 1_500, 9_000, 9_500].map((at) => twice.press(at))).toEqual([false, true, false, false, true]);
  });
});

describe('composer', () => {
  const commands = ['compact', 'clear', 'cost', 'my:recompact'].map((name) => ({ name, description: '', argument_hint: '', aliases: [] }));

  it('completes commands while their name is typed', () => {
    expect(slashMatches('/co', commands).map((one) => one.name)).toEqual(['cost', 'compact', 'my:recompact']);
    expect(slashMatches('/', commands)).toHaveLength(4);
    expect(slashMatches('/compact now', commands)).toEqual([]);
    expect(slashMatches('/etc/hosts', commands)).toEqual([]);
    expect(slashMatches('say /co', commands)).toEqual([]);
  });

  it('sends images before the words and nothing for blanks', () => {
    const picture = { id: 1, name: 'a', mediaType: 'image/png', data: 'AAAA' };
    expect(toContent('  ', [])).toEqual([]);
    expect(toContent(' hi\n', [picture])).toEqual([{ type: 'image', media_type: 'image/png', data: 'AAAA' }, { type: 'text', text: ' hi\n' }]);
  });

  it('keeps a draft per session, and does without where storage is blocked', () => {
    const store = new Map<string, string>();
    const storage = { getItem: (k: string) => store.get(k) ?? null, setItem: (k: string, v: string) => void store.set(k, v), removeItem: (k: string) => void store.delete(k) };
    saveDraft('a', 'half a', storage);
    expect([loadDraft('a', storage), loadDraft('b', storage)]).toEqual(['half a', '']);
    saveDraft('a', '', storage);
    expect(store.size).toBe(0);
    const blocked = { getItem: () => { throw new Error('no'); }, setItem: () => { throw new Error('no'); }, removeItem: () => undefined };
    saveDraft('a', 'x', blocked);
    expect(loadDraft('a', blocked)).toBe('');
  });

  it('scales pictures to what Claude looks at', async () => {
    expect(fittedSize(3_136, 1_000)).toEqual({ width: 1_568, height: 500 });
    expect(fittedSize(800, 600)).toEqual({ width: 800, height: 600 });
    expect(fittedSize(1, 100_000)).toEqual({ width: 1, height: 1_568 });
    await expect(readPicture(new File(['x'], 'a.svg', { type: 'image/svg+xml' }))).rejects.toThrow('a.svg is not a PNG, JPEG, GIF or WebP image.');
  });
});

describe('questions', () => {
  const questions = readQuestions([
    { question: 'Which color?', header: 'Color', options: [{ label: 'Red', description: 'r' }, { label: 'Blue', description: 'b', preview: '<b>blue</b>' }], multiSelect: false },
    { question: 'Which features?', header: 'Feat', options: [{ label: 'A' }, { label: 'B' }], multiSelect: true },
  ]);

  it('are read as the CLI sends them, whatever it sends', () => {
    expect(questions[0]?.options[1]).toEqual({ label: 'Blue', description: 'b', preview: '<b>blue</b>' });
    expect(readQuestions('nonsense')).toEqual([]);
  });

  it('are answered by label, in the order offered', () => {
    const color = toggle(toggle(NOTHING, 'Red', false), 'Blue', false);
    const features = toggle(toggle(NOTHING, 'B', true), 'A', true);
    expect(answersOf(questions, [color, features])).toEqual({ 'Which color?': 'Blue', 'Which features?': 'A, B' });
  });

  it('take other words instead or in addition', () => {
    const color = { ...toggleOther(toggle(NOTHING, 'Red', false), false), text: ' Teal ' };
    const features = { ...toggleOther(toggle(NOTHING, 'A', true), true), text: 'C' };
    expect(answersOf(questions, [color, features])).toEqual({ 'Which color?': 'Teal', 'Which features?': 'A, C' });
    expect(isAnswered({ ...color, text: ' ' })).toBe(false);
    expect(isAnswered(NOTHING)).toBe(false);
  });
});

describe('the part of a long conversation that is laid out', () => {
  it('moves only for a reader at the end', () => {
    expect(windowStart(0, 200, true)).toBe(0);
    expect(windowStart(0, 20_000, true)).toBe(19_880);
    expect(windowStart(0, 20_000, false)).toBe(0);
    expect(windowStart(19_880, 20_100, true)).toBe(19_880);
    expect(windowStart(500, 3, false)).toBe(0);
    expect(earlier(150)).toBe(0);
    expect(earlier(500)).toBe(300);
  });
});
