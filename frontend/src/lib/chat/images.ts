// Pictures into what Claude takes, and base64. The decisions are in compose/image-plan.ts.

import { IMAGE_MOST_BYTES, sniff, shownName, type Format } from './compose/attachments';
import { encodings, fittedSize, hasExif, passes, type Encoding } from './compose/image-plan';

const EXIF_WITHIN_BYTES = 128 * 1_024;

/** An image that may be sent. Throws a sentence for the user when the file cannot be used. */
export async function readImage(file: File): Promise<Blob> {
  const head = new Uint8Array(await file.slice(0, EXIF_WITHIN_BYTES).arrayBuffer());
  const format = sniff(head);
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new Error(unreadable(shownName(file.name), format));
  });
  try {
    if (passes(format, bitmap, file.size, hasExif(head))) return file.slice(0, file.size, `image/${format}`);
    return await encode(bitmap, format);
  } finally {
    bitmap.close();
  }
}

function unreadable(name: string, format: Format | null): string {
  if (format === 'heic') return `${name} is a HEIC photo, which this browser cannot read. Save it as JPEG, or set the camera to “most compatible”.`;
  if (format === 'tiff') return `${name} is a TIFF image, which this browser cannot read. Save it as PNG or JPEG.`;
  return `${name} could not be read as an image. It may be damaged.`;
}

async function encode(bitmap: ImageBitmap, format: Format | null): Promise<Blob> {
  const transparent = format !== 'jpeg' && isTransparent(bitmap);
  let smallest: Blob | null = null;
  for (const plan of encodings(format, transparent)) {
    const blob = await drawn(bitmap, plan);
    // A browser that cannot write a format writes PNG instead and says so.
    if (blob.size <= plan.most) return blob;
    if (smallest === null || blob.size < smallest.size) smallest = blob;
  }
  if (smallest !== null && smallest.size <= IMAGE_MOST_BYTES) return smallest;
  throw new Error('The image stays too large however it is scaled. Send a part of it.');
}

function canvasOf(bitmap: ImageBitmap, longest: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, fittedSize(bitmap.width, bitmap.height, longest));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gave no room to scale the image. Close other tabs, then try again.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return { canvas, context };
}

/** Judged on a small copy: one see-through corner is enough. */
function isTransparent(bitmap: ImageBitmap): boolean {
  const { canvas, context } = canvasOf(bitmap, 256);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 255) < 250) return true;
  return false;
}

function drawn(bitmap: ImageBitmap, { type, quality, longest }: Encoding): Promise<Blob> {
  const { canvas } = canvasOf(bitmap, longest);
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null): void => (blob === null ? reject(new Error('The image could not be scaled down.')) : resolve(blob));
    canvas.toBlob(done, type, quality);
  });
}

export async function base64(blob: Blob): Promise<string> {
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
