// Generated from src/protocol by `UPDATE_GENERATED=1 cargo test protocol_ts`. Do not edit.

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]?: JsonValue } | null;

/**
 * A session of this server. For new chats it is also Claude's own session id.
 */
export type SessionId = string;

/**
 * Names one run of a replay log; a different epoch means that earlier cursors say nothing.
 */
export type Epoch = string;

/**
 * Chosen by a client for one command; the command runs once however often it is sent.
 */
export type ClientId = string;

/**
 * One open approval, question or plan; made by the CLI.
 */
export type PromptId = string;

/**
 * Names one stream of terminal input, so that a reconnect neither drops nor repeats a key.
 */
export type InputId = string;

/**
 * A model alias or full model id, as `claude --model` takes it.
 */
export type ModelName = string;

/**
 * Chat over stream-json, or a PTY.
 */
export type SessionKind = "chat" | "terminal";

/**
 * What a terminal session runs.
 */
export type TerminalProgram = "claude" | "shell";

/**
 * Where a session stands. `starting → idle ⇄ working ⇄ needs_approval | needs_answer → ended`.
 */
export type SessionState = "starting" | "idle" | "working" | "needs_approval" | "needs_answer" | "ended";

/**
 * Claude Code's permission modes.
 */
export type PermissionMode = "default" | "acceptEdits" | "plan" | "dontAsk" | "auto" | "bypassPermissions";

/**
 * How hard the model thinks.
 */
export type Effort = "low" | "medium" | "high" | "xhigh" | "max";

/**
 * Why a session ended.
 */
export type EndReason = "exited" | "killed" | "disconnected" | "idle_timeout" | "crashed" | "failed_to_start" | "shutdown";

/**
 * How a session ended.
 */
export type SessionEnd = { 
/**
 * Why.
 */
reason: EndReason, 
/**
 * Exit code, when the program exited.
 */
code: number | null, 
/**
 * Signal name, when a signal ended it.
 */
signal: string | null, 
/**
 * The last lines of stderr, oldest first, at most ten.
 */
stderr_tail: Array<string>, 
/**
 * When.
 */
at: number, };

/**
 * What kind of answer is waited for.
 */
export type PendingKind = "approval" | "question" | "plan";

/**
 * One thing a session waits for; enough to recognise it in a list.
 */
export type Pending = { 
/**
 * Id to answer.
 */
request_id: PromptId, 
/**
 * What kind of answer.
 */
kind: PendingKind, 
/**
 * The tool that asks, in the CLI's words.
 */
tool_name: string, 
/**
 * One line: the command, the file, the question. At most 300 characters.
 */
summary: string, 
/**
 * Since when.
 */
since: number, };

/**
 * How full a context window is.
 */
export type ContextUse = { 
/**
 * Tokens in it.
 */
used_tokens: number, 
/**
 * Tokens it holds, once the CLI has told.
 */
window_tokens: number | null, };

/**
 * A session as the list and the API show it.
 */
export type Session = { 
/**
 * Our id.
 */
id: SessionId, 
/**
 * Chat or terminal.
 */
kind: SessionKind, 
/**
 * What a terminal session runs; absent for chats.
 */
program: TerminalProgram | null, 
/**
 * Given by the user, else by the conversation, else the directory's name.
 */
title: string, 
/**
 * Working directory relative to the root, `.` for the root itself.
 */
cwd: string, 
/**
 * Where it stands.
 */
state: SessionState, 
/**
 * Since when it stands there.
 */
state_since: number, 
/**
 * The model in use, once known.
 */
model: ModelName | null, 
/**
 * The permission mode in use, as the CLI says it.
 */
permission_mode: string | null, 
/**
 * The effort chosen at the start.
 */
effort: Effort | null, 
/**
 * The id under which Claude Code stores the conversation now (`/clear` changes it).
 */
claude_session_id: string | null, 
/**
 * Process id of the program, while it runs.
 */
pid: number | null, 
/**
 * Keep running without a viewer.
 */
keep: boolean, 
/**
 * How many sockets are attached.
 */
viewers: number, 
/**
 * When it was created.
 */
created_at: number, 
/**
 * When something was last said or printed.
 */
last_activity_at: number, 
/**
 * What it has cost so far, as the CLI reports it.
 */
cost_usd: number | null, 
/**
 * How full the context window was at the last request.
 */
context: ContextUse | null, 
/**
 * The last line with text on the screen of a terminal.
 */
last_line: string | null, 
/**
 * Messages and tools this version does not know, and warnings.
 */
warnings: number, 
/**
 * What it waits for, oldest first.
 */
pending: Array<Pending>, 
/**
 * How it ended.
 */
end: SessionEnd | null, };

/**
 * How far a command got.
 */
export type AckStatus = "accepted" | "delivered" | "failed" | "duplicate";

/**
 * A part of a user message or of a tool result.
 */
