// What may be large comes into the document one at a time, each in a task of its own: ten prompts of a megabyte at once
// would hold the page for a second.

export interface OneByOne<T> {
  /** Whether it is to be drawn yet. */
  has(one: T): boolean;
  readonly count: number;
}

/** Lets in what `all` gives, in its order; the first at once. What left comes in anew. */
export function oneByOne<T>(all: () => readonly T[]): OneByOne<T> {
  let inside = $state.raw<ReadonlySet<T>>(new Set());
  let free = $state(true);
  const next = $derived(all().find((one) => !inside.has(one)));

  $effect.pre(() => {
    if (next === undefined || !free) return;
    free = false;
    inside = new Set([...all().filter((one) => inside.has(one)), next]);
    setTimeout(() => (free = true));
  });

  return {
    has: (one) => inside.has(one),
    get count() {
      return inside.size;
    },
  };
}
