// What a command consists of, once it was read, and the parts of it that need no reader: escapes and here-documents.

export interface Word {
  /** Without quotes and escapes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** For each character of `text`, where it stands in the source. */
  readonly at: readonly number[];
  /** Whether a part was quoted: then it is no option list, no glob, no brace. */
  readonly quoted: boolean;
  /** What runs to make it: `$(…)`, backticks, `<(…)`. */
  readonly inner: readonly Call[];
}

export interface Redirect {
  readonly op: string;
  readonly target: Word;
  readonly start: number;
  readonly end: number;
}

export interface Call {
  /** `A=b` in front of the command. */
  readonly assignments: Word[];
  readonly words: Word[];
  readonly redirects: Redirect[];
  /** Texts that are fed to it: `<<EOF`, `<<<`. */
  readonly texts: Word[];
  /** The call before it in the same pipeline. */
  from: Call | null;
}

export interface Script {
  /** Every call, those inside of others too. */
  readonly calls: readonly Call[];
  /** Nested too deeply to be followed. */
  readonly lost: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', e: '\u001b', a: '\u0007', b: '\b' };

/** One character of `$'…'` and how much of the source says it; none where a plain character stands. */
export function escapeAt(source: string, i: number): { readonly text: string; readonly length: number } | null {
  const code = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([0-7]{1,3}))/.exec(source.slice(i, i + 8));
  if (code !== null) {
    const value = code[3] === undefined ? Number.parseInt(code[1] ?? code[2] ?? '', 16) : Number.parseInt(code[3], 8);
    return { text: String.fromCharCode(value), length: code[0].length };
  }
  if (source[i] !== '\\') return null;
  const c = source[i + 1] ?? '';
  return { text: ESCAPES[c] ?? c, length: 2 };
}

/** Where the lines of a here-document that begins at `start` stop, and where the source goes on after its last line. */
export function bodyFrom(source: string, start: number, end: string, strip: boolean): { readonly stop: number; readonly next: number } {
  for (let line = start; line < source.length; ) {
    const newline = source.indexOf('\n', line);
    const to = newline < 0 ? source.length : newline;
    const text = source.slice(line, to);
    if ((strip ? text.replace(/^\t+/, '') : text) === end) return { stop: line, next: Math.min(to + 1, source.length) };
    line = to + 1;
  }
  return { stop: source.length, next: source.length };
}
