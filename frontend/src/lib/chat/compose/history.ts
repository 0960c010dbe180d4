// Earlier prompts, walked through with the arrow keys: first this session's, then those of other sessions in the same
// directory, which the browser remembers.

import type { Cell, Item } from '../items';
import { plainText } from '../json';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'claude-web.prompts';
const MOST_PROMPTS = 200;
const MOST_PROJECTS = 20;
/** Longer ones are still found in their own session. */
const MOST_CHARACTERS = 4_000;

type Stored = readonly (readonly [cwd: string, newestFirst: readonly string[]])[];

function read(storage: Store): Stored {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    if (!Array.isArray(stored)) return [];
    return (stored as unknown[]).flatMap((entry) => {
      if (!Array.isArray(entry) || typeof entry[0] !== 'string' || !Array.isArray(entry[1])) return [];
      return [[entry[0], (entry[1] as unknown[]).filter((prompt) => typeof prompt === 'string')] as const];
    });
  } catch {
    return [];
  }
}

/** Newest first. */
export function projectPrompts(cwd: string, storage: Store): readonly string[] {
  return read(storage).find(([directory]) => directory === cwd)?.[1] ?? [];
}

export function rememberPrompt(cwd: string, prompt: string, storage: Store): void {
  if (prompt.trim() === '' || prompt.length > MOST_CHARACTERS) return;
  const all = read(storage);
  const before = all.find(([directory]) => directory === cwd)?.[1] ?? [];
  const prompts = [prompt, ...before.filter((one) => one !== prompt)].slice(0, MOST_PROMPTS);
  const rest = all.filter(([directory]) => directory !== cwd).slice(0, MOST_PROJECTS - 1);
  try {
    storage.setItem(KEY, JSON.stringify([[cwd, prompts], ...rest]));
  } catch {
    // Full: the older half goes, once. Blocked: nothing is remembered.
    try {
      storage.setItem(KEY, JSON.stringify([[cwd, prompts.slice(0, MOST_PROMPTS / 4)]]));
    } catch {
      // The session's own prompts are still there.
    }
  }
}

/** What people said in a conversation, newest first. */
export function sessionPrompts(items: readonly Cell<Item>[]): string[] {
  const prompts: string[] = [];
  for (let i = items.length - 1; i >= 0 && prompts.length < MOST_PROMPTS; i -= 1) {
    const item = items[i]?.value;
    if (item?.kind !== 'user' || item.origin !== 'user') continue;
    const text = plainText(item.content);
    if (text.trim() !== '') prompts.push(text);
  }
  return prompts;
}

/** One walk up and down; made anew with every message. */
export class Walk {
  private prompts: readonly string[] = [];
  private at = -1;
  private draft = '';
  private shown: string | null = null;

  /** `sources` are read when a walk begins, newest first. */
  constructor(private readonly sources: () => readonly string[]) {}

  /** Forgets where it was; `untouched` is a text the user has not changed yet, such as a draft of yesterday. */
  reset(untouched: string | null = null): void {
    this.at = -1;
    this.shown = untouched;
  }

  /** The prompt before, or null when the box holds something of its own or there is none. */
  older(current: string): string | null {
    if (current !== '' && current !== this.shown) return null;
    if (this.at < 0 || current !== this.shown) this.begin(current);
    const prompt = this.prompts[this.at + 1];
    if (prompt === undefined) return null;
    this.at += 1;
    this.shown = prompt;
    return prompt;
  }

  /** The prompt after, at last the draft; null when no walk is on. */
  newer(current: string): string | null {
    if (this.at < 0 || current !== this.shown) return null;
    this.at -= 1;
    this.shown = this.prompts[this.at] ?? this.draft;
    return this.shown;
  }

  private begin(draft: string): void {
    this.draft = draft;
    this.at = -1;
    this.prompts = [...new Set(this.sources())].filter((prompt) => prompt !== draft);
  }
}

/** Whether the caret is where Up (or Down) would leave the text. */
export function atEdge(text: string, caret: number, up: boolean): boolean {
  return up ? !text.slice(0, caret).includes('\n') : !text.slice(caret).includes('\n');
}
