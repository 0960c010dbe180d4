// The conversation's cells and the indexes by which events find them. Every change costs constant time: cells are found by
// key and replaced, lists only grow at their end or shrink near it.

import type { ChatEvent } from '$lib/protocol';
import { EMPTY_META, type Cell, type Item, type MakeCell, type Meta, type NoticeItem, type PromptItem, type Queued, type TextItem, type ToolItem } from './items';
import type { Step } from './tools/checklist';

export type EventType = ChatEvent['type'];
export type EventOf<K extends EventType> = Extract<ChatEvent, { type: K }>;
export type Handlers<K extends EventType> = { [T in K]: (store: Store, event: EventOf<T>, at: number) => void };

/** An item before it has its number. */
export type Draft<T> = T extends Item ? Omit<T, 'id'> : never;

const plainCell: MakeCell = (value) => ({ value });

export class Store {
  readonly items: Cell<Item>[] = [];
  /** Rises whenever `items` gains or loses one; what to read to be told. */
  readonly revision: Cell<number>;
  readonly meta: Cell<Meta>;
  readonly pending: Cell<readonly Cell<PromptItem>[]>;
  /** What Claude means to do. */
  readonly steps: Cell<readonly Step[]>;
  /** Indexes for the handlers; nobody else's business. */
  readonly users = new Map<string, Cell<Item>>();
  readonly delivered = new Set<string>();
  readonly queued = new Map<string, Queued>();
  readonly texts = new Map<string, Cell<TextItem>>();
  readonly tools = new Map<string, Cell<ToolItem>>();
  readonly parents = new Map<string, string | null>();
  readonly prompts = new Map<string, Cell<PromptItem>>();
  readonly promptOfTool = new Map<string, Cell<PromptItem>>();
  readonly tasks = new Map<string, Cell<Item>>();
  /** Texts and tool calls whose end has not been seen. */
  readonly open = new Set<Cell<Item>>();
  readonly stderr: string[] = [];
  lastText: Cell<TextItem> | null = null;
  /** The API is tried again; what it says next settles it. */
  retrying: { readonly cell: Cell<NoticeItem>; readonly words: string } | null = null;
  /** What was said of the limits last; said again it would be noise. */
  limitSaid: string | null = null;
  private nextId = 1;

  constructor(private readonly makeCell: MakeCell = plainCell) {
    this.revision = makeCell(0);
    this.meta = makeCell(EMPTY_META);
    this.steps = makeCell<readonly Step[]>([]);
    this.pending = makeCell<readonly Cell<PromptItem>[]>([]);
  }

  /** A line across the conversation that no event says. */
  divide(text: string, at: number, compaction = false): void {
    this.add({ kind: 'divider', at, text, compaction, summary: null });
  }

  add<T extends Item>(draft: Draft<T>, parent: string | null = null): Cell<T> {
    const item = { ...draft, id: this.nextId } as unknown as T;
    this.nextId += 1;
    const cell = this.makeCell(item);
    this.place(cell as unknown as Cell<Item>, parent);
    return cell;
  }

  place(cell: Cell<Item>, parent: string | null): void {
    if (parent === null) {
      this.items.push(cell);
      this.revision.value += 1;
      return;
    }
    const owner = this.tools.get(parent);
    if (owner === undefined) return;
    owner.value.children.push(cell);
    owner.value = { ...owner.value };
  }

  remove(cell: Cell<Item>, parent: string | null): void {
    const owner = parent === null ? undefined : this.tools.get(parent);
    const list = owner?.value.children ?? this.items;
    const index = list.lastIndexOf(cell);
    if (index < 0) return;
    list.splice(index, 1);
    if (owner === undefined) this.revision.value += 1;
    else owner.value = { ...owner.value };
  }

  set(patch: Partial<Meta>): void {
    this.meta.value = { ...this.meta.value, ...patch };
  }

  get last(): Cell<Item> | undefined {
    return this.items[this.items.length - 1];
  }

  addUnknown(raw: unknown, at: number): void {
    this.set({ unknown: this.meta.value.unknown + 1 });
    this.add({ kind: 'unknown', at, raw: raw as Extract<Item, { kind: 'unknown' }>['raw'] });
  }
}

/** Changes one item; most handlers are one of these. */
export function patch<T extends Item>(cell: Cell<T>, change: Partial<T>): void {
  cell.value = { ...cell.value, ...change } as T;
}
