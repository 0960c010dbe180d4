// An expression can take longer than anybody lives. It is tried here, where it can be ended without the page.

import { expression, matchesIn, type Query } from './search';

export type Answer = { readonly matches: readonly { line: number; start: number; length: number }[] } | { readonly wrong: string } | 'ready';

self.onmessage = ({ data }: MessageEvent<{ query: Query; lines: readonly string[] }>) => {
  let answer: Answer;
  try {
    answer = { matches: matchesIn(data.lines, expression(data.query)) };
  } catch (error) {
    answer = { wrong: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(answer);
};

// The time that a search may take begins here: a slow device needs a while to come so far.
self.postMessage('ready' satisfies Answer);
