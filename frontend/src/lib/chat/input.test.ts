import { describe, expect, it } from 'vitest';
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
