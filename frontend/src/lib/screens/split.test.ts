import { describe, expect, it } from 'vitest';
import { boundsFor, clamp, loadRatio, movedBy, saveRatio } from './split';

const bounds = boundsFor(1_160);

describe('the divider', () => {
  it('leaves each half enough to read in', () => {
    expect(bounds.least * 1_160).toBeCloseTo(360);
    expect(clamp(0.05, bounds)).toBe(bounds.least);
    expect(clamp(0.99, bounds)).toBe(bounds.most);
    expect(clamp(Number.NaN, bounds)).toBe(0.5);
  });

  it('halves what has no room for more', () => {
    expect(boundsFor(600)).toEqual({ least: 0.5, most: 0.5 });
    expect(clamp(0.7, boundsFor(600))).toBe(0.5);
  });

  it('moves with the arrows, to the ends, and back to the middle', () => {
    expect(movedBy('ArrowLeft', 0.5, bounds)).toBeCloseTo(0.48);
    expect(movedBy('ArrowRight', 0.5, bounds)).toBeCloseTo(0.52);
    expect(movedBy('ArrowRight', bounds.most, bounds)).toBe(bounds.most);
    expect(movedBy('Home', 0.5, bounds)).toBe(bounds.least);
    expect(movedBy('End', 0.5, bounds)).toBe(bounds.most);
    expect(movedBy('Enter', 0.6, bounds)).toBe(0.5);
    expect(movedBy('a', 0.5, bounds)).toBeNull();
  });
});

describe('its place', () => {
  it('is remembered', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    expect(loadRatio(storage)).toBe(0.5);
    saveRatio(0.61234, storage);
    expect(loadRatio(storage)).toBe(0.612);
    for (const broken of ['', 'wide', '-1', '7', 'NaN']) {
      kept.set([...kept.keys()][0] ?? '', broken);
      expect(loadRatio(storage), broken).toBe(0.5);
    }
  });

  it('may be forgotten where storage is blocked', () => {
    const blocked = (): never => {
      throw new Error('blocked');
    };
    expect(loadRatio({ getItem: blocked })).toBe(0.5);
    expect(() => saveRatio(0.4, { setItem: blocked })).not.toThrow();
  });
});
