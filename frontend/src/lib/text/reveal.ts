// Text from files, programs and models may hide things from the eye: controls, bidirectional overrides, zero-width
// characters. Where a decision depends on the text, they are drawn as labelled marks.

export interface Piece {
  text: string;
  /** Whether this piece stands for an invisible character. */
  mark: boolean;
}

const NAMES: Readonly<Record<string, string>> = {
  '\u0000': 'NUL',
  '\u0007': 'BEL',
  '\u0008': 'BS',
  '\r': 'CR',
  '\u001b': 'ESC',
  '\u007f': 'DEL',
  '\u00a0': 'NBSP',
  '\u00ad': 'SHY',
  '\u200b': 'ZWSP',
  '\u200c': 'ZWNJ',
  '\u200d': 'ZWJ',
  '\u200e': 'LRM',
  '\u200f': 'RLM',
  '\u202a': 'LRE',
  '\u202b': 'RLE',
  '\u202c': 'PDF',
  '\u202d': 'LRO',
  '\u202e': 'RLO',
  '\u2066': 'LRI',
  '\u2067': 'RLI',
  '\u2068': 'FSI',
  '\u2069': 'PDI',
  '\ufeff': 'BOM',
};

// Controls except tab and newline, format characters, line and paragraph separators, variation selectors and tags.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\p{Cf}\p{Co}\u2028\u2029\ufe00-\ufe0f\u{e0000}-\u{e0fff}]/gu;

/** Each mark is an element; in a text with more of them the rest are written into it. */
const MOST_PIECES = 60;

export function reveal(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (pieces.length >= MOST_PIECES) return [...pieces, { text: text.slice(from).replace(HIDDEN, (character) => `⟨${label(character)}⟩`), mark: false }];
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), mark: false });
    pieces.push({ text: label(match[0]), mark: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), mark: false });
  return pieces;
}

function label(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return NAMES[character] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** One clean line for places that cannot draw marks: the window title, tooltips. */
export function plain(text: string, most = 200): string {
  const clean = text.replace(HIDDEN, '').replace(/\s+/gu, ' ').trim();
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
}
