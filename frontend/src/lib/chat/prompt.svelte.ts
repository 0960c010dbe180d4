// What all prompt cards share: they arm late, answer once, and can be worked by keys.

import { onDestroy, onMount } from 'svelte';
import type { Decision } from '$lib/protocol';
import type { ChatSession } from './chat-session.svelte';
import type { PromptActions } from './context';
import type { Entry } from './outbox.svelte';

const ARM_MS = 500;

export interface Arm {
  readonly ready: boolean;
}

/** Ready only after the eye had a chance: a tap meant for what was there before must not decide. */
export function armed(): Arm {
  let ready = $state(false);
  onMount(() => {
    const timer = setTimeout(() => (ready = true), ARM_MS);
    return () => clearTimeout(timer);
  });
  return {
    get ready() {
      return ready;
    },
  };
}

export interface Answer {
  readonly entry: Entry | undefined;
  readonly busy: boolean;
  give(decision: Decision): void;
  register(prompts: Map<string, PromptActions>, actions: PromptActions): void;
}

export function useAnswer(chat: ChatSession, id: () => string): Answer {
  return {
    get entry() {
      return chat.outbox.answerTo(id());
    },
    get busy() {
      const fate = chat.outbox.answerTo(id())?.fate;
      return fate !== undefined && fate !== 'failed';
    },
    give: (decision) => chat.answer(id(), decision),
    register(prompts, actions) {
      const key = id();
      prompts.set(key, actions);
      onDestroy(() => {
        if (prompts.get(key) === actions) prompts.delete(key);
      });
    },
  };
}
