// Finding text in what a terminal has shown. Lines are as the program wrote them, not as they were wrapped.

export interface Query {
  readonly text: string;
  readonly regex: boolean;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

export interface Match {
  readonly line: number;
  readonly start: number;
  readonly length: number;
}

export const MOST_MATCHES = 10_000;

/** Throws what the engine says about an expression that is none. */
export function expression({ text, regex, matchCase, wholeWord }: Query): RegExp {
  const source = regex ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const flags = matchCase ? 'gu' : 'giu';
  if (regex) new RegExp(source, flags);
  return new RegExp(wholeWord ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source, flags);
}

export function matchesIn(lines: readonly string[], wanted: RegExp): Match[] {
  const found: Match[] = [];
  for (const [line, text] of lines.entries()) {
    for (const match of text.matchAll(wanted)) {
      // What matches nothing is everywhere.
      if (match[0] === '') continue;
      found.push({ line, start: match.index, length: match[0].length });
      if (found.length >= MOST_MATCHES) return found;
    }
  }
  return found;
}
