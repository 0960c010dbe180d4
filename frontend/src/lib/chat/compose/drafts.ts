// What was begun and not sent, per session, kept across reloads and told to other tabs of the same browser profile.
// Storage may be blocked or full; a draft is then kept as long as the page.

import type { Attachment } from './attachments';
import { attachment } from './attachments';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface Draft {
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

export const NO_DRAFT: Draft = { text: '', attachments: [] };

const TEXT = 'claude-web.draft.';
const FILES = 'claude-web.draft-files.';
const MOST_DRAFTS = 50;
/** Of attachments; storage holds five megabytes for everything. */
const FILES_MOST = 1_024 * 1_024;

/** Leaves words for a session that is about to be opened. */
export function saveDraft(session: string, text: string, storage: Pick<Storage, 'setItem' | 'removeItem'>, at = Date.now()): void {
  try {
    if (text === '') storage.removeItem(TEXT + session);
    else storage.setItem(TEXT + session, JSON.stringify({ at, text }));
  } catch {
    // Nothing to be done, and nothing worth interrupting anyone for.
  }
}

export class Drafts {
  constructor(
    private readonly storage: Store,
    private readonly now: () => number = Date.now,
  ) {}

  load(session: string): Draft {
    return { text: readText(this.get(TEXT + session)), attachments: readFiles(this.get(FILES + session)) };
  }

  saveText(session: string, text: string): void {
    const known = this.get(TEXT + session) !== null;
    saveDraft(session, text, this.storage, this.now());
    if (!known && text !== '') this.prune();
  }

  /** False when they are too large to be kept. */
  saveAttachments(session: string, attachments: readonly Attachment[]): boolean {
    this.remove(FILES + session);
    if (attachments.length === 0) return true;
    if (attachments.reduce((sum, one) => sum + one.data.length, 0) > FILES_MOST) return false;
    return this.set(FILES + session, JSON.stringify(attachments.map(({ kind, name, mediaType, data }) => ({ kind, name, mediaType, data }))));
  }

  /** What another tab has made of this session's draft; null when the change is about something else. */
  changed(session: string, key: string | null): Draft | null {
    return key === TEXT + session || key === FILES + session ? this.load(session) : null;
  }

  /** The newest fifty stay. */
  private prune(): void {
    const dated = this.keys(TEXT).map((key) => ({ key, at: readAt(this.get(key)) }));
    for (const { key } of dated.sort((a, b) => b.at - a.at).slice(MOST_DRAFTS)) {
      this.remove(key);
      this.remove(FILES + key.slice(TEXT.length));
    }
  }

  private keys(prefix: string): string[] {
    try {
      return Array.from({ length: this.storage.length }, (_, i) => this.storage.key(i) ?? '').filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  }

  private get(key: string): string | null {
    try {
      return this.storage.getItem(key);
    } catch {
      return null;
    }
  }

  private set(key: string, value: string): boolean {
    try {
      this.storage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  }

  private remove(key: string): void {
    try {
      this.storage.removeItem(key);
    } catch {
      // Nothing to be done, and nothing worth interrupting anyone for.
    }
  }
}

function parsed(stored: string | null): unknown {
  try {
    return stored === null ? null : (JSON.parse(stored) as unknown);
  } catch {
    return null;
  }
}

function readText(stored: string | null): string {
  const value = parsed(stored);
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' ? value.text : '';
}

function readAt(stored: string | null): number {
  const value = parsed(stored);
  return typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'number' ? value.at : 0;
}

const KINDS: readonly unknown[] = ['image', 'document', 'text'];

function readFiles(stored: string | null): Attachment[] {
  const value = parsed(stored);
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => (isFile(one) ? [attachment(one.kind, one.name, one.mediaType, one.data)] : []));
}

function isFile(value: unknown): value is Pick<Attachment, 'kind' | 'name' | 'mediaType' | 'data'> {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, name, mediaType, data } = value as Record<string, unknown>;
  return KINDS.includes(kind) && typeof name === 'string' && typeof mediaType === 'string' && typeof data === 'string';
}
