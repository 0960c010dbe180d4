// What a conversation is made of. Every item is immutable and lives in a cell; a change replaces the cell's value, so that
// a view which reads one cell redraws one item.

import type {
  AgentChoice,
  ApprovalRequest,
  ClientId,
  Content,
  ContextUse,
  Effort,
  EndReason,
  JsonValue,
  McpServer,
  MessageOrigin,
  ModelChoice,
  Outcome,
  PermissionMode,
  PlanRequest,
  QuestionRequest,
  SessionState,
  SlashCommand,
  TaskStatus,
  TurnOutcome,
  Usage,
} from '$lib/protocol';

export interface Cell<T> {
  value: T;
}
export type MakeCell = <T>(value: T) => Cell<T>;

interface Base {
  readonly id: number;
  readonly at: number;
}

export interface UserItem extends Base {
  readonly kind: 'user';
  readonly clientId: ClientId | null;
  readonly messageId: string | null;
  readonly content: readonly Content[];
  readonly origin: MessageOrigin;
  readonly by: string | null;
  readonly fate: 'accepted' | 'delivered' | 'cancelled';
}

export interface TextItem extends Base {
  readonly kind: 'text' | 'thinking';
  readonly messageId: string;
  readonly index: number;
  readonly text: string;
  /** False while it is being written. */
  readonly done: boolean;
  /** When it was complete. */
  readonly endedAt: number | null;
  readonly synthetic: boolean;
  readonly error: string | null;
  /** Its uuid in Claude's transcript, once it is complete: where a fork can begin. */
  readonly uuid: string | null;
}

export interface ToolResult {
  readonly isError: boolean;
  readonly content: readonly Content[];
  readonly structured: JsonValue | null;
  /** Bytes the server left out of long texts. */
  readonly cutBytes: number | null;
  readonly at: number;
}

export interface Task {
  readonly id: string;
  readonly type: string;
  readonly description: string;
  readonly status: TaskStatus;
  readonly tokens: number | null;
  readonly toolUses: number | null;
  readonly durationMs: number | null;
  readonly summary: string | null;
  readonly subagentType: string | null;
  readonly prompt: string | null;
  /** Sent to the background while it ran. */
  readonly backgrounded: boolean;
}

export type ToolStatus = 'preparing' | 'running' | 'done' | 'failed' | 'stopped';

export interface ToolItem extends Base {
  readonly kind: 'tool';
  readonly toolUseId: string;
  /** Empty while only a result or a child has been seen. */
  readonly name: string;
  readonly input: JsonValue;
  readonly messageId: string | null;
  readonly status: ToolStatus;
  readonly elapsed: number | null;
  readonly result: ToolResult | null;
  /** What a subagent did; the same array for the life of the item. */
  readonly children: Cell<Item>[];
  readonly task: Task | null;
  /** A prompt card stands for it: while an approval is open, always for questions and plans. */
  readonly covered: boolean;
  /** Someone said no to it. */
  readonly denied: boolean;
  /** When it could begin: waiting for an approval is not running. */
  readonly since: number;
}

export interface Resolution {
  readonly outcome: Outcome;
  readonly by: string | null;
  readonly message: string | null;
  readonly answers: { readonly [question: string]: string } | null;
  /** What was said instead of choosing. */
  readonly response: string | null;
  /** The input it ran with, when that was edited. */
  readonly updatedInput: JsonValue | null;
  /** Rules stored with it. */
  readonly rules: readonly JsonValue[];
  readonly permissionMode: PermissionMode | null;
  /** The plan was edited before it was approved. */
  readonly edited: boolean;
  readonly at: number;
}

interface PromptBase extends Base {
  readonly resolution: Resolution | null;
}
export interface ApprovalItem extends PromptBase {
  readonly kind: 'approval';
  readonly request: ApprovalRequest;
}
export interface QuestionItem extends PromptBase {
  readonly kind: 'question';
  readonly request: QuestionRequest;
}
export interface PlanItem extends PromptBase {
  readonly kind: 'plan';
  readonly request: PlanRequest;
}
export type PromptItem = ApprovalItem | QuestionItem | PlanItem;

export type Tone = 'quiet' | 'info' | 'warn' | 'error';

export interface NoticeItem extends Base {
  readonly kind: 'notice';
  readonly code: string;
  readonly tone: Tone;
  readonly text: string;
  readonly detail: string | null;
  /** What it is waiting for happens then. */
  readonly until: number | null;
  /** As it was sent, where the words leave something out. */
  readonly raw: JsonValue | null;
}

/** Consecutive lines of one source, folded into one row. */
export interface LogItem extends Base {
  readonly kind: 'log';
  readonly source: 'stderr' | 'hook';
  readonly failed: number;
  readonly lines: readonly string[];
}

export interface DividerItem extends Base {
  readonly kind: 'divider';
  readonly text: string;
  /** The conversation was compacted here; what Claude goes on with follows. */
  readonly compaction: boolean;
  readonly summary: string | null;
}

export interface TaskItem extends Base {
  readonly kind: 'task';
  readonly task: Task;
}

export interface TurnItem extends Base {
  readonly kind: 'turn';
  /** The error was said right before, by Claude Code itself. */
  readonly told: boolean;
  readonly outcome: TurnOutcome;
  readonly error: string | null;
  readonly usage: Usage;
  readonly cost: number | null;
  readonly durationMs: number | null;
  readonly unsolicited: boolean;
}

export interface UnknownItem extends Base {
  readonly kind: 'unknown';
  readonly raw: JsonValue;
}

export type Item =
  | UserItem
  | TextItem
  | ToolItem
  | PromptItem
  | NoticeItem
  | LogItem
  | DividerItem
  | TaskItem
  | TurnItem
  | UnknownItem;

/** A message that waits in the server's queue. */
export interface Queued {
  readonly clientId: ClientId;
  readonly content: readonly Content[];
  readonly by: string | null;
  readonly at: number;
}

export interface Ended {
  readonly reason: EndReason;
  readonly code: number | null;
  readonly signal: string | null;
  readonly at: number;
}

export interface Meta {
  readonly state: SessionState | null;
  readonly mode: string | null;
  readonly model: string | null;
  readonly title: string | null;
  readonly commands: readonly SlashCommand[];
  readonly models: readonly ModelChoice[];
  readonly agents: readonly AgentChoice[];
  readonly mcpServers: readonly McpServer[];
  /** Whether Claude Code honours allow rules stored in the project. */
  readonly projectTrusted: boolean;
  readonly effort: Effort | null;
  readonly context: ContextUse | null;
  /** Next first. */
  readonly queue: readonly Queued[];
  readonly queuePaused: boolean;
  readonly totalCost: number | null;
  /** What the CLI says it is doing between two events: `requesting`, `compacting`. */
  readonly activity: string | null;
  readonly turnSince: number | null;
  readonly ended: Ended | null;
  readonly unknown: number;
}

export const EMPTY_META: Meta = {
  state: null,
  mode: null,
  model: null,
  title: null,
  commands: [],
  models: [],
  agents: [],
  mcpServers: [],
  projectTrusted: false,
  effort: null,
  context: null,
  queue: [],
  queuePaused: false,
  totalCost: null,
  activity: null,
  turnSince: null,
  ended: null,
  unknown: 0,
};
