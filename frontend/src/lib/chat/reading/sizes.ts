// The heights of a list's items, measured or guessed: what lies above one, and which one lies at a height. A Fenwick tree,
// so that 20,000 items cost fifteen steps and not 20,000.

export class Sizes {
  private readonly own: number[] = [];
  private readonly tree: number[] = [0];

  get length(): number {
    return this.own.length;
  }

  get total(): number {
    return this.before(this.own.length);
  }

  push(size: number): void {
    const at = this.own.push(size);
    let sum = size;
    for (let step = 1; step < (at & -at); step *= 2) sum += this.tree[at - step] ?? 0;
    this.tree.push(sum);
  }

  truncate(length: number): void {
    if (length >= this.own.length) return;
    this.own.length = length;
    this.tree.length = length + 1;
  }

  get(index: number): number {
    return this.own[index] ?? 0;
  }

  set(index: number, size: number): void {
    const change = size - (this.own[index] ?? size);
    if (change === 0) return;
    this.own[index] = size;
    for (let at = index + 1; at < this.tree.length; at += at & -at) this.tree[at] = (this.tree[at] ?? 0) + change;
  }

  /** Height of everything above an item. */
  before(index: number): number {
    let sum = 0;
    for (let at = Math.min(index, this.own.length); at > 0; at -= at & -at) sum += this.tree[at] ?? 0;
    return sum;
  }

  /** The item at a height; the last one for anything below the end. */
  at(offset: number): number {
    let step = 1;
    while (step * 2 < this.tree.length) step *= 2;
    let index = 0;
    let rest = offset;
    for (; step >= 1; step /= 2) {
      const size = this.tree[index + step];
      if (size === undefined || size > rest) continue;
      rest -= size;
      index += step;
    }
    return Math.max(0, Math.min(index, this.own.length - 1));
  }
}
