import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gestures, HOLD_MS, type GestureEvents, type Point } from './gestures';
import { Lines, Momentum, Speed } from './momentum';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const at = (x: number, y: number): Point => ({ x, y });

function watched(): { gestures: Gestures; seen: unknown[][] } {
  const seen: unknown[][] = [];
  const note = (name: keyof GestureEvents) => (...given: unknown[]) => void seen.push([name, ...given]);
  const gestures = new Gestures({
    scroll: note('scroll'),
    fling: note('fling'),
    sideways: note('sideways'),
    hold: note('hold'),
    drag: note('drag'),
    dropped: note('dropped'),
    pinch: note('pinch'),
  });
  return { gestures, seen };
}

describe('one finger', () => {
  it('that comes and goes is a tap', () => {
    const { gestures, seen } = watched();
    gestures.down([at(50, 50)], 0);
    gestures.move([at(54, 47)], 20);
    expect(gestures.up([], 80)).toBe(true);
    vi.advanceTimersByTime(HOLD_MS * 2);
    expect(seen).toEqual([]);
  });

  it('that stops what was thrown is no tap, but may scroll', () => {
    const { gestures, seen } = watched();
    gestures.down([at(50, 50)], 0, true);
    expect(gestures.up([], 80)).toBe(false);
    gestures.down([at(50, 50)], 100, true);
    gestures.move([at(50, 90)], 120);
    gestures.move([at(50, 95)], 140);
    expect(seen.map(([name]) => name)).toContain('scroll');
  });

  it('that moves up or down scrolls by what it moves, and throws what it leaves', () => {
    const { gestures, seen } = watched();
    gestures.down([at(50, 200)], 0);
    gestures.move([at(52, 215)], 16);
    gestures.move([at(52, 240)], 32);
    expect(gestures.up([], 40)).toBe(false);
    const scrolled = seen.filter(([name]) => name === 'scroll').reduce((sum, [, pixels]) => sum + (pixels as number), 0);
    expect(scrolled).toBe(25);
    expect(seen.at(-1)?.[0]).toBe('fling');
    expect(seen.at(-1)?.[1]).toBeCloseTo(40 / 32);
  });

  it('that rests before it leaves throws nothing', () => {
    const { gestures, seen } = watched();
    gestures.down([at(50, 200)], 0);
    gestures.move([at(50, 240)], 16);
    gestures.up([], 300);
    expect(seen.at(-1)?.slice(0, 2)).toEqual(['fling', 0]);
  });

  it('that moves sideways says by how much, from where it came down', () => {
    const { gestures, seen } = watched();
    gestures.down([at(200, 100)], 0);
    gestures.move([at(160, 102)], 30);
    gestures.move([at(180, 104)], 60);
    gestures.up([], 90);
    expect(seen).toEqual([['sideways', -40], ['sideways', 20]]);
  });

  it('that stays holds, and may then drag', () => {
    const { gestures, seen } = watched();
    gestures.down([at(50, 50)], 0);
    vi.advanceTimersByTime(HOLD_MS);
    gestures.move([at(90, 50)], HOLD_MS + 20);
    expect(gestures.up([], HOLD_MS + 40)).toBe(false);
    expect(seen).toEqual([['hold', at(50, 50)], ['drag', at(90, 50)], ['dropped']]);
  });
});

describe('two fingers', () => {
  it('pinch and move, and what is left of them does nothing', () => {
    const { gestures, seen } = watched();
    gestures.down([at(100, 100)], 0);
    gestures.down([at(100, 100), at(200, 100)], 10);
    gestures.move([at(50, 110), at(250, 110)], 30);
    expect(seen).toEqual([['pinch', 2, at(150, 110), 0, 10]]);
    expect(gestures.up([at(50, 110)], 40)).toBe(false);
    gestures.move([at(50, 300)], 50);
    expect(gestures.up([], 60)).toBe(false);
    vi.advanceTimersByTime(HOLD_MS * 2);
    expect(seen).toHaveLength(1);
  });
});

describe('what is thrown', () => {
  it('goes on, slower and slower, and stands at last', () => {
    const momentum = new Momentum(2);
    const ways: number[] = [];
    for (let way = momentum.step(16); way !== null; way = momentum.step(16)) ways.push(way);
    expect(ways.length).toBeLessThan(120);
    expect(ways.every((way, index) => index === 0 || way < (ways[index - 1] ?? 0))).toBe(true);
    expect(ways.reduce((sum, way) => sum + way, 0)).toBeGreaterThan(500);
    expect(new Momentum(0.01).step(16)).toBeNull();
  });

  it('is as fast as the finger was at last, within reason', () => {
    const speed = new Speed();
    speed.add(0, 0);
    speed.add(990, 10);
    speed.add(1000, 10);
    speed.add(1010, 30);
    expect(speed.at(1012)).toBe(1);
    speed.add(1011, 3000);
    expect(speed.at(1012)).toBe(6);
    const busy = new Speed();
    busy.add(0, 0);
    busy.add(150, 300);
    expect(busy.at(160)).toBe(2);
  });

  it('is counted in whole lines, and the rest is kept', () => {
    const lines = new Lines();
    expect([lines.take(10, 16), lines.take(10, 16), lines.take(12, 16)]).toEqual([0, 1, 1]);
    expect(lines.take(-17, 16)).toBe(-1);
    expect(lines.take(5, 0)).toBe(0);
  });
});
