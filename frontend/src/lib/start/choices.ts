// What was chosen last, per directory. Preferences only: nothing here is secret, so it may outlive the tab.

import type { Effort, PermissionMode, SessionKind, TerminalProgram } from '$lib/protocol';

export interface Choices {
  kind: SessionKind;
  program: TerminalProgram;
  model: string;
  /** Empty: whatever the user's own settings say. */
  permission_mode: PermissionMode | '';
  effort: Effort | '';
  keep: boolean;
}

export const FIRST_CHOICES: Choices = {
  kind: 'chat',
  program: 'claude',
  model: '',
  permission_mode: '',
  effort: '',
  keep: false,
};

const KEY = 'claude-web.start';
const MOST = 50;

type Stored = [cwd: string, choices: Choices][];

function read(): Stored {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? (stored as Stored).filter((entry) => Array.isArray(entry) && typeof entry[0] === 'string') : [];
  } catch {
    return [];
  }
}

export function lastDirectory(): string {
  return read()[0]?.[0] ?? '.';
}

export function choicesFor(cwd: string): Choices {
  const found = read().find(([directory]) => directory === cwd)?.[1];
  if (typeof found !== 'object' || found === null) return FIRST_CHOICES;
  const choices = { ...FIRST_CHOICES, ...found };
  // Never comes back by itself: the mode that asks nothing is chosen each time, knowingly.
  if (choices.permission_mode === 'bypassPermissions') choices.permission_mode = '';
  return choices;
}

/** What of them was chosen for Claude here, last time. */
export function isRemembered(choices: Choices): boolean {
  return choices.model !== '' || choices.permission_mode !== '' || choices.effort !== '';
}

export function remember(cwd: string, choices: Choices): void {
  const rest = read().filter(([directory]) => directory !== cwd);
  write([[cwd, withoutBypass(choices)], ...rest]);
}

/** Of a session that runs: what it is set to now is what the next one here begins with. */
export function rememberSettings(cwd: string, change: Partial<Pick<Choices, 'model' | 'permission_mode' | 'effort'>>): void {
  const stored = read();
  const choices = withoutBypass({ ...choicesFor(cwd), ...change });
  const known = stored.some(([directory]) => directory === cwd);
  write(known ? stored.map((entry) => (entry[0] === cwd ? [cwd, choices] : entry)) : [...stored.slice(0, MOST - 1), [cwd, choices]]);
}

function withoutBypass(choices: Choices): Choices {
  return choices.permission_mode === 'bypassPermissions' ? { ...choices, permission_mode: '' } : choices;
}

function write(stored: Stored): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(stored.slice(0, MOST)));
  } catch {
    // Storage may be full or blocked; then the next form starts from the defaults.
  }
}
