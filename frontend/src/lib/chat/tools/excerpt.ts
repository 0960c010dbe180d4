// The part of a text that is shown. Texts of many megabytes come as they are: what is not shown is not split either.

export interface Excerpt {
  readonly lines: readonly string[];
  /** Lines in all; counting stops somewhere. */
  readonly total: number;
  readonly counted: boolean;
  /** Characters left out of lines that are longer than a screen can take. */
  readonly cut: number;
}

export const LINE_CHARS = 4_000;
/** Once so much is shown, lines that are longer than usual are cut sooner. */
const ROOM = 60_000;
const USUAL = 200;
const COUNTED_MOST = 200_000;

export function excerpt(text: string, keep: 'start' | 'end', most: number): Excerpt {
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  const total = countLines(text, end);
  const lines: string[] = [];
  let cut = 0;
  let room = ROOM;
  const take = (from: number, to: number): string => {
    const kept = Math.min(to, from + Math.min(LINE_CHARS, Math.max(USUAL, room)));
    room -= kept - from;
    cut += to - kept;
    return kept < to ? `${text.slice(from, kept)}…` : text.slice(from, to);
  };
  if (keep === 'start') {
    let from = 0;
    while (lines.length < most && from <= end) {
      const newline = text.indexOf('\n', from);
      const to = newline < 0 || newline > end ? end : newline;
      lines.push(take(from, to));
      from = to + 1;
    }
  } else {
    let to = end;
    while (lines.length < most && to >= 0) {
      const newline = to === 0 ? -1 : text.lastIndexOf('\n', to - 1);
      lines.push(take(newline + 1, to));
      to = newline;
    }
    lines.reverse();
  }
  return { lines, total, counted: total < COUNTED_MOST, cut };
}

function countLines(text: string, end: number): number {
  let count = 1;
  let at = text.indexOf('\n');
  while (at >= 0 && at < end && count < COUNTED_MOST) {
    count += 1;
    at = text.indexOf('\n', at + 1);
  }
  return count;
}

/** "512 bytes", "1.2 kB", "9.9 MB". */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} bytes`;
  const [value, unit] = count < 999_500 ? [count / 1_000, 'kB'] : count < 999_500_000 ? [count / 1e6, 'MB'] : [count / 1e9, 'GB'];
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${unit}`;
}
