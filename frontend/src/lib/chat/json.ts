// Reading JSON whose shape is somebody else's promise.

import type { Content, JsonValue } from '$lib/protocol';

export type JsonObject = { readonly [key: string]: JsonValue | undefined };

export function isObject(value: JsonValue | undefined): value is { [key in string]?: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function field(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textField(value: JsonValue | undefined, key: string): string | null {
  const found = field(value, key);
  return typeof found === 'string' ? found : null;
}

export function numberField(value: JsonValue | undefined, key: string): number | null {
  const found = field(value, key);
  return typeof found === 'number' ? found : null;
}

export function flag(value: JsonValue | undefined, key: string): boolean {
  return field(value, key) === true;
}

export function listField(value: JsonValue | undefined, key: string): readonly JsonValue[] {
  const found = field(value, key);
  return Array.isArray(found) ? found : [];
}

export function texts(values: readonly JsonValue[]): string[] {
  return values.filter((value) => typeof value === 'string');
}

export function pretty(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** The words of a message or a result, images left out. */
export function plainText(content: readonly Content[]): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
