// Hands a file that was sent over to the browser, to be kept on the reader's device.

import { plain } from '$lib/text/reveal';
import type { Download } from './api';

/** The name in `content-disposition`, made safe; else one of our own. */
export function fileName(disposition: string | null, otherwise: string): string {
  const name = plain(named(disposition) ?? '', 120).replace(/[\\/:*?"<>|]/g, '-').replace(/^\.+/, '');
  return name === '' ? otherwise : name;
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

export function save({ blob, disposition }: Download, otherwise: string): void {
  // Never as a page of this origin, whatever the file holds.
  const address = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName(disposition, otherwise);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
