// Answers to prompts: what is not said is none.

import type { Decision } from '$lib/protocol';

type Allow = Extract<Decision, { behavior: 'allow' }>;

export function allow(more: Partial<Omit<Allow, 'behavior'>> = {}): Decision {
  return {
    behavior: 'allow',
    updated_input: null,
    suggestions: [],
    answers: null,
    permission_mode: null,
    destination: null,
    annotations: null,
    response: null,
    ...more,
  };
}

export function deny(message: string | null = null, interrupt = false): Decision {
  return { behavior: 'deny', message, interrupt };
}
