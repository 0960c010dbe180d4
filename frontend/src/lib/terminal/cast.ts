// A recording of a terminal (asciicast v2), and playing it: at any speed, from anywhere, without the waits in between.

import type { Screen, Size } from './session.svelte';

/** Seconds of silence that are kept; longer ones only make people wait. */
const IDLE_MOST = 2;
/** Drawn at once; the emulator is asked before the next, so that a long seek can be given up. */
const CHUNK = 256 * 1024;
const SIZE_MOST = 500;
/** Bytes. All of it is held as events, which take several times as much; a phone's page would be ended for more. */
export const PLAYED_MOST = 64 * 1024 * 1024;
/** Seconds. */
const ROUNDING = 1e-3;

export interface CastEvent {
  /** Seconds, without long silences. */
  readonly at: number;
  readonly kind: 'output' | 'size' | 'note';
  readonly data: string;
}

export interface Cast {
  readonly size: Size;
  /** The largest there is in it. */
  readonly largest: Size;
  readonly events: readonly CastEvent[];
  readonly seconds: number;
}

export class CastError extends Error {
  override readonly name = 'CastError';
}

/** Reads a recording; gives way now and then, because it may be large. */
export async function readCast(lines: AsyncIterable<string>): Promise<Cast> {
  let size: Size | null = null;
  let largest: Size = { cols: 0, rows: 0 };
  const events: CastEvent[] = [];
  let [before, at] = [0, 0];
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const value = json(line);
    if (size === null) {
      size = header(value);
      largest = size;
      continue;
    }
    // A line of another kind, or a damaged one: the others still say what happened.
    if (!Array.isArray(value) || typeof value[0] !== 'number' || typeof value[2] !== 'string') continue;
    const kind = KINDS.get(value[1]);
    if (kind === undefined) continue;
    const time = Math.max(before, Number.isFinite(value[0]) ? value[0] : 0);
    at += Math.min(time - before, IDLE_MOST);
    before = time;
    if (kind === 'size') {
      const next = sizeOf(value[2]);
      if (next === null) continue;
      largest = { cols: Math.max(largest.cols, next.cols), rows: Math.max(largest.rows, next.rows) };
    }
    events.push({ at, kind, data: value[2] });
  }
  if (size === null) throw new CastError('The recording is empty.');
  return { size, largest, events, seconds: at };
}

const KINDS: ReadonlyMap<unknown, CastEvent['kind']> = new Map([['o', 'output'], ['r', 'size'], ['m', 'note']] as const);

/** The lines of a file, as they are read; of one that is too large none. */
export async function* linesOf(blob: Blob): AsyncGenerator<string> {
  if (blob.size > PLAYED_MOST) throw new CastError(`This recording has ${Math.ceil(blob.size / 1024 / 1024)} MiB, and no more than ${PLAYED_MOST / 1024 / 1024} are played here. Download it and play it with a program of your own.`);
  const reader = blob.stream().pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function header(value: unknown): Size {
  const { version, width, height } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (version !== 2 || typeof width !== 'number' || typeof height !== 'number') throw new CastError('This is not a recording that can be played here.');
  return { cols: bounded(width), rows: bounded(height) };
}

function sizeOf(text: string): Size | null {
  const found = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  return found === null ? null : { cols: bounded(Number(found[1])), rows: bounded(Number(found[2])) };
}

const bounded = (count: number): number => Math.min(SIZE_MOST, Math.max(2, Math.round(count) || 2));

/** What a player draws on. */
export type CastScreen = Pick<Screen, 'write' | 'reset' | 'resize'>;

export class CastPlayer {
  /** Seconds. */
  position = 0;
  /** The first event that is not drawn. */
  private next = 0;
  /** Counts changes of mind: what an earlier one still draws is given up. */
  private turn = 0;
  /** Back to the beginning before anything else is drawn. */
  private rewound = false;
  private drawing: Promise<void> = Promise.resolve();
  private readonly encoder = new TextEncoder();

  constructor(
    private readonly cast: Cast,
    private readonly screen: CastScreen,
  ) {
    screen.resize(cast.size);
  }

  get atEnd(): boolean {
    return this.position >= this.cast.seconds;
  }

  /** Goes on by so many seconds of the recording. Returns when that is drawn. */
  advance(seconds: number): Promise<void> {
    this.position = Math.min(this.cast.seconds, this.position + seconds);
    return this.draw(this.turn);
  }

  /** Goes there, forwards or backwards. */
  seek(to: number): Promise<void> {
    const back = to < this.position;
    // A slider at its end may say a little less: it rounds what it is given.
    this.position = to > this.cast.seconds - ROUNDING ? this.cast.seconds : Math.max(0, to);
    this.turn += 1;
    this.rewound ||= back;
    return this.draw(this.turn);
  }

  private draw(turn: number): Promise<void> {
    this.drawing = this.drawing.then(async () => {
      if (turn !== this.turn) return;
      if (this.rewound) {
        this.rewound = false;
        this.next = 0;
        this.screen.reset();
        this.screen.resize(this.cast.size);
      }
      await this.drawUpTo(turn);
    });
    return this.drawing;
  }

  private async drawUpTo(turn: number): Promise<void> {
    const { events } = this.cast;
    let text = '';
    const flush = async (): Promise<void> => {
      if (text === '') return;
      const bytes = this.encoder.encode(text);
      text = '';
      await new Promise<void>((drawn) => this.screen.write(bytes, drawn));
    };
    for (;;) {
      const event = events[this.next];
      if (event === undefined || event.at > this.position) break;
      this.next += 1;
      if (event.kind === 'output') text += event.data;
      if (event.kind === 'size') {
        // What came before belongs to the size before.
        await flush();
        const size = sizeOf(event.data);
        if (size !== null) this.screen.resize(size);
      }
      if (text.length >= CHUNK) {
        await flush();
        if (turn !== this.turn) return;
      }
    }
    await flush();
  }
}
