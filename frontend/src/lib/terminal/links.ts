// Where a link leads, as it is told before anybody goes there.

export interface Target {
  readonly address: string;
  /** What the terminal shows, where that is not the address itself. */
  readonly shown: string | null;
}

/** Only what a browser opens in a tab, in the form it will ask for: names are in their ASCII form there. */
export function target(address: string, shown: string): Target | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  const same = [address, url.href, url.href.replace(/\/$/, '')].includes(shown.trim());
  return { address: url.href, shown: same || shown.trim() === '' ? null : shown.trim() };
}

/** The address before, in and after its host, so that the host can be seen. */
export function parts(address: string): [string, string, string] {
  const [, before = '', host = '', after = ''] = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s.exec(address) ?? [];
  return [before, host, after];
}