export type Content = { "type": "text", 
/**
 * The text.
 */
text: string, } | { "type": "image", 
/**
 * `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
 */
media_type: string, 
/**
 * Base64.
 */
data: string, } | { "type": "document", 
/**
 * `application/pdf`.
 */
media_type: string, 
/**
 * Base64.
 */
data: string, 
/**
 * Its file name.
 */
name: string | null, } | { "type": "text_file", 
/**
 * Its file name.
 */
name: string, 
/**
 * What it says.
 */
text: string, } | { "type": "other", 
/**
 * As the CLI sent it.
 */
raw: JsonValue, };

/**
 * What becomes of a message that is sent while Claude works.
 */
export type SendWhen = "queue" | "steer";

/**
 * A change of the queue. `target` is the `client_id` a message was sent with.
 */
export type QueueChange = { "action": "edit", 
/**
 * Message.
 */
target: ClientId, 
/**
 * What it says now.
 */
content: Array<Content>, } | { "action": "remove", 
/**
 * Message.
 */
target: ClientId, } | { "action": "move", 
/**
 * Message.
 */
target: ClientId, 
/**
 * The message it goes before; none for the end.
 */
before: ClientId | null, } | { "action": "send_now", 
/**
 * Message.
 */
target: ClientId, } | { "action": "resume" };

/**
 * What can be done with what runs.
 */
export type TaskAction = { "action": "stop", 
/**
 * Task.
 */
task_id: string, } | { "action": "background", 
/**
 * Tool call; all running ones when absent.
 */
tool_use_id: string | null, };

/**
 * Where Claude Code keeps a permission rule.
 */
export type RuleDestination = "session" | "localSettings" | "projectSettings" | "userSettings";

/**
 * What was added to an answer.
 */
export type Annotation = { 
/**
 * A remark of the user.
 */
notes?: string, 
/**
 * The preview of the option chosen.
 */
preview?: string, };

/**
 * An answer to an approval, a question or a plan.
 */
export type Decision = { "behavior": "allow", 
/**
 * Run with this input instead.
 */
updated_input: JsonValue | null, 
/**
 * Indexes into the request's `suggestions` to be applied ("always allow").
 */
suggestions: Array<number>, 
/**
 * Answers to a question: question text to label(s) or free text.
 */
answers: { [key in string]: string } | null, 
/**
 * For a plan: the mode to go on in.
 */
permission_mode: PermissionMode | null, 
/**
 * Where the suggestions are stored, if not where the CLI offered.
 */
destination: RuleDestination | null, 
/**
 * Notes to the answers: question text to what was added.
 */
annotations: { [key in string]: Annotation } | null, 
/**
 * For a question: what to say instead of choosing.
 */
response: string | null, } | { "behavior": "deny", 
/**
 * What Claude is told.
 */
message: string | null, 
/**
 * End the turn as well; Claude does not see the message then.
 */
interrupt: boolean, };

/**
 * How a prompt was resolved.
 */
export type Outcome = "allowed" | "denied" | "cancelled";

/**
 * A tool that wants to run.
 */
export type ApprovalRequest = { 
/**
 * Id to answer.
 */
request_id: PromptId, 
/**
 * The tool call it belongs to.
 */
tool_use_id: string | null, 
/**
 * Tool.
 */
tool_name: string, 
/**
 * What would run; complete.
 */
input: JsonValue, 
/**
 * The CLI's own description.
 */
description: string | null, 
/**
 * Rules the CLI offers to store, verbatim (`addRules`, `setMode`, `addDirectories`).
 */
suggestions: Array<JsonValue>, 
/**
 * The path that made the CLI ask.
 */
blocked_path: string | null, 
/**
 * The CLI's reason for asking.
 */
decision_reason: string | null, 
/**
 * Set when a subagent asks.
 */
agent_id: string | null, };

/**
 * Claude asks the user something.
 */
export type QuestionRequest = { 
/**
 * Id to answer.
 */
request_id: PromptId, 
/**
 * The tool call it belongs to.
 */
tool_use_id: string | null, 
/**
 * `[{question, header, options:[{label, description, preview?}], multiSelect}]`, as the CLI sent it.
 */
questions: JsonValue, };

/**
 * Claude wants to leave plan mode.
 */
export type PlanRequest = { 
/**
 * Id to answer.
 */
request_id: PromptId, 
/**
 * The tool call it belongs to.
 */
tool_use_id: string | null, 
/**
 * The plan in markdown, when one was written.
 */
plan: string | null, 
/**
 * Where the plan is kept.
 */
plan_path: string | null, };

/**
 * A prompt that waits for its answer.
 */
export type OpenPrompt = { "kind": "approval", request: ApprovalRequest, } | { "kind": "question", request: QuestionRequest, } | { "kind": "plan", request: PlanRequest, };

