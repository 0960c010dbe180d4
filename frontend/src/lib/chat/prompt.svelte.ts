// What all prompt cards share: they arm late, answer once, and can be worked by keys.

import { onDestroy } from 'svelte';
import type { Decision } from '$lib/protocol';
import { arm } from './arming';
import { getHost, type PromptActions, type PromptHost } from './context';
import type { Fate } from './outbox.svelte';

export interface Arm {
  readonly ready: boolean;
}

/** Ready only after the eye had a chance: a tap meant for what was there before must not decide. */
export function armed(): Arm {
  const host = getHost();
  let ready = $state(false);
  $effect(() => {
    void host.moved;
    ready = false;
    return arm(() => (ready = true));
  });
  return {
    get ready() {
      return ready;
    },
  };
}

export interface Answer {
  readonly entry: { readonly fate: Fate; readonly error: string | null } | undefined;
  readonly busy: boolean;
  give(decision: Decision): void;
  register(actions: PromptActions): void;
}

export function useAnswer(host: PromptHost, id: () => string): Answer {
  return {
    get entry() {
      return host.sent(id());
    },
    get busy() {
      const fate = host.sent(id())?.fate;
      return fate !== undefined && fate !== 'failed';
    },
    give: (decision) => host.answer(id(), decision),
    register(actions) {
      const key = id();
      host.prompts.set(key, actions);
      onDestroy(() => {
        if (host.prompts.get(key) === actions) host.prompts.delete(key);
      });
    },
  };
}
