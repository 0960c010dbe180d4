// Colours for a text, a slice of lines at a time, so that no slice is felt. A text that grows is read on from where it
// changed; what was read stays.

import type { Language } from './languages';
import type { LineReader, Read, State } from './grammars';
import type { Span } from './tones';

export const MOST_LINES = 5_000;
export const MOST_CHARS = 200_000;

/** The share of a frame that colours may take. */
const SLICE_MS = 8;

export interface Grammars {
  reader(language: Language): Promise<LineReader>;
  compile(pattern: string): void;
}

export interface ReadingOptions {
  readonly load: () => Promise<Grammars>;
  /** Resolves when it is time for the next slice. */
  readonly pause: () => Promise<void>;
  readonly now: () => number;
}

export function isTooLong(lines: readonly string[]): boolean {
  if (lines.length > MOST_LINES) return true;
  let chars = 0;
  for (const line of lines) chars += line.length + 1;
  return chars > MOST_CHARS;
}

export class Reading {
  /** Coloured lines from the first on; what is beyond them is plain yet. */
  readonly spans: Span[][] = [];
  private lines: readonly string[] = [];
  private states: State[] = [];
  private language: Language | null = null;
  private run = 0;

  constructor(
    private readonly options: ReadingOptions,
    /** Told how many lines have been read, from which on they are new. */
    private readonly onread: (from: number) => void,
  ) {}

  /** Resolves when the text is read, or was replaced by another. */
  async show(lines: readonly string[], language: Language | null): Promise<void> {
    this.run += 1;
    const { run } = this;
    const known = language === this.language ? commonLines(this.lines, lines) : 0;
    this.language = language;
    this.lines = lines;
    this.forget(Math.min(known, this.spans.length));
    if (language === null || isTooLong(lines) || this.spans.length === lines.length) return;
    const grammars = await this.options.load();
    const reader = await grammars.reader(language);
    if (run === this.run) await this.read(reader, grammars, run);
  }

  stop(): void {
    this.run += 1;
  }

  private async read(reader: LineReader, grammars: Grammars, run: number): Promise<void> {
    let from = this.spans.length;
    let until = this.options.now() + SLICE_MS;
    const breathe = async (): Promise<boolean> => {
      if (this.spans.length > from) this.onread(from);
      from = this.spans.length;
      await this.options.pause();
      until = this.options.now() + SLICE_MS;
      return run === this.run;
    };
    while (this.spans.length < this.lines.length) {
      const index = this.spans.length;
      const read = reader.read(this.lines[index] ?? '', this.states[index - 1] ?? null);
      if (isRead(read)) {
        this.spans.push(read.spans);
        this.states.push(read.state);
      } else {
        for (const pattern of read) {
          grammars.compile(pattern);
          if (this.options.now() >= until && !(await breathe())) return;
        }
      }
      if (this.options.now() >= until && !(await breathe())) return;
    }
    if (this.spans.length > from) this.onread(from);
  }

  private forget(kept: number): void {
    this.spans.length = kept;
    this.states.length = kept;
  }
}

function isRead(read: Read | readonly string[]): read is Read {
  return 'spans' in read;
}

export function commonLines(before: readonly string[], after: readonly string[]): number {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before[same] === after[same]) same += 1;
  return same;
}
