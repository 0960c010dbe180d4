// One line for a tool call: what was done, to what, and how it went. The details open below it.

import type { JsonValue } from '$lib/protocol';
import { clock, duration, firstLine, middleTruncate, plural, relativePath, tokens } from '$lib/text/format';
import type { ToolItem } from './items';
import { field, flag, listField, numberField, plainText, textField } from './json';
import { countChanges, patchOf } from './patch';
import { excerpt } from './tools/excerpt';

export interface ToolTitle {
  readonly verb: string;
  /** What it was done to; empty when the verb says all. */
  readonly subject: string;
  readonly code: boolean;
  readonly notes: readonly string[];
}

type Words = Omit<ToolTitle, 'notes'> & { notes?: readonly string[] };
type Say = (tool: ToolItem, path: (key: string) => string) => Words;

/** Tools for which a sentence says nearly all. */
const OTHERS: Readonly<Record<string, Say>> = {
  EnterPlanMode: (t) => words(t, 'Entered plan mode', 'Entering plan mode', ''),
  ExitPlanMode: (t) => words(t, 'Proposed a plan', 'Proposing a plan', ''),
  AskUserQuestion: (t) => words(t, 'Asked', 'Asking', plural(listField(t.input, 'questions').length, 'question')),
  SlashCommand: (t) => words(t, 'Ran', 'Running', input(t, 'command'), true),
  EnterWorktree: (t) => words(t, 'Entered worktree', 'Entering worktree', input(t, 'name') || input(t, 'path')),
  ExitWorktree: (t) => words(t, input(t, 'action') === 'remove' ? 'Left and removed the worktree' : 'Left the worktree', 'Leaving the worktree', ''),
  CronCreate: (t) => words(t, 'Scheduled', 'Scheduling', textField(structured(t), 'humanSchedule') ?? input(t, 'cron')),
  CronDelete: (t) => words(t, 'Deleted schedule', 'Deleting schedule', input(t, 'id')),
  CronList: (t) => ({ ...words(t, 'Listed the schedules', 'Listing the schedules', ''), notes: countNotes(structured(t), 'jobs', 'schedule') }),
  ScheduleWakeup: (t) => words(t, 'Goes on by itself', 'Arranging to go on by itself', wakeupWords(t)),
  SendMessage: (t) => words(t, 'Sent a message to', 'Sending a message to', input(t, 'to') || input(t, 'recipient') || 'an agent'),
  Workflow: (t) => words(t, 'Started workflow', 'Starting workflow', textField(structured(t), 'workflowName') ?? (input(t, 'title') || input(t, 'name') || input(t, 'description'))),
  ReportFindings: (t) => words(t, 'Reported', 'Reporting', plural(listField(t.input, 'findings').length, 'finding')),
  ToolSearch: (t) => words(t, 'Looked for tools', 'Looking for tools', input(t, 'query')),
  ListMcpResources: (t) => words(t, 'Listed resources of', 'Listing resources of', input(t, 'server') || 'all MCP servers'),
  ListMcpResourcesTool: (t) => words(t, 'Listed resources of', 'Listing resources of', input(t, 'server') || 'all MCP servers'),
  ReadMcpResource: (t) => words(t, `Read from ${input(t, 'server')}`, `Reading from ${input(t, 'server')}`, input(t, 'uri'), true),
  ReadMcpResourceTool: (t) => words(t, `Read from ${input(t, 'server')}`, `Reading from ${input(t, 'server')}`, input(t, 'uri'), true),
  ReadMcpResourceDir: (t) => words(t, `Listed ${input(t, 'server')}`, `Listing ${input(t, 'server')}`, input(t, 'uri'), true),
  PushNotification: (t) => words(t, 'Sent a notification', 'Sending a notification', `“${firstLine(input(t, 'message'))}”`),
  RemoteTrigger: (t) => words(t, 'Remote trigger:', 'Remote trigger:', [input(t, 'action'), input(t, 'trigger_id')].join(' ').trim()),
  StructuredOutput: (t) => words(t, 'Gave its answer as data', 'Giving its answer as data', ''),
  Artifact: (t, path) => words(t, 'Published', 'Publishing', path('file_path'), true),
  Projects: (t) => words(t, 'Used project', 'Using project', input(t, 'method').replaceAll('_', ' ')),
  LSP: (t, path) => words(t, 'Asked the language server about', 'Asking the language server about', path('file_path') || path('filePath'), true),
  TeamCreate: (t) => words(t, 'Formed team', 'Forming team', input(t, 'team_name')),
  TeamDelete: (t) => words(t, 'Dissolved the team', 'Dissolving the team', ''),
};

