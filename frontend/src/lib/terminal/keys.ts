// What keys on glass send: xterm's own encoding, with the modifiers as its second parameter.

/** The modifiers that are down. */
export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  readonly control: boolean;
}

/** A key and what is held with it. */
export interface Combination extends Modifiers {
  /** One of `NAMED`, or the one character that it types. */
  readonly key: string;
}

export const NONE: Modifiers = { shift: false, alt: false, control: false };

/** The keys that type no character, by name. */
export const NAMED = {
  escape: 'Escape',
  tab: 'Tab',
  enter: 'Enter',
  backspace: 'Backspace',
  delete: 'Delete',
  insert: 'Insert',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  home: 'Home',
  end: 'End',
  pageup: 'Page up',
  pagedown: 'Page down',
  f1: 'F1',
  f2: 'F2',
  f3: 'F3',
  f4: 'F4',
  f5: 'F5',
  f6: 'F6',
  f7: 'F7',
  f8: 'F8',
  f9: 'F9',
  f10: 'F10',
  f11: 'F11',
  f12: 'F12',
} as const;

export type NamedKey = keyof typeof NAMED;

const ESC = '\x1b';
/** They move the cursor: application mode gives them another introducer. */
const CURSOR: Partial<Record<NamedKey, string>> = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' };
const FUNCTION: Partial<Record<NamedKey, string>> = { f1: 'P', f2: 'Q', f3: 'R', f4: 'S' };
const TILDE: Partial<Record<NamedKey, number>> = {
  insert: 2,
  delete: 3,
  pageup: 5,
  pagedown: 6,
  f5: 15,
  f6: 17,
  f7: 18,
  f8: 19,
  f9: 20,
  f10: 21,
  f11: 23,
  f12: 24,
};
/** A finger that stays on one of these means many. */
const REPEATED: ReadonlySet<string> = new Set(['up', 'down', 'left', 'right', 'pageup', 'pagedown', 'backspace', 'delete']);

export function repeats({ key }: Combination): boolean {
  return REPEATED.has(key);
}

/** What a key sends to the program. */
export function sequence({ key, ...held }: Combination, applicationKeys: boolean): string {
  if (!isNamed(key)) return withModifiers(held.shift ? key.toUpperCase() : key, held);
  const modifier = 1 + (held.shift ? 1 : 0) + (held.alt ? 2 : 0) + (held.control ? 4 : 0);
  const cursor = CURSOR[key];
  if (cursor !== undefined) return modifier > 1 ? `${ESC}[1;${modifier}${cursor}` : `${ESC}${applicationKeys ? 'O' : '['}${cursor}`;
  const fn = FUNCTION[key];
  if (fn !== undefined) return modifier > 1 ? `${ESC}[1;${modifier}${fn}` : `${ESC}O${fn}`;
  const tilde = TILDE[key];
  if (tilde !== undefined) return modifier > 1 ? `${ESC}[${tilde};${modifier}~` : `${ESC}[${tilde}~`;
  return `${held.alt ? ESC : ''}${plain(key, held)}`;
}

function plain(key: NamedKey, held: Modifiers): string {
  switch (key) {
    case 'tab':
      return held.shift ? `${ESC}[Z` : '\t';
    case 'enter':
      return '\r';
    case 'backspace':
      return held.control ? '\b' : '\x7f';
    default:
      return ESC;
  }
}

/** One typed character with what is held on glass; anything longer was not one key and stays as it is. */
export function withModifiers(text: string, held: Modifiers): string {
  if (!isCharacter(text)) return text;
  const controlled = held.control ? controlOf(text) : text;
  return held.alt ? `${ESC}${controlled}` : controlled;
}

/** Whether `text` is one character, as one press of a key types it. */
export function isCharacter(text: string): boolean {
  const point = text.codePointAt(0);
  return point !== undefined && String.fromCodePoint(point) === text;
}

export function isNamed(key: string): key is NamedKey {
  return Object.hasOwn(NAMED, key);
}

/** As terminals have it since the first: letters, and the keys that share a cap with what has a control form. */
const OTHER_CONTROLS: Readonly<Record<string, string>> = { ' ': '\0', '2': '\0', '3': ESC, '4': '\x1c', '5': '\x1d', '6': '\x1e', '7': '\x1f', '8': '\x7f', '/': '\x1f', '-': '\x1f', '?': '\x7f', '\x7f': '\b' };

function controlOf(character: string): string {
  const upper = character.toUpperCase();
  if (/^[@-_]$/.test(upper)) return String.fromCharCode(upper.charCodeAt(0) - 0x40);
  return OTHER_CONTROLS[character] ?? character;
}

/** How a combination is called, as on `Ctrl Alt Left`. */
export function nameOf({ key, ...held }: Combination): string {
  const name = isNamed(key) ? NAMED[key] : key === ' ' ? 'Space' : key;
  return [held.control && 'Control', held.alt && 'Alt', held.shift && 'Shift', name].filter((part) => part !== false).join(' ');
}
