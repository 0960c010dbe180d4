// Where the reader is in a conversation, and what of it is laid out. What is being read never moves by itself: one item is
// held at its place while heights around it change.

import { tick } from 'svelte';
import type { Cell, Item } from '../items';
import { Heights, guess, rangeAt, type Range } from './rows';

/** This close to the end counts as there. */
const NEAR = 48;
/** Cards that were opened stay in the document, so that they stay open. */
const KEPT = 40;
/** While text is selected nothing of it may go, within reason. */
const SELECTED = 400;

interface Anchor {
  readonly element: HTMLElement;
  readonly offset: number;
}

export class ListView {
  stuck = $state(true);
  range = $state.raw<Range>({ from: 0, to: 0 });
  kept = $state.raw<readonly Cell<Item>[]>([]);
  /** A prompt higher than the screen is being read from its beginning. */
  tall = $state(false);
  readonly heights: Heights;
  scroller: HTMLElement | null = null;
  content: HTMLElement | null = null;
  private readonly cells = new WeakMap<Element, Cell<Item>>();
  private focused: Cell<Item> | null = null;
  private anchor: Anchor | null = null;
  private lastTop = 0;
  private height = 0;
  private opening = false;
  private planned = 0;
  private readonly observer: ResizeObserver | null;

  constructor(isFolded: (item: Item) => boolean) {
    this.heights = new Heights((item) => (isFolded(item) ? 0 : guess(item)));
    this.observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver((entries) => this.resized(entries));
  }

  /** Attachments. */
  readonly watchScroller = (element: HTMLElement): (() => void) => {
    this.scroller = element;
    this.height = element.clientHeight;
    return this.observe(element, () => (this.scroller = null));
  };
  readonly watchContent = (element: HTMLElement): (() => void) => {
    this.content = element;
    return this.observe(element, () => (this.content = null));
  };
  readonly watchItem =
    (cell: Cell<Item>) =>
    (element: HTMLElement): (() => void) => {
      this.cells.set(element, cell);
      return this.observe(element, () => undefined);
    };

  private observe(element: HTMLElement, released: () => void): () => void {
    this.observer?.observe(element);
    return () => {
      this.observer?.unobserve(element);
      released();
    };
  }

  close(): void {
    this.observer?.disconnect();
    cancelAnimationFrame(this.planned);
  }

  /** The conversation has changed. */
  follow(items: readonly Cell<Item>[]): void {
    this.heights.follow(items);
    this.adjust();
  }

  private adjust(): void {
    const next = rangeAt(this.range, this.heights.sizes, { top: this.lastTop, height: this.height === 0 ? 800 : this.height }, this.stuck);
    this.range = this.selecting() ? union(this.range, next, this.heights.sizes.length) : next;
  }

  private selecting(): boolean {
    const selection = document.getSelection();
    return selection !== null && !selection.isCollapsed && this.content !== null && this.content.contains(selection.anchorNode);
  }

  // Changing the document from here would ask the observer again in the same frame.
  private plan(): void {
    if (this.planned !== 0) return;
    this.planned = requestAnimationFrame(() => {
      this.planned = 0;
      this.adjust();
    });
  }

  private resized(entries: readonly ResizeObserverEntry[]): void {
    let news = false;
    for (const { target, borderBoxSize } of entries) {
      const cell = this.cells.get(target);
      if (target === this.scroller) this.height = target.clientHeight;
      if (cell === undefined || !target.isConnected) news ||= target === this.scroller;
      else if (this.heights.measured(cell, borderBoxSize[0]?.blockSize ?? 0)) news = true;
    }
    this.settle();
    if (news) this.plan();
  }

  /** After the document has changed: back to where the reader was. */
  settle(): void {
    const { scroller } = this;
    if (scroller === null) return;
    if (this.stuck) {
      if (!this.opening) this.scrollToEnd();
      return;
    }
    if (this.anchor === null || !this.anchor.element.isConnected) {
      this.hold();
      return;
    }
    const moved = this.offsetOf(this.anchor.element) - this.anchor.offset;
    if (Math.abs(moved) < 0.75) return;
    scroller.scrollTop += moved;
    this.lastTop = scroller.scrollTop;
  }

  private offsetOf(element: Element): number {
    return element.getBoundingClientRect().top - (this.scroller?.getBoundingClientRect().top ?? 0);
  }

  /** Remembers the first item in view. */
  private hold(): void {
    this.anchor = null;
    const edge = this.scroller?.getBoundingClientRect();
    if (edge === undefined || this.content === null) return;
    for (const element of this.content.children) {
      if (!(element instanceof HTMLElement) || !this.cells.has(element)) continue;
      const box = element.getBoundingClientRect();
      if (box.height === 0 || box.bottom <= edge.top + 1) continue;
      if (box.top < edge.bottom) this.anchor = { element, offset: box.top - edge.top };
      return;
    }
  }

