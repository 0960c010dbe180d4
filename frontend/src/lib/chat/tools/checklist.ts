// The one list of what Claude means to do, put together from the calls that write it: TodoWrite says the whole list,
// TaskCreate and TaskUpdate say one change, TaskList says how it stands.

import type { JsonValue } from '$lib/protocol';
import type { ToolItem } from '../items';
import { field, listField, plainText, textField } from '../json';

export type StepStatus = 'pending' | 'in_progress' | 'completed';

export interface Step {
  readonly id: string;
  readonly text: string;
  /** How it reads while it is being done. */
  readonly doing: string;
  readonly status: StepStatus;
  readonly blockedBy: readonly string[];
}

export interface Checklist {
  readonly steps: readonly Step[];
  readonly done: number;
  /** What is being done, or comes next. */
  readonly now: Step | null;
}

const CHECKLIST_TOOLS: ReadonlySet<string> = new Set(['TodoWrite', 'TaskCreate', 'TaskUpdate', 'TaskList', 'TaskGet']);

export function isChecklistTool(name: string): boolean {
  return CHECKLIST_TOOLS.has(name);
}

/** The list after the result of one more call; the same list when the call says nothing about it, or did not come through. */
export function applyCall(steps: readonly Step[], tool: ToolItem): readonly Step[] {
  if (tool.result === null || tool.denied || tool.status === 'failed' || tool.status === 'stopped') return steps;
  const { structured } = tool.result;
  if (tool.name === 'TodoWrite') return todos(tool.input);
  if (tool.name === 'TaskCreate') return created(steps, tool);
  if (tool.name === 'TaskUpdate') return updated(steps, tool.input);
  if (tool.name === 'TaskGet') return steps;
  return listed(steps, structured);
}

export function summed(steps: readonly Step[]): Checklist {
  const done = steps.filter((step) => step.status === 'completed').length;
  const now = steps.find((step) => step.status === 'in_progress') ?? steps.find((step) => step.status === 'pending') ?? null;
  return { steps, done, now };
}

export function checklistWords({ steps, done, now }: Checklist): string {
  const count = `${done} of ${steps.length} done`;
  if (now === null) return count;
  return now.status === 'in_progress' ? `${count} · now: ${now.doing}` : `${count} · next: ${now.text}`;
}

export function todos(input: JsonValue): Step[] {
  return listField(input, 'todos').map((todo, i) => {
    const text = textField(todo, 'content') ?? textField(todo, 'subject') ?? '';
    return { id: textField(todo, 'id') ?? String(i + 1), text, doing: textField(todo, 'activeForm') ?? text, status: statusOf(textField(todo, 'status')), blockedBy: [] };
  });
}

export function taskOf(task: JsonValue | undefined): Step | null {
  const id = idOf(field(task, 'id'));
  const text = textField(task, 'subject') ?? textField(task, 'content');
  if (id === null || text === null) return null;
  return { id, text, doing: textField(task, 'activeForm') ?? text, status: statusOf(textField(task, 'status')), blockedBy: listField(task, 'blockedBy').flatMap((one) => idOf(one) ?? []) };
}

const CREATED = /[Tt]ask #(\S+?) created/;

function created(steps: readonly Step[], tool: ToolItem): readonly Step[] {
  if (tool.result === null) return steps;
  const id = idOf(field(field(tool.result.structured ?? undefined, 'task'), 'id')) ?? CREATED.exec(plainText(tool.result.content))?.[1] ?? null;
  const text = textField(tool.input, 'subject') ?? '';
  if (id === null) return steps;
  const step: Step = { id, text, doing: textField(tool.input, 'activeForm') ?? text, status: 'pending', blockedBy: [] };
  return steps.some((one) => one.id === id) ? steps.map((one) => (one.id === id ? step : one)) : [...steps, step];
}

function updated(steps: readonly Step[], input: JsonValue): readonly Step[] {
  const id = idOf(field(input, 'taskId'));
  const status = textField(input, 'status');
  if (id === null) return steps;
  if (status === 'deleted') return steps.filter((step) => step.id !== id);
  const subject = textField(input, 'subject');
  return steps.map((step) =>
    step.id === id
      ? {
          ...step,
          text: subject ?? step.text,
          doing: textField(input, 'activeForm') ?? (subject !== null && step.doing === step.text ? subject : step.doing),
          status: status === null ? step.status : statusOf(status),
          blockedBy: [...step.blockedBy, ...listField(input, 'addBlockedBy').flatMap((one) => idOf(one) ?? [])],
        }
      : step,
  );
}

function listed(steps: readonly Step[], structured: JsonValue | null): readonly Step[] {
  const found = field(structured ?? undefined, 'tasks');
  if (!Array.isArray(found)) return steps;
  return found.flatMap((task) => {
    const step = taskOf(task);
    if (step === null) return [];
    const known = steps.find((one) => one.id === step.id);
    return [known !== undefined && step.doing === step.text ? { ...step, doing: known.text === step.text ? known.doing : step.doing } : step];
  });
}

function statusOf(status: string | null): StepStatus {
  return status === 'completed' || status === 'in_progress' ? status : 'pending';
}

function idOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}

/** An empty list is no list, and one that is done is worth a look only while the turn that did it goes on. */
export function isShown(list: Checklist, busy: boolean): boolean {
  return list.steps.length > 0 && (list.done < list.steps.length || busy);
}
