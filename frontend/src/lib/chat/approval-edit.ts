// Changing what would run before it is allowed.

import type { JsonValue } from '$lib/protocol';
import { isObject, pretty, textField } from './json';

export interface Editor {
  readonly label: string;
  /** The field of the input that is edited; none for the input as JSON. */
  readonly key: string | null;
  readonly text: string;
}

/** A text field lays out all of its text at every letter. */
export const EDITED_MOST = 200_000;

export type Edited = { readonly ok: true; readonly input: JsonValue } | { readonly ok: false; readonly message: string };

const FIELDS: Readonly<Record<string, readonly [key: string, label: string]>> = {
  Bash: ['command', 'Command'],
  Write: ['content', 'Content of the file'],
  Edit: ['new_string', 'New text'],
  NotebookEdit: ['new_source', 'New text of the cell'],
  WebFetch: ['url', 'Address'],
  WebSearch: ['query', 'What to search for'],
  Agent: ['prompt', 'What the subagent is told'],
  Task: ['prompt', 'What the subagent is told'],
};

/** Fields that may be emptied. */
const MAY_BE_EMPTY = new Set(['content', 'new_string', 'new_source']);

export function editorOf(tool: string, input: JsonValue): Editor {
  const [key, label] = Object.hasOwn(FIELDS, tool) ? (FIELDS[tool] ?? []) : [];
  const text = key === undefined ? null : textField(input, key);
  if (key === undefined || label === undefined || text === null) return { label: 'Input as JSON', key: null, text: pretty(input) };
  return { label, key, text };
}

/** The whole input with the change in it. */
export function applyEdit(input: JsonValue, editor: Editor, text: string): Edited {
  if (editor.key === null) return fromJson(text);
  if (!isObject(input)) return { ok: false, message: 'The input is not what this page expects. It cannot be edited.' };
  if (text.trim() === '' && !MAY_BE_EMPTY.has(editor.key)) return { ok: false, message: `${editor.label} is empty. Write something, or deny.` };
  if (editor.key === 'url' && !isWebAddress(text)) return { ok: false, message: 'This is not an address that begins with http:// or https://.' };
  return { ok: true, input: { ...input, [editor.key]: text } };
}

function fromJson(text: string): Edited {
  try {
    const input = JSON.parse(text) as JsonValue;
    return isObject(input) ? { ok: true, input } : { ok: false, message: 'The input must be a JSON object: { … }.' };
  } catch (cause) {
    return { ok: false, message: `This is not JSON: ${cause instanceof Error ? cause.message : 'it cannot be read'}` };
  }
}

function isWebAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text.trim()).protocol);
  } catch {
    return false;
  }
}
