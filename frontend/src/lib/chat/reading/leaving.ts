// What a reader should see of an address before following it: where it really leads, and what is odd about it.

import { reveal, type Piece } from '$lib/text/reveal';

export interface Address {
  readonly before: readonly Piece[];
  /** Names the place; what to look at. */
  readonly host: readonly Piece[];
  readonly after: readonly Piece[];
  readonly warnings: readonly string[];
}

const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Hebrew}\p{Script=Arabic}]/u;

/** An address with its host apart. `written` is what the link was said to be, before the browser tidied it. */
export function addressOf(url: URL, written: string): Address {
  const user = url.username === '' && url.password === '' ? '' : `${url.username}${url.password === '' ? '' : ':…'}@`;
  return {
    before: reveal(`${url.protocol}//${user}`),
    host: reveal(url.host),
    after: reveal(`${url.pathname === '/' && url.search === '' && url.hash === '' ? '' : url.pathname}${url.search}${url.hash}`),
    warnings: warnings(url, written, user !== ''),
  };
}

function warnings(url: URL, written: string, hasUser: boolean): string[] {
  const found: string[] = [];
  if (/(?:^|\.)xn--/i.test(url.hostname)) found.push('The name is written in letters from beyond the Latin alphabet. It may imitate another one.');
  if (hasUser) found.push('What stands before the @ is no host, but a user name.');
  if (reveal(written).some((piece) => piece.mark)) found.push('The address holds invisible characters.');
  else if (LOOKALIKE.test(written) && found.length === 0) found.push('The address holds letters that look like Latin ones.');
  if (/^[\d.]+$|^\[/.test(url.hostname)) found.push('It leads to a bare network address.');
  if (url.protocol === 'http:') found.push('The connection is not encrypted.');
  return found;
}

/** Where a click on a link leads, if that is away from here. */
export function leavesFor(href: string, own: string): URL | null {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  return url.origin === own ? null : url;
}

/** Hosts that need no question in this tab any more. */
export class Known {
  private readonly hosts = new Set<string>();

  add(url: URL): void {
    this.hosts.add(url.host);
  }

  has(url: URL): boolean {
    return this.hosts.has(url.host);
  }
}
