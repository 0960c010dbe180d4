// What in a command deserves a second look. A help for the eye, not a guard: the guard is the person who reads it.

import { codeOf, isShell, stepsOf, type Code, type Step } from './danger-calls';
import { judgeFlow } from './danger-flow';
import { goTo, placeOf } from './danger-places';
import { judgeStep, writes, type Judge, type Severity } from './danger-rules';
import { readShell, type Call, type Word } from './danger-shell';

export { touchesSecrets } from './danger-places';
export type { Severity } from './danger-rules';

export interface Label {
  readonly label: string;
  /** Danger: cannot be undone, or hands over control. Warn: worth noticing. */
  readonly severity: Severity;
}

export interface Danger extends Label {
  readonly start: number;
  readonly end: number;
  /** What else is said about the same place. */
  readonly also?: readonly Label[];
}

export interface Piece {
  readonly text: string;
  readonly danger: Danger | null;
}

/** Reading more would hold up the page; the rest is said to be unread. */
const LONGEST = 20_000;
const DEEPEST = 6;
/** Code within code is read again at every level, some of it by several programs: so much is read in all. */
const READ_MOST = 10 * LONGEST;
const TOO_DEEP = 'too deep to be checked';
/** Of each severity: many warnings must not push a danger out. */
const MOST = 300;

/** In order of appearance, without overlaps; where two meet, the worse one stays. `base`: the session's directory. */
export function findDangers(command: string, base: string | null = null): Danger[] {
  const search = new Search(base);
  const text = command.slice(0, LONGEST);
  // First, so that whatever else is found does not push it out.
  if (command.length > LONGEST) search.add(LONGEST, command.length, 'too long to be checked', 'danger');
  search.script({ text, at: [] }, 0, true);
  search.letters(text);
  return withoutOverlaps(search.found);
}

class Search {
  readonly found: Danger[] = [];
  private readonly counts = { danger: 0, warn: 0 };
  private readonly labels = new Set<string>();
  private readonly downloads = new Set<string>();
  private here = '';
  private read = 0;

  constructor(private readonly base: string | null) {}

  add(start: number, end: number, label: string, severity: Severity): void {
    // What has not been said yet is said, however much there is of the rest.
    if (end <= start || (this.counts[severity] >= MOST && this.labels.has(label))) return;
    this.labels.add(label);
    this.counts[severity] += 1;
    this.found.push({ start, end, label, severity });
  }

