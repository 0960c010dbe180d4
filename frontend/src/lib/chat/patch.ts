// Changes to a file as lines: from the CLI's structured patch, or worked out from what an edit would replace.

import { diffWordsWithSpace, structuredPatch } from 'diff';
import type { JsonValue } from '$lib/protocol';
import { flag, isObject, listField, numberField, textField, texts } from './json';

export interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly string[];
  /** The side whose last line has no line end. */
  readonly unended?: 'old' | 'new' | 'both';
}

export interface Span {
  readonly text: string;
  readonly changed: boolean;
}

export interface DiffLine {
  readonly sign: ' ' | '+' | '-';
  readonly oldNumber: number | null;
  readonly newNumber: number | null;
  readonly text: string;
  /** Worked out when they are first asked for. */
  readonly spans: readonly Span[];
}

/** Comparing words of longer lines, or of lines that differ in more words than this, costs more than it tells. */
const WORDS_MOST = 2_000;
const WORDS_CHANGED_MOST = 80;

const known = new WeakMap<object, Hunk[] | null>();

/** None when the tool changes no file or its input is not what it should be. */
export function patchOf(name: string, input: JsonValue, structured: JsonValue | null): Hunk[] | null {
  // A title asks for it whenever it is drawn; the answer is the same for the same call.
  const key = listField(structured, 'structuredPatch').length > 0 || name === 'NotebookEdit' ? (structured ?? input) : input;
  if (typeof key !== 'object' || key === null) return workOut(name, input, structured);
  const before = known.get(key);
  if (before !== undefined) return before;
  const hunks = workOut(name, input, structured);
  known.set(key, hunks);
  return hunks;
}

function workOut(name: string, input: JsonValue, structured: JsonValue | null): Hunk[] | null {
  const given = structuredHunks(structured);
  if (given.length > 0) return given;
  if (name === 'Edit') return editHunks([input]);
  if (name === 'MultiEdit') return editHunks(listField(input, 'edits'));
  if (name === 'NotebookEdit') return cellHunks(input, structured);
  if (name === 'Write') {
    const content = textField(input, 'content');
    return content === null ? null : hunksBetween('', content);
  }
  return null;
}

/** Texts that differ in more lines than this are not compared: they are another text. */
const COMPARED_MOST = 400;
/** Nor are texts of more characters: before anything is compared they are taken apart. */
const COMPARED_CHARS = 200_000;

export function hunksBetween(before: string, after: string): Hunk[] {
  const patch = before === '' || before.length + after.length > COMPARED_CHARS ? undefined : structuredPatch('', '', before, after, undefined, undefined, { context: 3, maxEditLength: COMPARED_MOST });
  if (patch !== undefined) return patch.hunks.map((hunk) => withoutEnd(hunkOf(hunk)));
  const lines = [...signed('-', before), ...signed('+', after)];
  return lines.length === 0 ? [] : [{ oldStart: 1, newStart: 1, lines }];
}

/** Of two pieces of a file it says nothing that their last lines do not end. */
function withoutEnd({ oldStart, newStart, lines }: Hunk): Hunk {
  return { oldStart, newStart, lines };
}

function signed(sign: '-' | '+', text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n').map((line) => sign + line);
}

/** "\\ No newline at end of file" is said of the line before it; no line of its own. */
function hunkOf({ oldStart, newStart, lines }: { oldStart: number; newStart: number; lines: readonly string[] }): Hunk {
  const said = new Set(lines.flatMap((line, i) => (line.startsWith('\\') ? [lines[i - 1]?.charAt(0) ?? ' '] : [])));
  const kept = lines.filter((line) => !line.startsWith('\\'));
  if (said.size === 0) return { oldStart, newStart, lines: kept };
  return { oldStart, newStart, lines: kept, unended: said.has(' ') || said.size > 1 ? 'both' : said.has('-') ? 'old' : 'new' };
}

interface Changes {
  readonly added: number;
  readonly removed: number;
}

const counted = new WeakMap<readonly Hunk[], Changes>();

export function countChanges(hunks: readonly Hunk[]): Changes {
  const before = counted.get(hunks);
  if (before !== undefined) return before;
  const changes = count(hunks);
  counted.set(hunks, changes);
  return changes;
}

function count(hunks: readonly Hunk[]): Changes {
  let added = 0;
  let removed = 0;
  for (const { lines } of hunks) {
    for (const line of lines) {
      if (line.startsWith('+')) added += 1;
      else if (line.startsWith('-')) removed += 1;
    }
  }
  return { added, removed };
}