/**
 * A finished block of an assistant message.
 */
export type Block = { "type": "text", 
/**
 * The text.
 */
text: string, } | { "type": "thinking", 
/**
 * The thinking; empty when the model redacted it.
 */
text: string, };

/**
 * Who a user message comes from.
 */
export type MessageOrigin = "user" | "cli" | "subagent";

/**
 * Tokens of one turn.
 */
export type Usage = { input_tokens: number, output_tokens: number, cache_read_input_tokens: number, cache_creation_input_tokens: number, };

/**
 * How a turn ended.
 */
export type TurnOutcome = "success" | "interrupted" | "error";

/**
 * How a background task or subagent stands.
 */
export type TaskStatus = "running" | "completed" | "failed" | "stopped";

/**
 * A slash command the CLI offers.
 */
export type SlashCommand = { 
/**
 * Without the slash.
 */
name: string, 
/**
 * What it does.
 */
description: string, 
/**
 * What may follow.
 */
argument_hint: string, 
/**
 * Other names.
 */
aliases: Array<string>, };

/**
 * A subagent the CLI offers.
 */
export type AgentChoice = { 
/**
 * Its name.
 */
name: string, 
/**
 * When it is used.
 */
description: string, };

/**
 * An MCP server of a session.
 */
export type McpServer = { 
/**
 * Its name.
 */
name: string, 
/**
 * In the CLI's words: `connected`, `failed`, `needs-auth`, …
 */
status: string, };

/**
 * A model the CLI offers.
 */
export type ModelChoice = { 
/**
 * What to set.
 */
value: string, 
/**
 * What to show.
 */
display_name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * Efforts it can be asked for, in the CLI's words; empty when it knows none.
 */
efforts: Array<string>, };

/**
 * What happened in a chat. Partial text is keyed by `(message_id, index)`: deltas append to it, `message`
 * replaces it by the finished block, `message_discarded` drops what never got finished.
 */
