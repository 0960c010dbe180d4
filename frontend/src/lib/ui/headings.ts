// A change of page is heard by those who do not see it: the focus goes to the heading of what is new, unless somebody
// has begun to do something there.

const FRAMES = 60;

function heading(session: string | null): HTMLElement | undefined {
  const wanted = session === null ? 'main h1, main h2, h1' : `[data-heading="${CSS.escape(session)}"]`;
  return [...document.querySelectorAll<HTMLElement>(wanted)].find((one) => one.offsetParent !== null);
}

/** Nothing has the focus that anybody chose. */
export function focusIsFree(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.matches('[data-heading], h1, h2');
}

const dialogOpen = (): boolean => document.querySelector('[role="dialog"],[role="alertdialog"]') !== null;

function writing(): boolean {
  const active = document.activeElement;
  return active instanceof HTMLElement && active.closest('main') !== null && active.matches('input, textarea, select, [contenteditable]');
}

/** Waits for what is still being loaded. Returns what calls it off. */
export function focusHeading(session: string | null): () => void {
  let left = FRAMES;
  let frame = 0;
  const look = (): void => {
    if (writing()) return;
    // A dialog that has led here gives the focus back first.
    const found = dialogOpen() ? undefined : heading(session);
    if (found !== undefined) {
      if (!found.hasAttribute('tabindex')) found.tabIndex = -1;
      found.focus({ preventScroll: true });
    } else if (--left > 0) frame = requestAnimationFrame(look);
  };
  frame = requestAnimationFrame(look);
  return () => cancelAnimationFrame(frame);
}
