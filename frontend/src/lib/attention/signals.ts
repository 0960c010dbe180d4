// What is worth a signal: decided here, done elsewhere.

import type { Session } from '$lib/protocol';
import { plain } from '$lib/text/reveal';
import { needsYou } from '$lib/text/state';

export interface Waiting {
  readonly sessionId: string;
  readonly requestId: string;
  readonly title: string;
  readonly summary: string;
}

/** What the person has before their eyes. */
export interface Look {
  readonly visible: boolean;
  readonly focused: boolean;
  readonly session: string | null;
}

export interface Signals {
  readonly notify: readonly Waiting[];
  /** Notifications that have lost their point, by tag. */
  readonly close: readonly string[];
  readonly sound: boolean;
}

export const tagOf = ({ sessionId, requestId }: Waiting): string => `claude-web.${sessionId}.${requestId}`;

const ASKS = { approval: 'wants to use', question: 'asks', plan: 'has a plan' } as const;

export function waitingOf(sessions: Iterable<Session>): Waiting[] {
  const waiting: Waiting[] = [];
  for (const session of sessions) {
    if (!needsYou(session)) continue;
    for (const { request_id: requestId, kind, tool_name: tool, summary } of session.pending) {
      const what = kind === 'approval' ? `${ASKS.approval} ${plain(tool, 40)}` : ASKS[kind];
      waiting.push({ sessionId: session.id, requestId, title: plain(session.title, 80), summary: `${what}: ${plain(summary, 160)}` });
    }
  }
  return waiting;
}

export function isSeen(sessionId: string, look: Look): boolean {
  return look.visible && look.focused && look.session === sessionId;
}

/** `before` is none until the list has come: what waited already when the page opened is on the page. */
export function signalsFor(before: ReadonlyMap<string, Waiting> | null, now: readonly Waiting[], look: Look): Signals {
  const tags = new Set(now.map(tagOf));
  const close = [...(before?.keys() ?? [])].filter((tag) => !tags.has(tag));
  const fresh = before === null ? [] : now.filter((one) => !before.has(tagOf(one)) && !isSeen(one.sessionId, look));
  return { notify: fresh, close, sound: fresh.length > 0 };
}

export interface SignalSettings {
  readonly notify: boolean;
  readonly sound: boolean;
}

export const QUIET: SignalSettings = { notify: false, sound: false };
const KEY = 'claude-web.signals';

type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

export function loadSettings(shelf: () => Shelf = () => localStorage): SignalSettings {
  try {
    const raw = JSON.parse(shelf().getItem(KEY) ?? 'null') as unknown;
    if (typeof raw !== 'object' || raw === null) return QUIET;
    const { notify, sound } = raw as Record<string, unknown>;
    return { notify: notify === true, sound: sound === true };
  } catch {
    return QUIET;
  }
}

export function saveSettings(settings: SignalSettings, shelf: () => Shelf = () => localStorage): void {
  try {
    shelf().setItem(KEY, JSON.stringify(settings));
  } catch {
    // It holds for this page, then.
  }
}

export type Permission = 'default' | 'granted' | 'denied' | 'missing' | 'insecure' | 'refused';

/** What stands in the way of notifications, as a sentence. */
export function permissionWords(permission: Permission, on: boolean): string {
  switch (permission) {
    case 'missing':
      return 'This browser has no notifications for web pages.';
    case 'insecure':
      return 'The browser allows notifications only over HTTPS with a certificate it trusts. Trust claude-web’s certificate on this device first.';
    case 'denied':
      return 'The browser blocks notifications from this address. Allow them in its settings for this site, then come back.';
    case 'refused':
      return 'This browser did not show it. On phones, many show notifications only for pages that were added to the home screen.';
    case 'default':
      return 'The browser will ask whether this page may show notifications.';
    case 'granted':
      return on ? 'On, while this page is open somewhere.' : 'Allowed by the browser, and switched off here.';
  }
}
