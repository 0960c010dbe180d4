import { describe, expect, it } from 'vitest';
import { encodings, fittedSize, hasExif, passes } from './image-plan';

describe('images', () => {
  it('are scaled to what Claude looks at', () => {
    expect(fittedSize(3_136, 1_000)).toEqual({ width: 1_568, height: 500 });
    expect(fittedSize(800, 600)).toEqual({ width: 800, height: 600 });
    expect(fittedSize(1, 100_000)).toEqual({ width: 1, height: 1_568 });
  });

  it('go as they are when they fit', () => {
    const small = { width: 800, height: 600 };
    expect(passes('png', small, 100_000, false)).toBe(true);
    expect(passes('png', { width: 1_600, height: 10 }, 100_000, false)).toBe(false);
    expect(passes('png', small, 4_000_000, false)).toBe(false);
    expect(passes('heic', small, 100_000, false)).toBe(false);
    expect(passes('bmp', small, 100_000, false)).toBe(false);
  });

  it('that move are not made to stand still', () => {
    expect(passes('gif', { width: 3_000, height: 10 }, 100_000, false)).toBe(true);
    expect(passes('gif', { width: 9_000, height: 10 }, 100_000, false)).toBe(false);
  });

  it('that tell how and where they were taken are written anew', () => {
    expect(passes('jpeg', { width: 800, height: 600 }, 100_000, true)).toBe(false);
    expect(hasExif(Uint8Array.from('\xff\xd8\xff\xe1..Exif\0\0II', (one) => one.charCodeAt(0)))).toBe(true);
    expect(hasExif(Uint8Array.from('\xff\xd8\xff\xe0..JFIF', (one) => one.charCodeAt(0)))).toBe(false);
  });

  it('become photos or drawings, and keep what shines through', () => {
    expect(encodings('jpeg', false).every((one) => one.type === 'image/jpeg')).toBe(true);
    expect(encodings('png', false).map((one) => one.type)).toEqual(['image/png', 'image/jpeg', 'image/jpeg', 'image/jpeg']);
    expect(encodings('webp', true).every((one) => one.type !== 'image/jpeg')).toBe(true);
  });
});
