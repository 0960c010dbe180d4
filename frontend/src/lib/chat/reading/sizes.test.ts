import { describe, expect, it } from 'vitest';
import { Sizes } from './sizes';

function filled(count: number, size: (index: number) => number): { sizes: Sizes; plain: number[] } {
  const sizes = new Sizes();
  const plain = Array.from({ length: count }, (_, index) => size(index));
  for (const one of plain) sizes.push(one);
  return { sizes, plain };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('heights', () => {
  it('say what lies above each item, also after changes', () => {
    const { sizes, plain } = filled(133, (index) => (index * 7) % 31);
    for (const index of [0, 1, 64, 100, 132]) {
      plain[index] = 500 + index;
      sizes.set(index, 500 + index);
    }
    for (let index = 0; index <= plain.length; index += 1) expect(sizes.before(index)).toBe(sum(plain.slice(0, index)));
    expect(sizes.total).toBe(sum(plain));
  });

  it('find the item at a height', () => {
    const { sizes, plain } = filled(77, () => 10);
    for (let index = 0; index < plain.length; index += 1) {
      expect(sizes.at(index * 10)).toBe(index);
      expect(sizes.at(index * 10 + 9)).toBe(index);
    }
    expect(sizes.at(-5)).toBe(0);
    expect(sizes.at(1e9)).toBe(76);
    expect(new Sizes().at(3)).toBe(0);
  });

  it('pass over items without height', () => {
    const { sizes } = filled(5, (index) => (index === 2 ? 40 : 0));
    expect(sizes.at(0)).toBe(2);
    expect(sizes.at(39)).toBe(2);
  });

  it('shrink and grow again', () => {
    const { sizes } = filled(40, () => 3);
    sizes.truncate(21);
    sizes.push(100);
    expect([sizes.length, sizes.total, sizes.before(21)]).toEqual([22, 163, 63]);
    sizes.truncate(0);
    expect([sizes.length, sizes.total]).toEqual([0, 0]);
  });
});
