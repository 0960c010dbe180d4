// What a screen reader is told: finished replies when there is time, prompts at once.

import type { ChatEvent } from '$lib/protocol';
import { firstLine } from '$lib/text/format';
import { approvalTitle } from './approval';
import type { Store } from './store';

export interface Announcement {
  readonly polite: string;
  readonly assertive: string;
}

export function announcement(event: ChatEvent, conversation: Store): Partial<Announcement> | null {
  switch (event.type) {
    case 'approval_requested':
      return { assertive: `Claude asks: ${approvalTitle(event.request, null)}` };
    case 'question_requested':
      return { assertive: 'Claude has a question.' };
    case 'plan_requested':
      return { assertive: 'Claude has a plan for you to approve.' };
    case 'turn_finished':
      return { polite: finished(event.outcome, conversation.lastText?.value.text ?? '') };
    case 'ended':
      return { polite: 'The session has ended.' };
    default:
      return null;
  }
}

function finished(outcome: string, text: string): string {
  if (outcome === 'interrupted') return 'Claude was stopped.';
  if (outcome === 'error') return 'The turn ended with an error.';
  return text === '' ? 'Claude has finished.' : `Claude has finished: ${firstLine(text, 200)}`;
}