export type ChatEvent = { "type": "user_message", 
/**
 * Who sent it.
 */
client_id: ClientId | null, 
/**
 * The message's uuid in Claude's transcript.
 */
message_id: string | null, 
/**
 * What it says.
 */
content: Array<Content>, 
/**
 * Who it comes from.
 */
origin: MessageOrigin, 
/**
 * Name of the client that sent it.
 */
by: string | null, 
/**
 * Set when it belongs to a subagent.
 */
parent_tool_use_id: string | null, } | { "type": "user_message_queued", 
/**
 * Who sent it, and what queue commands name.
 */
client_id: ClientId, 
/**
 * What it says.
 */
content: Array<Content>, 
/**
 * Name of the client that sent or last changed it.
 */
by: string | null, } | { "type": "queue", 
/**
 * Ids of the waiting messages, next first.
 */
order: Array<ClientId>, 
/**
 * Nothing is handed over until someone says so: the user stopped Claude, or its turn failed.
 */
paused: boolean, } | { "type": "user_message_delivered", 
/**
 * The message's uuid.
 */
message_id: string, 
/**
 * The command that sent it.
 */
client_id: ClientId | null, } | { "type": "user_message_cancelled", 
/**
 * The message's uuid.
 */
message_id: string, 
/**
 * The command that sent it.
 */
client_id: ClientId | null, } | { "type": "capabilities", 
/**
 * Slash commands.
 */
commands: Array<SlashCommand>, 
/**
 * Models.
 */
models: Array<ModelChoice>, 
/**
 * Subagents.
 */
agents: Array<AgentChoice>, 
/**
 * Whether Claude Code honours allow rules stored in the project; it ignores them in a directory that was
 * never trusted in its own terminal UI.
 */
project_trusted: boolean, } | { "type": "turn_started", 
/**
 * Id under which Claude Code stores the conversation.
 */
claude_session_id: string, 
/**
 * Model in use.
 */
model: string | null, 
/**
 * Mode in use.
 */
permission_mode: string | null, 
/**
 * Version of the CLI.
 */
claude_version: string | null, 
/**
 * MCP servers and how they stand.
 */
mcp_servers: Array<McpServer>, } | { "type": "text_delta", 
/**
 * Message.
 */
message_id: string, 
/**
 * Block.
 */
index: number, 
/**
 * What to append.
 */
text: string, } | { "type": "thinking_delta", 
/**
 * Message.
 */
message_id: string, 
/**
 * Block.
 */
index: number, 
/**
 * What to append.
 */
text: string, } | { "type": "message", 
/**
 * Message.
 */
message_id: string, 
/**
 * Block.
 */
index: number, 
/**
 * The whole block.
 */
block: Block, 
/**
 * Its uuid in Claude's transcript: where a fork can begin.
 */
uuid: string | null, 
/**
 * The CLI wrote it, not a model.
 */
synthetic: boolean, 
/**
 * The CLI's error word, when the message reports one (`rate_limit`, `authentication_failed`, …).
 */
error: string | null, 
/**
 * Set when it belongs to a subagent.
 */
parent_tool_use_id: string | null, } | { "type": "message_discarded", 
/**
 * Message.
 */
message_id: string, } | { "type": "tool_use_started", 
/**
 * Tool call.
 */
tool_use_id: string, 
/**
 * Tool.
 */
name: string, 
/**
 * Message.
 */
message_id: string, } | { "type": "tool_use", 
/**
 * Tool call.
 */
tool_use_id: string, 
/**
 * Tool, in the CLI's words.
 */
name: string, 
/**
 * Its input.
 */
input: JsonValue, 
/**
 * Message.
 */
message_id: string, 
/**
 * Set when it belongs to a subagent.
 */
parent_tool_use_id: string | null, } | { "type": "tool_progress", 
/**
 * Tool call.
 */
tool_use_id: string, 
/**
 * Seconds so far.
 */
elapsed_seconds: number | null, } | { "type": "tool_result", 
/**
 * Tool call.
 */
tool_use_id: string, 
/**
 * Whether it failed.
 */
is_error: boolean, 
/**
 * What the model sees.
 */
content: Array<Content>, 
/**
 * The CLI's structured result (`structuredPatch`, `stdout`, …), verbatim.
 */
structured: JsonValue | null, 
/**
 * Bytes that were left out of long texts in it; each place says so.
 */
cut_bytes: number | null, 
/**
 * Set when it belongs to a subagent.
 */
parent_tool_use_id: string | null, } | { "type": "approval_requested", 
/**
 * What it wants.
 */
request: ApprovalRequest, } | { "type": "approval_resolved", 
/**
 * Which.
 */
request_id: PromptId, 
/**
 * How.
 */
outcome: Outcome, 
/**
 * Who decided.
 */
by: string | null, 
/**
 * What Claude was told.
 */
message: string | null, 
/**
 * The input it ran with, when that was edited.
 */
updated_input: JsonValue | null, 
/**
 * Rules that were stored with it, as they were handed to the CLI.
 */
rules: Array<JsonValue>, } | { "type": "question_requested", 
/**
 * What.
 */
request: QuestionRequest, } | { "type": "question_resolved", 
/**
 * Which.
 */
request_id: PromptId, 
/**
 * How.
 */
outcome: Outcome, 
/**
 * Who answered.
 */
by: string | null, 
/**
 * The answers given.
 */
answers: { [key in string]: string } | null, 
/**
 * What was said instead of choosing.
 */
response: string | null, 
/**
 * What Claude was told instead.
 */
message: string | null, } | { "type": "plan_requested", 
/**
 * The plan.
 */
request: PlanRequest, } | { "type": "plan_resolved", 
/**
 * Which.
 */
request_id: PromptId, 
/**
 * How.
 */
outcome: Outcome, 
/**
 * Who decided.
 */
by: string | null, 
/**
 * What Claude was told.
 */
message: string | null, 
/**
 * The mode it goes on in, when one was chosen.
 */
permission_mode: PermissionMode | null, 
/**
 * Whether the plan was edited before it was approved.
 */
edited: boolean, } | { "type": "permission_denied", 
/**
 * Tool.
 */
tool_name: string, 
/**
 * Tool call.
 */
tool_use_id: string | null, 
/**
 * Why.
 */
message: string, } | { "type": "turn_finished", 
/**
 * How.
 */
outcome: TurnOutcome, 
/**
 * The error in the CLI's words.
 */
error: string | null, 
/**
 * Tokens of this turn.
 */
usage: Usage, 
/**
 * Cost of this turn.
 */
cost_usd: number | null, 
/**
 * Cost of the session so far.
 */
total_cost_usd: number | null, 
/**
 * How long it took.
 */
duration_ms: number | null, 
/**
 * Started by a finished background task, not by a user message.
 */
unsolicited: boolean, } | { "type": "state", 
/**
 * New state.
 */
state: SessionState, } | { "type": "mode", 
/**
 * New mode, in the CLI's words.
 */
permission_mode: string, } | { "type": "model", 
/**
 * New model.
 */
model: string, } | { "type": "effort", 
/**
 * New effort.
 */
effort: Effort, } | { "type": "context", 
/**
 * Tokens in it.
 */
used_tokens: number, 
/**
 * Tokens it holds, once the CLI has told.
 */
window_tokens: number | null, } | { "type": "resumed", 
/**
 * The conversation that goes on.
 */
claude_session_id: string, 
/**
 * In a copy.
 */
forked: boolean, 
/**
 * Earlier parts were left out, because they are more than is kept here.
 */
cut: boolean, } | { "type": "rewound", 
/**
 * The message's uuid.
 */
message_id: string, 
/**
 * The files.
 */
files: Array<string>, 
/**
 * Who did it.
 */
by: string | null, } | { "type": "title", 
/**
 * New title.
 */
title: string, } | { "type": "activity", 
/**
 * The CLI's word, or none.
 */
status: string | null, } | { "type": "task_started", 
/**
 * Task.
 */
task_id: string, 
/**
 * Tool call that began it.
 */
tool_use_id: string | null, 
/**
 * `local_bash`, `local_agent`, …
 */
task_type: string, 
/**
 * What it does.
 */
description: string, 
/**
 * What kind of subagent.
 */
subagent_type: string | null, 
/**
 * What the subagent was told.
 */
prompt: string | null, } | { "type": "task_updated", 
/**
 * Task.
 */
task_id: string, 
/**
 * How it stands now.
 */
status: TaskStatus | null, 
/**
 * Whether it runs in the background now.
 */
backgrounded: boolean | null, } | { "type": "task_progress", 
/**
 * Task.
 */
task_id: string, 
/**
 * What it does now.
 */
description: string | null, 
/**
 * Tool it used last.
 */
last_tool_name: string | null, 
/**
 * Tokens so far.
 */
total_tokens: number | null, 
/**
 * Tool calls so far.
 */
tool_uses: number | null, 
/**
 * Time so far.
 */
duration_ms: number | null, } | { "type": "task_finished", 
/**
 * Task.
 */
task_id: string, 
/**
 * How.
 */
status: TaskStatus, 
/**
 * In the CLI's words.
 */
summary: string | null, 
/**
 * Tokens in all.
 */
total_tokens: number | null, 
/**
 * Tool calls in all.
 */
tool_uses: number | null, 
/**
 * Time in all.
 */
duration_ms: number | null, } | { "type": "compacted", 
/**
 * `auto` or `manual`.
 */
trigger: string | null, 
/**
 * Tokens before.
 */
pre_tokens: number | null, 
/**
 * Tokens after.
 */
post_tokens: number | null, } | { "type": "api_retry", 
/**
 * Which try.
 */
attempt: number, 
/**
 * How many there will be.
 */
max_retries: number, 
/**
 * Wait before the next.
 */
retry_delay_ms: number, 
/**
 * HTTP status; none for a network error.
 */
error_status: number | null, 
/**
 * The CLI's word.
 */
error: string, } | { "type": "rate_limit", 
/**
 * As sent.
 */
raw: JsonValue, } | { "type": "hook", 
/**
 * `PreToolUse:Write`, …
 */
name: string, 
/**
 * `success`, `error`, …
 */
outcome: string | null, 
/**
 * Exit code.
 */
exit_code: number | null, 
/**
 * What it printed.
 */
output: string, } | { "type": "stderr", 
/**
 * The line.
 */
line: string, } | { "type": "warning", 
/**
 * Fixed word.
 */
code: string, 
/**
 * A sentence.
 */
message: string, } | { "type": "ended", 
/**
 * Why.
 */
reason: EndReason, 
/**
 * Exit code.
 */
code: number | null, 
/**
 * Signal name.
 */
signal: string | null, } | { "type": "unknown", 
/**
 * As sent.
 */
raw: JsonValue, };

