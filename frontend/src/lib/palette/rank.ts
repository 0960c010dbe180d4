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
  const from = scattered(word, lower);
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

/** The letters in order, each as early as possible, then drawn together from the end. */
function scattered(word: string, lower: string): number[] | null {
  let at = -1;
  for (let index = 0; index < word.length; index += 1) {
    at = lower.indexOf(word.charAt(index), at + 1);
    if (at < 0) return null;
  }
  const positions: number[] = [];
  for (let index = word.length - 1; index >= 0; index -= 1) {
    at = lower.lastIndexOf(word.charAt(index), at);
    positions.unshift(at);
    at -= 1;
  }
  return positions;
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
