// The keys that the page itself hears.

import { isTyping, meant } from './shortcuts';

export interface ShortcutActions {
  create(): void;
  help(): void;
  home(): void;
  palette(): void;
  /** Moves the focus to a half of the split view; false where there is none. */
  pane(side: 'left' | 'right'): boolean;
}

const PLAIN = ['create', 'help', 'home', 'next', 'previous', 'filter'] as const;
const SEQUENCE_MS = 1_000;

const dialogOpen = (): boolean => document.querySelector('[role="dialog"],[role="alertdialog"]') !== null;
const inTerminal = (target: EventTarget | null): boolean => target instanceof Element && target.closest('.xterm') !== null;

/** Returns what removes them again. */
export function shortcuts(actions: ShortcutActions): () => void {
  const removePlain = plainKeys(actions);
  const modified = (event: KeyboardEvent): void => {
    if (event.isComposing || dialogOpen()) return;
    const what = meant(['palette', 'pane-left', 'pane-right'], event);
    if (what === null) return;
    if (what === 'palette') {
      // Ctrl+K cuts the line in every shell. Command is nobody's but ours.
      if (event.ctrlKey && inTerminal(event.target)) return;
      actions.palette();
    } else if (!actions.pane(what === 'pane-left' ? 'left' : 'right')) return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Before the terminal, which takes whatever it gets.
  window.addEventListener('keydown', modified, true);
  return () => {
    removePlain();
    window.removeEventListener('keydown', modified, true);
  };
}

function plainKeys(actions: ShortcutActions): () => void {
  let prefix = 0;
  const onkeydown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || isTyping(event.target) || dialogOpen()) return;
    const before = Date.now() - prefix < SEQUENCE_MS ? 'g' : null;
    prefix = 0;
    const what = meant(PLAIN, event, before);
    if (what === null) {
      if (event.key !== 'g' || event.ctrlKey || event.metaKey || event.altKey) return;
      prefix = Date.now();
    } else if (what === 'next') step(1);
    else if (what === 'previous') step(-1);
    else if (what === 'filter') document.querySelector<HTMLElement>('[data-filter]')?.focus();
    else actions[what]();
    event.preventDefault();
  };
  document.addEventListener('keydown', onkeydown);
  return () => document.removeEventListener('keydown', onkeydown);
}

/** From the focused row, or else from the one that is open. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent !== null);
  const focused = rows.findIndex((row) => row === document.activeElement);
  const at = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute('aria-current') === 'page');
  const from = at >= 0 ? at : by > 0 ? -1 : rows.length;
  rows[Math.min(rows.length - 1, Math.max(0, from + by))]?.focus();
}
