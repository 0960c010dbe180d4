import { getContext, setContext } from 'svelte';
import type { Reading } from './reading.svelte';

const KEY = Symbol('reading');

export function provideReading(reading: Reading): Reading {
  return setContext(KEY, reading);
}

/** None where items are shown outside of a conversation's pane. */
export function getReading(): Reading | undefined {
  return getContext<Reading | undefined>(KEY);
}
