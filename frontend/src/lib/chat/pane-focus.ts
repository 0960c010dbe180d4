// With several chats side by side, keys belong to the one that was touched last.

let current: symbol | null = null;

export interface PaneFocus {
  readonly active: boolean;
  /** An attachment for the pane's root. */
  watch(root: HTMLElement): () => void;
  release(): void;
}

export function paneFocus(): PaneFocus {
  const me = Symbol('pane');
  current ??= me;
  const take = (): void => {
    current = me;
  };
  return {
    get active() {
      current ??= me;
      return current === me;
    },
    watch(root) {
      root.addEventListener('pointerdown', take, true);
      root.addEventListener('focusin', take);
      return () => {
        root.removeEventListener('pointerdown', take, true);
        root.removeEventListener('focusin', take);
      };
    },
    release() {
      if (current === me) current = null;
    },
  };
}