/**
 * What a browser sends on `/api/sessions/{id}/chat`. The first frame is `auth`, the second `attach`.
 */
export type ChatClientMessage = { "type": "auth", 
/**
 * Access token.
 */
token: string, 
/**
 * How this client wants to be named to others, for example "Chrome on Linux". At most 64 characters are kept.
 */
device: string | null, } | { "type": "attach", 
/**
 * Epoch of the cursor, if there is one.
 */
epoch: Epoch | null, 
/**
 * Last event already seen.
 */
after: number | null, 
/**
 * Whether several events may come in one `events` frame.
 */
batched: boolean, } | { "type": "send", 
/**
 * Makes the command run once.
 */
client_id: ClientId, 
/**
 * Text, images and documents.
 */
content: Array<Content>, 
/**
 * What to do while Claude works.
 */
when: SendWhen, } | { "type": "queue", 
/**
 * Makes the command run once.
 */
client_id: ClientId, 
/**
 * The change.
 */
change: QueueChange, } | { "type": "task", 
/**
 * Makes the command run once.
 */
client_id: ClientId, 
/**
 * What to do.
 */
action: TaskAction, } | { "type": "interrupt", 
/**
 * Makes the command run once.
 */
client_id: ClientId, } | { "type": "answer", 
/**
 * Makes the command run once.
 */
client_id: ClientId, 
/**
 * What is answered.
 */
request_id: PromptId, 
/**
 * The answer.
 */
decision: Decision, } | { "type": "set", 
/**
 * Makes the command run once.
 */
client_id: ClientId, 
/**
 * New permission mode.
 */
permission_mode: PermissionMode | null, 
/**
 * New model.
 */
model: ModelName | null, 
/**
 * New effort.
 */
effort: Effort | null, };