  script({ text, at }: Code, depth: number, whole = false): void {
    const start = whole ? 0 : (at[0] ?? 0);
    const end = whole ? text.length : (at.at(-1) ?? 0) + 1;
    this.read += text.length + 1;
    if (depth > DEEPEST || this.read > READ_MOST) return this.add(start, end, TOO_DEEP, 'danger');
    const { calls, lost } = readShell(text, whole ? null : at);
    if (lost) this.add(start, end, TOO_DEEP, 'danger');
    const bomb = /([^\s(){};|&]{1,40})\s{0,9}\(\)\s{0,9}\{\s{0,9}\1\s{0,9}\|\s{0,9}\1\s{0,9}&/.exec(text);
    if (bomb !== null) this.add(start, end, 'overloads the machine', 'danger');
    for (const call of calls) this.call(call, depth);
  }

  /** What the eye takes for something else. */
  letters(text: string): void {
    const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2069}\u{feff}\u{e0000}-\u{e0fff}]+/gu;
    for (const match of text.matchAll(hidden)) this.add(match.index, match.index + match[0].length, 'hidden characters', 'danger');
    for (const match of text.matchAll(/[\p{L}\p{N}._/-]*[\p{Script=Cyrillic}\p{Script=Greek}\uff01-\uff5e][\p{L}\p{N}._/-]*/gu)) {
      if (/[A-Za-z]/.test(match[0]) || /[\uff01-\uff5e]/.test(match[0])) this.add(match.index, match.index + match[0].length, 'look-alike letters', 'danger');
    }
  }

  private call(call: Call, depth: number): void {
    const steps = stepsOf(call);
    const inner = steps.at(-1);
    steps.forEach((step, i) => judgeStep(step, this.judge(step, steps[i - 1])));
    for (const { op, target } of call.redirects) if (op.includes('>')) this.redirect(op, target);
    for (const word of call.assignments) if (/^HIST\w+=|^(?:LD_PRELOAD|BASH_ENV|PROMPT_COMMAND)=/.test(word.text)) this.add(word.start, word.end, /^HIST/.test(word.text) ? 'hides what was run' : 'changes what runs', /^HIST/.test(word.text) ? 'danger' : 'warn');
    if (inner === undefined) return;
    judgeFlow(call, inner, this.judge(inner, undefined), this.downloads);
    if (inner.name === 'export' && inner.args.some((word) => /^HIST\w+=/.test(word.text))) this.mark(inner, 'hides what was run', 'danger');
    if (inner.name === 'cd' || inner.name === 'pushd') this.here = goTo(inner.args[0]?.text, this.here);
    for (const step of steps) for (const code of codeOf(step)) this.script(code, depth + 1);
    if (inner.name === 'find') this.foundBy(inner);
    if (isShell(inner.name)) for (const text of [...call.texts, ...spoken(call)]) this.script(text, depth + 1);
    if (/^\$/.test(inner.word.text) && !inner.word.quoted) this.add(inner.word.start, inner.word.end, 'runs what a variable says', 'warn');
  }

  /** `find … -exec rm {} +` */
  private foundBy({ args }: Step): void {
    for (const [i, word] of args.entries()) {
      if (!/^-(?:exec|execdir|ok|okdir)$/.test(word.text)) continue;
      const stop = args.findIndex((one, k) => k > i && (one.text === ';' || one.text === '+'));
      const words = args.slice(i + 1, stop < 0 ? args.length : stop);
      this.read += 10 * words.length;
      if (this.read > READ_MOST) return this.add(word.start, args.at(-1)?.end ?? word.end, TOO_DEEP, 'danger');
      const call: Call = { assignments: [], words, redirects: [], texts: [], from: null };
      for (const step of stepsOf(call)) {
        judgeStep(step, { ...this.judge(step, undefined), many: true });
        for (const code of codeOf(step)) this.script(code, DEEPEST);
      }
    }
  }

  private redirect(op: string, target: Word): void {
    if (op === '>&' && /^[\d-]*$/.test(target.text)) return;
    writes(target, this.judgeOf(target, target, false), 'writes to a file');
  }

  private mark(step: Step, label: string, severity: Severity): void {
    this.judge(step, undefined).mark(label, severity);
  }

  private judge(step: Step, by: Step | undefined): Judge {
    return this.judgeOf(step.word, step.args.at(-1) ?? step.word, by?.name === 'xargs' || by?.name === 'parallel');
  }

  private judgeOf(first: Word, last: Word, many: boolean): Judge {
    return {
      many,
      placeOf: (path) => placeOf(path, this.base, this.here),
      mark: (label, severity, from, to) => this.add((from ?? first).start, (to ?? (from === undefined || from.start < first.start ? last : from)).end, label, severity),
    };
  }
}

/** `echo "rm -rf x" | sh` */
function spoken(call: Call): Code[] {
  const [step] = call.from === null ? [] : stepsOf(call.from);
  return step?.name === 'echo' || step?.name === 'printf' ? step.args.filter((word) => !word.text.startsWith('-')) : [];
}

function withoutOverlaps(found: Danger[]): Danger[] {
  found.sort((a, b) => rank(a) - rank(b) || a.start - b.start || b.end - a.end);
  const kept: Danger[] = [];
  for (const danger of found) {
    const at = kept.findIndex((other) => danger.start < other.end && other.start < danger.end);
    const over = kept[at];
    if (over === undefined) kept.push(danger);
    else if (over.label !== danger.label) kept[at] = { ...over, also: [...(over.also ?? []), { label: danger.label, severity: danger.severity }] };
  }
  return kept.sort((a, b) => a.start - b.start);
}

/** Distinct labels, the worst first. */
export function dangerLabels(dangers: readonly Danger[]): Label[] {
  const seen = new Map<string, Severity>();
  const all = dangers.flatMap((danger) => [danger, ...(danger.also ?? [])]).sort((a, b) => rank(a) - rank(b));
  for (const { label, severity } of all) if (!seen.has(label)) seen.set(label, severity);
  return [...seen].map(([label, severity]) => ({ label, severity }));
}

