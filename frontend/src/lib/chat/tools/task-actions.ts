// What can be done with what runs.

import type { Task } from '../items';

const CAN_GO_ON: ReadonlySet<string> = new Set(['Bash', 'PowerShell', 'Agent', 'Task']);

interface Call {
  readonly name: string;
  readonly running: boolean;
  readonly finished: boolean;
}

/** A task the CLI told of, in the foreground or the background. */
export function canStop(task: Task | null): boolean {
  return task !== null && task.status === 'running';
}

/** The CLI tells of a task when a command takes long; before that there is nothing to send away. */
export function canBackground({ name, running, finished }: Call, task: Task | null): boolean {
  return CAN_GO_ON.has(name) && running && !finished && task !== null && task.status === 'running' && !task.backgrounded;
}
