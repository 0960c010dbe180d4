// What a tool call and its result say, whatever of it is there: the input and the result are somebody else's promise.

import type { Content, JsonValue } from '$lib/protocol';
import type { ToolItem, ToolResult } from '../items';
import { field, flag, isObject, listField, numberField, plainText, textField, texts } from '../json';

export interface BashFacts {
  readonly command: string;
  readonly description: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Where it ran, when the result tells. */
  readonly directory: string | null;
  readonly exit: number | null;
  readonly taskId: string | null;
  readonly notes: readonly string[];
}

const NO_OUTPUT = '(Bash completed with no output)';
const EXIT = /^(?:Error: )?Exit code (\d+)(?:\n|$)/;
const RESET = /(?:^|\n)Shell cwd was reset to ([^\n]+)\s*$/;

export function bashFacts(tool: ToolItem): BashFacts {
  const { result } = tool;
  const structured = result?.structured ?? null;
  const all = result === null ? '' : plainText(result.content);
  const apart = textField(structured, 'stdout') !== null;
  const exit = EXIT.exec(all);
  let stdout = apart ? (textField(structured, 'stdout') ?? '') : all === NO_OUTPUT ? '' : all;
  if (!apart && exit !== null) stdout = stdout.slice(exit[0].length);
  let stderr = textField(structured, 'stderr') ?? '';
  const reset = RESET.exec(stderr) ?? RESET.exec(stdout);
  if (reset !== null) {
    stderr = stderr.replace(RESET, '');
    stdout = stdout.replace(RESET, '');
  }
  const taskId = textField(structured, 'backgroundTaskId') ?? tool.task?.id ?? null;
  const started = textField(structured, 'backgroundTaskId') !== null;
  const notes = [];
  if (flag(structured, 'interrupted')) notes.push('Interrupted before it was done.');
  if (flag(tool.input, 'dangerouslyDisableSandbox')) notes.push('Ran outside the sandbox.');
  const meaning = textField(structured, 'returnCodeInterpretation');
  if (meaning !== null) notes.push(`${meaning}.`);
  if (reset?.[1] !== undefined) notes.push(`It had left the project; the next command starts in ${reset[1]} again.`);
  const kept = textField(structured, 'persistedOutputPath');
  if (kept !== null) notes.push(`The whole output is in ${kept}.`);
  return {
    command: textField(tool.input, 'command') ?? textField(tool.input, 'code') ?? '',
    description: textField(tool.input, 'description') ?? '',
    stdout: started && stdout.startsWith('Command ') ? '' : stdout,
    stderr,
    directory: textField(structured, 'cwd'),
    exit: exit === null ? null : Number(exit[1]),
    taskId,
    notes,
  };
}

export type ReadFacts =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly total: number | null }
  | { readonly kind: 'image'; readonly data: string; readonly mediaType: string; readonly bytes: number | null }
  | { readonly kind: 'pdf'; readonly bytes: number | null; readonly pages: number | null }
  | { readonly kind: 'notebook'; readonly cells: readonly Cell[] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'plain'; readonly text: string };

export interface Cell {
  readonly type: string;
  readonly source: string;
  readonly language: string | null;
}

const NUMBERED = /^ *(\d+)[\t→]/;

export function readFacts({ result }: ToolItem): ReadFacts {
  const structured = result?.structured ?? null;
  const file = field(structured, 'file');
  switch (textField(structured, 'type')) {
    case 'text':
      return { kind: 'text', text: textField(file, 'content') ?? '', start: numberField(file, 'startLine') ?? 1, total: numberField(file, 'totalLines') };
    case 'image': {
      const data = textField(file, 'base64');
      if (data === null) break;
      return { kind: 'image', data, mediaType: textField(file, 'type') ?? '', bytes: numberField(file, 'originalSize') };
    }
    case 'pdf':
    case 'parts':
      return { kind: 'pdf', bytes: numberField(file, 'originalSize'), pages: numberField(file, 'count') };
    case 'notebook':
      return { kind: 'notebook', cells: listField(file, 'cells').map(cellOf) };
    case 'file_unchanged':
      return { kind: 'unchanged' };
  }
  const text = result === null ? '' : plainText(result.content);
  // A subagent's results have no structure; its lines bring their numbers along.
  const first = NUMBERED.exec(text);
  if (first === null || result?.isError === true) return { kind: 'plain', text };
  return { kind: 'text', text: text.replace(/^ *\d+[\t→]/gm, ''), start: Number(first[1]), total: null };
}

