// Reads a shell command the way a shell would split it: words without their quotes, what a pipe feeds, what runs inside
// `$(…)`. It runs nothing and forgives everything; what it cannot follow it says.

import { bodyFrom, escapeAt, type Call, type Script, type Word } from './danger-words';

export type { Call, Word } from './danger-words';

const DEEPEST = 24;
/** What variables stand for can be longer than what is written. */
const EXPANDED_MOST = 40_000;
const BLANK = /[ \t]/;
/** What ends a word. A shell splits at these alone: a carriage return or a no-break space is a part of the word. */
const META = /[ \t\n;&|()<>]/;
const KEYWORDS = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', 'time', '{', 'coproc']);
const ASSIGNMENT = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;

/** `at` maps characters of the text to the source it was cut from. */
export function readShell(text: string, at: readonly number[] | null = null, depth = 0): Script {
  const reader = new Reader(text, at, depth);
  reader.list(null);
  return { calls: reader.calls, lost: reader.lost };
}

interface Draft {
  text: string;
  at: number[];
  quoted: boolean;
  inner: Call[];
  start: number;
}

class Reader {
  readonly calls: Call[] = [];
  lost = false;
  private i = 0;
  private heredocs: { call: Call; end: string; strip: boolean; quoted: boolean }[] = [];
  private readonly variables = new Map<string, string>();
  private expanded = 0;

  constructor(
    private readonly source: string,
    private readonly map: readonly number[] | null,
    private depth: number,
  ) {}

  /** Reads calls up to `close`; at the top level a stray one separates, as in `case x in a) …`. */
  list(close: ')' | null): void {
    let before: Call | null = null;
    let open = 0;
    while (this.i < this.source.length) {
      const call: Call = { assignments: [], words: [], redirects: [], texts: [], from: before };
      this.call(call);
      const said = call.words.length + call.redirects.length + call.assignments.length > 0;
      if (said) this.calls.push(call);
      this.remember(call);
      const c = this.source[this.i];
      if (c === undefined) return;
      if (c === ')') {
        this.i += 1;
        if (close !== null && open === 0) return;
        open = Math.max(0, open - 1);
        before = null;
      } else if (c === '|' && this.source[this.i + 1] !== '|') {
        this.i += this.source[this.i + 1] === '&' ? 2 : 1;
        // A group's last call stands for the group.
        before = said ? call : (this.calls.at(-1) ?? null);
      } else {
        this.i += c !== '(' && c !== '\n' && this.source[this.i + 1] === c ? 2 : 1;
        if (c === '\n') this.bodies();
        if (c === '(') open += 1;
        else before = null;
      }
    }
  }

  private call(call: Call): void {
    for (;;) {
      this.blanks();
      const c = this.source[this.i];
      if (c === undefined || c === '\n' || c === ';' || c === '|' || c === ')' || c === '(') return;
      if (c === '#') {
        while (this.i < this.source.length && this.source[this.i] !== '\n') this.i += 1;
        continue;
      }
      if (this.redirect(call)) continue;
      if (c === '&') return;
      const before = this.i;
      this.add(call, this.word());
      // Whatever the text holds, the reader comes to its end.
      if (this.i === before) this.i += 1;
    }
  }

  private add(call: Call, words: Word[]): void {
    for (const word of words) {
      if (call.words.length > 0) call.words.push(word);
      else if (ASSIGNMENT.test(word.text)) call.assignments.push(word);
      else if (!KEYWORDS.has(word.text) || word.quoted) call.words.push(word);
    }
  }

  private redirect(call: Call): boolean {
    const match = /^(?:\d*|&|\{\w+\})(?:<<<|<<-?|<>|<&|<(?!\()|>>|>\||>&|>(?!\())/.exec(this.source.slice(this.i, this.i + 24));
    if (match === null) return false;
    const start = this.i;
    const op = match[0].replace(/^(?:\d+|\{\w+\})/, '');
    this.i += match[0].length;
    this.blanks();
    if (this.i >= this.source.length || META.test(this.source[this.i] ?? '')) {
      // `<(` and `>(` as a target.
      if (!/^[<>]\(/.test(this.source.slice(this.i, this.i + 2))) return true;
    }
    const [target] = this.word(false);
    if (target === undefined) return true;
    if (op === '<<' || op === '<<-') this.heredocs.push({ call, end: target.text, strip: op === '<<-', quoted: target.quoted });
    else if (op === '<<<') call.texts.push(target);
    else call.redirects.push({ op, target, start: this.place(start), end: target.end });
    return true;
  }

  /** One word, or several where an expansion splits it. */
  private word(split = true): Word[] {
    const done: Word[] = [];
    let draft = this.begin();
    const flush = (): void => {
      if (draft.text !== '' || draft.quoted || draft.inner.length > 0) done.push(this.finish(draft));
      draft = this.begin();
    };
    while (this.i < this.source.length) {
      const c = this.source[this.i] ?? '';
      if ((c === '<' || c === '>') && this.source[this.i + 1] === '(') this.nested(draft, 2, `${c}()`);
      else if (META.test(c)) break;
      else if (c === '\\') this.escaped(draft);
      else if (c === "'") this.single(draft);
      else if (c === '"') this.double(draft);
      else if (c === '`') this.backticks(draft);
      else if (c === '$') this.dollar(draft, false, split ? flush : null);
      else this.take(draft);
    }
    flush();
    return done;
  }

  private begin(): Draft {
    return { text: '', at: [], quoted: false, inner: [], start: this.i };
  }

  private finish({ text, at, quoted, inner, start }: Draft): Word {
    return { text, at, quoted, inner, start: this.place(start), end: this.place(this.i - 1) + 1 };
  }

  private place(i: number): number {
    return this.map === null ? i : (this.map[Math.min(i, this.map.length - 1)] ?? 0);
  }

  private put(draft: Draft, text: string): void {
    for (let k = 0; k < text.length; k += 1) draft.at.push(this.place(this.i));
    draft.text += text;
  }

  private take(draft: Draft): void {
    this.put(draft, this.source[this.i] ?? '');
    this.i += 1;
  }

  private escaped(draft: Draft): void {
    this.i += 1;
    if (this.source[this.i] === '\n') this.i += 1;
    else if (this.i < this.source.length) {
      draft.quoted = true;
      this.take(draft);
    }
  }

  private single(draft: Draft): void {
    draft.quoted = true;
    this.i += 1;
    while (this.i < this.source.length && this.source[this.i] !== "'") this.take(draft);
    this.i += 1;
  }

  /** `$'…'`, with its escapes read. */
  private ansi(draft: Draft): void {
    draft.quoted = true;
    this.i += 2;
    while (this.i < this.source.length && this.source[this.i] !== "'") {
      const escape = escapeAt(this.source, this.i);
      if (escape !== null) {
        this.put(draft, escape.text);
        this.i += escape.length;
      } else this.take(draft);
    }
    this.i += 1;
  }

  private double(draft: Draft): void {
    draft.quoted = true;
    this.i += 1;
    while (this.i < this.source.length && this.source[this.i] !== '"') {
      const c = this.source[this.i];
      const next = this.source[this.i + 1] ?? '';
      if (c === '\\' && '$`"\\\n'.includes(next)) {
        this.i += 1;
        if (next === '\n') this.i += 1;
        else this.take(draft);
      } else if (c === '`') this.backticks(draft);
      else if (c === '$') this.dollar(draft, true, null);
      else this.take(draft);
    }
    this.i += 1;
  }

  private dollar(draft: Draft, quoted: boolean, split: (() => void) | null): void {
    const rest = this.source.slice(this.i, this.i + 80);
    const sum = /^\$\(\([^()`]*\)\)/.exec(rest);
    if (sum !== null) for (let k = 0; k < sum[0].length; k += 1) this.take(draft);
    else if (rest.startsWith('$(')) this.nested(draft, 2, '$()');
    else if (!quoted && rest.startsWith("$'")) this.ansi(draft);
    else if (!quoted && rest.startsWith('$"')) this.i += 1;
    else this.variable(draft, rest, split);
  }

  private variable(draft: Draft, rest: string, split: (() => void) | null): void {
    const match = /^\$(?:\{(\w+)\}|(\w+)|[@*]|\{[@*]\})/.exec(rest);
    if (match === null) return this.take(draft);
    const name = match[1] ?? match[2];
    const value = name === undefined ? '' : this.variables.get(name);
    if (name === 'IFS' && split !== null) {
      this.i += match[0].length;
      split();
    } else if (value !== undefined && (this.expanded += value.length) > EXPANDED_MOST) {
      this.lost = true;
      this.take(draft);
    } else if (value !== undefined) {
      for (const [n, part] of value.split(/\s+/).entries()) {
        if (n > 0) {
          if (split === null) this.put(draft, ' ');
          else split();
        }
        this.put(draft, part);
      }
      this.i += match[0].length;
    } else for (let k = 0; k < match[0].length; k += 1) this.take(draft);
  }

  private nested(draft: Draft, skip: number, shown: string): void {
    this.put(draft, shown);
    this.i += skip;
    if (this.depth >= DEEPEST) {
      this.lost = true;
      return;
    }
    const from = this.calls.length;
    const pending = this.heredocs;
    this.heredocs = [];
    this.depth += 1;
    this.list(')');
    this.depth -= 1;
    this.heredocs = pending;
    draft.inner.push(...this.calls.slice(from));
  }

  private backticks(draft: Draft): void {
    this.put(draft, '$()');
    this.i += 1;
    let text = '';
    const at: number[] = [];
    while (this.i < this.source.length && this.source[this.i] !== '`') {
      if (this.source[this.i] === '\\' && '`$\\'.includes(this.source[this.i + 1] ?? '')) this.i += 1;
      text += this.source[this.i] ?? '';
      at.push(this.place(this.i));
      this.i += 1;
    }
    this.i += 1;
    draft.inner.push(...this.inside(text, at));
  }

  private inside(text: string, at: readonly number[]): readonly Call[] {
    if (this.depth >= DEEPEST) {
      this.lost = true;
      return [];
    }
    const script = readShell(text, at, this.depth + 1);
    this.lost ||= script.lost;
    this.calls.push(...script.calls);
    return script.calls;
  }

  private blanks(): void {
    for (;;) {
      if (BLANK.test(this.source[this.i] ?? '')) this.i += 1;
      else if (this.source[this.i] === '\\' && this.source[this.i + 1] === '\n') this.i += 2;
      else return;
    }
  }

  /** The bodies of here-documents begin after the line that names them. */
  private bodies(): void {
    for (const { call, end, strip, quoted } of this.heredocs.splice(0)) {
      const start = this.i;
      const { stop, next } = bodyFrom(this.source, start, end, strip);
      this.i = next;
      const text = this.source.slice(start, stop);
      const at = Array.from(text, (_, k) => this.place(start + k));
      const inner = quoted || !/\$\(|`/.test(text) ? [] : this.substitutions(text, at);
      call.texts.push({ text, at, quoted: true, inner, start: this.place(start), end: this.place(Math.max(start, stop - 1)) + 1 });
    }
  }

  /** In an unquoted here-document only substitutions run. */
  private substitutions(text: string, at: readonly number[]): readonly Call[] {
    const reader = new Reader(`"${text.replaceAll('"', ' ')}"`, [at[0] ?? 0, ...at, at.at(-1) ?? 0], this.depth + 1);
    reader.list(null);
    this.lost ||= reader.lost;
    const inner = reader.calls.filter((call) => call.words[0]?.inner.length === 0);
    this.calls.push(...inner);
    return inner;
  }

  /** Plain assignments are followed: `X=rm; $X -rf /`. */
  private remember(call: Call): void {
    if (call.words.length > 0) return;
    for (const { text, inner } of call.assignments) {
      const [name = '', ...value] = text.split('=');
      if (inner.length === 0 && /^\w+$/.test(name)) this.variables.set(name, value.join('=').slice(0, 200));
    }
  }
}
