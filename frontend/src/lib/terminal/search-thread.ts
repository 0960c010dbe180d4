// Runs a search beside the page, and ends it when it takes too long.

import type { Match, Query } from './search';
import type { Answer } from './search-worker';
import address from './search-worker?worker&url';

export type Result = { readonly matches: readonly Match[] } | { readonly wrong: string };
export type Searching = (query: Query, lines: readonly string[]) => { readonly result: Promise<Result>; cancel(): void };

const MOST_MS = 1_500;
const MOST_STARTING_MS = 15_000;
const NOT_STARTED: Result = { wrong: 'The search could not be started' };

interface Trusting {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

const trusting = (globalThis as { trustedTypes?: Trusting }).trustedTypes;
/** This one script, and no other. */
const policy = trusting?.createPolicy('terminal-search', {
  createScriptURL: (url) => {
    if (url !== address) throw new TypeError('not the script of the search');
    return url;
  },
});

export const searching: Searching = (query, lines) => {
  const worker = new Worker((policy?.createScriptURL(address) ?? address) as string, { type: 'module' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const result = new Promise<Result>((give) => {
    timer = setTimeout(() => give(NOT_STARTED), MOST_STARTING_MS);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data !== 'ready') return give(data);
      clearTimeout(timer);
      timer = setTimeout(() => give({ wrong: query.regex ? 'This expression takes too long' : 'There is too much to search' }), MOST_MS);
    };
    worker.onerror = () => give(NOT_STARTED);
  });
  const cancel = (): void => {
    clearTimeout(timer);
    worker.terminate();
  };
  void result.then(cancel);
  worker.postMessage({ query, lines });
  return { result, cancel };
};
