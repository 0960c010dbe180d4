import type { Effort, PermissionMode, TrustItemKind } from '$lib/protocol';

export const MODES: readonly { value: PermissionMode; text: string }[] = [
  { value: 'default', text: 'Asks before it edits files or runs commands.' },
  { value: 'acceptEdits', text: 'Edits files without asking; asks before it runs commands.' },
  { value: 'plan', text: 'Reads and plans; changes nothing until you accept the plan.' },
  { value: 'dontAsk', text: 'Never asks: what your rules do not allow is denied.' },
  { value: 'auto', text: 'Runs what its own safety check finds harmless.' },
  { value: 'bypassPermissions', text: 'Never asks. Everything runs, with all your rights on this machine.' },
];

export const EFFORTS: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

export const EFFORT_WORDS: Readonly<Record<Effort, string>> = {
  low: 'Answers quickly, thinks little. For small, clear tasks.',
  medium: 'Thinks where it seems worth it.',
  high: 'Thinks things through; slower and dearer.',
  xhigh: 'Thinks long about hard problems.',
  max: 'Spends whatever it takes.',
};

export const MODELS: readonly string[] = ['default', 'opus', 'sonnet', 'haiku'];

export const TRUST_WORDS: Readonly<Record<TrustItemKind, string>> = {
  hook: 'Hook: a command Claude Code runs by itself',
  mcp_server: 'MCP server: a program started with the session',
  helper: 'Helper: a program asked for credentials or status',
  environment: 'Environment: a setting that can redirect or run things',
  permissions: 'Permissions: rules that allow tools without asking',
  unreadable: 'Could not be read, so it could say anything',
};
