// An approval in words: the decision, what it is about, and what "always" would store.

import type { ApprovalRequest, JsonValue } from '$lib/protocol';
import { findDangers, touchesSecrets, type Danger } from './danger';
import { clock, middleTruncate, relativePath } from '$lib/text/format';
import type { PromptItem } from './items';
import { field, isObject, listField, textField, texts } from './json';
import { modeName } from '$lib/text/state';
import { patchOf, type Hunk } from './patch';
import { hostOf, mcpName } from './tool-words';

export type ApprovalBody =
  | { readonly kind: 'command'; readonly command: string; readonly dangers: readonly Danger[] }
  | { readonly kind: 'diff'; readonly path: string; readonly hunks: readonly Hunk[]; readonly isNew: boolean }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly host: string }
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'json'; readonly input: JsonValue };

export function approvalTitle({ tool_name: name, input, blocked_path: blocked }: ApprovalRequest, base: string | null): string {
  const path = (key: string): string => middleTruncate(relativePath(textField(input, key) ?? '', base), 60);
  switch (name) {
    case 'Bash':
      return 'Run this command?';
    case 'Write':
      return `Write ${path('file_path')}?`;
    case 'Edit':
    case 'MultiEdit':
      return `Edit ${path('file_path')}?`;
    case 'NotebookEdit':
      return `Edit ${path('notebook_path')}?`;
    case 'Read':
      return blocked === null && base === null ? `Read ${path('file_path')}?` : readTitle(path('file_path'));
    case 'WebFetch':
      return `Fetch a page from ${hostOf(textField(input, 'url') ?? '')}?`;
    case 'WebSearch':
      return 'Search the web?';
    case 'Agent':
    case 'Task':
      return 'Start a subagent?';
    case 'Skill':
      return `Use the skill ${textField(input, 'skill') ?? textField(input, 'command') ?? ''}?`;
    default: {
      const mcp = mcpName(name);
      return mcp === null ? `Use ${name}?` : `Use ${mcp.tool} from ${mcp.server}?`;
    }
  }
}

function readTitle(path: string): string {
  const outside = path.startsWith('/') || path.startsWith('~') || path.startsWith('…');
  return outside ? 'Let Claude read outside the project?' : `Read ${path}?`;
}

export function approvalBody({ tool_name: name, input }: ApprovalRequest): ApprovalBody {
  const text = (key: string): string | null => textField(input, key);
  const command = text('command');
  if (name === 'Bash' && command !== null) return { kind: 'command', command, dangers: findDangers(command) };
  const path = text('file_path') ?? text('notebook_path');
  const hunks = patchOf(name, input, null);
  if (path !== null && hunks !== null) return { kind: 'diff', path, hunks, isNew: name === 'Write' };
  const url = text('url');
  if (name === 'WebFetch' && url !== null) return { kind: 'url', url, host: hostOf(url) };
  if (name === 'Read' && path !== null) return { kind: 'path', path };
  const prompt = text('prompt');
  if ((name === 'Agent' || name === 'Task') && prompt !== null) return { kind: 'prompt', text: prompt };
  return { kind: 'json', input };
}

/** Allow must then be held, or pressed with Shift: it cannot be taken back. */
export function isDangerous(body: ApprovalBody): boolean {
  if (body.kind === 'command') return body.dangers.some((danger) => danger.severity === 'danger');
  return (body.kind === 'path' || body.kind === 'diff') && touchesSecrets(body.path);
}

export interface Suggestion {
  readonly index: number;
  readonly what: string;
  /** The rules themselves, as they would be stored. */
  readonly rules: readonly string[];
  readonly where: string;
  readonly undo: string;
}

const PLACES: Readonly<Record<string, readonly [where: string, undo: string]>> = {
  session: ['Only for this session; nothing is stored.', 'It is gone when the session ends.'],
  localSettings: ['In .claude/settings.local.json of this directory, for you alone.', 'Delete the line there to take it back.'],
  projectSettings: ['In .claude/settings.json of this directory, for everyone who works in it.', 'Delete the line there to take it back.'],
  userSettings: ['In ~/.claude/settings.json, for all your projects.', 'Delete the line there to take it back.'],
};

export function describeSuggestions(suggestions: readonly JsonValue[]): Suggestion[] {
  return suggestions.map((raw, index) => {
    const destination = textField(raw, 'destination') ?? '';
    const [where, undo] = PLACES[destination] ?? [`Stored in ${destination === '' ? 'an unknown place' : destination}.`, ''];
    return { index, ...whatOf(raw), where, undo: textField(raw, 'type') === 'setMode' ? 'Change the permission mode to take it back.' : undo };
  });
}

function whatOf(raw: JsonValue): { what: string; rules: string[] } {
  switch (textField(raw, 'type')) {
    case 'addRules':
      return { what: ruleVerb(textField(raw, 'behavior')), rules: listField(raw, 'rules').map(ruleText) };
    case 'addDirectories':
      return { what: 'Let Claude work in', rules: texts(listField(raw, 'directories')) };
    case 'setMode':
      return { what: `Switch to the mode “${modeName(textField(raw, 'mode') ?? '')}”`, rules: [] };
    default:
      return { what: 'Apply', rules: [JSON.stringify(raw)] };
  }
}

function ruleVerb(behavior: string | null): string {
  if (behavior === 'deny') return 'Always deny';
  return behavior === 'ask' ? 'Always ask for' : 'Always allow';
}

function ruleText(rule: JsonValue): string {
  if (!isObject(rule)) return JSON.stringify(rule);
  const tool = textField(rule, 'toolName') ?? '?';
  const content = field(rule, 'ruleContent');
  return typeof content === 'string' ? `${tool}(${content})` : tool;
}

const OUTCOMES = { allowed: 'Allowed', denied: 'Denied', cancelled: 'No longer needed' } as const;

/** "Allowed by Chrome on Linux, 14:07". */
export function resolvedWords(prompt: PromptItem, now?: number): string {
  const { resolution, kind } = prompt;
  if (resolution === null) return '';
  const allowed = kind === 'question' ? 'Answered' : kind === 'plan' ? 'Approved' : 'Allowed';
  const denied = kind === 'question' ? 'Not answered' : kind === 'plan' ? 'Sent back' : 'Denied';
  const word = { ...OUTCOMES, allowed, denied }[resolution.outcome];
  const by = resolution.by === null || resolution.outcome === 'cancelled' ? '' : ` by ${resolution.by}`;
  return `${word}${by}, ${clock(resolution.at, now)}`;
}
