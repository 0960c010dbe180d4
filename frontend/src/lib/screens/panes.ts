// Going from one half of a split view to the other, to where one was.

const last = new WeakMap<HTMLElement, HTMLElement>();

document.addEventListener('focusin', ({ target }) => {
  const pane = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-pane]') : null;
  // A heading has it only for having been arrived at.
  if (pane !== null && target instanceof HTMLElement && !target.hasAttribute('data-heading')) last.set(pane, target);
});

/** Whether there was such a half to go to. */
export function focusPane(id: string): boolean {
  const pane = document.querySelector<HTMLElement>(`[data-pane="${CSS.escape(id)}"]`);
  if (pane === null) return false;
  const before = last.get(pane);
  const known = before !== undefined && pane.contains(before) ? before : undefined;
  const to = known ?? pane.querySelector<HTMLElement>('textarea:not(:disabled)') ?? pane.querySelector<HTMLElement>('[data-heading]');
  to?.focus({ preventScroll: true });
  return to !== null;
}
