// How one conversation is being read: where, what is folded, what is looked for, and what was asked to be done from a message.

import { tick } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import type { ChatSession } from '../chat-session.svelte';
import type { Cell, Item } from '../items';
import { Finder } from './find.svelte';
import type { Fork } from './forking.svelte';
import type { ListView } from './list.svelte';
import { Known, leavesFor } from './leaving';
import { findNamed, nameIn } from './messages';
import { neighbour, outline, type Entry } from './outline';

export type Panel = 'outline' | 'context' | null;

const foldKey = (session: string): string => `claude-web.folded.${session}`;

export class Reading {
  list = $state.raw<ListView | null>(null);
  /** Tools between two things that were said stand as one line. */
  folded = $state(false);
  /** Runs of tools that were opened nevertheless, by their first item. */
  readonly unfolded = new SvelteSet<number>();
  panel = $state<Panel>(null);
  /** The link whose address is to be looked at before it opens. */
  leaving = $state.raw<{ readonly url: URL; readonly written: string } | null>(null);
  /** The prompt before which the files are to be as they were. */
  rewinding = $state<string | null>(null);
  /** The message that an address named, for as long as it is pointed out. */
  marked = $state.raw<Cell<Item> | null>(null);
  readonly find: Finder;
  private readonly known = new Known();
  private sought: string | null;

  constructor(
    readonly session: string,
    private readonly chat: ChatSession,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null,
    hash: string,
    /** Goes on elsewhere from a message. */
    readonly fork: (fork: Fork) => void,
  ) {
    this.folded = read(storage, foldKey(session)) === 'yes';
    this.sought = nameIn(hash);
    this.find = new Finder(
      () => this.list,
      () => this.items,
    );
  }

  get items(): readonly Cell<Item>[] {
    return this.chat.conversation.items;
  }

  isFolded(item: Item): boolean {
    return this.folded && (item.kind === 'tool' || item.kind === 'thinking' || item.kind === 'log' || item.kind === 'task');
  }

  fold(folded: boolean): void {
    const here = this.list?.current ?? null;
    const stuck = this.list?.stuck ?? true;
    this.folded = folded;
    this.unfolded.clear();
    this.list?.heights.forget();
    write(this.storage, foldKey(this.session), folded ? 'yes' : null);
    if (stuck) void tick().then(() => this.list?.toEnd());
    else if (here !== null) void this.list?.show(here);
  }

  /** All prompts; costs a walk over the conversation. */
  entries(): Entry[] {
    return outline(this.items);
  }

  async show(cell: Cell<Item>): Promise<void> {
    const element = await this.list?.show(cell);
    element?.focus({ preventScroll: true });
  }

  /** To the prompt before or after what is read. */
  step(by: 1 | -1): void {
    const { list } = this;
    if (list === null) return;
    const current = list.current;
    // At the end nothing is below; what is in view above it counts as read.
    const here = list.stuck ? list.heights.sizes.length : current === null ? 0 : list.heights.indexOf(current);
    const entry = neighbour(this.entries(), (cell) => list.heights.indexOf(cell), here, by);
    if (entry !== null) void this.show(entry.cell);
    else if (by > 0) list.toEnd();
  }

  /** For clicks inside of what others wrote: links that lead away are looked at first. */
  readonly follow = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    const written = link?.getAttribute('href') ?? null;
    if (written === null || event.defaultPrevented || event.button > 1) return;
    const url = leavesFor(written, location.origin);
    // A modifier key asks the browser for a tab or a window, knowingly.
    if (url === null || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || this.known.has(url)) return;
    event.preventDefault();
    this.leaving = { url, written };
  };

  leave(url: URL, remember: boolean): void {
    if (remember) this.known.add(url);
    this.leaving = null;
    window.open(url.href, '_blank', 'noopener,noreferrer');
  }

  /** An address may name a message; once the conversation is here, it is shown. */
  seek(hash: string | null): void {
    if (hash !== null) this.sought = nameIn(hash);
    if (this.sought === null || !this.chat.caughtUp) return;
    const cell = findNamed(this.items, this.sought);
    if (cell === null) return;
    this.sought = null;
    this.marked = cell;
    void this.show(cell);
    setTimeout(() => (this.marked = null), 3_000);
  }

  /** Whether an address named a message that has not been found. */
  get missed(): boolean {
    return this.sought !== null;
  }

  giveUp(): void {
    this.sought = null;
  }
}

/** Storage may be blocked; then it is remembered as long as the page. */
function read(storage: Pick<Storage, 'getItem'> | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

function write(storage: Pick<Storage, 'setItem' | 'removeItem'> | null, key: string, value: string | null): void {
  try {
    if (value === null) storage?.removeItem(key);
    else storage?.setItem(key, value);
  } catch {
    // Nothing to be done, and nothing worth interrupting anyone for.
  }
}