/**
 * What the server sends on the chat socket.
 */
export type ChatServerMessage = { "type": "auth_ok", 
/**
 * The name others see for this client.
 */
principal: string, } | { "type": "attached", 
/**
 * Epoch to send with the next attach.
 */
epoch: Epoch, 
/**
 * Sequence number of the newest event.
 */
head: number, 
/**
 * Whether the client's cursor was honoured; if not, it must forget what it has.
 */
resumed: boolean, 
/**
 * State now.
 */
state: SessionState, 
/**
 * The session now.
 */
summary: Session, } | { "type": "event", 
/**
 * Position in the log, rising by one.
 */
seq: number, 
/**
 * When it happened.
 */
at: number, 
/**
 * What happened.
 */
event: ChatEvent, } | { "type": "events", 
/**
 * At least two.
 */
events: Array<ChatServerMessage>, } | { "type": "ack", 
/**
 * The command.
 */
client_id: ClientId, 
/**
 * How far it got.
 */
status: AckStatus, 
/**
 * Why it failed.
 */
error: string | null, 
/**
 * Code of the failure.
 */
code: ErrorCode | null, } | { "type": "gap", 
/**
 * The oldest event that can still be sent.
 */
oldest: number, } | { "type": "error", 
/**
 * Code.
 */
code: ErrorCode, 
/**
 * What was attempted and what to do.
 */
message: string, };

/**
 * What a browser sends as text on `/api/sessions/{id}/terminal`. Binary frames are input.
 */
export type TerminalClientMessage = { "type": "auth", 
/**
 * Access token.
 */
token: string, 
/**
 * How this client wants to be named to others.
 */
device: string | null, } | { "type": "attach", 
/**
 * Epoch of the offset, if there is one.
 */
epoch: Epoch | null, 
/**
 * First byte wanted.
 */
offset: number | null, 
/**
 * Names this client's input stream across reconnects.
 */
input_id: InputId, 
/**
 * Offset in that stream of the next input byte this client will send.
 */
input_offset: number, } | { "type": "resize", 
/**
 * Columns, clamped to 2..=500.
 */
cols: number, 
/**
 * Rows, clamped to 2..=500.
 */
rows: number, } | { "type": "drive", } | { "type": "ack", 
/**
 * Offset.
 */
offset: number, };

/**
 * What the server sends as text on the terminal socket. Binary frames are output.
 */
export type TerminalServerMessage = { "type": "auth_ok", 
/**
 * The name others see for this client.
 */
principal: string, } | { "type": "attached", 
/**
 * Epoch to send with the next attach.
 */
epoch: Epoch, 
/**
 * Offset of the first byte that follows.
 */
offset: number, 
/**
 * Whether the client's offset was honoured; if not, it must clear its screen.
 */
resumed: boolean, 
/**
 * Size of the PTY at that offset; later sizes follow as `Resized` where they were set.
 */
cols: number, 
/**
 * Size of the PTY at that offset.
 */
rows: number, 
/**
 * Whether this viewer sets the size.
 */
driver: boolean, 
/**
 * Bytes of a snapshot of the screen, which come before those of the stream and count no offset. The
 * client acknowledges `offset` once it has drawn them.
 */
snapshot_bytes: number, 
/**
 * How much input of this client's stream has been taken; resend from here.
 */
input_offset: number, } | { "type": "input_ack", 
/**
 * Offset in the client's input stream.
 */
offset: number, } | { "type": "resized", 
/**
 * Columns.
 */
cols: number, 
/**
 * Rows.
 */
rows: number, 
/**
 * Who set it.
 */
by: string, 
/**
 * Whether this viewer sets the size now.
 */
driver: boolean, } | { "type": "skipped", 
/**
 * Where the stream goes on.
 */
offset: number, 
/**
 * Size of the PTY there.
 */
cols: number, 
/**
 * Size of the PTY there.
 */
rows: number, 
/**
 * As in `Attached`.
 */
snapshot_bytes: number, } | { "type": "title", 
/**
 * New title.
 */
title: string, } | { "type": "exit", 
/**
 * Exit code.
 */
code: number | null, 
/**
 * Signal name.
 */
signal: string | null, 
/**
 * Why.
 */
reason: EndReason, } | { "type": "error", 
/**
 * Code.
 */
code: ErrorCode, 
/**
 * What was attempted and what to do.
 */
message: string, };

/**
 * How loud a notice is.
 */
export type NoticeLevel = "info" | "warning" | "error";

/**
 * What a browser sends on `/api/events`.
 */
export type EventsClientMessage = { "type": "auth", 
/**
 * Access token.
 */
token: string, 
/**
 * How this client wants to be named to others.
 */
device: string | null, };

/**
 * What the server sends on the events socket.
 */