function cellOf(cell: JsonValue): Cell {
  const source = field(cell, 'source');
  return {
    type: textField(cell, 'cellType') ?? textField(cell, 'cell_type') ?? 'cell',
    source: typeof source === 'string' ? source : Array.isArray(source) ? texts(source).join('') : '',
    language: textField(cell, 'language'),
  };
}

export interface SearchFacts {
  readonly files: readonly string[];
  readonly matches: readonly Match[];
  readonly text: string;
  readonly summary: string;
}

export interface Match {
  readonly file: string;
  readonly line: string;
  readonly text: string;
}

const MATCH = /^(.+?)[:-](\d+)[:-](.*)$/;

export function searchFacts(tool: ToolItem): SearchFacts {
  const structured = tool.result?.structured ?? null;
  const text = tool.result === null ? '' : plainText(tool.result.content);
  const files = texts(listField(structured, 'filenames'));
  const content = textField(structured, 'content');
  const mode = textField(structured, 'mode') ?? textField(tool.input, 'output_mode');
  const matches = mode === 'content' ? matchesOf(content ?? text) : [];
  const notes = [];
  if (flag(structured, 'truncated')) notes.push('More was found than is listed.');
  const limit = numberField(structured, 'appliedLimit');
  if (limit !== null) notes.push(`Limited to ${limit} results.`);
  return { files, matches, text: content !== null && matches.length === 0 ? content : text, summary: notes.join(' ') };
}

/** None when a line does not read as `file:line:text`: then the text is shown as it is. */
function matchesOf(text: string): Match[] {
  const lines = text.split('\n', 5_001).filter((line) => line !== '' && line !== '--');
  const found = lines.flatMap((line) => {
    const match = MATCH.exec(line.slice(0, 4_000));
    return match === null ? [] : [{ file: match[1] ?? '', line: match[2] ?? '', text: match[3] ?? '' }];
  });
  return found.length === lines.length ? found : [];
}

export interface Hit {
  readonly title: string;
  readonly url: string;
}

export function webHits(result: ToolResult | null): { hits: Hit[]; words: string } {
  const hits: Hit[] = [];
  const words: string[] = [];
  for (const part of listField(result?.structured ?? null, 'results')) {
    if (typeof part === 'string') words.push(part);
    for (const hit of listField(part, 'content')) {
      const url = textField(hit, 'url');
      if (url !== null) hits.push({ title: textField(hit, 'title') ?? url, url });
    }
  }
  if (hits.length === 0 && words.length === 0 && result !== null) words.push(plainText(result.content));
  return { hits, words: words.join('\n\n') };
}

/** What is to be said of a result's parts that are neither text nor picture. */
export function otherParts(content: readonly Content[]): string[] {
  return content.flatMap((part) => {
    if (part.type === 'document') return [`A document: ${part.name ?? part.media_type}`];
    if (part.type !== 'other') return [];
    const type = textField(part.raw, 'type') ?? 'part';
    const uri = textField(part.raw, 'uri') ?? textField(field(part.raw, 'resource'), 'uri');
    if (type === 'tool_reference') return [`Loaded ${textField(part.raw, 'tool_name') ?? 'a tool'}`];
    return [uri === null ? `A ${type.replaceAll('_', ' ')}` : `A ${type.replaceAll('_', ' ')}: ${uri}`];
  });
}

/** The text of an MCP result or another one that may be JSON, taken apart if it is. */
export function jsonOf(text: string): JsonValue | undefined {
  const start = text.trimStart().charAt(0);
  if ((start !== '{' && start !== '[') || text.length > 2_000_000) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    return isObject(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
