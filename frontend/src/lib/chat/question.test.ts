import { describe, expect, it } from 'vitest';
import { annotationsOf, NOTHING, optionAt, readQuestions } from './question';
import { EMPTY_DRAFT, loadQuestionDraft, saveQuestionDraft } from './question-draft';

const QUESTIONS = readQuestions([
  { question: 'Layout?', options: [{ label: 'Tabs', preview: '[a][b]' }, { label: 'Page', preview: 'a\nb' }] },
  { question: 'Features?', multiSelect: true, options: [{ label: 'Search' }, { label: 'Export' }] },
]);

describe('annotations', () => {
  it('carry notes and the preview of what was chosen', () => {
    expect(annotationsOf(QUESTIONS, [{ ...NOTHING, labels: ['Tabs'], notes: ' left ' }, { ...NOTHING, labels: ['Search'] }])).toEqual({ 'Layout?': { notes: 'left', preview: '[a][b]' } });
    expect(annotationsOf(QUESTIONS, [{ ...NOTHING, labels: ['Page'] }, { ...NOTHING, notes: 'both' }])).toEqual({ 'Layout?': { preview: 'a\nb' }, 'Features?': { notes: 'both' } });
  });

  it('are left out where there is nothing to say', () => {
    expect(annotationsOf(QUESTIONS, [{ ...NOTHING, other: true, text: 'x' }, NOTHING])).toBeNull();
    expect(annotationsOf(QUESTIONS, [])).toBeNull();
  });
});

describe('digit keys', () => {
  it('name the options from one on, and free text after the last', () => {
    const [question] = QUESTIONS;
    expect(optionAt(question!, '1')).toMatchObject({ label: 'Tabs' });
    expect(optionAt(question!, '3')).toBe('other');
    for (const key of ['0', '4', '9', 'a', '12']) expect(optionAt(question!, key)).toBeNull();
  });
});

describe('half an answer', () => {
  const shelf = () => {
    const kept = new Map<string, string>();
    return { kept, get: () => ({ getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) }) };
  };

  it('comes back after a reload, each to its own request', () => {
    const { get, kept } = shelf();
    const draft = { choices: [{ labels: ['Tabs'], other: false, text: '', notes: 'n' }], own: 'words', step: 1 };
    saveQuestionDraft('r1', draft, get);
    expect(loadQuestionDraft('r1', get)).toEqual(draft);
    expect(loadQuestionDraft('r2', get)).toEqual(EMPTY_DRAFT);
    saveQuestionDraft('r1', null, get);
    expect(kept.size).toBe(0);
  });

  it.each(['', '{', 'null', '7', '[]', '{"choices":7,"own":[],"step":-1}', '{"choices":[null,{"labels":[1],"text":2}]}'])('may be spoilt: %s', (raw) => {
    const { get, kept } = shelf();
    kept.set('claude-web.question.r1', raw);
    const { choices, own, step } = loadQuestionDraft('r1', get);
    expect([choices.every((one) => one.labels.length === 0 && one.text === ''), own, step]).toEqual([true, null, 0]);
  });

  it('is kept by the page alone where storage is forbidden', () => {
    const forbidden = (): never => {
      throw new Error('no');
    };
    expect(loadQuestionDraft('r1', forbidden)).toEqual(EMPTY_DRAFT);
    expect(() => saveQuestionDraft('r1', EMPTY_DRAFT, forbidden)).not.toThrow();
  });
});
