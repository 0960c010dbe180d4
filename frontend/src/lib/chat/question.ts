// Claude's questions: reading them, and turning what was chosen into answers.

import type { Annotation, JsonValue } from '$lib/protocol';
import { flag, listField, textField } from './json';

export interface Option {
  readonly label: string;
  readonly description: string;
  readonly preview: string | null;
}

export interface Question {
  readonly question: string;
  readonly header: string;
  readonly options: readonly Option[];
  readonly multiple: boolean;
}

export interface Choice {
  readonly labels: readonly string[];
  readonly other: boolean;
  readonly text: string;
  /** A remark beside the answer. */
  readonly notes: string;
}

export const NOTHING: Choice = { labels: [], other: false, text: '', notes: '' };

export function readQuestions(raw: JsonValue): Question[] {
  const list = Array.isArray(raw) ? raw : [];
  return list.map((question) => ({
    question: textField(question, 'question') ?? '',
    header: textField(question, 'header') ?? '',
    multiple: flag(question, 'multiSelect'),
    options: listField(question, 'options').map((option) => ({
      label: textField(option, 'label') ?? '',
      description: textField(option, 'description') ?? '',
      preview: textField(option, 'preview'),
    })),
  }));
}

/** Chooses or takes back; a single choice replaces the one before. */
export function toggle(choice: Choice, label: string, multiple: boolean): Choice {
  if (!multiple) return { ...choice, labels: [label], other: false };
  const chosen = choice.labels.includes(label);
  return { ...choice, labels: chosen ? choice.labels.filter((one) => one !== label) : [...choice.labels, label] };
}

export function toggleOther(choice: Choice, multiple: boolean): Choice {
  return multiple ? { ...choice, other: !choice.other } : { ...choice, labels: [], other: true };
}

export function isAnswered({ labels, other, text }: Choice): boolean {
  return other ? text.trim() !== '' : labels.length > 0;
}

/** Question text to labels, in the order offered, and free text last. */
export function answersOf(questions: readonly Question[], choices: readonly Choice[]): { [question: string]: string } {
  const answers: { [question: string]: string } = {};
  questions.forEach(({ question, options }, i) => {
    const choice = choices[i] ?? NOTHING;
    const labels = options.map((option) => option.label).filter((label) => choice.labels.includes(label));
    answers[question] = [...labels, ...(choice.other ? [choice.text.trim()] : [])].join(', ');
  });
  return answers;
}

/** Remarks, and the previews of what was chosen; none where there is neither. */
export function annotationsOf(questions: readonly Question[], choices: readonly Choice[]): { [question: string]: Annotation } | null {
  const all: { [question: string]: Annotation } = {};
  questions.forEach(({ question, options }, i) => {
    const choice = choices[i] ?? NOTHING;
    const notes = choice.notes.trim();
    const previews = options.flatMap((option) => (option.preview !== null && choice.labels.includes(option.label) ? [option.preview] : []));
    const annotation: Annotation = { ...(notes === '' ? {} : { notes }), ...(previews.length === 1 ? { preview: previews[0] ?? '' } : {}) };
    if (Object.keys(annotation).length > 0) all[question] = annotation;
  });
  return Object.keys(all).length === 0 ? null : all;
}

/** The option that stands at a digit key, counted from one; after the last comes the free text. */
export function optionAt(question: Question, key: string): Option | 'other' | null {
  if (!/^[1-9]$/.test(key)) return null;
  const at = Number(key) - 1;
  return at === question.options.length ? 'other' : (question.options[at] ?? null);
}
