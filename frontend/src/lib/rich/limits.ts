// What is too much to format: text made to choke a parser, and text that is simply too long. It is cut into pieces that
// each cost little, and what no parser should see stays plain.

export type Piece = { readonly kind: 'markdown' | 'heavy'; readonly text: string };

/** Formatted at most; the rest is plain. */
export const FORMATTED_MOST = 200_000;
/** Formatted in one go. */
const PIECE_MOST = 10_000;
const PIECE_MARKS = 1_500;
/** A list goes on over blank lines; it is cut only when it has become this many times too long. */
const PATIENCE = 3;
const GOES_ON = /^(?:[ \t]|[-*+] |\d{1,9}[.)] |>)/;
/** One paragraph with more is no paragraph. Parsers take the square of these. */
const PARAGRAPH_MOST = 20_000;
const PARAGRAPH_MARKS = 1_500;
const WORD_MOST = 2_000;
const DEEP = /^[ \t]{0,3}(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*){40}/m;
const FAR_IN = /^[ \t]{80,}(?:[-*+>]|\d{1,9}[.)])/m;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** Cuts a text at blank lines. Code between fences stays whole: it costs next to nothing. */
export function pieces(text: string): Piece[] {
  const made: Piece[] = [];
  let open = '';
  let openMarks = 0;
  const close = (): void => {
    if (open !== '') made.push({ kind: 'markdown', text: open });
    open = '';
    openMarks = 0;
  };
  for (const { text: chunk, code } of chunks(text)) {
    const { count, word } = code ? { count: 0, word: 0 } : marks(chunk);
    if (!code && isHeavy(chunk, count, word)) {
      close();
      made.push({ kind: 'heavy', text: chunk });
      continue;
    }
    const over = Math.max((open.length + chunk.length) / PIECE_MOST, (openMarks + count) / PIECE_MARKS);
    if (open !== '' && over > (GOES_ON.test(chunk) ? PATIENCE : 1)) close();
    open += chunk;
    openMarks += count;
  }
  close();
  return made;
}

function isHeavy(chunk: string, count: number, word: number): boolean {
  return chunk.length > PARAGRAPH_MOST || count > PARAGRAPH_MARKS || word >= WORD_MOST || DEEP.test(chunk) || FAR_IN.test(chunk);
}

const MARKS = new Set('[]()*_~`<>&!|$\\@:'.split('').map((mark) => mark.charCodeAt(0)));

/** How many there are, and how long the longest word is. */
function marks(chunk: string): { readonly count: number; readonly word: number } {
  let count = 0;
  let word = 0;
  let from = 0;
  for (let at = 0; at < chunk.length; at += 1) {
    const letter = chunk.charCodeAt(at);
    if (letter <= 32) {
      word = Math.max(word, at - from);
      from = at + 1;
    } else if (MARKS.has(letter)) count += 1;
  }
  return { count, word: Math.max(word, chunk.length - from) };
}

interface Chunk {
  readonly text: string;
  readonly code: boolean;
}

/** Paragraphs with the blank lines after them, and whole fences. */
function* chunks(text: string): Generator<Chunk> {
  let from = 0;
  let fence: string | null = null;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end + 1;
    // Only its beginning says what a line is.
    const line = text.slice(at, Math.min(next, at + 200));
    const mark = FENCE.exec(line)?.[1];
    if (fence === null && mark !== undefined) {
      if (at > from) yield { text: text.slice(from, at), code: false };
      from = at;
      fence = mark;
    } else if (fence !== null && mark !== undefined && mark.startsWith(fence) && line.trim() === mark) {
      yield { text: text.slice(from, next), code: true };
      from = next;
      fence = null;
    } else if (fence === null && line.trim() === '' && next - at <= 200 && !isBlank(text, next)) {
      yield { text: text.slice(from, next), code: false };
      from = next;
    }
    at = next;
  }
  if (from < text.length) yield { text: text.slice(from), code: fence !== null };
}

/** Whether a blank line follows: several belong together. */
function isBlank(text: string, at: number): boolean {
  return text[at] === '\n';
}

/** Letters of one part of a plain text. */
const PART = 10_000;
/** It ends at a line end or a space, where there is one this near. */
const NEAR = 1_000;

/** A plain text in parts that each are laid out by themselves; the first `most` of them. */
export function parts(text: string, most: number): { readonly shown: readonly string[]; readonly left: number } {
  const shown: string[] = [];
  let from = 0;
  while (from < text.length && shown.length < most) {
    const end = from + PART;
    const near = text.slice(end - NEAR, end);
    const at = end >= text.length ? -1 : Math.max(near.lastIndexOf('\n'), near.lastIndexOf(' '));
    const to = at < 0 ? Math.min(text.length, end) : end - NEAR + at + 1;
    // The line end is the part's own.
    shown.push(text.slice(from, text[to - 1] === '\n' && to < text.length ? to - 1 : to));
    from = to;
  }
  return { shown, left: text.length - from };
}

/** "10 MB", "200 KB": sizes as people say them. */
export function size(characters: number): string {
  if (characters < 1_000) return `${characters} bytes`;
  if (characters < 1_000_000) return `${Math.round(characters / 1_000)} KB`;
  return `${(characters / 1_000_000).toFixed(1).replace(/\.0$/, '')} MB`;
}
