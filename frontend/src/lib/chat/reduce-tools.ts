// Tool calls, their results, and the tasks and subagents they start. The pieces of one call come in any order.

import { patch, type Store, type EventOf, type Handlers } from './store';
import type { Cell, Item, Task, TaskItem, ToolItem } from './items';
import { applyCall, isChecklistTool } from './tools/checklist';
import { isKnownTool } from './tools/kinds';

export const TOOLS: Handlers<
  'tool_use_started' | 'tool_use' | 'tool_progress' | 'tool_result' | 'task_started' | 'task_updated' | 'task_progress' | 'task_finished'
> = {
  tool_use_started: (c, e, at) => {
    const cell = ensureTool(c, e.tool_use_id, at);
    if (cell.value.name === '') patch(cell, { name: e.name, messageId: e.message_id });
  },
  tool_use: toolUse,
  tool_progress: (c, e, at) => patch(ensureTool(c, e.tool_use_id, at), { elapsed: e.elapsed_seconds }),
  tool_result: toolResult,
  task_started: taskStarted,
  task_updated: (c, e, at) => {
    changeTask(c, e.task_id, at, (task) => ({ ...task, status: e.status ?? task.status, backgrounded: e.backgrounded ?? task.backgrounded }));
  },
  task_progress: (c, e, at) => {
    changeTask(c, e.task_id, at, (task) => ({
      ...task,
      description: e.description ?? task.description,
      tokens: e.total_tokens ?? task.tokens,
      toolUses: e.tool_uses ?? task.toolUses,
      durationMs: e.duration_ms ?? task.durationMs,
    }));
  },
  task_finished: (c, e, at) => {
    changeTask(c, e.task_id, at, (task) => ({
      ...task,
      status: e.status,
      summary: e.summary,
      tokens: e.total_tokens ?? task.tokens,
      toolUses: e.tool_uses ?? task.toolUses,
      durationMs: e.duration_ms ?? task.durationMs,
    }));
  },
};

/** The call, made up if nothing of it has been seen. */
export function ensureTool(c: Store, id: string, at: number, parent: string | null = null): Cell<ToolItem> {
  const known = c.tools.get(id);
  if (known !== undefined) return known;
  if (parent !== null) ensureTool(c, parent, at);
  const cell = c.add<ToolItem>(
    {
      kind: 'tool',
      at,
      toolUseId: id,
      name: '',
      input: null,
      messageId: null,
      status: 'preparing',
      elapsed: null,
      result: null,
      children: [],
      task: null,
      covered: isCovered(c, id),
      denied: c.promptOfTool.get(id)?.value.resolution?.outcome === 'denied',
      since: c.promptOfTool.get(id)?.value.resolution?.at ?? at,
    },
    parent,
  );
  c.tools.set(id, cell);
  c.parents.set(id, parent);
  c.open.add(cell as unknown as Cell<Item>);
  return cell;
}

/** Whether a prompt card stands for this call. */
export function isCovered(c: Store, toolUseId: string): boolean {
  const prompt = c.promptOfTool.get(toolUseId)?.value;
  return prompt !== undefined && (prompt.kind !== 'approval' || prompt.resolution === null);
}

function toolUse(c: Store, e: EventOf<'tool_use'>, at: number): void {
  const cell = ensureTool(c, e.tool_use_id, at, e.parent_tool_use_id);
  moveTo(c, cell, e.parent_tool_use_id, at);
  const { status, input } = cell.value;
  // Shown all the same; the count says that something newer is running.
  if (input === null && !isKnownTool(e.name)) c.set({ unknown: c.meta.value.unknown + 1 });
  patch(cell, {
    name: e.name,
    input: c.promptOfTool.get(e.tool_use_id)?.value.resolution?.updatedInput ?? e.input,
    messageId: e.message_id,
    status: status === 'preparing' ? 'running' : status,
  });
  if (input === null) countSteps(c, cell.value);
}

/** A call first seen through its result or a child may have been put in the wrong place. */
function moveTo(c: Store, cell: Cell<ToolItem>, parent: string | null, at: number): void {
  const id = cell.value.toolUseId;
  const before = c.parents.get(id) ?? null;
  if (before === parent || parent === id) return;
  if (parent !== null) ensureTool(c, parent, at);
  const item = cell as unknown as Cell<Item>;
  c.remove(item, before);
  c.parents.set(id, parent);
  c.place(item, parent);
}

function toolResult(c: Store, e: EventOf<'tool_result'>, at: number): void {
  const cell = ensureTool(c, e.tool_use_id, at, e.parent_tool_use_id);
  const result = { isError: e.is_error, content: e.content, structured: e.structured, cutBytes: e.cut_bytes, at };
  patch(cell, { result, status: e.is_error ? 'failed' : 'done' });
  countSteps(c, cell.value);
  c.open.delete(cell as unknown as Cell<Item>);
}

/** Subagents keep lists of their own; only calls of the conversation itself count. */
function countSteps(c: Store, tool: ToolItem): void {
  if (!isChecklistTool(tool.name) || (c.parents.get(tool.toolUseId) ?? null) !== null) return;
  c.steps.value = applyCall(c.steps.value, tool);
}

function taskStarted(c: Store, e: EventOf<'task_started'>, at: number): void {
  const task = { ...newTask(e.task_id, e.task_type, e.description), subagentType: e.subagent_type, prompt: e.prompt };
  if (e.tool_use_id === null) {
    c.tasks.set(e.task_id, c.add<TaskItem>({ kind: 'task', at, task }) as unknown as Cell<Item>);
    return;
  }
  const tool = ensureTool(c, e.tool_use_id, at);
  patch(tool, { task, status: tool.value.status === 'preparing' ? 'running' : tool.value.status });
  c.tasks.set(e.task_id, tool as unknown as Cell<Item>);
}

function changeTask(c: Store, id: string, at: number, change: (task: Task) => Task): void {
  const known = c.tasks.get(id) ?? (c.add<TaskItem>({ kind: 'task', at, task: newTask(id, '', '') }) as unknown as Cell<Item>);
  c.tasks.set(id, known);
  const item = known.value;
  if (item.kind === 'tool') known.value = { ...item, task: change(item.task ?? newTask(id, '', '')) };
  else if (item.kind === 'task') known.value = { ...item, task: change(item.task) };
}

function newTask(id: string, type: string, description: string): Task {
  return { id, type, description, status: 'running', tokens: null, toolUses: null, durationMs: null, summary: null, subagentType: null, prompt: null, backgrounded: false };
}

/** Nothing more will come for calls that are still open, except below a subagent that works on in the background. */
export function stopOpenTools(c: Store, everything: boolean): void {
  for (const cell of [...c.open]) {
    const item = cell.value;
    if (item.kind !== 'tool' || (!everything && inBackground(c, item))) continue;
    cell.value = { ...item, status: 'stopped' };
    c.open.delete(cell);
  }
}

function inBackground(c: Store, item: ToolItem): boolean {
  let root = item;
  for (let depth = 0; depth < 20; depth += 1) {
    const parent = c.parents.get(root.toolUseId) ?? null;
    const owner = parent === null ? undefined : c.tools.get(parent);
    if (owner === undefined) break;
    root = owner.value;
  }
  // A call in the background has its result already: that it was launched.
  return root !== item && root.result !== null && root.task?.status !== 'completed';
}
