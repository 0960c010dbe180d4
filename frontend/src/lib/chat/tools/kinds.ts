// Which face a tool call gets.

import { mcpName } from '../tool-words';

export type BodyKind = 'bash' | 'read' | 'change' | 'search' | 'fetch' | 'websearch' | 'tasks' | 'agent' | 'output' | 'question' | 'findings' | 'words' | 'mcp' | 'unknown';

const KINDS: Readonly<Record<string, BodyKind>> = {
  Bash: 'bash',
  PowerShell: 'bash',
  Monitor: 'bash',
  REPL: 'bash',
  BashOutput: 'output',
  TaskOutput: 'output',
  AgentOutputTool: 'output',
  KillShell: 'words',
  KillBash: 'words',
  TaskStop: 'words',
  Read: 'read',
  NotebookRead: 'read',
  Write: 'change',
  Edit: 'change',
  MultiEdit: 'change',
  NotebookEdit: 'change',
  Glob: 'search',
  Grep: 'search',
  LS: 'search',
  WebFetch: 'fetch',
  WebSearch: 'websearch',
  TodoWrite: 'tasks',
  TodoRead: 'tasks',
  TaskCreate: 'tasks',
  TaskUpdate: 'tasks',
  TaskList: 'tasks',
  TaskGet: 'tasks',
  Agent: 'agent',
  Task: 'agent',
  AskUserQuestion: 'question',
  ReportFindings: 'findings',
  Skill: 'words',
  SlashCommand: 'words',
  EnterPlanMode: 'words',
  ExitPlanMode: 'words',
  EnterWorktree: 'words',
  ExitWorktree: 'words',
  CronCreate: 'words',
  CronDelete: 'words',
  CronList: 'words',
  ScheduleWakeup: 'words',
  SendMessage: 'words',
  Workflow: 'words',
  ToolSearch: 'words',
  ListMcpResources: 'words',
  ListMcpResourcesTool: 'words',
  ReadMcpResource: 'words',
  ReadMcpResourceTool: 'words',
  ReadMcpResourceDir: 'words',
  PushNotification: 'words',
  RemoteTrigger: 'words',
  StructuredOutput: 'words',
  Artifact: 'words',
  Projects: 'words',
  LSP: 'words',
  TeamCreate: 'words',
  TeamDelete: 'words',
};

export const KNOWN_TOOLS: readonly string[] = Object.keys(KINDS);

export function bodyKind(name: string): BodyKind {
  if (Object.hasOwn(KINDS, name)) return KINDS[name] ?? 'unknown';
  return mcpName(name) === null ? 'unknown' : 'mcp';
}

/** Whether this version has a face for the tool. A call that was seen only by its result has no name yet. */
export function isKnownTool(name: string): boolean {
  return name === '' || bodyKind(name) !== 'unknown';
}
