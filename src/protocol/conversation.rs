//! What happens in a chat, as numbered events tell it.

use super::{
    AgentChoice, ApprovalRequest, Block, ClientId, Content, Effort, EndReason, McpServer, MessageOrigin, ModelChoice,
    Outcome, PermissionMode, PlanRequest, PromptId, QuestionRequest, SessionState, SlashCommand, TaskStatus,
    TurnOutcome, Usage,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What happened in a chat. Partial text is keyed by `(message_id, index)`: deltas append to it, `message`
/// replaces it by the finished block, `message_discarded` drops what never got finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ChatEvent {
    /// A user message, in the order Claude will see it. The echo every tab waits for.
    UserMessage {
        /// Who sent it.
        client_id: Option<ClientId>,
        /// The message's uuid in Claude's transcript.
        message_id: Option<String>,
        /// What it says.
        content: Vec<Content>,
        /// Who it comes from.
        origin: MessageOrigin,
        /// Name of the client that sent it.
        by: Option<String>,
        /// Set when it belongs to a subagent.
        parent_tool_use_id: Option<String>,
    },
    /// A user message waits in this server's queue until Claude is done; sent again with the same id after an edit.
    UserMessageQueued {
        /// Who sent it, and what queue commands name.
        client_id: ClientId,
        /// What it says.
        content: Vec<Content>,
        /// Name of the client that sent or last changed it.
        by: Option<String>,
    },
    /// The queue as it is now. A message that is no longer in it was handed over (`user_message` with its id) or
    /// cancelled (`user_message_cancelled`).
    Queue {
        /// Ids of the waiting messages, next first.
        order: Vec<ClientId>,
        /// Nothing is handed over until someone says so: the user stopped Claude, or its turn failed.
        paused: bool,
    },
    /// A user message reached Claude (entered a turn).
    UserMessageDelivered {
        /// The message's uuid.
        message_id: String,
        /// The command that sent it.
        client_id: Option<ClientId>,
    },
    /// A queued user message will not be handed to Claude.
    UserMessageCancelled {
        /// The message's uuid.
        message_id: String,
        /// The command that sent it.
        client_id: Option<ClientId>,
    },
    /// What this session can do, once the CLI has told.
    Capabilities {
        /// Slash commands.
        commands: Vec<SlashCommand>,
        /// Models.
        models: Vec<ModelChoice>,
        /// Subagents.
        agents: Vec<AgentChoice>,
        /// Whether Claude Code honours allow rules stored in the project; it ignores them in a directory that was
        /// never trusted in its own terminal UI.
        project_trusted: bool,
    },
    /// A turn begins: what the CLI runs with.
    TurnStarted {
        /// Id under which Claude Code stores the conversation.
        claude_session_id: String,
        /// Model in use.
        model: Option<String>,
        /// Mode in use.
        permission_mode: Option<String>,
        /// Version of the CLI.
        claude_version: Option<String>,
        /// MCP servers and how they stand.
        mcp_servers: Vec<McpServer>,
    },
    /// More of a text block.
    TextDelta {
        /// Message.
        message_id: String,
        /// Block.
        index: u32,
        /// What to append.
        text: String,
    },
    /// More of a thinking block.
    ThinkingDelta {
        /// Message.
        message_id: String,
        /// Block.
        index: u32,
        /// What to append.
        text: String,
    },
    /// A finished block of text or thinking.
    Message {
        /// Message.
        message_id: String,
        /// Block.
        index: u32,
        /// The whole block.
        block: Block,
        /// Its uuid in Claude's transcript: where a fork can begin.
        uuid: Option<String>,
        /// The CLI wrote it, not a model.
        synthetic: bool,
        /// The CLI's error word, when the message reports one (`rate_limit`, `authentication_failed`, …).
        error: Option<String>,
        /// Set when it belongs to a subagent.
        parent_tool_use_id: Option<String>,
    },
    /// The unfinished blocks of this message are void (stream dropped, superseded, aborted).
    MessageDiscarded {
        /// Message.
        message_id: String,
    },
    /// A tool call is being written; its input follows with `tool_use`.
    ToolUseStarted {
        /// Tool call.
        tool_use_id: String,
        /// Tool.
        name: String,
        /// Message.
        message_id: String,
    },
    /// A tool call, complete.
    ToolUse {
        /// Tool call.
        tool_use_id: String,
        /// Tool, in the CLI's words.
        name: String,
        /// Its input.
        input: Value,
        /// Message.
        message_id: String,
        /// Set when it belongs to a subagent.
        parent_tool_use_id: Option<String>,
    },
    /// A tool still runs.
    ToolProgress {
        /// Tool call.
        tool_use_id: String,
        /// Seconds so far.
        elapsed_seconds: Option<f64>,
    },
    /// What a tool gave.
    ToolResult {
        /// Tool call.
        tool_use_id: String,
        /// Whether it failed.
        is_error: bool,
        /// What the model sees.
        content: Vec<Content>,
        /// The CLI's structured result (`structuredPatch`, `stdout`, …), verbatim.
        structured: Option<Value>,
        /// Bytes that were left out of long texts in it; each place says so.
        #[cfg_attr(test, ts(type = "number | null"))]
        cut_bytes: Option<u64>,
        /// Set when it belongs to a subagent.
        parent_tool_use_id: Option<String>,
    },
    /// A tool wants to run.
    ApprovalRequested {
        /// What it wants.
        request: ApprovalRequest,
    },
    /// An approval is settled.
    ApprovalResolved {
        /// Which.
        request_id: PromptId,
        /// How.
        outcome: Outcome,
        /// Who decided.
        by: Option<String>,
        /// What Claude was told.
        message: Option<String>,
        /// The input it ran with, when that was edited.
        updated_input: Option<Value>,
        /// Rules that were stored with it, as they were handed to the CLI.
        rules: Vec<Value>,
    },
    /// Claude asks.
    QuestionRequested {
        /// What.
        request: QuestionRequest,
    },
    /// A question is settled.
    QuestionResolved {
        /// Which.
        request_id: PromptId,
        /// How.
        outcome: Outcome,
        /// Who answered.
        by: Option<String>,
        /// The answers given.
        answers: Option<BTreeMap<String, String>>,
        /// What was said instead of choosing.
        response: Option<String>,
        /// What Claude was told instead.
        message: Option<String>,
    },
    /// A plan waits.
    PlanRequested {
        /// The plan.
        request: PlanRequest,
    },
    /// A plan is settled.
    PlanResolved {
        /// Which.
        request_id: PromptId,
        /// How.
        outcome: Outcome,
        /// Who decided.
        by: Option<String>,
        /// What Claude was told.
        message: Option<String>,
        /// The mode it goes on in, when one was chosen.
        permission_mode: Option<PermissionMode>,
        /// Whether the plan was edited before it was approved.
        edited: bool,
    },
    /// A rule or the mode refused a tool without asking.
    PermissionDenied {
        /// Tool.
        tool_name: String,
        /// Tool call.
        tool_use_id: Option<String>,
        /// Why.
        message: String,
    },
    /// A turn is over.
    TurnFinished {
        /// How.
        outcome: TurnOutcome,
        /// The error in the CLI's words.
        error: Option<String>,
        /// Tokens of this turn.
        usage: Usage,
        /// Cost of this turn.
        cost_usd: Option<f64>,
        /// Cost of the session so far.
        total_cost_usd: Option<f64>,
        /// How long it took.
        #[cfg_attr(test, ts(type = "number | null"))]
        duration_ms: Option<u64>,
        /// Started by a finished background task, not by a user message.
        unsolicited: bool,
    },
    /// The session's state changed.
    State {
        /// New state.
        state: SessionState,
    },
    /// The permission mode changed.
    Mode {
        /// New mode, in the CLI's words.
        permission_mode: String,
    },
    /// The model changed.
    Model {
        /// New model.
        model: String,
    },
    /// The effort changed.
    Effort {
        /// New effort.
        effort: Effort,
    },
    /// How full the context window is, as of the newest request to the model.
    Context {
        /// Tokens in it.
        #[cfg_attr(test, ts(type = "number"))]
        used_tokens: u64,
        /// Tokens it holds, once the CLI has told.
        #[cfg_attr(test, ts(type = "number | null"))]
        window_tokens: Option<u64>,
    },
    /// What was said so far comes from Claude's transcript; from here on this session speaks.
    Resumed {
        /// The conversation that goes on.
        claude_session_id: String,
        /// In a copy.
        forked: bool,
        /// Earlier parts were left out, because they are more than is kept here.
        cut: bool,
    },
    /// Files were set back to what they were before a message.
    Rewound {
        /// The message's uuid.
        message_id: String,
        /// The files.
        files: Vec<String>,
        /// Who did it.
        by: Option<String>,
    },
    /// The title changed.
    Title {
        /// New title.
        title: String,
    },
    /// The CLI is busy with something other than the model (`compacting`), or no longer.
    Activity {
        /// The CLI's word, or none.
        status: Option<String>,
    },
    /// A subagent or background command began.
    TaskStarted {
        /// Task.
        task_id: String,
        /// Tool call that began it.
        tool_use_id: Option<String>,
        /// `local_bash`, `local_agent`, …
        task_type: String,
        /// What it does.
        description: String,
        /// What kind of subagent.
        subagent_type: Option<String>,
        /// What the subagent was told.
        prompt: Option<String>,
    },
    /// A subagent or background command changed.
    TaskUpdated {
        /// Task.
        task_id: String,
        /// How it stands now.
        status: Option<TaskStatus>,
        /// Whether it runs in the background now.
        backgrounded: Option<bool>,
    },
    /// A subagent or background command goes on.
    TaskProgress {
        /// Task.
        task_id: String,
        /// What it does now.
        description: Option<String>,
        /// Tool it used last.
        last_tool_name: Option<String>,
        /// Tokens so far.
        #[cfg_attr(test, ts(type = "number | null"))]
        total_tokens: Option<u64>,
        /// Tool calls so far.
        #[cfg_attr(test, ts(type = "number | null"))]
        tool_uses: Option<u64>,
        /// Time so far.
        #[cfg_attr(test, ts(type = "number | null"))]
        duration_ms: Option<u64>,
    },
    /// A subagent or background command ended.
    TaskFinished {
        /// Task.
        task_id: String,
        /// How.
        status: TaskStatus,
        /// In the CLI's words.
        summary: Option<String>,
        /// Tokens in all.
        #[cfg_attr(test, ts(type = "number | null"))]
        total_tokens: Option<u64>,
        /// Tool calls in all.
        #[cfg_attr(test, ts(type = "number | null"))]
        tool_uses: Option<u64>,
        /// Time in all.
        #[cfg_attr(test, ts(type = "number | null"))]
        duration_ms: Option<u64>,
    },
    /// The conversation was compacted here.
    Compacted {
        /// `auto` or `manual`.
        trigger: Option<String>,
        /// Tokens before.
        #[cfg_attr(test, ts(type = "number | null"))]
        pre_tokens: Option<u64>,
        /// Tokens after.
        #[cfg_attr(test, ts(type = "number | null"))]
        post_tokens: Option<u64>,
    },
    /// The API refused; the CLI tries again.
    ApiRetry {
        /// Which try.
        attempt: u32,
        /// How many there will be.
        max_retries: u32,
        /// Wait before the next.
        #[cfg_attr(test, ts(type = "number"))]
        retry_delay_ms: u64,
        /// HTTP status; none for a network error.
        error_status: Option<u16>,
        /// The CLI's word.
        error: String,
    },
    /// A limit of the account, as the CLI sent it.
    RateLimit {
        /// As sent.
        raw: Value,
    },
    /// A hook of the user's ran.
    Hook {
        /// `PreToolUse:Write`, …
        name: String,
        /// `success`, `error`, …
        outcome: Option<String>,
        /// Exit code.
        exit_code: Option<i32>,
        /// What it printed.
        output: String,
    },
    /// A line the program wrote to stderr.
    Stderr {
        /// The line.
        line: String,
    },
    /// Something is not as it should be, and the session goes on.
    Warning {
        /// Fixed word.
        code: String,
        /// A sentence.
        message: String,
    },
    /// The session ended. Always the last event.
    Ended {
        /// Why.
        reason: EndReason,
        /// Exit code.
        code: Option<i32>,
        /// Signal name.
        signal: Option<String>,
    },
    /// Something this server does not know; kept raw and counted.
    Unknown {
        /// As sent.
        raw: Value,
    },
}
