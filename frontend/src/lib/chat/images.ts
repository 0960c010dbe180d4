// Pictures into what Claude takes: at most 1568 pixels on the longer side, base64. Larger ones are scaled down by the API
// anyway, after they have been paid for in upload time.

import type { Picture } from './composer';

export const ACCEPTED = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const LONGEST = 1_568;
/** Above this a drawing-like format is the wrong one. */
const PNG_MOST_BYTES = 3 * 1_024 * 1_024;

export function fittedSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONGEST / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

let lastId = 0;

/** Throws a sentence for the user when the file cannot be used. */
export async function readPicture(file: File): Promise<Picture> {
  if (!ACCEPTED.includes(file.type)) throw new Error(`${file.name || 'The file'} is not a PNG, JPEG, GIF or WebP image.`);
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name || 'The image'} could not be read. It may be damaged.`);
  });
  const size = fittedSize(bitmap.width, bitmap.height);
  const fits = size.width === bitmap.width && file.size <= PNG_MOST_BYTES;
  const blob = fits ? file : await scaled(bitmap, size, file.type);
  bitmap.close();
  lastId += 1;
  return { id: lastId, name: file.name || 'Pasted image', mediaType: blob.type, data: await base64(blob) };
}

async function scaled(bitmap: ImageBitmap, { width, height }: { width: number; height: number }, type: string): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  const first = await encoded(canvas, type === 'image/jpeg' ? 'image/jpeg' : 'image/png');
  return first.size > PNG_MOST_BYTES ? encoded(canvas, 'image/jpeg') : first;
}

function encoded(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null): void => (blob === null ? reject(new Error('The image could not be scaled down.')) : resolve(blob));
    canvas.toBlob(done, type, 0.85);
  });
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  // In parts: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

export function fromBase64(data: string, mediaType: string): Blob {
  const binary = atob(data);
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: mediaType });
}
