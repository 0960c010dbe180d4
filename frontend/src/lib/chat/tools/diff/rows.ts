// A diff as rows to draw: one column or two, cut where the room ends, grown into the file around it where that is known.

import { diffLines, type DiffLine, type Hunk } from '../../patch';

export interface Pair {
  readonly before: DiffLine | null;
  readonly after: DiffLine | null;
}

export interface Section {
  readonly header: string;
  readonly lines: readonly DiffLine[];
  readonly unended: string | null;
}

const UNENDED = {
  old: 'The old text has no line end after its last line.',
  new: 'The new text has no line end after its last line.',
  both: 'The last line has no line end.',
} as const;

/** The first `most` lines; a hunk is cut where the room ends. */
export function sections(hunks: readonly Hunk[], numbered: boolean, most: number): Section[] {
  let room = most;
  return hunks.flatMap((hunk) => {
    if (room <= 0) return [];
    const lines = linesOf(hunk, numbered).slice(0, room);
    const whole = room >= hunk.lines.length;
    room -= hunk.lines.length;
    return [{ header: numbered ? header(hunk) : '', lines, unended: whole && hunk.unended !== undefined ? UNENDED[hunk.unended] : null }];
  });
}

/** The same lines for the same hunk: what was drawn of it stays when more is shown. */
const known = new WeakMap<Hunk, { readonly numbered: boolean; readonly lines: readonly DiffLine[] }>();

function linesOf(hunk: Hunk, numbered: boolean): readonly DiffLine[] {
  const before = known.get(hunk);
  if (before?.numbered === numbered) return before.lines;
  const lines = diffLines(hunk, numbered);
  known.set(hunk, { numbered, lines });
  return lines;
}

export function countLines(hunks: readonly Hunk[]): number {
  return hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
}

function header(hunk: Hunk): string {
  const [before, after] = extent(hunk);
  return `@@ −${hunk.oldStart},${before} +${hunk.newStart},${after} @@`;
}

/** How many lines it covers in the old and in the new text. */
function extent({ lines }: Hunk): [before: number, after: number] {
  let before = 0;
  let after = 0;
  for (const line of lines) {
    if (!line.startsWith('+')) before += 1;
    if (!line.startsWith('-')) after += 1;
  }
  return [before, after];
}

export interface Indent {
  readonly tabs: number;
  readonly spaces: number;
}

/** The white space with which all lines begin; blank ones say nothing. Where there is little room it is left out. */
export function commonIndent(lines: readonly DiffLine[]): Indent {
  let common: string | null = null;
  for (const { text } of lines) {
    const own = /^\t* */.exec(text)?.[0] ?? '';
    if (text.trim() === '') continue;
    common = common === null ? own : shared(common, own);
    if (common === '') break;
  }
  const tabs = common?.lastIndexOf('\t') ?? -1;
  return { tabs: tabs + 1, spaces: (common?.length ?? 0) - tabs - 1 };
}

function shared(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

/** Digits of the longest line number. */
export function digits(sections: readonly Section[]): number {
  const last = sections.at(-1)?.lines ?? [];
  return String(Math.max(1, ...last.map((line) => Math.max(line.newNumber ?? 0, line.oldNumber ?? 0)))).length;
}

/** Side by side: what was removed beside what took its place. */
export function pairs(lines: readonly DiffLine[]): Pair[] {
  const out: Pair[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i += 1) out.push({ before: removed[i] ?? null, after: added[i] ?? null });
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.sign === '-') {
      if (added.length > 0) flush();
      removed.push(line);
    } else if (line.sign === '+') added.push(line);
    else {
      flush();
      out.push({ before: line, after: line });
    }
  }
  flush();
  return out;
}

/** What one side says, without signs. */
export function sideText(hunks: readonly Hunk[], side: 'old' | 'new'): string {
  const other = side === 'old' ? '+' : '-';
  return hunks.map((hunk) => hunk.lines.flatMap((line) => (line.startsWith(other) ? [] : [line.slice(1)])).join('\n')).join('\n');
}

/** Whether the hunks are of this file: a text that was cut on its way, or edited since, shows other lines. */
export function fits(hunks: readonly Hunk[], original: readonly string[]): boolean {
  return hunks.every((hunk) => {
    let at = hunk.oldStart - 1;
    return hunk.lines.every((line) => {
      if (line.startsWith('+')) return true;
      at += 1;
      return original[at - 1] === line.slice(1);
    });
  });
}

/** Lines of the file that stand above the hunk and are not shown. */
export function hiddenAbove(hunks: readonly Hunk[], index: number): number {
  const hunk = hunks[index];
  if (hunk === undefined) return 0;
  const before = hunks[index - 1];
  const from = before === undefined ? 1 : before.oldStart + extent(before)[0];
  return Math.max(0, hunk.oldStart - from);
}

export function hiddenBelow(hunks: readonly Hunk[], original: readonly string[]): number {
  const last = hunks.at(-1);
  return last === undefined ? 0 : Math.max(0, original.length - (last.oldStart - 1 + extent(last)[0]));
}

/** Takes up to `count` lines above the hunk with this index in; hunks that meet become one. */
export function growAbove(hunks: readonly Hunk[], original: readonly string[], index: number, count: number): Hunk[] {
  const hunk = hunks[index];
  const taken = Math.min(count, hiddenAbove(hunks, index));
  if (hunk === undefined || taken === 0) return [...hunks];
  const lines = original.slice(hunk.oldStart - 1 - taken, hunk.oldStart - 1).map((line) => ` ${line}`);
  const grown: Hunk = { ...hunk, oldStart: hunk.oldStart - taken, newStart: hunk.newStart - taken, lines: [...lines, ...hunk.lines] };
  const out = [...hunks];
  const before = hunks[index - 1];
  if (before !== undefined && before.oldStart + extent(before)[0] === grown.oldStart) {
    out.splice(index - 1, 2, { ...grown, oldStart: before.oldStart, newStart: before.newStart, lines: [...before.lines, ...grown.lines] });
  } else out[index] = grown;
  return out;
}

export function growBelow(hunks: readonly Hunk[], original: readonly string[], count: number): Hunk[] {
  const last = hunks.at(-1);
  if (last === undefined) return [];
  const from = last.oldStart - 1 + extent(last)[0];
  const lines = original.slice(from, from + Math.min(count, hiddenBelow(hunks, original))).map((line) => ` ${line}`);
  return [...hunks.slice(0, -1), { ...last, lines: [...last.lines, ...lines] }];
}
