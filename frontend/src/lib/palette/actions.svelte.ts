// What the palette can do. Whoever can do something registers it while it can, and takes it back after.

import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { IconName } from '$lib/ui/Icon.svelte';

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
  /** Stands in the header of its session, or in the session's menu where the header has no room. */
  readonly tool?: Tool;
  /** The session it belongs to; it is offered while that one is in front. */
  readonly session?: string;
  run(): void;
}

export interface Tool {
  readonly icon: IconName;
  /** The button's name where it is not the title; several of the same name and icon are the choices of one button. */
  readonly name?: string;
  /** What a pointer that rests on the button is told. */
  readonly hint?: string;
  readonly pressed?: boolean;
}

/** One button of a session's header. */
export interface ToolButton extends Tool {
  readonly name: string;
  readonly actions: readonly PaletteAction[];
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

/** What stands in the header of a session, in the order in which it was registered. */
export function toolsOf(session: string): ToolButton[] {
  const tools = new Map<string, ToolButton>();
  for (const action of actions.values()) {
    if (action.session !== session || action.tool === undefined) continue;
    const name = action.tool.name ?? action.title;
    const before = tools.get(name)?.actions ?? [];
    tools.set(name, { ...action.tool, name, actions: [...before, action] });
  }
  return [...tools.values()];
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