const TOOLS: Readonly<Record<string, Say>> = {
  Bash: (t) => bash(t),
  BashOutput: (t) => words(t, 'Read output of', 'Reading output of', `task ${input(t, 'bash_id')}`),
  TaskOutput: (t) => words(t, 'Read output of', 'Reading output of', `task ${input(t, 'task_id')}`),
  AgentOutputTool: (t) => words(t, 'Read output of', 'Reading output of', `agent ${input(t, 'agentId')}`),
  KillBash: (t) => words(t, 'Stopped', 'Stopping', `task ${input(t, 'shell_id')}`),
  KillShell: (t) => words(t, 'Stopped', 'Stopping', `task ${input(t, 'shell_id')}`),
  TaskStop: (t) => words(t, 'Stopped', 'Stopping', textField(structured(t), 'command') ?? `task ${input(t, 'task_id') || input(t, 'shell_id')}`),
  TodoRead: (t) => words(t, 'Read the to-do list', 'Reading the to-do list', ''),
  Read: (t, path) => ({ ...words(t, 'Read', 'Reading', path('file_path'), true), notes: readNotes(t) }),
  Write: (t, path) => ({ ...words(t, 'Wrote', 'Writing', path('file_path'), true), notes: writeNotes(t) }),
  Edit: (t, path) => ({ ...words(t, 'Edited', 'Editing', path('file_path'), true), notes: changeNotes(t) }),
  MultiEdit: (t, path) => ({ ...words(t, 'Edited', 'Editing', path('file_path'), true), notes: changeNotes(t) }),
  NotebookEdit: (t, path) => ({ ...words(t, 'Edited', 'Editing', path('notebook_path'), true), notes: changeNotes(t) }),
  NotebookRead: (t, path) => words(t, 'Read', 'Reading', path('notebook_path'), true),
  Glob: (t) => ({ ...words(t, 'Looked for files', 'Looking for files', input(t, 'pattern'), true), notes: foundNotes(t) }),
  Grep: (t) => ({ ...words(t, 'Searched for', 'Searching for', input(t, 'pattern'), true), notes: foundNotes(t) }),
  LS: (t, path) => words(t, 'Listed', 'Listing', path('path'), true),
  WebFetch: (t) => words(t, 'Fetched', 'Fetching', hostOf(input(t, 'url')), true),
  WebSearch: (t) => words(t, 'Searched the web for', 'Searching the web for', `“${input(t, 'query')}”`),
  PowerShell: (t) => bash(t),
  Monitor: (t) => words(t, 'Watched', 'Watching', input(t, 'description') || firstLine(input(t, 'command'))),
  REPL: (t) => words(t, 'Ran code', 'Running code', input(t, 'description') || firstLine(input(t, 'code')), input(t, 'description') === ''),
  Agent: (t) => agent(t),
  Task: (t) => agent(t),
  TaskCreate: (t) => words(t, 'Added task', 'Adding task', `“${input(t, 'subject')}”`),
  TaskUpdate: (t) => taskUpdate(t),
  TaskList: (t) => words(t, 'Read the task list', 'Reading the task list', ''),
  TaskGet: (t) => words(t, 'Read task', 'Reading task', input(t, 'taskId')),
  TodoWrite: (t) => ({ ...words(t, 'Updated the to-do list', 'Updating the to-do list', ''), notes: todoNotes(t) }),
  Skill: (t) => words(t, 'Used skill', 'Using skill', input(t, 'skill') || input(t, 'command')),
  ...OTHERS,
};

/** How long these take says something about the machine, not about the work. */
const QUICK = new Set(['Read', 'Write', 'Edit', 'MultiEdit', 'NotebookEdit', 'Glob', 'Grep', 'LS', 'AskUserQuestion', 'TodoWrite', 'TaskCreate', 'TaskUpdate', 'TaskList', 'TaskGet', 'EnterPlanMode', 'ExitPlanMode', 'Skill']);

export function toolTitle(tool: ToolItem, base: string | null): ToolTitle {
  const path = (key: string): string => middleTruncate(relativePath(input(tool, key), base));
  const say = Object.hasOwn(TOOLS, tool.name) ? TOOLS[tool.name] : undefined;
  const said = say === undefined ? other(tool) : say(tool, path);
  return { ...said, notes: [...(said.notes ?? []), ...fateNotes(tool)] };
}

export function titleText({ verb, subject, notes }: ToolTitle): string {
  return [subject === '' ? verb : `${verb} ${subject}`, ...notes].join(' · ');
}

/** `mcp__server__tool` as "server" and "tool". */
export function mcpName(name: string): { server: string; tool: string } | null {
  const match = /^mcp__(.+?)__(.+)$/.exec(name);
  return match === null ? null : { server: match[1] ?? '', tool: match[2] ?? '' };
}

export function hostOf(url: string): string {
  try {
    return new URL(url).host || url;
  } catch {
    return url;
  }
}

export function exitCode(tool: ToolItem): number | null {
  if (tool.result === null || !tool.result.isError) return null;
  const match = /^(?:Error: )?Exit code (\d+)/.exec(plainText(tool.result.content));
  return match === null ? null : Number(match[1]);
}

