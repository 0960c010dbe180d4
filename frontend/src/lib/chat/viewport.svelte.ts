// How much of a pane an on-screen keyboard covers, where the browser lays it over the page (iOS). Nothing, when the page
// around the pane has made room already.

export interface KeyboardInset {
  readonly value: number;
  /** An attachment for the pane's root. */
  watch(root: HTMLElement): (() => void) | undefined;
}

export function keyboardInset(): KeyboardInset {
  let value = $state(0);
  return {
    get value() {
      return value;
    },
    watch(root) {
      const viewport = window.visualViewport;
      if (viewport === null || viewport === undefined) return undefined;
      const measure = (): void => {
        // Zoomed in, the difference says nothing about a keyboard.
        const visible = viewport.offsetTop + viewport.height;
        const covered = viewport.scale > 1.01 ? 0 : root.getBoundingClientRect().bottom - visible;
        value = covered > 1 ? Math.round(covered) : 0;
      };
      viewport.addEventListener('resize', measure);
      viewport.addEventListener('scroll', measure);
      measure();
      return () => {
        viewport.removeEventListener('resize', measure);
        viewport.removeEventListener('scroll', measure);
      };
    },
  };
}
