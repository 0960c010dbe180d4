// Approvals, questions and plans: cards of their own in the flow, wherever the call they belong to stands.

import type { Outcome } from '$lib/protocol';
import { patch, type Store, type Handlers } from './store';
import type { Cell, PromptItem, Resolution } from './items';
import { isCovered } from './reduce-tools';

export const PROMPTS: Handlers<
  | 'approval_requested'
  | 'approval_resolved'
  | 'question_requested'
  | 'question_resolved'
  | 'plan_requested'
  | 'plan_resolved'
> = {
  approval_requested: (c, e, at) => request(c, { kind: 'approval', at, request: e.request, resolution: null }),
  question_requested: (c, e, at) => request(c, { kind: 'question', at, request: e.request, resolution: null }),
  plan_requested: (c, e, at) => request(c, { kind: 'plan', at, request: e.request, resolution: null }),
  approval_resolved: (c, e, at) => resolve(c, e.request_id, { ...verdict(e), updatedInput: e.updated_input, rules: e.rules, at }),
  question_resolved: (c, e, at) => resolve(c, e.request_id, { ...verdict(e), answers: e.answers, response: e.response, at }),
  plan_resolved: (c, e, at) => resolve(c, e.request_id, { ...verdict(e), permissionMode: e.permission_mode, edited: e.edited, at }),
};

type Draft<T> = T extends PromptItem ? Omit<T, 'id'> : never;

function request(c: Store, draft: Draft<PromptItem>): void {
  const id = draft.request.request_id;
  if (c.prompts.has(id)) return;
  const cell = c.add<PromptItem>(draft);
  c.prompts.set(id, cell);
  c.pending.value = [...c.pending.value, cell];
  const toolUseId = draft.request.tool_use_id;
  if (toolUseId === null) return;
  c.promptOfTool.set(toolUseId, cell);
  cover(c, toolUseId);
}

const UNSAID = { answers: null, response: null, updatedInput: null, rules: [], permissionMode: null, edited: false };

function verdict(e: { outcome: Outcome; by: string | null; message: string | null }): Omit<Resolution, 'at'> {
  return { ...UNSAID, outcome: e.outcome, by: e.by, message: e.message };
}

/** An answer to a prompt that was never seen (its request is no longer kept) has nothing to change. */
function resolve(c: Store, id: string, resolution: Resolution): void {
  const cell = c.prompts.get(id);
  if (cell === undefined || cell.value.resolution !== null) return;
  close(c, cell, resolution);
}

function close(c: Store, cell: Cell<PromptItem>, resolution: Resolution): void {
  patch(cell, { resolution });
  c.pending.value = c.pending.value.filter((open) => open !== cell);
  const toolUseId = cell.value.request.tool_use_id;
  if (toolUseId !== null) cover(c, toolUseId);
}

function cover(c: Store, toolUseId: string): void {
  const tool = c.tools.get(toolUseId);
  if (tool === undefined) return;
  const resolution = c.promptOfTool.get(toolUseId)?.value.resolution ?? null;
  const covered = isCovered(c, toolUseId);
  // What ran is what was allowed.
  const input = resolution?.updatedInput ?? tool.value.input;
  patch(tool, { covered, input, denied: resolution?.outcome === 'denied', since: resolution?.at ?? tool.value.since });
}

/** No program is left to hear an answer. */
export function cancelPending(c: Store, at: number): void {
  for (const cell of c.pending.value) {
    close(c, cell, { ...UNSAID, outcome: 'cancelled', by: null, message: null, at });
  }
}
