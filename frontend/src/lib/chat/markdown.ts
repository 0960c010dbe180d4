// Markdown to blocks: safe HTML for prose, plain text for code. While a reply streams in, only its last block is new.

import DOMPurify from 'dompurify';
import { Marked, type Token, type Tokens } from 'marked';
import { formulaExtensions, type Formula } from '$lib/rich/formula';
import { FORMATTED_MOST, pieces, size, type Piece } from '$lib/rich/limits';

/** TrustedHTML where the browser knows it; typed as text because that is what Svelte's {@html} asks for. */
export type SafeHtml = string;

export type Block =
  /** Each formula has a `<var>` of its own, in order. */
  | { readonly kind: 'html'; readonly html: SafeHtml; readonly formulas: readonly Formula[] }
  | { readonly kind: 'code'; readonly language: string; readonly code: string }
  /** Too much to format; `note` says so. */
  | { readonly kind: 'plain'; readonly text: string; readonly note: string };

const LINK = /^(?:https?:|mailto:)/i;

/** Those of the block that is being rendered. */
let formulas: Formula[] = [];

const marked = new Marked({
  extensions: formulaExtensions((formula) => {
    formulas.push(formula);
    return `<var>${escape(formula.tex)}</var>`;
  }),
  gfm: true,
  breaks: false,
  renderer: {
    // The page's heading and a prompt's stand above anything that is written in a message.
    heading({ tokens, depth }: Tokens.Heading) {
      const level = Math.min(6, depth + 2);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escape(text),
    image: ({ href, text }: Tokens.Image) => link(href, escape(text === '' ? `image: ${href}` : `image: ${text}`)),
    link({ href, tokens }: Tokens.Link) {
      return link(href, this.parser.parseInline(tokens));
    },
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
  },
});

/** Where a link cannot lead anywhere safe, its words remain. */
function link(href: string, inner: string): string {
  return LINK.test(href) ? `<a href="${escape(href)}">${inner}</a>` : inner;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

const ALLOWED = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code'],
    ...['strong', 'em', 'del', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'var'],
  ],
  ALLOWED_ATTR: ['href', 'start', 'align'],
  ALLOWED_URI_REGEXP: LINK,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

// An instance of our own: hooks on the shared one would follow every other user of the library around.
const purify = DOMPurify(window);

purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A' || !node.hasAttribute('href')) return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
});

// One object, made once: another one would be read anew for each block.
const SETTINGS = 'trustedTypes' in window ? { ...ALLOWED, RETURN_TRUSTED_TYPE: true as const } : ALLOWED;

function sanitize(html: string): SafeHtml {
  return purify.sanitize(html, SETTINGS) as unknown as SafeHtml;
}

/** Formulas, and nothing else, may be MathML. As elements: no text is parsed as HTML after this. */
export function purifyFormula(html: string, tags: readonly string[], attributes: readonly string[]): DocumentFragment {
  return purify.sanitize(html, { ALLOWED_TAGS: [...tags], ALLOWED_ATTR: [...attributes], ALLOW_DATA_ATTR: false, ALLOW_ARIA_ATTR: false, KEEP_CONTENT: true, RETURN_DOM_FRAGMENT: true });
}

function toBlock(token: Token): Block | null {
  if (token.type === 'space' || token.type === 'def') return null;
  if (token.type === 'code') return { kind: 'code', language: languageOf(token as Tokens.Code), code: (token as Tokens.Code).text };
  formulas = [];
  return { kind: 'html', html: sanitize(marked.parser([token])), formulas };
}

