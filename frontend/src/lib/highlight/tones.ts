// What syntax colours say. A grammar names thousands of scopes; the eye tells about a dozen apart.

import type { ThemeRegistrationRaw } from 'shiki/core';

export const TONES = ['plain', 'comment', 'string', 'number', 'keyword', 'function', 'type', 'name', 'tag', 'heading', 'inserted', 'deleted'] as const;
export type Tone = (typeof TONES)[number];

/** A piece of a line in one colour. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
  /** Told apart by the comparison of words. */
  readonly changed?: boolean;
}

const SCOPES: Readonly<Record<Exclude<Tone, 'plain'>, readonly string[]>> = {
  comment: ['comment', 'punctuation.definition.comment', 'markup.quote'],
  string: ['string', 'string punctuation', 'constant.other.symbol', 'markup.inline.raw', 'markup.fenced_code', 'punctuation.definition.string'],
  number: ['constant.numeric', 'constant.language', 'constant.character', 'constant.other.color', 'keyword.other.unit', 'support.constant'],
  keyword: ['keyword', 'storage.type', 'storage.modifier', 'variable.language', 'keyword.control', 'entity.name.function.preprocessor', 'punctuation.definition.keyword'],
  function: ['entity.name.function', 'support.function', 'meta.function-call.generic', 'variable.function', 'entity.name.command'],
  type: ['entity.name.type', 'entity.name.class', 'entity.name.namespace', 'entity.other.inherited-class', 'support.type', 'support.class', 'storage.type.primitive', 'meta.return.type'],
  name: ['entity.other.attribute-name', 'support.type.property-name', 'meta.object-literal.key', 'variable.other.property', 'entity.name.tag.yaml', 'variable.other.normal.shell', 'variable.other.object.property'],
  tag: ['entity.name.tag', 'punctuation.definition.tag', 'markup.list punctuation', 'keyword.other.definition.ini'],
  heading: ['markup.heading', 'entity.name.section', 'markup.bold', 'meta.diff.header', 'meta.diff.range'],
  inserted: ['markup.inserted'],
  deleted: ['markup.deleted'],
};

// Operators are keywords to a grammar, but painting every "=" makes noise.
const PLAIN = ['string.unquoted.argument', 'string.unquoted.plain.out', 'keyword.operator', 'punctuation', 'storage.type.function.arrow', 'string meta.embedded', 'meta.template.expression', 'string source', 'keyword.operator.assignment'];
const WORDY = ['keyword.operator.new', 'keyword.operator.expression', 'keyword.operator.word', 'keyword.operator.logical.python', 'keyword.operator.sql'];

function colour(tone: Tone): string {
  return `#0000${(TONES.indexOf(tone) + 1).toString(16).padStart(2, '0').toUpperCase()}`;
}

/** A theme whose colours are only names of tones: what they look like is for the stylesheet to say, in both themes. */
export const THEME: ThemeRegistrationRaw = {
  name: 'tones',
  type: 'light',
  fg: colour('plain'),
  bg: '#FFFFFF',
  colors: {},
  settings: [
    { settings: { foreground: colour('plain'), background: '#FFFFFF' } },
    ...(Object.keys(SCOPES) as (keyof typeof SCOPES)[]).map((tone) => ({ scope: [...SCOPES[tone]], settings: { foreground: colour(tone) } })),
    { scope: PLAIN, settings: { foreground: colour('plain') } },
    { scope: WORDY, settings: { foreground: colour('keyword') } },
  ],
};

const BY_COLOUR: ReadonlyMap<string, Tone> = new Map(TONES.map((tone) => [colour(tone), tone]));

export function toneOf(foreground: string | undefined): Tone {
  return BY_COLOUR.get(foreground?.toUpperCase() ?? '') ?? 'plain';
}

/** A line's tokens, given as pairs of where one starts and what it is, as few spans as say the same. */
export function spansOf(line: string, starts: readonly number[], tones: readonly Tone[]): Span[] {
  const spans: Span[] = [];
  starts.forEach((start, i) => {
    const text = line.slice(start, starts[i + 1] ?? line.length);
    const tone = tones[i] ?? 'plain';
    const last = spans.at(-1);
    if (last !== undefined && (last.tone === tone || text.trim() === '')) spans[spans.length - 1] = { text: last.text + text, tone: last.tone };
    else if (text !== '') spans.push({ text, tone });
  });
  return spans;
}

/** Lays changed words over syntax colours: both say something about the same text. */
export function overlay(spans: readonly Span[], words: readonly { readonly text: string; readonly changed: boolean }[]): Span[] {
  const out: Span[] = [];
  let word = 0;
  let used = 0;
  for (const span of spans) {
    let rest = span.text;
    while (rest !== '') {
      const current = words[word];
      const room = current === undefined ? rest.length : current.text.length - used;
      if (room <= 0) {
        word += 1;
        used = 0;
        continue;
      }
      const text = rest.slice(0, room);
      out.push({ text, tone: span.tone, changed: current?.changed ?? false });
      used += text.length;
      rest = rest.slice(text.length);
    }
  }
  return out;
}
