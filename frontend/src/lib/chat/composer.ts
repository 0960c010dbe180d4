// The composer's rules: what completes, what is kept, what may be sent.

import type { Content, SlashCommand } from '$lib/protocol';

/** Commands that fit what is typed, best first; none once the name is complete and something follows. */
export function slashMatches(text: string, commands: readonly SlashCommand[], most = 8): SlashCommand[] {
  const typed = /^\/([^\s/]*)$/.exec(text)?.[1]?.toLowerCase();
  if (typed === undefined) return [];
  const rank = ({ name }: SlashCommand): number => {
    const at = name.toLowerCase().indexOf(typed);
    return at < 0 ? Number.POSITIVE_INFINITY : at === 0 ? name.length / 1_000 : 1 + at;
  };
  return commands
    .map((command) => ({ command, rank: rank(command) }))
    .filter((match) => Number.isFinite(match.rank))
    .sort((a, b) => a.rank - b.rank || a.command.name.localeCompare(b.command.name))
    .slice(0, most)
    .map((match) => match.command);
}

export interface Picture {
  readonly id: number;
  readonly name: string;
  readonly mediaType: string;
  readonly data: string;
}

/** The server takes messages of up to 10 MiB; the rest of the frame needs some room. */
export const PICTURES_MOST_BYTES = 9.5 * 1_024 * 1_024;

export function toContent(text: string, pictures: readonly Picture[]): Content[] {
  const images: Content[] = pictures.map(({ mediaType, data }) => ({ type: 'image', media_type: mediaType, data }));
  return text.trim() === '' ? images : [...images, { type: 'text', text }];
}

const draftKey = (session: string): string => `claude-web.draft.${session}`;

/** Storage may be blocked or full; a draft is then kept as long as the page. */
export function loadDraft(session: string, storage: Pick<Storage, 'getItem'>): string {
  try {
    return storage.getItem(draftKey(session)) ?? '';
  } catch {
    return '';
  }
}

export function saveDraft(session: string, text: string, storage: Pick<Storage, 'setItem' | 'removeItem'>): void {
  try {
    if (text === '') storage.removeItem(draftKey(session));
    else storage.setItem(draftKey(session), text);
  } catch {
    // Nothing to be done, and nothing worth interrupting anyone for.
  }
}
