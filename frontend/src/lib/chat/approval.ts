// An approval in words: the decision, what it is about, and what "always" would store.

import type { ApprovalRequest, JsonValue } from '$lib/protocol';
import { dangerLabels, findDangers, touchesSecrets, type Danger, type Label } from './danger';
import { placeOf } from './danger-places';
import { clock, middleTruncate, relativePath } from '$lib/text/format';
import type { PromptItem } from './items';
import { textField } from './json';
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

/** `base`: the session's directory; what a command does outside of it weighs more. */
export function approvalBody({ tool_name: name, input }: Pick<ApprovalRequest, 'tool_name' | 'input'>, base: string | null = null): ApprovalBody {
  const text = (key: string): string | null => textField(input, key);
  const command = text('command');
  if (name === 'Bash' && command !== null) return { kind: 'command', command, dangers: findDangers(command, base) };
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

/** What deserves a second look, in words, the worst first. */
export function approvalDangers(body: ApprovalBody, base: string | null = null): Label[] {
  if (body.kind === 'command') return dangerLabels(body.dangers);
  if (body.kind !== 'path' && body.kind !== 'diff') return [];
  const labels: Label[] = touchesSecrets(body.path) ? [{ label: 'touches secrets', severity: 'danger' }] : [];
  if (body.kind === 'path') return labels;
  if (/(?:^|\/)\.claude\/settings(?:\.local)?\.json$/.test(body.path)) labels.push({ label: 'changes what Claude may do', severity: 'danger' });
  if (/(?:^|\/)\.git\/(?:hooks\/|config$)/.test(body.path)) labels.push({ label: 'changes what Git runs', severity: 'danger' });
  const place = placeOf(body.path, base, '');
  if (place === 'outside') labels.push({ label: 'writes outside the project', severity: 'danger' });
  else if (place === 'temporary') labels.push({ label: 'writes outside the project', severity: 'warn' });
  return labels;
}

/** Allow must then be held, or pressed with Shift: it cannot be taken back. */
export function isDangerous(body: ApprovalBody, base: string | null = null): boolean {
  return approvalDangers(body, base).some((danger) => danger.severity === 'danger');
}

const OUTCOMES = { allowed: 'Allowed', denied: 'Denied', cancelled: 'No longer needed' } as const;

/** "Allowed with changes by Chrome on Linux, 14:07". */
export function resolvedWords(prompt: PromptItem, now?: number): string {
  const { resolution, kind } = prompt;
  if (resolution === null) return '';
  const changed = resolution.updatedInput === null || kind !== 'approval' ? '' : ' with changes';
  const allowed = kind === 'question' ? 'Answered' : kind === 'plan' ? 'Approved' : `Allowed${changed}`;
  const denied = kind === 'question' ? 'Not answered' : kind === 'plan' ? 'Sent back' : 'Denied';
  const word = { ...OUTCOMES, allowed, denied }[resolution.outcome];
  const by = resolution.by === null || resolution.outcome === 'cancelled' ? '' : ` by ${resolution.by}`;
  const more = resolution.outcome !== 'allowed' || kind !== 'plan' ? [] : [resolution.permissionMode === null ? null : modeName(resolution.permissionMode), resolution.edited ? 'edited' : null];
  return [`${word}${by}, ${clock(resolution.at, now)}`, ...more.filter((part) => part !== null)].join(' · ');
}