function input(tool: ToolItem, key: string): string {
  const value = field(tool.input, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function words(tool: ToolItem, done: string, doing: string, subject: string, code = false): Words {
  const open = tool.status === 'preparing' || tool.status === 'running';
  return { verb: open ? doing : done, subject, code };
}

function bash(tool: ToolItem): Words {
  const command = firstLine(input(tool, 'command'));
  const background = flag(tool.input, 'run_in_background') || textField(tool.result?.structured ?? null, 'backgroundTaskId') !== null;
  if (!background) return words(tool, tool.denied ? 'Did not run' : 'Ran', 'Running', command, true);
  const status = tool.task?.status ?? 'running';
  return { ...words(tool, 'Started', 'Starting', command, true), notes: [`in the background, ${status}`] };
}

function agent(tool: ToolItem): Words {
  const { task } = tool;
  const result = tool.result?.structured ?? null;
  const uses = numberField(result, 'totalToolUseCount') ?? task?.toolUses ?? tool.children.filter((c) => c.value.kind === 'tool').length;
  const used = numberField(result, 'totalTokens') ?? task?.tokens ?? null;
  const notes = [];
  if (textField(result, 'status') === 'async_launched' || flag(tool.input, 'run_in_background')) {
    notes.push(`in the background, ${task?.status ?? 'running'}`);
  }
  if (uses > 0) notes.push(plural(uses, 'tool call'));
  if (used !== null && used > 0) notes.push(`${tokens(used)} tokens`);
  return { ...words(tool, 'Subagent:', 'Subagent:', input(tool, 'description') || task?.description || 'at work'), notes };
}

function taskUpdate(tool: ToolItem): Words {
  const status = input(tool, 'status').replaceAll('_', ' ');
  const id = input(tool, 'taskId');
  if (status === '') return words(tool, 'Changed task', 'Changing task', id);
  return words(tool, `Marked task ${id} as`, `Marking task ${id} as`, status);
}

function other(tool: ToolItem): Words {
  const mcp = mcpName(tool.name);
  if (mcp !== null) return words(tool, `Used ${mcp.server}`, `Using ${mcp.server}`, mcp.tool, true);
  if (tool.name === '') return { verb: 'Tool call', subject: tool.task?.description ?? '', code: false };
  return words(tool, 'Used', 'Using', tool.name);
}

function readNotes(tool: ToolItem): string[] {
  const offset = numberField(tool.input, 'offset');
  const limit = numberField(tool.input, 'limit');
  if (offset === null && limit === null) return [];
  const from = offset ?? 1;
  return [limit === null ? `from line ${from}` : `lines ${from}–${from + limit - 1}`];
}

function writeNotes(tool: ToolItem): string[] {
  const isNew = textField(tool.result?.structured ?? null, 'type') === 'create';
  return isNew ? ['new', plural(lineCount(input(tool, 'content')), 'line')] : changeNotes(tool);
}

function changeNotes(tool: ToolItem): string[] {
  const hunks = patchOf(tool.name, tool.input, tool.result?.structured ?? null);
  if (hunks === null || hunks.length === 0) return [];
  const { added, removed } = countChanges(hunks);
  return [`+${added} −${removed}`];
}

function foundNotes(tool: ToolItem): string[] {
  const found = structured(tool);
  const matches = numberField(found, 'numMatches');
  const lines = textField(found, 'mode') === 'content' ? numberField(found, 'numLines') : null;
  const files = numberField(found, 'numFiles');
  if (lines !== null) return [plural(lines, 'line')];
  if (matches !== null && matches > 0) return [plural(matches, 'match', 'matches')];
  return files === null ? [] : [plural(files, 'file')];
}

function countNotes(value: JsonValue | null, key: string, what: string): string[] {
  const list = field(value ?? undefined, key);
  return Array.isArray(list) ? [plural(list.length, what)] : [];
}

function wakeupWords(tool: ToolItem): string {
  const at = numberField(structured(tool), 'scheduledFor');
  if (at !== null) return `at ${clock(at)}`;
  const delay = numberField(tool.input, 'delaySeconds');
  return delay === null ? '' : `in ${duration(delay * 1_000)}`;
}

function structured(tool: ToolItem): JsonValue | null {
  return tool.result?.structured ?? null;
}

function todoNotes(tool: ToolItem): string[] {
  const todos = listField(tool.input, 'todos');
  const done = todos.filter((todo: JsonValue) => textField(todo, 'status') === 'completed').length;
  return todos.length === 0 ? [] : [`${done} of ${todos.length} done`];
}

function lineCount(text: string): number {
  return text === '' ? 0 : excerpt(text, 'start', 0).total;
}

function fateNotes(tool: ToolItem): string[] {
  if (tool.denied) return ['denied'];
  if (tool.status === 'stopped') return ['stopped'];
  const notes = [];
  const code = exitCode(tool);
  if (code !== null) notes.push(`exit ${code}`);
  else if (tool.status === 'failed') notes.push('failed');
  const took = tool.result === null ? (tool.elapsed ?? 0) * 1_000 : tool.result.at - tool.since;
  if (took >= 2_000 && !QUICK.has(tool.name) && !flag(tool.input, 'run_in_background')) notes.push(duration(took));
  return notes;
}
