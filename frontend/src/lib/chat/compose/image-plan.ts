// How an image is made fit: at most 1568 pixels on the longer side, which is all Claude looks at, and small enough for
// the API. Decisions only; the canvas is in ../images.ts.

import { IMAGE_MOST_BYTES, type Format } from './attachments';

const LONGEST = 1_568;
/** A drawing-like format that gets larger than this holds a photo. */
const PNG_MOST_BYTES = 1.5 * 1_024 * 1_024;
/** What the API refuses whatever it weighs. */
const GIF_MOST_PIXELS = 8_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function fittedSize(width: number, height: number, longest = LONGEST): Size {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Whether the file goes as it is. Photos that say how they were held, and where, are always written anew: upright, and
 * without the place.
 */
export function passes(format: Format | null, decoded: Size, bytes: number, hasExif: boolean): boolean {
  if (bytes > IMAGE_MOST_BYTES || hasExif) return false;
  const longer = Math.max(decoded.width, decoded.height);
  // A moving picture would stand still if it were drawn.
  if (format === 'gif') return longer <= GIF_MOST_PIXELS;
  return (format === 'png' || format === 'jpeg' || format === 'webp') && longer <= LONGEST;
}

export interface Encoding {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly quality: number;
  readonly longest: number;
  /** Taken only when not larger than this. */
  readonly most: number;
}

/** What to try, in this order; the first that is small enough is taken. */
export function encodings(format: Format | null, transparent: boolean): Encoding[] {
  const lossy = transparent ? 'image/webp' : 'image/jpeg';
  const photo: Encoding[] = [0.88, 0.75].map((quality) => ({ type: lossy, quality, longest: LONGEST, most: IMAGE_MOST_BYTES }));
  const smaller: Encoding = { type: transparent ? 'image/png' : 'image/jpeg', quality: 0.7, longest: LONGEST / 2, most: IMAGE_MOST_BYTES };
  const drawing: Encoding = { type: 'image/png', quality: 1, longest: LONGEST, most: PNG_MOST_BYTES };
  const isPhoto = format === 'jpeg' || format === 'heic' || format === 'avif';
  return isPhoto && !transparent ? [...photo, smaller] : [drawing, ...photo, smaller];
}

/** Whether a JPEG, PNG or WebP carries Exif data: orientation, camera, place. */
export function hasExif(head: Uint8Array): boolean {
  const latin = new TextDecoder('latin1').decode(head);
  return latin.includes('Exif\0\0') || latin.includes('eXIf') || latin.includes('EXIF');
}
