// Keys that were made on this device: a label, and what it sends. What storage gives back is not trusted.

import { isCharacter, isNamed, type Combination } from '../keys';

export interface CustomKey {
  readonly label: string;
  readonly sends: { readonly text: string; readonly enter: boolean } | Combination;
}

export const MOST_KEYS = 24;
export const LONGEST_LABEL = 8;
export const LONGEST_TEXT = 500;

const STORED = 'claude-web.terminal.keys';
// What acts on a terminal is a key combination, not text; bidi marks would show another order than is sent.
const UNFIT = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** What is wrong with a key, in words; null when nothing is. */
export function fault({ label, sends }: CustomKey): string | null {
  if (label.trim() === '') return 'Give the key a label.';
  if ([...label].length > LONGEST_LABEL) return `A label has at most ${LONGEST_LABEL} characters.`;
  if (UNFIT.test(label)) return 'The label has characters that cannot be seen.';
  if ('text' in sends) {
    if (sends.text === '') return 'Say what the key types.';
    if (sends.text.length > LONGEST_TEXT) return `A key types at most ${LONGEST_TEXT} characters.`;
    return UNFIT.test(sends.text) ? 'The text has characters that cannot be seen.' : null;
  }
  if (isNamed(sends.key)) return null;
  return isCharacter(sends.key) && !UNFIT.test(sends.key) ? null : 'Choose a key, or give one character.';
}

export function loadKeys(storage: Store): CustomKey[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(STORED) ?? '[]');
    return Array.isArray(stored) ? stored.map(read).filter((key) => key !== null).slice(0, MOST_KEYS) : [];
  } catch {
    // Blocked or broken storage only costs the keys.
    return [];
  }
}

/** Whether they could be kept. */
export function storeKeys(keys: readonly CustomKey[], storage: Store): boolean {
  try {
    storage.setItem(STORED, JSON.stringify(keys.slice(0, MOST_KEYS)));
    return true;
  } catch {
    return false;
  }
}

/** The same keys with the one at `index` a place further to `by`. */
export function moved(keys: readonly CustomKey[], index: number, by: -1 | 1): CustomKey[] {
  const [one, other] = [keys[index], keys[index + by]];
  if (one === undefined || other === undefined) return [...keys];
  return keys.map((key, at) => (at === index ? other : at === index + by ? one : key));
}

function read(stored: unknown): CustomKey | null {
  if (!isRecord(stored) || typeof stored.label !== 'string' || !isRecord(stored.sends)) return null;
  const sends = stored.sends;
  const key: CustomKey | null =
    typeof sends.text === 'string'
      ? { label: stored.label, sends: { text: sends.text, enter: sends.enter === true } }
      : typeof sends.key === 'string'
        ? { label: stored.label, sends: { key: sends.key, shift: sends.shift === true, alt: sends.alt === true, control: sends.control === true } }
        : null;
  return key !== null && fault(key) === null ? key : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
