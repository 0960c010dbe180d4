// What the palette can do. Whoever can do something registers it while it can, and takes it back after.

import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';

export interface PaletteAction {
  /** Unique, and the same from one time to the next: what was used lately is remembered by it. */
  readonly id: string;
  /** What it does, as a sentence would begin: "Rename session…". An ellipsis means that it asks before it acts. */
  readonly title: string;
  /** More words to be found by. */
  readonly words?: string;
  /** What is said beside it, such as the setting in use. */
  readonly detail?: string;
  /** The id of the shortcut that does the same; see screens/shortcuts.ts. */
  readonly shortcut?: string;
  /** One of many settings, offered only when something was typed. */
  readonly quiet?: true;
  /** Stands in the session's menu too, on a phone. */
  readonly menu?: true;
  /** The session it belongs to; it is offered while that one is in front. */
  readonly session?: string;
  run(): void;
}

type TakesFile = (path: string) => void;

const actions = new SvelteMap<string, PaletteAction>();
const takers = new SvelteMap<string, TakesFile>();

const keyOf = (action: PaletteAction): string => `${action.session ?? ''}/${action.id}`;

/** Adds actions, and returns what removes them again: `$effect(() => register({ … }))`. */
export function register(...added: readonly PaletteAction[]): () => void {
  untrack(() => {
    for (const action of added) actions.set(keyOf(action), action);
  });
  return () => {
    // A newer one of the same name stays.
    for (const action of added) if (actions.get(keyOf(action)) === action) actions.delete(keyOf(action));
  };
}

/** What can be done now: to the session in front, and in general. */
export function availableActions(session: string | null): PaletteAction[] {
  const all = [...actions.values()];
  return [...all.filter((action) => session !== null && action.session === session), ...all.filter((action) => action.session === undefined)];
}

/** A composer says that it takes files; it gets the path, relative to the session's directory, and writes `@path`. */
export function takesFiles(session: string, take: TakesFile): () => void {
  untrack(() => takers.set(session, take));
  return () => {
    if (takers.get(session) === take) takers.delete(session);
  };
}

export function fileTaker(session: string): TakesFile | undefined {
  return takers.get(session);
}
