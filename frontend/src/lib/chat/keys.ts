// Which key means what, outside of any field.

export type ChatKey = 'allow' | 'allow_surely' | 'always' | 'deny' | 'edit' | 'compose' | 'escape';

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

const KEYS: Readonly<Record<string, ChatKey>> = {
  y: 'allow',
  Y: 'allow_surely',
  a: 'always',
  n: 'deny',
  e: 'edit',
  i: 'compose',
  '/': 'compose',
  Escape: 'escape',
};

export function chatKey(event: Key, typing: boolean): ChatKey | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const meaning = Object.hasOwn(KEYS, event.key) ? (KEYS[event.key] ?? null) : null;
  return typing && meaning !== 'escape' ? null : meaning;
}

export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Enter sends on a keyboard. Where fingers type, or while an input method composes, it belongs to the text. */
export function sendsOnEnter(event: Key & { readonly shiftKey: boolean; readonly keyCode: number }, touch: boolean): boolean {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false;
  // 229 is what browsers that end a composition before its Enter report for that Enter.
  if (event.isComposing || event.keyCode === 229) return false;
  return !touch || event.ctrlKey || event.metaKey;
}

const TWICE_MS = 2_000;

/** Two presses close together mean yes. */
export class Twice {
  private last = Number.NEGATIVE_INFINITY;

  press(now: number): boolean {
    const second = now - this.last <= TWICE_MS;
    this.last = second ? Number.NEGATIVE_INFINITY : now;
    return second;
  }
}
