// A conversation as a file on the reader's device.

import { plain } from '$lib/text/reveal';
import type { Api } from '$lib/wire/api';

export const FORMATS = [
  { value: 'md', label: 'Markdown', ending: 'md' },
  { value: 'html', label: 'HTML', ending: 'html' },
  { value: 'json', label: 'JSON', ending: 'json' },
  { value: 'jsonl', label: 'JSON lines', ending: 'jsonl' },
] as const;

export type Format = (typeof FORMATS)[number];

/** The name in `content-disposition`, made safe; else one of our own. */
export function fileName(disposition: string | null, format: Format): string {
  const name = plain(named(disposition) ?? '', 120).replace(/[\\/:*?"<>|]/g, '-').replace(/^\.+/, '');
  return name === '' ? `conversation.${format.ending}` : name;
}

function named(disposition: string | null): string | null {
  if (disposition === null) return null;
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // The plain one may still do.
    }
  }
  return /filename="([^"]*)"/i.exec(disposition)?.[1] ?? /filename=([^;\s]+)/i.exec(disposition)?.[1] ?? null;
}

/** What went wrong, in words; nothing when the file was handed to the browser. */
export async function download(api: Api, session: string, format: Format): Promise<string | null> {
  const result = await api.export(session, format.value);
  if (!result.ok) return `The conversation was not exported. ${result.error.message}`;
  // Never as a page of this origin, whatever the file holds.
  const address = URL.createObjectURL(new Blob([result.value.blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName(result.value.disposition, format);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return null;
}
