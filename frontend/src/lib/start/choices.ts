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

export function remember(cwd: string, choices: Choices): void {
  const rest = read().filter(([directory]) => directory !== cwd);
  try {
    localStorage.setItem(KEY, JSON.stringify([[cwd, choices], ...rest].slice(0, MOST)));
  } catch {
    // Storage may be full or blocked; then the next form starts from the defaults.
  }
}