export type EventsServerMessage = { "type": "auth_ok", 
/**
 * The name others see for this client.
 */
principal: string, } | { "type": "snapshot", 
/**
 * Sessions.
 */
sessions: Array<Session>, } | { "type": "session", 
/**
 * The session.
 */
session: Session, } | { "type": "session_removed", 
/**
 * Which.
 */
id: SessionId, } | { "type": "notice", 
/**
 * How loud.
 */
level: NoticeLevel, 
/**
 * Fixed word.
 */
code: string, 
/**
 * A sentence.
 */
message: string, } | { "type": "error", 
/**
 * Code.
 */
code: ErrorCode, 
/**
 * What was attempted and what to do.
 */
message: string, };

/**
 * `POST /api/sessions`.
 */
export type CreateSession = { 
/**
 * Chat or terminal.
 */
kind: SessionKind, 
/**
 * Directory relative to the root; `.` is the root.
 */
cwd: string, 
/**
 * Title; the directory's name when absent.
 */
title?: string, 
/**
 * Model alias or id.
 */
model?: ModelName, 
/**
 * Permission mode.
 */
permission_mode?: PermissionMode, 
/**
 * Effort.
 */
effort?: Effort, 
/**
 * Claude session to go on with.
 */
resume?: string, 
/**
 * With `resume`: forget what came after this message of Claude's (its uuid in the transcript).
 */
resume_at?: string, 
/**
 * With `resume`: go on in a copy.
 */
fork?: boolean, 
/**
 * Keep running without a viewer.
 */
keep?: boolean, 
/**
 * For a terminal: what to run.
 */
program?: TerminalProgram, 
/**
 * For a terminal: columns.
 */
cols?: number, 
/**
 * For a terminal: rows.
 */
rows?: number, 
/**
 * The hash of the trust question the user said yes to.
 */
trust?: string, };

/**
 * `PATCH /api/sessions/{id}`.
 */
export type ChangeSession = { 
/**
 * New title, 1 to 200 characters.
 */
title?: string, 
/**
 * Keep running without a viewer.
 */
keep?: boolean, 
/**
 * New permission mode (chat).
 */
permission_mode?: PermissionMode, 
/**
 * New model (chat).
 */
model?: ModelName, };

/**
 * `GET /api/sessions`.
 */
export type SessionPage = { 
/**
 * Newest first.
 */
sessions: Array<Session>, 
/**
 * How many there are in all.
 */
total: number, };

/**
 * A line of stderr.
 */
export type StderrLine = { 
/**
 * When it was read.
 */
at: number, 
/**
 * The line without its end, control characters as they came.
 */
line: string, };

/**
 * `GET /api/sessions/{id}/stderr`.
 */
export type StderrLog = { 
/**
 * Oldest first.
 */
lines: Array<StderrLine>, 
/**
 * Lines that were dropped because the ring was full.
 */
dropped: number, };

/**
 * What could run code by opening a directory.
 */
export type TrustItemKind = "hook" | "mcp_server" | "helper" | "environment" | "permissions" | "unreadable";

/**
 * One thing that could run code by opening a directory.
 */
export type TrustItem = { 
/**
 * What it is.
 */
kind: TrustItemKind, 
/**
 * File it stands in, relative to the root where it lies inside.
 */
file: string, 
/**
 * What it says: the command, the server, the variable.
 */
detail: string, };

/**
 * `details` of a `TRUST_REQUIRED` error: send the request again with `trust` set to `hash`.
 */
export type TrustQuestion = { 
/**
 * Of all items; asked again when it changes.
 */
hash: string, 
/**
 * The directory, relative to the root.
 */
cwd: string, 
/**
 * What could run.
 */
items: Array<TrustItem>, };

/**
 * What a directory entry is.
 */
export type EntryKind = "directory" | "file" | "symlink" | "other";

/**
 * An entry of a directory.
 */
export type DirectoryEntry = { 
/**
 * Name, with a replacement character where it is not UTF-8.
 */
name: string, 
/**
 * What it is; a symlink that stays inside the root counts as what it points to.
 */
kind: EntryKind, };

/**
 * `GET /api/files?path=DIR`.
 */
export type DirectoryListing = { 
/**
 * The directory, relative to the root; `.` is the root.
 */
path: string, 
/**
 * Directories first, then by name.
 */
entries: Array<DirectoryEntry>, 
/**
 * Whether there are more entries than were read.
 */
truncated: boolean, };

/**
 * A file that fits what was typed.
 */
export type FileMatch = { 
/**
 * Relative to the directory that was searched.
 */
path: string, 
/**
 * What it is.
 */
kind: EntryKind, 
/**
 * Characters of `path` that matched, as indexes of UTF-16 units.
 */
positions: Array<number>, };

/**
 * `GET /api/files/find?cwd=DIR&q=TEXT&limit=N`.
 */