export function pieces(text: string, dangers: readonly Danger[]): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  for (const danger of dangers) {
    if (danger.start > from) out.push({ text: text.slice(from, danger.start), danger: null });
    out.push({ text: text.slice(danger.start, danger.end), danger });
    from = danger.end;
  }
  if (from < text.length) out.push({ text: text.slice(from), danger: null });
  return out;
}

/** What is left out in one place. */
export interface Gap {
  /** Lines of which something is left out here; the ends of the lines around it may be among them. */
  readonly lines: number;
  /** How many of these have something dangerous left out: there are more than can be shown. */
  readonly marked: number;
  /** It lies within one line. */
  readonly inLine: boolean;
  /** What is shown before it stops in the middle of a line. */
  readonly breaks: boolean;
}

export interface FoldedLine {
  readonly pieces: readonly Piece[];
  /** What is left out before this one. */
  readonly gap: Gap | null;
  /** A part of a line that is longer than a screen can take: no line end follows. */
  readonly goesOn: boolean;
}

export interface Folded {
  readonly lines: readonly FoldedLine[];
  /** What is left out at the end. */
  readonly rest: Gap | null;
  readonly hidden: number;
  readonly total: number;
  /** Characters that are not shown. */
  readonly left: number;
}

/** A line is taken in parts of this length. */
const PART = 1_000;
/** So many characters weigh as much as a line. */
const LINE = 200;
/** Characters that are shown however far down they stand, by the worst that is in them. */
const MARKED_MOST: Readonly<Record<Severity, number>> = { danger: 20_000, warn: 6_000 };

/** About the first `most` lines and, however far down, the lines with something dangerous in them. */
export function foldLines(text: string, dangers: readonly Danger[], most: number): Folded {
  const lines: FoldedLine[] = [];
  const markedRoom = { ...MARKED_MOST };
  let [room, from, first] = [most, 0, 0];
  let [hidden, total, left] = [0, 0, 0];
  let gap: Gap | null = null;
  for (const line of text.split('\n')) {
    total += 1;
    // Of this line: anything left out, and what of it was counted in the gap that is open.
    let [cut, counted, markCounted] = [false, false, false];
    for (let at = 0; at === 0 || at < line.length; at += PART) {
      const part = line.slice(at, at + PART);
      const [start, end] = [from + at, from + at + part.length];
      while (first < dangers.length && (dangers[first]?.end ?? 0) <= start) first += 1;
      const inPart = clip(dangers, first, start, end);
      const worst = inPart.length === 0 ? null : inPart.some(({ severity }) => severity === 'danger') ? 'danger' : 'warn';
      const shown = room > 0 || (worst !== null && markedRoom[worst] > 0);
      if (room <= 0 && shown && worst !== null) markedRoom[worst] -= part.length;
      room -= Math.max(1, Math.ceil(part.length / LINE));
      if (shown) {
        lines.push({ pieces: pieces(part, inPart), gap: gap === null ? null : { ...gap, inLine: gap.lines === 1 && counted }, goesOn: at + PART < line.length });
        gap = null;
        counted = markCounted = false;
        continue;
      }
      left += part.length + 1;
      cut = true;
      gap = grown(gap, !counted, worst !== null && !markCounted, lines.at(-1)?.goesOn ?? false);
      counted = true;
      markCounted ||= worst !== null;
    }
    if (cut) hidden += 1;
    from += line.length + 1;
  }
  return { lines, rest: gap, hidden, total, left };
}

function grown(gap: Gap | null, byLine: boolean, byMark: boolean, breaks: boolean): Gap {
  return { lines: (gap?.lines ?? 0) + Number(byLine), marked: (gap?.marked ?? 0) + Number(byMark), inLine: false, breaks: gap?.breaks ?? breaks };
}

/** Those that reach into a part of the text, from `first` on; they stand in order and do not overlap. */
function clip(dangers: readonly Danger[], first: number, start: number, end: number): Danger[] {
  const inPart: Danger[] = [];
  for (let i = first; i < dangers.length; i += 1) {
    const danger = dangers[i];
    if (danger === undefined || danger.start >= end) break;
    inPart.push({ ...danger, start: Math.max(danger.start, start) - start, end: Math.min(danger.end, end) - start });
  }
  return inPart;
}

function rank(danger: { severity: Severity }): number {
  return danger.severity === 'danger' ? 0 : 1;
}