/** Lines with numbers; in a run of removals followed by as many additions the changed words are told apart. */
export function diffLines(hunk: Hunk, numbered: boolean): DiffLine[] {
  const out: DiffLine[] = [];
  let oldNumber = hunk.oldStart;
  let newNumber = hunk.newStart;
  for (const [removed, added, context] of runs(hunk.lines)) {
    const alike = removed.length === added.length;
    const pairs = removed.map((text, i) => new Compared(text, alike ? (added[i] ?? null) : null));
    pairs.forEach((pair) => {
      out.push(new Line('-', numbered ? oldNumber : null, null, pair.before, pair));
      oldNumber += 1;
    });
    added.forEach((text, i) => {
      out.push(new Line('+', null, numbered ? newNumber : null, text, alike ? (pairs[i] ?? null) : null));
      newNumber += 1;
    });
    for (const text of context) {
      out.push(new Line(' ', numbered ? oldNumber : null, numbered ? newNumber : null, text, null));
      oldNumber += 1;
      newNumber += 1;
    }
  }
  return out;
}

function structuredHunks(structured: JsonValue | null): Hunk[] {
  return listField(structured, 'structuredPatch').flatMap((hunk) => {
    if (!isObject(hunk)) return [];
    return [hunkOf({ oldStart: numberField(hunk, 'oldStart') ?? 1, newStart: numberField(hunk, 'newStart') ?? 1, lines: texts(listField(hunk, 'lines')) })];
  });
}

/** A cell of a notebook; what it said before is known when the result tells. */
function cellHunks(input: JsonValue, structured: JsonValue | null): Hunk[] | null {
  const after = textField(input, 'new_source');
  if (after === null) return null;
  const before = textField(structured, 'old_source') ?? '';
  return hunksBetween(before, textField(input, 'edit_mode') === 'delete' ? '' : after);
}

function editHunks(edits: readonly JsonValue[]): Hunk[] | null {
  const hunks: Hunk[] = [];
  for (const edit of edits) {
    const before = textField(edit, 'old_string');
    const after = textField(edit, 'new_string');
    if (before === null || after === null) return null;
    hunks.push(...hunksBetween(before, after));
  }
  return hunks;
}

export function replacesAll(input: JsonValue): boolean {
  return flag(input, 'replace_all');
}

/** A line and what took its place. */
class Compared {
  private known: [Span[], Span[]] | null = null;

  constructor(
    readonly before: string,
    readonly after: string | null,
  ) {}

  spans(side: 0 | 1): readonly Span[] {
    this.known ??= this.after === null ? [whole(this.before), []] : wordSpans(this.before, this.after);
    return this.known[side];
  }
}

class Line implements DiffLine {
  constructor(
    readonly sign: DiffLine['sign'],
    readonly oldNumber: number | null,
    readonly newNumber: number | null,
    readonly text: string,
    private readonly pair: Compared | null,
  ) {}

  get spans(): readonly Span[] {
    return this.pair?.spans(this.sign === '-' ? 0 : 1) ?? whole(this.text);
  }
}

type Run = [removed: string[], added: string[], context: string[]];

function runs(lines: readonly string[]): Run[] {
  const out: Run[] = [];
  let run: Run = [[], [], []];
  for (const line of lines) {
    const kind = line.startsWith('-') ? 0 : line.startsWith('+') ? 1 : 2;
    const later = (kind === 0 && run[1].length + run[2].length > 0) || (kind === 1 && run[2].length > 0);
    if (later) {
      out.push(run);
      run = [[], [], []];
    }
    run[kind].push(line.slice(1));
  }
  out.push(run);
  return out;
}

function whole(text: string): Span[] {
  return [{ text, changed: false }];
}

function wordSpans(before: string, after: string): [Span[], Span[]] {
  if (before.length + after.length > WORDS_MOST) return [whole(before), whole(after)];
  const parts = diffWordsWithSpace(before, after, { maxEditLength: WORDS_CHANGED_MOST });
  if (parts === undefined) return [whole(before), whole(after)];
  const kept = parts.filter((part) => !part.added && !part.removed).reduce((sum, part) => sum + part.value.trim().length, 0);
  // Lines with little in common are two lines, not one that changed.
  if (kept * 3 < Math.min(before.trim().length, after.trim().length)) return [whole(before), whole(after)];
  const side = (skip: 'added' | 'removed'): Span[] =>
    parts.filter((part) => !part[skip]).map((part) => ({ text: part.value, changed: part.added || part.removed }));
  return [side('added'), side('removed')];
}