function languageOf({ lang }: Tokens.Code): string {
  return /^[\w+#.-]{1,32}/.exec(lang ?? '')?.[0] ?? '';
}

// The last block is being written, and what follows a list may turn out to go on with it.
const UNSETTLED = 2;

/** Some markdown that becomes blocks as they are asked for: each costs, and a short text may hold thousands. */
class Rendering {
  private readonly made: Block[] = [];
  private readonly tokens: Token[];
  private next = 0;

  constructor({ kind, text }: Piece) {
    this.tokens = kind === 'heavy' ? [] : marked.lexer(text);
    if (kind === 'heavy') this.made.push({ kind: 'plain', text, note: 'This passage is too long or too deeply nested to be formatted.' });
  }

  /** The first `most` blocks. */
  take(most: number): readonly Block[] {
    for (let token = this.tokens[this.next]; token !== undefined && this.made.length < most; token = this.tokens[this.next]) {
      this.next += 1;
      const block = toBlock(token);
      if (block !== null) this.made.push(block);
    }
    return this.made.length > most ? this.made.slice(0, most) : this.made;
  }

  /** Whether `take(most)` left something out. */
  hasMore(most: number): boolean {
    return this.made.length > most || this.tokens.slice(this.next).some(({ type }) => type !== 'space' && type !== 'def');
  }
}

/** Renders a growing text. Blocks that did not change are the same objects as before, so that nothing redraws them. */
export class MarkdownStream {
  private source = '';
  private stable: Block[] = [];
  private stableLength = 0;
  private blocks: readonly Block[] = [];
  private known = new Map<string, Rendering>();
  private cut: { readonly text: string; readonly parts: readonly Piece[] } | null = null;
  /** There are blocks beyond the `most` that were asked for. */
  pending = false;

  /** While the text comes in. `most`: blocks at this time. */
  render(text: string, most = Number.POSITIVE_INFINITY): readonly Block[] {
    const source = text.replace(/\r\n?/g, '\n');
    const parts = source.length <= SMALL ? null : pieces(source.slice(0, FORMATTED_MOST));
    if (parts !== null || isTricky(source)) return this.inPieces(source, parts ?? pieces(source), most);
    if (!source.startsWith(this.source)) this.restart();
    this.source = source;
    const tokens = marked.lexer(source.slice(this.stableLength));
    const settled = tokens.length - unsettledTokens(tokens);
    for (const token of tokens.slice(0, settled)) {
      this.pending = this.stable.length >= most;
      if (this.pending) return (this.blocks = [...this.stable]);
      this.stableLength += token.raw.length;
      const block = toBlock(token);
      if (block !== null) this.stable.push(this.reuse(block, this.stable.length));
    }
    this.pending = false;
    const first = this.stable.length;
    const tail = tokens.slice(settled).flatMap((token) => toBlock(token) ?? []);
    this.blocks = [...this.stable, ...tail.map((block, i) => this.reuse(block, first + i))];
    return this.blocks;
  }

  /** The text is complete: what only the whole can tell (link references) is made good. `most`: blocks at this time. */
  finish(text: string, most = Number.POSITIVE_INFINITY): readonly Block[] {
    if (text.length > SMALL || isTricky(text)) {
      // Asked again for every few blocks of the same text.
      if (this.cut?.text !== text) this.cut = { text, parts: pieces(text.slice(0, FORMATTED_MOST)) };
      return this.inPieces(text, this.cut.parts, most);
    }
    const whole = finished(text);
    const blocks = whole.take(most);
    this.pending = whole.hasMore(most);
    this.blocks = blocks.map((block, i) => this.reuse(block, i));
    return this.blocks;
  }

  private inPieces(text: string, parts: readonly Piece[], most: number): readonly Block[] {
    this.restart();
    this.source = '';
    const known = new Map<string, Rendering>();
    const blocks: Block[] = [];
    this.pending = false;
    for (const part of parts) {
      const room = most - blocks.length;
      this.pending = room <= 0;
      if (this.pending) break;
      const rendering = this.known.get(part.text) ?? new Rendering(part);
      known.set(part.text, rendering);
      blocks.push(...rendering.take(room));
      this.pending = rendering.hasMore(room);
      if (this.pending) break;
    }
    this.known = known;
    const rest = text.slice(FORMATTED_MOST);
    if (rest !== '' && !this.pending) blocks.push({ kind: 'plain', text: rest, note: `This text is ${size(text.length)}; the first ${size(FORMATTED_MOST)} are formatted, the rest is plain text.` });
    this.blocks = blocks;
    return blocks;
  }

  private reuse(block: Block, index: number): Block {
    const before = this.blocks[index];
    return before !== undefined && isSame(before, block) ? before : block;
  }

  private restart(): void {
    this.stable = [];
    this.stableLength = 0;
    this.blocks = [];
  }
}

function unsettledTokens(tokens: readonly Token[]): number {
  let blocks = 0;
  let count = 0;
  for (let i = tokens.length - 1; i >= 0 && blocks < UNSETTLED; i -= 1) {
    if (tokens[i]?.type !== 'space') blocks += 1;
    count += 1;
  }
  return count;
}

function isSame(a: Block, b: Block): boolean {
  if (a.kind === 'html') return b.kind === 'html' && String(a.html) === String(b.html);
  if (a.kind === 'plain') return b.kind === 'plain' && a.text === b.text && a.note === b.note;
  return b.kind === 'code' && a.code === b.code && a.language === b.language;
}

/** A text that is looked at whole. */
const SMALL = 10_000;

function isTricky(text: string): boolean {
  const parts = pieces(text);
  return parts.length > 1 || parts[0]?.kind === 'heavy';
}

// A reader who scrolls meets the same texts again and again.
const REMEMBERED = 400;
const remembered = new Map<string, Rendering>();

function finished(text: string): Rendering {
  const before = remembered.get(text);
  if (before !== undefined) return before;
  const rendering = new Rendering({ kind: 'markdown', text });
  remembered.set(text, rendering);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value ?? '');
  return rendering;
}

/** A finished text, with link references resolved across blocks. */
export function renderMarkdown(text: string): readonly Block[] {
  return new MarkdownStream().finish(text);
}
