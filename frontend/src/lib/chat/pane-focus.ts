// With several sessions side by side, keys belong to the one that was touched last.

import { getContext, setContext } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';

const KEY = Symbol('pane');
let current: symbol | null = null;
const listeners = new Set<() => void>();
const subscribe = createSubscriber((update) => {
  listeners.add(update);
  return () => listeners.delete(update);
});

export interface PaneFocus {
  readonly active: boolean;
  take(): void;
  /** An attachment for the pane's root. */
  watch(root: HTMLElement): () => void;
  release(): void;
}

/** While a component is set up: one half of a split view, with everything in it. */
export function providePane(): PaneFocus {
  const me = Symbol('half');
  setContext(KEY, me);
  return focusOf(me, true);
}

/** While a component is set up: the half it stands in, or a pane of its own. */
export function paneFocus(): PaneFocus {
  const half = getContext<symbol | undefined>(KEY);
  // What a half shows may be replaced; the half stays the one that was touched.
  if (half !== undefined) return focusOf(half, false);
  return focusOf(Symbol('pane'), true);
}

function focusOf(me: symbol, releases: boolean): PaneFocus {
  const take = (): void => change(me);
  current ??= me;
  return {
    get active() {
      subscribe();
      current ??= me;
      return current === me;
    },
    take,
    watch(root) {
      root.addEventListener('pointerdown', take, true);
      root.addEventListener('focusin', take);
      return () => {
        root.removeEventListener('pointerdown', take, true);
        root.removeEventListener('focusin', take);
      };
    },
    release() {
      if (releases && current === me) change(null);
    },
  };
}

function change(to: symbol | null): void {
  if (current === to) return;
  current = to;
  for (const update of listeners) update();
}
