// How full the context window is, in words and in tone.

import type { ContextReport, ContextUse } from '$lib/protocol';
import { percentUsed, tokens } from '$lib/text/format';

export interface Gauge {
  /** 0 to 100; none while the size of the window is not known. */
  readonly percent: number | null;
  readonly words: string;
  readonly title: string;
  readonly tone: 'muted' | 'warn';
}

const WARN_ABOVE = 80;

export function gauge(use: ContextUse | null): Gauge | null {
  if (use === null || use.used_tokens <= 0) return null;
  const { used_tokens: used, window_tokens: size } = use;
  if (size === null || size <= 0) return { percent: null, words: `${tokens(used)} tokens`, title: `${tokens(used)} tokens of context in use`, tone: 'muted' };
  const percent = percentUsed(used, size);
  const full = percent > WARN_ABOVE;
  return { percent, words: `${percent} % context`, title: `${tokens(used)} of ${tokens(size)} tokens of context in use${full ? '; it will be compacted soon' : ''}`, tone: full ? 'warn' : 'muted' };
}

export interface Bar {
  readonly name: string;
  readonly tokens: number;
  /** Of the window, 0 to 100. */
  readonly share: number;
}

/** Largest first; what is left of the window is not one of them. */
export function bars({ categories, window_tokens: size }: ContextReport): Bar[] {
  return categories
    .filter(({ name, tokens: count }) => count > 0 && !/^free space$/i.test(name.trim()))
    .map(({ name, tokens: count }) => ({ name, tokens: count, share: size <= 0 ? 0 : Math.min(100, (count / size) * 100) }))
    .sort((a, b) => b.tokens - a.tokens);
}
