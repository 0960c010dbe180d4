// A tool's input as a form: names and values in rows. What is large or nested stays folded until it is asked for.

import type { JsonValue } from '$lib/protocol';
import { plural } from '$lib/text/format';

export interface Row {
  readonly name: string;
  readonly label: string;
  readonly value: JsonValue | undefined;
  /** Fits on its line. */
  readonly short: string | null;
  /** Says what is inside when it does not. */
  readonly summary: string;
}

const SHORT = 160;
const MOST_ROWS = 200;

export function rowsOf(value: JsonValue | undefined): { rows: Row[]; left: number } {
  if (typeof value !== 'object' || value === null) return { rows: value === undefined ? [] : [rowOf('', value)], left: 0 };
  const keys = Object.keys(value);
  const rows = keys.slice(0, MOST_ROWS).map((key) => rowOf(key, (value as { [key in string]?: JsonValue })[key]));
  return { rows, left: keys.length - rows.length };
}

function rowOf(name: string, value: JsonValue | undefined): Row {
  return { name, label: labelOf(name), value, short: shortOf(value), summary: summaryOf(value) };
}

/** `file_path` and `filePath` as "file path". Foreign names stay recognisable: nothing is left out. */
export function labelOf(name: string): string {
  return /^[A-Za-z][\w-]*$/.test(name) ? name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/[_-]+/g, ' ').trim().toLowerCase() : name;
}

function shortOf(value: JsonValue | undefined): string | null {
  if (value === null || value === undefined) return 'none';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value === '' ? '(empty)' : value.length <= SHORT && !value.includes('\n') ? value : null;
  if (Array.isArray(value) && value.length <= 8 && value.every((one) => typeof one === 'string' || typeof one === 'number')) {
    const list = value.join(', ');
    return value.length === 0 ? 'none' : list.length <= SHORT && !list.includes('\n') ? list : null;
  }
  return Object.keys(value).length === 0 ? 'none' : null;
}

function summaryOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return plural(value.length, 'character');
  if (Array.isArray(value)) return plural(value.length, 'item');
  return typeof value === 'object' && value !== null ? plural(Object.keys(value).length, 'field') : '';
}