export type FileMatches = { 
/**
 * Best first.
 */
matches: Array<FileMatch>, 
/**
 * Whether the directory holds more files than were looked at.
 */
truncated: boolean, };

/**
 * `GET /api/sessions/{id}/tasks/{task_id}/output?offset=N`.
 */
export type TaskOutput = { 
/**
 * What was printed from `offset` on.
 */
text: string, 
/**
 * Byte the text begins at; later than asked for when the beginning is too far back.
 */
offset: number, 
/**
 * Where to go on reading.
 */
next_offset: number, };

/**
 * `POST /api/sessions/{id}/rewind`: sets files back to what they were before a message.
 */
export type RewindRequest = { 
/**
 * The user message's uuid.
 */
message_id: string, 
/**
 * Only say what would change.
 */
dry_run?: boolean, };

/**
 * Answer to `POST /api/sessions/{id}/rewind`.
 */
export type RewindReport = { 
/**
 * Whether it can be done.
 */
can_rewind: boolean, 
/**
 * Files that change.
 */
files: Array<string>, 
/**
 * Lines that come back.
 */
insertions: number, 
/**
 * Lines that go.
 */
deletions: number, 
/**
 * Why it cannot be done.
 */
error: string | null, };

/**
 * A part of what fills the context window.
 */
export type ContextCategory = { 
/**
 * In the CLI's words.
 */
name: string, 
/**
 * Tokens.
 */
tokens: number, };

/**
 * `GET /api/sessions/{id}/context`: what fills the context window, as the CLI counts it.
 */
export type ContextReport = { 
/**
 * Tokens in it.
 */
used_tokens: number, 
/**
 * Tokens it holds.
 */
window_tokens: number, 
/**
 * Its parts.
 */
categories: Array<ContextCategory>, 
/**
 * Tokens at which Claude Code compacts by itself.
 */
auto_compact_at: number | null, };

/**
 * The `claude` this server runs.
 */
export type ClaudeStatus = { 
/**
 * Whether it was found.
 */
found: boolean, 
/**
 * Where.
 */
path: string | null, 
/**
 * What it says of itself.
 */
version: string | null, 
/**
 * Why it cannot be used.
 */
error: string | null, 
/**
 * How to get it.
 */
install_command: string, };

/**
 * `GET /health`. Without credentials only `status` is there.
 */
export type Health = { 
/**
 * `healthy`.
 */
status: string, 
/**
 * Version of this server.
 */
version: string, 
/**
 * Process id of this server.
 */
pid: number, 
/**
 * How long it has been up.
 */
uptime_ms: number, 
/**
 * Name of the machine.
 */
host_name: string, 
/**
 * The root directory.
 */
root: string, 
/**
 * Live sessions.
 */
live_sessions: number, 
/**
 * Limit of live sessions.
 */
max_sessions: number, 
/**
 * `kill`, `finish` or `keep`.
 */
on_disconnect: string, 
/**
 * How long a session waits for a viewer.
 */
disconnect_grace_ms: number, 
/**
 * Whether the mode that asks nothing may be chosen.
 */
allow_bypass: boolean, 
/**
 * The CLI.
 */
claude: ClaudeStatus, };

/**
 * Fixed words for what went wrong. The HTTP status of each is fixed in `web::error`.
 */
export type ErrorCode = "BAD_REQUEST" | "INVALID_JSON" | "VALIDATION_FAILED" | "UNAUTHENTICATED" | "FORBIDDEN" | "ORIGIN_REFUSED" | "HOST_REFUSED" | "NOT_FOUND" | "SESSION_NOT_FOUND" | "METHOD_NOT_ALLOWED" | "PAYLOAD_TOO_LARGE" | "URI_TOO_LONG" | "UNSUPPORTED_MEDIA_TYPE" | "RATE_LIMITED" | "SESSION_LIMIT" | "SESSION_ENDED" | "WRONG_SESSION_KIND" | "ALREADY_ANSWERED" | "PROMPT_NOT_FOUND" | "TRUST_REQUIRED" | "PATH_OUTSIDE_ROOT" | "PATH_NOT_FOUND" | "NOT_A_DIRECTORY" | "PATH_DENIED" | "CLAUDE_NOT_FOUND" | "START_FAILED" | "OVERLOADED" | "SHUTTING_DOWN" | "INTERNAL";

/**
 * What went wrong.
 */
export type ErrorBody = { 
/**
 * Fixed word.
 */
code: ErrorCode, 
/**
 * What was attempted, what was wrong, what to do.
 */
message: string, 
/**
 * More, by code.
 */
details: JsonValue, 
/**
 * RFC 3339.
 */
timestamp: string, 
/**
 * Also in the `x-request-id` header and in the server's log.
 */
request_id: string, };

/**
 * The body of every answer that is not a success.
 */
export type ErrorEnvelope = { 
/**
 * The error.
 */
error: ErrorBody, };

