// What a program prints must not stop the page. The emulator counts some loops up to 2^31 because a program said so,
// lets strings and marks grow to many megabytes, throws at one place, and works through a whole frame at once however
// much the frame asks for. Numbers are cut to what a screen can show, strings to what anybody needs, and after a good
// deal of work the page gets its turn. What is drawn stays the same.
//
// The handlers of the public interface get a copy of the numbers, so these reach one step further in; guard.test.ts
// fails when a version of the emulator has moved what is used here.

import type { IDisposable, Terminal } from '@xterm/xterm';

interface Parameters {
  readonly params: Int32Array;
  length: number;
}

interface Identifier {
  readonly prefix?: string;
  readonly intermediates?: string;
  readonly final: string;
}

interface Payload {
  _data: string;
  _hitLimit: boolean;
  put(data: Uint32Array, start: number, end: number): void;
}

interface Line {
  readonly _combined: Record<number, string | undefined>;
  readonly _extendedAttrs: Readonly<Record<number, { readonly urlId: number } | undefined>>;
  getBg(at: number): number;
  addCodepointToCell(at: number, code: number, width: number): void;
}

interface Lines {
  readonly length: number;
  get(at: number): Line | undefined;
}

interface Links {
  readonly _dataByLinkId: ReadonlyMap<number, { readonly lines: readonly IDisposable[] }>;
}

type Answer = boolean | Promise<boolean>;

interface Core {
  readonly buffer: { readonly x: number; readonly y: number; readonly lines: Lines };
  readonly buffers: { readonly normal: { readonly lines: Lines }; readonly alt: { readonly lines: Lines } };
  readonly _oscLinkService: Links;
  readonly _inputHandler: {
    setHyperlink(data: string): boolean;
    readonly _parser: {
      registerCsiHandler(id: Identifier, handle: (given: Parameters) => Answer): IDisposable;
      registerEscHandler(id: Identifier, handle: () => Answer): IDisposable;
      registerOscHandler(id: number, handler: unknown): IDisposable;
      readonly _oscParser: { readonly _handlers: Readonly<Record<number, readonly Payload[]>> };
      readonly _dcsParser: { readonly _handlers: Readonly<Record<number, readonly Payload[]>> };
    };
  };
}

/** As many as the model on the server repeats (`REPEATED_MAX`): both must end in the same place. */
const MOST_REPEATS = 0xffff;
/** Cells written, or as good as written, between two turns of the page: some ten milliseconds. */
const WORK = 1_000_000;
/** What moving a line costs apart from its cells, in cells. */
const LINE = 200;
const RESET = 3_000;
const MOST_MARKS = 32;
const MOST_TEXT = 64 * 1024;
const MOST_ADDRESS = 2_048;
const MOST_LINKS = 4_096;
const SWEEP_AFTER = 512;
/** The bit of a cell's ground that says that it has a link, or an underline of its own. */
const EXTENDED = 0x10000000;

/** To be called when all handlers are registered; `longer` are the texts that may be longer, by their number. */
export function guard(terminal: Terminal, longer: Readonly<Record<number, number>> = {}): void {
  const core = (terminal as unknown as { readonly _core: Core })._core;
  const parser = core._inputHandler._parser;
  const screen = (): number => terminal.cols * terminal.rows;

  let work = 0;
  const after = (cost: number): Answer => {
    work += cost;
    if (work < WORK) return false;
    work = 0;
    // False: whoever really does it comes next.
    return new Promise((resume) => setTimeout(() => resume(false)));
  };
  const clamp = (given: Parameters, most: number): number => {
    if (given.length > 0 && (given.params[0] ?? 0) > most) given.params[0] = most;
    return given.params[0] || 1;
  };

  for (const final of ['S', 'T', 'L', 'M']) {
    parser.registerCsiHandler({ final }, (given) => after(clamp(given, terminal.rows) * (terminal.cols + LINE)));
  }
  for (const final of ['I', 'Z']) parser.registerCsiHandler({ final }, (given) => after(clamp(given, terminal.cols)));
  parser.registerCsiHandler({ final: 'b' }, (given) => after(3 * clamp(given, MOST_REPEATS)));
  for (const prefix of ['', '?']) {
    parser.registerCsiHandler({ prefix, final: 'J' }, (given) => {
      // It looks for the line below the last one, to say that it continues nothing.
      if (given.params[0] === 1 && core.buffer.x + 1 >= terminal.cols && core.buffer.lines.get(core.buffer.y + 1) === undefined) given.params[0] = 2;
      return after(screen());
    });
  }
  const whole: readonly Identifier[] = [
    { intermediates: ' ', final: '@' },
    { intermediates: ' ', final: 'A' },
    { intermediates: "'", final: '}' },
    { intermediates: "'", final: '~' },
    // Among the modes is the one that goes to the other screen.
    { prefix: '?', final: 'h' },
    { prefix: '?', final: 'l' },
  ];
  for (const id of whole) parser.registerCsiHandler(id, () => after(screen()));
  parser.registerEscHandler({ final: 'c' }, () => after(2 * screen() + RESET));
  parser.registerEscHandler({ intermediates: '#', final: '8' }, () => after(screen()));

  let untilSweep = 0;
  terminal.parser.registerOscHandler(8, (data) => {
    if (/^[^;]*;?$/.test(data)) return false;
    if (core._oscLinkService._dataByLinkId.size >= MOST_LINKS && (untilSweep -= 1) < 0) {
      untilSweep = SWEEP_AFTER;
      forgetLinks(core);
    }
    const none = data.length > MOST_ADDRESS || core._oscLinkService._dataByLinkId.size >= MOST_LINKS;
    // Never under the address of the link before.
    return none ? core._inputHandler.setHyperlink(';') : false;
  });
  for (const [id, handlers] of Object.entries(parser._oscParser._handlers)) for (const one of handlers) shorten(one, longer[Number(id)] ?? MOST_TEXT);
  for (const handlers of Object.values(parser._dcsParser._handlers)) for (const one of handlers) shorten(one, MOST_TEXT);
  fewMarks(core);
}

/** Stops gathering a text that is longer; it is then taken for none, as the emulator does beyond ten megabytes. */
function shorten(payload: Payload, most: number): void {
  const put = payload.put.bind(payload);
  payload.put = (data, start, end) => {
    put(data, start, end);
    if (payload._data.length <= most) return;
    payload._data = '';
    payload._hitLimit = true;
  };
}

/** A program that draws the same rows again and again makes new links each time, and the emulator keeps them with the row. */
function forgetLinks(core: Core): void {
  const used = new Set<number>();
  for (const { lines } of [core.buffers.normal, core.buffers.alt]) {
    for (let row = 0; row < lines.length; row++) {
      const line = lines.get(row);
      if (line === undefined) continue;
      for (const [at, attributes] of Object.entries(line._extendedAttrs)) {
        if (attributes !== undefined && (line.getBg(Number(at)) & EXTENDED) !== 0) used.add(attributes.urlId);
      }
    }
  }
  for (const [id, { lines }] of [...core._oscLinkService._dataByLinkId]) {
    if (!used.has(id)) for (const marker of [...lines]) marker.dispose();
  }
}

let few = false;

/** A letter may carry marks, but not a million of them. */
function fewMarks(core: Core): void {
  const line = core.buffer.lines.get(0);
  if (few || line === undefined) return;
  few = true;
  const prototype = Object.getPrototypeOf(line) as Line;
  const add = prototype.addCodepointToCell;
  prototype.addCodepointToCell = function (this: Line, at, code, width) {
    if ((this._combined[at]?.length ?? 0) < MOST_MARKS) add.call(this, at, code, width);
  };
}
