// Syntax colours of a diff: its two sides are read as two texts.

import { BLOCK_LINES, Shading } from '$lib/highlight/shading.svelte';
import type { Language } from '$lib/highlight/languages';
import type { DiffLine } from '../../patch';
import type { Tones } from './draw';
import { LINE_MOST, shownText } from './limits';

/** Nobody reads colours that far, and reading them takes its time. */
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
      // Colours are for the part that is drawn.
      const text = shownText(line, LINE_MOST);
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

  /** The language's colours of a line as far as they are known; the same object while they do not change. */
  tones(line: DiffLine): Tones {
    const place = this.places.get(line);
    if (place === undefined) return null;
    const [side, index] = place;
    return side.blocks[Math.floor(index / BLOCK_LINES)]?.lines[index % BLOCK_LINES] ?? null;
  }
}
