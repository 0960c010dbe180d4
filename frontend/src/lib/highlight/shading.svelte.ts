// Colours of one text on screen: blocks of lines that a view redraws one by one as they are read.

import { Reading, type Grammars } from './reading';
import type { Language } from './languages';
import type { Span } from './tones';

export const BLOCK_LINES = 50;

export interface Block {
  /** Index of its first line. */
  readonly from: number;
  readonly lines: readonly (readonly Span[])[];
}

/** While a text is being written, its colours follow at most this often. */
const GROWING_MS = 250;

/** Lines that were read are drawn in lots: a redraw costs more than the reading. */
const REDRAW_MS = 150;

/** Texts that scroll out of the list and in again are not read twice. */
const REMEMBERED = 60;
const REMEMBERED_LINES = 400;
const remembered = new Map<string, readonly (readonly Span[])[]>();

let grammars: Promise<Grammars> | null = null;

function load(): Promise<Grammars> {
  grammars ??= import('./grammars').catch((cause: unknown) => {
    // A chunk that could not be fetched now may be there the next time.
    grammars = null;
    throw cause;
  });
  return grammars;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(() => resolve(), { timeout: 200 });
    else setTimeout(resolve, 16);
  });
}

export class Shading {
  blocks = $state.raw<readonly Block[]>([]);
  private lines: readonly string[] = [];
  private language: Language | null = null;
  private startedAt = 0;
  private drawnAt = 0;
  private undrawn = Number.POSITIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly reading = new Reading({ load, pause, now: () => performance.now() }, (from) => this.redraw(from));

  /** Shows the lines at once, and their colours as soon as they are known. */
  show(lines: readonly string[], language: Language | null): void {
    const known = remembered.get(memoryKey(language, lines));
    this.lines = lines;
    this.language = language;
    clearTimeout(this.timer);
    if (known !== undefined) {
      this.reading.stop();
      this.blocks = blocksOf(lines, known, this.blocks, 0);
      return;
    }
    this.blocks = blocksOf(lines, this.reading.spans, this.blocks, 0);
    if (language === null) {
      this.reading.stop();
      return;
    }
    const wait = this.startedAt + GROWING_MS - performance.now();
    if (wait <= 0) this.start();
    else this.timer = setTimeout(() => this.start(), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.reading.stop();
  }

  private start(): void {
    this.startedAt = performance.now();
    const { lines, language } = this;
    this.reading.show(lines, language).then(
      () => {
        this.draw();
        if (this.reading.spans.length === lines.length && this.lines === lines) remember(memoryKey(language, lines), [...this.reading.spans]);
      },
      // Without colours the text is still the text.
      () => undefined,
    );
  }

  private redraw(from: number): void {
    this.undrawn = Math.min(this.undrawn, from);
    if (performance.now() - this.drawnAt >= REDRAW_MS) this.draw();
  }

  private draw(): void {
    if (this.undrawn === Number.POSITIVE_INFINITY) return;
    this.blocks = blocksOf(this.lines, this.reading.spans, this.blocks, this.undrawn);
    this.undrawn = Number.POSITIVE_INFINITY;
    this.drawnAt = performance.now();
  }
}

function memoryKey(language: Language | null, lines: readonly string[]): string {
  return `${language ?? ''}\n${lines.join('\n')}`;
}

function remember(key: string, spans: readonly (readonly Span[])[]): void {
  if (spans.length > REMEMBERED_LINES) return;
  remembered.set(key, spans);
  const oldest = remembered.keys().next().value;
  if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
}

/** Blocks in which nothing changed are the same objects as before. */
export function blocksOf(lines: readonly string[], spans: readonly (readonly Span[])[], before: readonly Block[], changedFrom: number): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < lines.length; from += BLOCK_LINES) {
    const to = Math.min(from + BLOCK_LINES, lines.length);
    const old = before[from / BLOCK_LINES];
    if (to <= changedFrom && old !== undefined && old.lines.length === to - from) {
      blocks.push(old);
      continue;
    }
    const fresh = Array.from({ length: to - from }, (_, i) => lineOf(lines[from + i] ?? '', spans[from + i], old?.lines[i]));
    blocks.push(old !== undefined && fresh.length === old.lines.length && fresh.every((line, i) => line === old.lines[i]) ? old : { from, lines: fresh });
  }
  return blocks;
}

function lineOf(text: string, spans: readonly Span[] | undefined, old: readonly Span[] | undefined): readonly Span[] {
  // Colours on a line are kept until there are new ones, or its text is another.
  if (spans !== undefined && textOf(spans) === text) return old !== undefined && old.length === spans.length && old.every((span, i) => span.text === spans[i]?.text && span.tone === spans[i]?.tone) ? old : spans;
  return old !== undefined && textOf(old) === text ? old : [{ text, tone: 'plain' }];
}

function textOf(spans: readonly Span[]): string {
  return spans.length === 1 ? (spans[0]?.text ?? '') : spans.map((span) => span.text).join('');
}
