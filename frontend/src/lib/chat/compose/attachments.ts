// What can be sent along with a message: which files are taken, as what, and what to do with the others.

import type { Content } from '$lib/protocol';

export interface Attachment {
  readonly id: number;
  readonly kind: 'image' | 'document' | 'text';
  readonly name: string;
  readonly mediaType: string;
  /** Base64, except for a text file, which is what it says. */
  readonly data: string;
  /** Size of the file as it is sent. */
  readonly bytes: number;
}

const KIB = 1_024;
const MIB = 1_024 * KIB;
export const IMAGE_MOST_BYTES = 3.75 * MIB;
export const DOCUMENT_MOST_BYTES = 7 * MIB;
export const TEXT_FILE_MOST_BYTES = 256 * KIB;
/** The server takes messages of up to 10 MiB; the rest of the frame needs some room. */
export const MESSAGE_MOST_BYTES = 9.5 * MIB;
/** From here on the size is said. */
const MESSAGE_NEAR_BYTES = 8 * MIB;
/** More than this is read better as a file. */
export const PASTE_IS_LONG = 10_000;

export type Format = 'png' | 'jpeg' | 'gif' | 'webp' | 'avif' | 'bmp' | 'heic' | 'tiff' | 'pdf' | 'zip';
const IMAGES: readonly Format[] = ['png', 'jpeg', 'gif', 'webp', 'avif', 'bmp', 'heic', 'tiff'];

/** What the file's first bytes say it is; names and declared types may lie. */
export function sniff(head: Uint8Array): Format | null {
  const latin = String.fromCharCode(...head.subarray(0, 32));
  if (latin.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (latin.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (/^GIF8[79]a/.test(latin)) return 'gif';
  if (/^RIFF[^]{4}WEBP/.test(latin)) return 'webp';
  if (latin.startsWith('%PDF-')) return 'pdf';
  if (/^BM[^]{4}\0\0\0\0/.test(latin)) return 'bmp';
  if (/^(II\*\0|MM\0\*)/.test(latin)) return 'tiff';
  if (latin.startsWith('PK\x03\x04')) return 'zip';
  const brand = /^[^]{4}ftyp(....)/.exec(latin)?.[1];
  if (brand === 'avif' || brand === 'avis') return 'avif';
  return brand !== undefined && /^(hei[cxms]|hev[cx]|mif1|msf1)$/.test(brand) ? 'heic' : null;
}

export type Verdict = { readonly take: Attachment['kind']; readonly format: Format | null } | { readonly refuse: string };

/** What becomes of a file, by its size and first bytes. Whether a text file is text shows when it has been read. */
export function judge(file: { readonly name: string; readonly size: number }, head: Uint8Array): Verdict {
  const name = shownName(file.name);
  if (file.size === 0) return { refuse: `${name} is empty, so there is nothing to send.` };
  const format = sniff(head);
  if (format === 'zip') {
    return { refuse: `${name} is an archive or an office document. Export it as PDF or text, or put it into the project and name it with @.` };
  }
  if (format === 'pdf') {
    if (file.size <= DOCUMENT_MOST_BYTES) return { take: 'document', format };
    return { refuse: `${name} is ${size(file.size)}; a PDF may have 7 MB. Put it into the project and name it with @.` };
  }
  if (format !== null && IMAGES.includes(format)) return { take: 'image', format };
  if (head.includes(0)) {
    return { refuse: `${name} is neither an image, a PDF nor text. Put it into the project and name it with @, so that Claude can look at it with its tools.` };
  }
  if (file.size <= TEXT_FILE_MOST_BYTES) return { take: 'text', format: null };
  return { refuse: `${name} is ${size(file.size)}; a text file may have 256 KB. Put it into the project and name it with @.` };
}

/** The text of a file, or null when it is not text in UTF-8. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** A name the server takes: without control characters, at most 255 long. */
export function shownName(name: string): string {
  const clean = [...name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '')].slice(0, 200).join('').trim();
  return clean === '' ? 'Unnamed file' : clean;
}

/** 1.2 MB, 34 KB, 17 B. */
export function size(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`;
  if (bytes < MIB) return `${Math.round(bytes / KIB)} KB`;
  return `${(bytes / MIB).toFixed(1).replace(/\.0$/, '')} MB`;
}

/** Images and files first, so that the words can speak of them. */
export function toContent(text: string, attachments: readonly Attachment[]): Content[] {
  const parts = attachments.map(asContent);
  return text.trim() === '' ? parts : [...parts, { type: 'text', text }];
}

function asContent({ kind, name, mediaType, data }: Attachment): Content {
  if (kind === 'image') return { type: 'image', media_type: mediaType, data };
  if (kind === 'document') return { type: 'document', media_type: mediaType, data, name };
  return { type: 'text_file', name, text: data };
}

let lastId = 0;

export function attachment(kind: Attachment['kind'], name: string, mediaType: string, data: string): Attachment {
  lastId += 1;
  const bytes = kind === 'text' ? utf8Length(data) : Math.floor((data.length * 3) / 4);
  return { id: lastId, kind, name: shownName(name), mediaType, data, bytes };
}

/** A message taken apart again, to be edited. */
export function fromContent(content: readonly Content[]): { text: string; attachments: Attachment[] } {
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const attachments = content.flatMap((part, i) => {
    if (part.type === 'image') return [attachment('image', `Image ${i + 1}`, part.media_type, part.data)];
    if (part.type === 'document') return [attachment('document', part.name ?? 'Document', part.media_type, part.data)];
    return part.type === 'text_file' ? [attachment('text', part.name, 'text/plain', part.text)] : [];
  });
  return { text, attachments };
}

export function utf8Length(text: string): number {
  // Encoding a short text costs less than being clever; a long one is not encoded with every key.
  return text.length < 200_000 ? new TextEncoder().encode(text).length : text.length * 2;
}

export function weight(text: string, attachments: readonly Attachment[]): number {
  return attachments.reduce((sum, one) => sum + one.data.length, utf8Length(text));
}

/** How full the message is, in words, once that matters. */
export function fullness(bytes: number): { readonly words: string; readonly over: boolean } | null {
  if (bytes < MESSAGE_NEAR_BYTES) return null;
  const over = bytes > MESSAGE_MOST_BYTES;
  return { words: over ? `${size(bytes)} – at most 9.5 MB can be sent. Remove something.` : `${size(bytes)} of 9.5 MB`, over };
}
