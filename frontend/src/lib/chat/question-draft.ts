// Half an answer outlives a reload: it is kept in the tab until it is sent.

import { NOTHING, type Choice } from './question';

export interface QuestionDraft {
  readonly choices: readonly Choice[];
  /** What is said instead of choosing; none while choosing. */
  readonly own: string | null;
  /** The question that is on screen where there is room for one. */
  readonly step: number;
}

export const EMPTY_DRAFT: QuestionDraft = { choices: [], own: null, step: 0 };

const key = (requestId: string): string => `claude-web.question.${requestId}`;

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Storage may be full, forbidden or hold what somebody else wrote. */
export function loadQuestionDraft(requestId: string, shelf: () => Shelf = () => sessionStorage): QuestionDraft {
  try {
    const raw = JSON.parse(shelf().getItem(key(requestId)) ?? 'null') as unknown;
    if (typeof raw !== 'object' || raw === null) return EMPTY_DRAFT;
    const { choices, own, step } = raw as Record<string, unknown>;
    return {
      choices: Array.isArray(choices) ? choices.map(choiceFrom) : [],
      own: typeof own === 'string' ? own : null,
      step: typeof step === 'number' && Number.isInteger(step) && step >= 0 ? step : 0,
    };
  } catch {
    return EMPTY_DRAFT;
  }
}

export function saveQuestionDraft(requestId: string, draft: QuestionDraft | null, shelf: () => Shelf = () => sessionStorage): void {
  try {
    if (draft === null) shelf().removeItem(key(requestId));
    else shelf().setItem(key(requestId), JSON.stringify(draft));
  } catch {
    // The draft lives in the page alone, then.
  }
}

function choiceFrom(raw: unknown): Choice {
  if (typeof raw !== 'object' || raw === null) return NOTHING;
  const { labels, other, text, notes } = raw as Record<string, unknown>;
  return {
    labels: Array.isArray(labels) ? labels.filter((label): label is string => typeof label === 'string') : [],
    other: other === true,
    text: typeof text === 'string' ? text : '',
    notes: typeof notes === 'string' ? notes : '',
  };
}
