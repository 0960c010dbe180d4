// Every key that means something outside of a field, in one table: the sheet is drawn from it, and the handlers here
// match against it. What the chat hears itself (chat/keys.ts) is held to it by a test.

export interface Shortcut {
  readonly id: string;
  /** Ways to press it. "Mod" is ⌘ on a Mac and Ctrl elsewhere; keys in one list are pressed together. */
  readonly ways: readonly (readonly string[])[];
  /** Pressed one after the other instead. */
  readonly sequence?: true;
  readonly does: string;
  /** Heard while typing, too. */
  readonly typing?: true;
}

export interface Group {
  readonly heading: string;
  readonly keys: readonly Shortcut[];
}

export const GROUPS: readonly Group[] = [
  {
    heading: 'Everywhere',
    keys: [
      { id: 'palette', ways: [['Mod', 'K']], does: 'Search sessions, actions and files', typing: true },
      { id: 'help', ways: [['?']], does: 'This sheet' },
    ],
  },
  {
    heading: 'Sessions',
    keys: [
      { id: 'next', ways: [['j']], does: 'Next session in the list' },
      { id: 'previous', ways: [['k']], does: 'Previous session in the list' },
      { id: 'open', ways: [['Enter']], does: 'Open the focused session' },
      { id: 'create', ways: [['n']], does: 'New session' },
      { id: 'filter', ways: [['f']], does: 'Filter sessions' },
      { id: 'home', ways: [['g', 's'], ['g', 'h']], sequence: true, does: 'Go to the start page' },
    ],
  },
  {
    heading: 'Two sessions side by side',
    keys: [
      { id: 'beside', ways: [['Mod', 'Enter']], does: 'In the search: open beside', typing: true },
      { id: 'pane-left', ways: [['Mod', 'Alt', '←']], does: 'Go to the left session', typing: true },
      { id: 'pane-right', ways: [['Mod', 'Alt', '→']], does: 'Go to the right session', typing: true },
      { id: 'divider', ways: [['←'], ['→']], does: 'On the divider: move it' },
    ],
  },
  {
    heading: 'When Claude asks',
    keys: [
      { id: 'allow', ways: [['y']], does: 'Allow' },
      { id: 'allow-surely', ways: [['Shift', 'Y']], does: 'Allow what is marked as dangerous' },
      { id: 'always', ways: [['a']], does: 'Always…' },
      { id: 'deny', ways: [['n']], does: 'Deny…' },
      { id: 'edit', ways: [['e']], does: 'Edit before allowing' },
      { id: 'answer', ways: [['1', '…', '9']], does: 'Choose an answer to a question' },
    ],
  },
  {
    heading: 'Chat',
    keys: [
      { id: 'compose', ways: [['i'], ['/']], does: 'Write a message' },
      { id: 'send-now', ways: [['Mod', 'Enter']], does: 'Send now, into the running turn', typing: true },
      { id: 'history', ways: [['↑'], ['↓']], does: 'In the field: your earlier messages', typing: true },
      { id: 'queue', ways: [['Alt', '↑'], ['Alt', '↓']], does: 'On a waiting message: move it' },
      { id: 'find', ways: [['Mod', 'F']], does: 'Find in the conversation', typing: true },
      { id: 'prompts', ways: [['['], [']']], does: 'Previous and next message of yours' },
      { id: 'stop', ways: [['Esc', 'Esc']], sequence: true, does: 'Stop Claude; once leaves the field', typing: true },
    ],
  },
  {
    heading: 'Terminal',
    keys: [
      { id: 'leave-terminal', ways: [['Ctrl', 'Shift', 'L']], does: 'Leave the terminal with the keyboard', typing: true },
      { id: 'find-terminal', ways: [['Mod', 'Shift', 'F']], does: 'Find in the terminal', typing: true },
      { id: 'letters', ways: [['Mod', '+'], ['Mod', '-'], ['Mod', '0']], does: 'Larger, smaller and usual letters', typing: true },
    ],
  },
];

const TABLE: ReadonlyMap<string, Shortcut> = new Map(GROUPS.flatMap(({ keys }) => keys).map((one) => [one.id, one]));

export const isMac = /Mac|iP(hone|ad|od)/.test(globalThis.navigator?.platform ?? '');

/** A way as it is written on this machine's keyboard. */
export function written(way: readonly string[], mac = isMac): string[] {
  return way.map((key) => (key === 'Mod' ? (mac ? '⌘' : 'Ctrl') : key === 'Alt' && mac ? '⌥' : key));
}

export function shortcutKeys(id: string): string[][] {
  return (TABLE.get(id)?.ways ?? []).map((way) => written(way));
}

export type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const NAMED: Readonly<Record<string, string>> = { '←': 'ArrowLeft', '→': 'ArrowRight', '↑': 'ArrowUp', '↓': 'ArrowDown', Esc: 'Escape' };

/** Whether the keys of one way, pressed together, are the ones of the event. */
export function pressed(way: readonly string[], event: Pressed, mac = isMac): boolean {
  const key = way.at(-1) ?? '';
  const wants = (name: string): boolean => way.slice(0, -1).includes(name);
  const ctrl = wants('Ctrl') || (wants('Mod') && !mac);
  const meta = wants('Mod') && mac;
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== wants('Alt')) return false;
  const modified = ctrl || meta || wants('Alt');
  // With a plain key, shift is part of the character ("?"), which differs from keyboard to keyboard.
  if ((modified || wants('Shift')) && event.shiftKey !== wants('Shift')) return false;
  const name = NAMED[key] ?? key;
  return modified ? event.key.toLowerCase() === name.toLowerCase() : event.key === name;
}

/** Which of these shortcuts the event is, if any; `before` is the key that began a sequence. */
export function meant<Id extends string>(ids: readonly Id[], event: Pressed, before: string | null = null, mac = isMac): Id | null {
  for (const id of ids) {
    const shortcut = TABLE.get(id);
    if (shortcut === undefined) continue;
    const hit = shortcut.ways.some((way) =>
      shortcut.sequence === true ? before !== null && way[0] === before && pressed(way.slice(1), event, mac) : pressed(way, event, mac),
    );
    if (hit) return id;
  }
  return null;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
