// Find in conversation: what was found, which one is looked at, and how it is brought into view.

import { tick } from 'svelte';
import type { Cell, Item } from '../items';
import { paint, rangesIn, unpaint } from './highlight';
import type { ListView } from './list.svelte';
import { MOST_MATCHES, pattern, search, type Match } from './search';

/** Distance from the upper edge at which a match is shown. */
const BELOW = 96;
const ROUNDS = 3;
const FOLDS_AT_ONCE = 20;
const BUDGET_MS = 12;

export class Finder {
  open = $state(false);
  text = $state('');
  matchCase = $state(false);
  wholeWord = $state(false);
  matches = $state.raw<readonly Match[]>([]);
  at = $state(-1);
  searching = $state(false);
  private wanted: RegExp | null = null;
  private run = 0;
  private painting = 0;

  constructor(
    private readonly list: () => ListView | null,
    private readonly items: () => readonly Cell<Item>[],
  ) {}

  get words(): string {
    if (this.text === '') return '';
    const count = this.matches.length;
    if (count === 0) return this.searching ? 'Searching…' : 'Nothing found';
    const total = `${count.toLocaleString('en-US')}${count >= MOST_MATCHES ? '+' : ''}`;
    return this.at < 0 ? total : `${(this.at + 1).toLocaleString('en-US')} of ${total}`;
  }

  /** Searches anew. `again`: the conversation went on, and the reader stays where they are. */
  async look(again = false): Promise<void> {
    this.run += 1;
    const run = this.run;
    const before = this.matches[this.at];
    this.wanted = pattern({ text: this.text, matchCase: this.matchCase, wholeWord: this.wholeWord });
    if (this.wanted === null) {
      this.matches = [];
      this.at = -1;
      this.searching = false;
      this.repaint();
      return;
    }
    this.searching = true;
    const steps = search(this.items(), this.wanted);
    let found: readonly Match[] = [];
    for (let since = performance.now(), done = false; !done; ) {
      const step = steps.next();
      found = step.value;
      done = step.done === true;
      if (done || performance.now() - since < BUDGET_MS) continue;
      await pause();
      if (run !== this.run) return;
      since = performance.now();
    }
    this.searching = false;
    this.matches = found;
    if (again) {
      this.at = before === undefined ? -1 : found.findIndex((one) => one.cell === before.cell && one.nth === before.nth);
      this.repaint();
    } else await this.go(this.nearest());
  }

  /** The first match from what is being read on; after the last comes the first. */
  private nearest(): number {
    const list = this.list();
    const here = list?.current ?? null;
    if (list === null || here === null || this.matches.length === 0) return 0;
    const index = list.heights.indexOf(here);
    if (list.stuck) return this.matches.length - 1;
    const next = this.matches.findIndex(({ cell }) => list.heights.indexOf(cell) >= index);
    return next < 0 ? 0 : next;
  }

  async step(by: number): Promise<void> {
    const count = this.matches.length;
    if (count > 0) await this.go((this.at + by + count) % count);
  }

  private async go(at: number): Promise<void> {
    const match = this.matches[at];
    if (match === undefined) {
      this.at = -1;
      this.repaint();
      return;
    }
    this.at = at;
    const list = this.list();
    const element = (await list?.show(match.cell, BELOW)) ?? null;
    if (element !== null && list !== null && this.wanted !== null) {
      await unfold(element, this.wanted);
      const range = this.currentIn(element, match);
      if (range !== null) bring(range, list);
    }
    this.repaint();
  }

  private currentIn(element: Element, match: Match): Range | null {
    if (this.wanted === null) return null;
    // What is written and what is shown differ by their marks; the counts nearly always agree.
    const ranges = rangesIn(element, this.wanted);
    return ranges[Math.min(match.nth, ranges.length - 1)] ?? null;
  }

  /** Draws the marks of what is laid out now. */
  repaint(): void {
    cancelAnimationFrame(this.painting);
    this.painting = requestAnimationFrame(() => {
      const list = this.list();
      if (!this.open || this.wanted === null || list === null) {
        unpaint();
        return;
      }
      const now = this.matches[this.at];
      const all: Range[] = [];
      let current: Range | null = null;
      for (const { cell, element } of list.shown()) {
        all.push(...rangesIn(element, this.wanted));
        if (now !== undefined && cell === now.cell) current = this.currentIn(element, now);
      }
      paint(all, current);
    });
  }

  close(): void {
    this.open = false;
    this.run += 1;
    this.searching = false;
    this.repaint();
  }

  destroy(): void {
    this.run += 1;
    cancelAnimationFrame(this.painting);
    unpaint();
  }
}

/** Opens what is folded until the match shows. Prompts stay as they are: their buttons decide things. */
async function unfold(element: HTMLElement, wanted: RegExp): Promise<void> {
  for (let round = 0; round < ROUNDS && rangesIn(element, wanted).length === 0; round += 1) {
    const folds = [...element.querySelectorAll<HTMLElement>('button[aria-expanded="false"]:not([aria-haspopup])')].filter((fold) => fold.closest('[data-prompt]') === null);
    if (folds.length === 0) return;
    for (const fold of folds.slice(0, FOLDS_AT_ONCE)) fold.click();
    await tick();
  }
}

function bring(range: Range, list: ListView): void {
  const near = range.startContainer.parentElement;
  if (near === null) return;
  // Inside of blocks that scroll by themselves as well.
  near.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  list.place(near, BELOW);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