  // Only a reader's own movement upwards lets go of the end; content that grows must not.
  readonly scrolled = (): void => {
    const { scroller } = this;
    if (scroller === null) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    this.height = clientHeight;
    if (scrollHeight - scrollTop - clientHeight < NEAR) {
      this.stuck = true;
      this.tall = false;
    } else if (scrollTop < this.lastTop - 2) this.stuck = false;
    this.lastTop = scrollTop;
    this.hold();
    this.adjust();
  };

  toEnd(): void {
    this.stuck = true;
    this.tall = false;
    this.adjust();
    this.scrollToEnd();
  }

  private scrollToEnd(): void {
    if (this.scroller === null) return;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
  }

  // What a reader opens stays under the finger. Prompts are the exception: their answers must come into view.
  readonly clicked = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target.closest('button, summary') : null;
    if (target === null) return;
    const cell = this.cellOf(target);
    if (cell !== null) this.kept = [cell, ...this.kept.filter((one) => one !== cell)].slice(0, KEPT);
    if (target.closest('[data-prompt]') !== null) return;
    this.opening = true;
    const item = this.itemOf(target);
    const before = item?.offsetHeight;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.opening = false;
        const { scroller } = this;
        if (scroller === null || !this.stuck || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR) return;
        // What has been said meanwhile is followed as ever.
        if (item === null || item.offsetHeight === before) return this.scrollToEnd();
        this.stuck = false;
        this.hold();
      }),
    );
  };

  /** What has the focus stays in the document, or the focus would be lost. */
  readonly focusin = (event: FocusEvent): void => {
    const cell = event.target instanceof Element ? this.cellOf(event.target) : null;
    if (cell === null || cell === this.focused) return;
    const before = this.focused;
    this.focused = cell;
    if (!this.kept.includes(cell)) this.kept = [cell, ...this.kept.filter((one) => one !== before)].slice(0, KEPT);
  };

  private cellOf(element: Element): Cell<Item> | null {
    return this.cells.get(this.itemOf(element) ?? element) ?? null;
  }

  private itemOf(element: Element): HTMLElement | null {
    for (let at: Element | null = element; at !== null && at !== this.content; at = at.parentElement) if (at instanceof HTMLElement && this.cells.has(at)) return at;
    return null;
  }

  /** Brings an item into the document and to the upper edge; `null` when it is not part of the conversation any more. */
  async show(cell: Cell<Item>, below = 12): Promise<HTMLElement | null> {
    const index = this.heights.indexOf(cell);
    if (index < 0 || this.scroller === null) return null;
    this.stuck = false;
    this.lastTop = this.heights.sizes.before(index);
    this.range = rangeAt({ from: 0, to: 0 }, this.heights.sizes, { top: this.lastTop, height: this.height }, false);
    this.anchor = null;
    await tick();
    const element = this.elementOf(cell);
    if (element !== null) this.place(element, below);
    return element;
  }

  /** Puts something inside an item at a distance from the upper edge, and keeps it there. */
  place(element: HTMLElement, below: number): void {
    if (this.scroller === null) return;
    this.scroller.scrollTop += this.offsetOf(element) - below;
    this.lastTop = this.scroller.scrollTop;
    this.hold();
  }

  /** Lets go of the end to read a prompt from its beginning. */
  readFrom(element: HTMLElement): void {
    this.stuck = false;
    this.tall = true;
    this.place(element, 8);
  }

  elementOf(cell: Cell<Item>): HTMLElement | null {
    for (const element of this.content?.children ?? []) if (element instanceof HTMLElement && this.cells.get(element) === cell) return element;
    return null;
  }

  /** Items in the document, in order. */
  *shown(): Generator<{ readonly cell: Cell<Item>; readonly element: HTMLElement }> {
    for (const element of this.content?.children ?? []) {
      const cell = this.cells.get(element);
      if (cell !== undefined && element instanceof HTMLElement) yield { cell, element };
    }
  }

  /** The first item in view. */
  get current(): Cell<Item> | null {
    const index = this.stuck ? this.heights.sizes.length - 1 : this.heights.sizes.at(this.lastTop + 24);
    return this.heights.cellAt(index) ?? null;
  }
}

function union(a: Range, b: Range, count: number): Range {
  const from = Math.min(a.from, b.from);
  const to = Math.min(count, Math.max(a.to, b.to));
  return to - from > SELECTED ? b : { from, to };
}
