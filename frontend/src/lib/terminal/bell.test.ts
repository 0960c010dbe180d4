import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Bell } from './bell';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([
  [false, 3],
  [true, 1],
])('ten thousand bells in a second are a few lights (nothing may move: %s)', (still, most) => {
  let lit = 0;
  let on = false;
  const bell = new Bell((now) => {
    on = now;
    if (now) lit += 1;
  }, still);
  for (let ring = 0; ring < 10_000; ring++) bell.ring(ring / 10);
  expect(lit).toBeGreaterThan(0);
  expect(lit).toBeLessThanOrEqual(most);
  vi.runAllTimers();
  expect(on).toBe(false);
});
