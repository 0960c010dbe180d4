/** Properties of a mounted component that a test may change. */
export function reactive<T extends object>(value: T): T {
  const state = $state(value);
  return state;
}
