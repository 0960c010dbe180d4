// How two sessions share the width.

const KEY = 'claude-web.split';
/** Narrower than this a conversation is not read but deciphered. */
const LEAST_PX = 360;
const STEP = 0.02;

export const WIDE_ENOUGH = '(min-width: 1100px)';

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export function boundsFor(width: number): Bounds {
  const least = width <= 0 ? 0.2 : Math.min(0.5, LEAST_PX / width);
  return { least, most: 1 - least };
}

export function clamp(ratio: number, { least, most }: Bounds): number {
  return Number.isFinite(ratio) ? Math.min(most, Math.max(least, ratio)) : 0.5;
}

/** Where a key moves the divider; null for keys that do not. */
export function movedBy(key: string, ratio: number, bounds: Bounds): number | null {
  switch (key) {
    case 'ArrowLeft':
      return clamp(ratio - STEP, bounds);
    case 'ArrowRight':
      return clamp(ratio + STEP, bounds);
    case 'Home':
      return bounds.least;
    case 'End':
      return bounds.most;
    case 'Enter':
      return 0.5;
    default:
      return null;
  }
}

export function loadRatio(storage: Pick<Storage, 'getItem'>): number {
  try {
    const stored = Number.parseFloat(storage.getItem(KEY) ?? '');
    return stored > 0 && stored < 1 ? stored : 0.5;
  } catch {
    return 0.5;
  }
}

export function saveRatio(ratio: number, storage: Pick<Storage, 'setItem'>): void {
  try {
    storage.setItem(KEY, ratio.toFixed(3));
  } catch {
    // Kept until the page is left.
  }
}
