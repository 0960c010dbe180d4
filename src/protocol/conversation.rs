//! What happens in a chat, as numbered events tell it.

use super::{
    ApprovalRequest, Block, ClientId, Content, EndReason, MessageOrigin, ModelChoice, Outcome, PlanRequest, PromptId,
    QuestionRequest, SessionState, SlashCommand, TaskStatus, TurnOutcome, Usage,
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
