// Syntax colours of a diff: its two sides are read as two texts.

import { BLOCK_LINES, Shading } from '$lib/highlight/shading.svelte';
import type { Language } from '$lib/highlight/languages';
import { overlay, type Span } from '$lib/highlight/tones';
import type { DiffLine } from '../../patch';

/** All rows are drawn anew whenever colours come in; of more than these that would be felt. */
const MOST_ROWS = 1_600;

export class DiffColours {
  private readonly before = new Shading();
  private readonly after = new Shading();
  private places = new Map<DiffLine, readonly [side: Shading, index: number]>();

  show(lines: readonly DiffLine[], language: Language | null): void {
    const places = new Map<DiffLine, readonly [side: Shading, index: number]>();
    const old: string[] = [];
    const fresh: string[] = [];
    for (const line of lines) {
      const text = line.spans.map((span) => span.text).join('');
      if (line.sign !== '+') old.push(text);
      if (line.sign !== '-') fresh.push(text);
      places.set(line, line.sign === '-' ? [this.before, old.length - 1] : [this.after, fresh.length - 1]);
    }
    this.places = places;
    const readable = lines.length <= MOST_ROWS ? language : null;
    this.before.show(old, readable);
    this.after.show(fresh, readable);
  }

  stop(): void {
    this.before.stop();
    this.after.stop();
  }

  /** Both kinds of colour: of the language, and of the words that changed. */
  spans(line: DiffLine): readonly Span[] {
    const place = this.places.get(line);
    const plain: readonly Span[] = line.spans.map((span) => ({ ...span, tone: 'plain' }));
    if (place === undefined) return plain;
    const [side, index] = place;
    const toned = side.blocks[Math.floor(index / BLOCK_LINES)]?.lines[index % BLOCK_LINES];
    return toned === undefined ? plain : overlay(toned, line.spans);
  }
}
