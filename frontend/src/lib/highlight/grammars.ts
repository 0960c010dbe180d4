// Reads code line by line with TextMate grammars. Loaded when the first code is shown, never before.
//
// A grammar's patterns are compiled when they are first needed, hundreds at once, and that can take longer than a frame or
// ten. So a line that meets patterns nobody compiled yet gives up and says which; they are compiled one by one in between.

import { createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine, defaultJavaScriptRegexConstructor } from 'shiki/engine/javascript';
import { GRAMMARS, SCOPE_NAMES, type Language } from './languages';
import { spansOf, THEME, toneOf, type Span, type Tone } from './tones';

type State = ReturnType<ReturnType<HighlighterCore['getLanguage']>['tokenizeLine2']>['ruleStack'] | null;
export type { State };

export interface Read {
  readonly spans: Span[];
  readonly state: State;
}

/** A line this long is data, not code. Between two looks at the clock a grammar may read all of it with all its patterns. */
const LINE_MOST = 500;
const LINE_TIME_MS = 40;
/** A line that took longer is begun again: by then the browser has made its patterns fast. */
const TRIES = 3;

class Uncompiled extends Error {
  constructor(readonly patterns: readonly string[]) {
    super('patterns wait to be compiled');
  }
}

const compiled = new Map<string, RegExp | Error>();
let core: Promise<HighlighterCore> | null = null;

function highlighter(): Promise<HighlighterCore> {
  core ??= create();
  return core;
}

async function create(): Promise<HighlighterCore> {
  const engine = createJavaScriptRegexEngine({ forgiving: true, cache: compiled });
  return createHighlighterCore({
    themes: [THEME],
    langs: [],
    engine: {
      createString: (text) => engine.createString(text),
      createScanner(patterns) {
        const missing = patterns.filter((pattern): pattern is string => typeof pattern === 'string' && !compiled.has(pattern));
        if (missing.length > 0) throw new Uncompiled(missing);
        return engine.createScanner(patterns);
      },
    },
  });
}

export interface LineReader {
  /** The patterns to be compiled first, when the line cannot be read yet; none when it only has to be begun again. */
  read(line: string, state: State): Read | readonly string[];
}

export async function reader(language: Language): Promise<LineReader> {
  const shiki = await highlighter();
  const name = SCOPE_NAMES[language] ?? language;
  if (!shiki.getLoadedLanguages().includes(name)) await shiki.loadLanguage(GRAMMARS[language]());
  const grammar = shiki.getLanguage(name);
  const { colorMap } = shiki.setTheme(THEME);
  const tones = colorMap.map((colour): Tone => toneOf(colour));
  let stops = 0;
  return {
    read(line, state) {
      if (line.length > LINE_MOST) return { spans: [{ text: line, tone: 'plain' }], state };
      try {
        const { tokens, ruleStack, stoppedEarly } = grammar.tokenizeLine2(line, state, LINE_TIME_MS);
        stops = stoppedEarly ? stops + 1 : 0;
        if (stoppedEarly && stops < TRIES) return [];
        stops = 0;
        const starts: number[] = [];
        const named: Tone[] = [];
        for (let i = 0; i < tokens.length; i += 2) {
          starts.push(tokens[i] ?? 0);
          named.push(tones[foreground(tokens[i + 1] ?? 0)] ?? 'plain');
        }
        return { spans: spansOf(line, starts, named), state: ruleStack };
      } catch (cause) {
        if (cause instanceof Uncompiled) return cause.patterns;
        throw cause;
      }
    },
  };
}

/** Compiles one pattern for good: the browser does its own half at the first use. */
export function compile(pattern: string): void {
  if (compiled.has(pattern)) return;
  try {
    const expression = defaultJavaScriptRegexConstructor(pattern);
    expression.exec(' ');
    compiled.set(pattern, expression);
  } catch (cause) {
    compiled.set(pattern, cause instanceof Error ? cause : new Error(String(cause)));
  }
}

// Nine bits of a token's metadata are its colour's number.
function foreground(metadata: number): number {
  return (metadata >>> 15) & 0x1ff;
}
