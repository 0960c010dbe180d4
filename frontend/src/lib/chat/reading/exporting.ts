// A conversation as a file on the reader's device.

import type { Api } from '$lib/wire/api';
import { save } from '$lib/wire/save';

export const FORMATS = [
  { value: 'md', label: 'Markdown', ending: 'md' },
  { value: 'html', label: 'HTML', ending: 'html' },
  { value: 'json', label: 'JSON', ending: 'json' },
  { value: 'jsonl', label: 'JSON lines', ending: 'jsonl' },
] as const;

export type Format = (typeof FORMATS)[number];

/** What went wrong, in words; nothing when the file was handed to the browser. */
export async function download(api: Api, session: string, format: Format): Promise<string | null> {
  const result = await api.export(session, format.value);
  if (!result.ok) return `The conversation was not exported. ${result.error.message}`;
  save(result.value, `conversation.${format.ending}`);
  return null;
}
