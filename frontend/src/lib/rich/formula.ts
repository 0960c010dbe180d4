// Which dollar signs and backslashes begin a formula. Prices and shell variables do not.

import type { TokenizerAndRendererExtension, Tokens } from 'marked';

export interface Formula {
  readonly tex: string;
  /** On a line of its own. */
  readonly display: boolean;
}

const MOST = 5_000;

/** A formula at the beginning of a text. */
export function formulaAt(text: string): (Formula & { readonly raw: string }) | null {
  if (text.startsWith('$$')) return between(text, '$$', '$$', true);
  if (text.startsWith('\\[')) return between(text, '\\[', '\\]', true);
  if (text.startsWith('\\(')) return between(text, '\\(', '\\)', false);
  return text.startsWith('$') ? dollars(text) : null;
}

function between(text: string, open: string, end: string, display: boolean): (Formula & { raw: string }) | null {
  const at = text.slice(0, MOST).indexOf(end, open.length);
  if (at < 0) return null;
  const tex = text.slice(open.length, at);
  if (tex.trim() === '' || /\n[ \t]*\n/.test(tex)) return null;
  return { tex: tex.trim(), display, raw: text.slice(0, at + end.length) };
}

const SHELL = /^(?:[A-Z_][A-Z0-9_]+\b(?![\^_=(])|\{[A-Za-z_]|\([a-z]{2,}\b)/;
const PRICE = /^[\d.,]+(?:[kKmM]|\s+[A-Za-z]{2,})/;

function dollars(text: string): (Formula & { raw: string }) | null {
  if (/^\$\s/.test(text)) return null;
  const line = text.slice(1, MOST).split('\n', 1)[0] ?? '';
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at];
    if (letter === '\\') at += 1;
    else if (letter === '`') return null;
    else if (letter === '$') {
      const tex = line.slice(0, at);
      // Where it ends, nothing like a price or a name follows, and no space stands before.
      if (tex === '' || /\s$/.test(tex) || /[\p{L}\p{N}_{($]/u.test(line[at + 1] ?? '')) return null;
      if (PRICE.test(tex) || (SHELL.test(tex) && !/[\\^=]/.test(tex) && tex.length > 1)) return null;
      return { tex, display: false, raw: `$${tex}$` };
    }
  }
  return null;
}

/** Where the next one could begin; what stands before it decides as well. */
function start(text: string): number | undefined {
  const at = text.search(/(?<![\w$\\])\$|\\[([]/);
  return at < 0 ? undefined : at;
}

interface FormulaToken extends Tokens.Generic {
  readonly formula: Formula;
}

export function isFormula(token: Tokens.Generic): token is FormulaToken {
  return token.type === 'formula' || token.type === 'formulas';
}

/** For marked: formulas in lines and formulas that are paragraphs. `render` gives their place in the HTML. */
export function formulaExtensions(render: (formula: Formula) => string): TokenizerAndRendererExtension[] {
  const renderer = (token: Tokens.Generic): string => (isFormula(token) ? render(token.formula) : '');
  return [
    {
      name: 'formula',
      level: 'inline',
      start,
      tokenizer(text) {
        const found = formulaAt(text);
        return found === null ? undefined : { type: 'formula', raw: found.raw, formula: { tex: found.tex, display: found.display } };
      },
      renderer,
    },
    {
      name: 'formulas',
      level: 'block',
      start: (text) => {
        const at = text.search(/(?:^|\n)(?:\$\$|\\\[)/);
        return at < 0 ? undefined : at;
      },
      tokenizer(text) {
        const found = text.startsWith('$$') || text.startsWith('\\[') ? formulaAt(text) : null;
        const rest = found === null ? null : /^[ \t]*(?:\n|$)/.exec(text.slice(found.raw.length));
        if (found === null || rest === null) return undefined;
        return { type: 'formulas', raw: found.raw + rest[0], formula: { tex: found.tex, display: true } };
      },
      renderer: (token) => `<p>${renderer(token)}</p>\n`,
    },
  ];
}
