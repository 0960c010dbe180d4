// JSON to read: indented, but never deeper, longer or slower than a person could read it.

import type { JsonValue } from '$lib/protocol';

export interface Limits {
  readonly depth: number;
  readonly chars: number;
}

export const LIMITS: Limits = { depth: 40, chars: 400_000 };

export interface JsonText {
  readonly text: string;
  /** Whether something was left out; the copy has all of it. */
  readonly cut: boolean;
}

export function jsonText(value: JsonValue | undefined, limits: Limits = LIMITS): JsonText {
  const parts: string[] = [];
  let room = limits.chars;
  let cut = false;
  const put = (text: string): void => {
    if (text.length > room) cut = true;
    parts.push(text.slice(0, Math.max(0, room)));
    room -= text.length;
  };
  const write = (inner: JsonValue | undefined, depth: number): void => {
    if (room <= 0) {
      cut = true;
      return;
    }
    if (typeof inner === 'string') put(quoted(inner, room));
    else if (typeof inner !== 'object' || inner === null) put(String(inner ?? null));
    else if (depth >= limits.depth) {
      cut = true;
      put(Array.isArray(inner) ? '[ … deeper levels left out ]' : '{ … deeper levels left out }');
    } else writeAll(inner, depth);
  };
  const writeAll = (inner: JsonValue[] | { [key in string]?: JsonValue }, depth: number): void => {
    const list = Array.isArray(inner);
    const keys = list ? null : Object.keys(inner);
    const count = keys?.length ?? (inner as JsonValue[]).length;
    if (count === 0) return put(list ? '[]' : '{}');
    put(list ? '[' : '{');
    for (let i = 0; i < count && room > 0; i += 1) {
      const key = keys?.[i];
      put(`${i === 0 ? '' : ','}\n${'  '.repeat(depth + 1)}${key === undefined ? '' : `${quoted(key, room)}: `}`);
      write(key === undefined ? (inner as JsonValue[])[i] : (inner as { [key in string]?: JsonValue })[key], depth + 1);
    }
    put(`\n${'  '.repeat(depth)}${list ? ']' : '}'}`);
  };
  write(value, 0);
  return { text: cut && room <= 0 ? `${parts.join('')}\n… the rest is left out` : parts.join(''), cut };
}

/** Everything, for copying. What is nested too deep to be written as one text is written as far as it can be read. */
export function wholeJson(value: JsonValue): string {
  try {
    return JSON.stringify(value, null, 2);
  } catch {
    return jsonText(value, { depth: 500, chars: 50_000_000 }).text;
  }
}

function quoted(text: string, room: number): string {
  return JSON.stringify(text.length > room ? text.slice(0, room + 1) : text);
}
