// Keys that work outside of fields and dialogs.

export interface ShortcutActions {
  create(): void;
  help(): void;
  home(): void;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Returns what removes them again. */
export function shortcuts(actions: ShortcutActions): () => void {
  let prefix = 0;
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector('[role="dialog"],[role="alertdialog"]') !== null) return;
    const afterG = Date.now() - prefix < 1000;
    prefix = 0;
    if (afterG && (event.key === 's' || event.key === 'h')) actions.home();
    else if (event.key === 'g') prefix = Date.now();
    else if (event.key === 'n') actions.create();
    else if (event.key === '?') actions.help();
    else if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
    else if (event.key === 'f') document.querySelector<HTMLElement>('[data-filter]')?.focus();
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', onkeydown);
  return () => document.removeEventListener('keydown', onkeydown);
}

function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent !== null);
  const at = rows.findIndex((row) => row === document.activeElement);
  const from = at >= 0 ? at : by > 0 ? -1 : rows.length;
  rows[Math.min(rows.length - 1, Math.max(0, from + by))]?.focus();
}
