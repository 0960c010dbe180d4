// Finds what was meant by a few letters: the letters in order, best where they begin words or stand together.

export interface Match {
  readonly score: number;
  /** Indexes of the matched characters, as UTF-16 units. */
  readonly positions: readonly number[];
}

const RUN = 8;
const WORD = 6;
const START = 4;
const GAP = 0.4;
/** Longer texts are cut: nobody searches at the end of a paragraph, and every letter costs time. */
const MOST = 256;

const NONE: Match = { score: 0, positions: [] };

/** Every word of the query must be found; null when one is not. An empty query finds everything. */
export function fuzzy(query: string, text: string): Match | null {
  const words = query.toLowerCase().split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return NONE;
  const cut = text.slice(0, MOST);
  const lower = cut.toLowerCase();
  // Some letters change their length in lower case; then positions would point at others.
  const folded = lower.length === cut.length ? lower : cut;
  let score = 0;
  const positions = new Set<number>();
  for (const word of words) {
    const found = findWord(word, folded, cut);
    if (found === null) return null;
    score += found.score;
    for (const at of found.positions) positions.add(at);
  }
  return { score: score - cut.length * 0.02, positions: [...positions].sort((a, b) => a - b) };
}

function findWord(word: string, lower: string, text: string): Match | null {
  const whole = lower.indexOf(word);
  if (whole >= 0) return together(word, bestStart(word, lower, text), text);
  const from = scattered(word, lower, text);
  return from === null ? null : { positions: from, score: scoreOf(from, text) };
}

/** Of all the places where the word stands as it is, the first that begins a word. */
function bestStart(word: string, lower: string, text: string): number {
  const first = lower.indexOf(word);
  for (let at = first; at >= 0; at = lower.indexOf(word, at + 1)) if (beginsWord(text, at)) return at;
  return first;
}

function together(word: string, at: number, text: string): Match {
  const positions = Array.from({ length: word.length }, (_, index) => at + index);
  return { positions, score: scoreOf(positions, text) + RUN };
}

/** The letters in order, the first of them where a word begins: anything else finds everything. */
function scattered(word: string, lower: string, text: string): number[] | null {
  const first = word.charAt(0);
  for (let start = lower.indexOf(first); start >= 0; start = lower.indexOf(first, start + 1)) {
    if (!beginsWord(text, start)) continue;
    const positions = after(start, word, lower, text);
    if (positions !== null) return positions;
  }
  return null;
}

/** Each letter next to the one before, else where a word begins, else wherever it comes next. */
function after(start: number, word: string, lower: string, text: string): number[] | null {
  const positions = [start];
  for (let index = 1; index < word.length; index += 1) {
    const from = (positions.at(-1) ?? 0) + 1;
    const at = nextOf(word.charAt(index), from, lower, text);
    if (at < 0) return null;
    positions.push(at);
  }
  return positions;
}

function nextOf(letter: string, from: number, lower: string, text: string): number {
  const first = lower.indexOf(letter, from);
  if (first === from) return first;
  for (let at = first; at >= 0; at = lower.indexOf(letter, at + 1)) if (beginsWord(text, at)) return at;
  return first;
}

function scoreOf(positions: readonly number[], text: string): number {
  let score = positions[0] === 0 ? START : 0;
  let before = -1;
  for (const at of positions) {
    if (before >= 0 && at === before + 1) score += RUN / 2;
    else if (before >= 0) score -= Math.min(5, (at - before) * GAP);
    if (beginsWord(text, at)) score += WORD;
    score += 1;
    before = at;
  }
  return score;
}

function beginsWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const [before = '', here = ''] = [text.charAt(at - 1), text.charAt(at)];
  return !/[\p{L}\p{N}]/u.test(before) || (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(here));
}

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

/** The text in pieces, those that matched marked. */
export function pieces(text: string, positions: readonly number[]): Piece[] {
  const hits = new Set(positions);
  const list: { text: string; hit: boolean }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const last = list.at(-1);
    const hit = hits.has(at);
    if (last !== undefined && last.hit === hit) last.text += text.charAt(at);
    else list.push({ text: text.charAt(at), hit });
  }
  return list;
}
