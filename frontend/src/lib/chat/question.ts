// Claude's questions: reading them, and turning what was chosen into answers.

import type { JsonValue } from '$lib/protocol';
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
}

export const NOTHING: Choice = { labels: [], other: false, text: '' };

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
