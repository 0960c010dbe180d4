// The access token lives in this tab only: sessionStorage survives a reload but is neither shared with other tabs
// nor sent anywhere by the browser, unlike a cookie.

const KEY = 'claude-web.token';
const SHAPE = /^[A-Za-z0-9_-]{16,512}$/;

export type SignInReason = 'missing' | 'refused' | 'signed_out';

/** The token in a pasted string: the token itself, or a whole URL that ends in `#token=…`. */
export function tokenFrom(pasted: string): string | null {
  const text = pasted.trim();
  const hash = text.indexOf('#');
  const candidate = hash >= 0 ? new URLSearchParams(text.slice(hash + 1)).get('token') : text;
  return candidate !== null && SHAPE.test(candidate) ? candidate : null;
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** A short name by which other viewers recognise this one, such as "Chrome on Linux". */
export function deviceName(userAgent: string): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Browser';
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return system === undefined ? browser : `${browser} on ${system}`;
}

export class Credentials {
  token = $state<string | null>(null);
  reason = $state<SignInReason>('missing');
  readonly device: string = deviceName(navigator.userAgent);

  constructor() {
    this.token = this.takeFromAddressBar() ?? this.recall();
  }

  /** Returns false when what was pasted holds no token. */
  signIn(pasted: string): boolean {
    const token = tokenFrom(pasted);
    if (token === null) return false;
    this.remember(token);
    this.token = token;
    return true;
  }

  signOut(): void {
    this.drop('signed_out');
  }

  /** The server does not accept the token (any more). */
  refuse(): void {
    this.drop('refused');
  }

  /** Also called when a signed-in tab is pointed at a fresh `#token=` link. */
  takeFromAddressBar(): string | null {
    if (!location.hash.startsWith('#token=')) return null;
    const token = tokenFrom(location.hash);
    // Before anything else can run: neither history, screenshots nor extensions that read the URL shall keep it.
    history.replaceState(history.state, '', location.pathname + location.search);
    if (token !== null) {
      this.remember(token);
      this.token = token;
    }
    return token;
  }

  private drop(reason: SignInReason): void {
    this.reason = reason;
    this.token = null;
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // Storage may be blocked; then there is nothing to remove either.
    }
  }

  private recall(): string | null {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  private remember(token: string): void {
    try {
      sessionStorage.setItem(KEY, token);
    } catch {
      // Storage may be blocked; the token then lasts until the page is left.
    }
  }
}
