//! The chat socket: commands in, numbered events out.

use super::{
    ClientId, Effort, EndReason, Epoch, ErrorCode, ModelName, PermissionMode, PromptId, Session, SessionState, UnixMs,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a browser sends on `/api/sessions/{id}/chat`. The first frame is `auth`, the second `attach`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChatClientMessage {
    /// Proves who is there; must be the first frame.
    Auth {
        /// Access token.
        token: String,
        /// How this client wants to be named to others, for example "Chrome on Linux". At most 64 characters are kept.
        #[serde(default)]
        device: Option<String>,
    },
    /// Starts the event stream after `after`, or from the oldest event kept.
    Attach {
        /// Epoch of the cursor, if there is one.
        #[serde(default)]
        epoch: Option<Epoch>,
        /// Last event already seen.
        #[serde(default)]
        #[cfg_attr(test, ts(type = "number | null"))]
        after: Option<u64>,
    },
    /// A user message.
    Send {
        /// Makes the command run once.
        client_id: ClientId,
        /// Text and images.
        content: Vec<Content>,
    },
    /// Stops the running turn.
    Interrupt {
        /// Makes the command run once.
        client_id: ClientId,
    },
    /// Answers an approval, a question or a plan.
    Answer {
        /// Makes the command run once.
        client_id: ClientId,
        /// What is answered.
        request_id: PromptId,
        /// The answer.
        decision: Decision,
    },
    /// Changes mode, model or effort of the running session.
    Set {
        /// Makes the command run once.
        client_id: ClientId,
        /// New permission mode.
        #[serde(default)]
        permission_mode: Option<PermissionMode>,
        /// New model.
        #[serde(default)]
        model: Option<ModelName>,
        /// New effort.
        #[serde(default)]
        effort: Option<Effort>,
    },
}

/// What the server sends on the chat socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ChatServerMessage {
    /// The credential was good.
    AuthOk {
        /// The name others see for this client.
        principal: String,
    },
    /// The stream starts; events after the cursor follow.
    Attached {
        /// Epoch to send with the next attach.
        epoch: Epoch,
        /// Sequence number of the newest event.
        #[cfg_attr(test, ts(type = "number"))]
        head: u64,
        /// Whether the client's cursor was honoured; if not, it must forget what it has.
        resumed: bool,
        /// State now.
        state: SessionState,
        /// The session now.
        summary: Session,
    },
    /// One event.
    Event {
        /// Position in the log, rising by one.
        #[cfg_attr(test, ts(type = "number"))]
        seq: u64,
        /// When it happened.
        #[cfg_attr(test, ts(type = "number"))]
        at: UnixMs,
        /// What happened.
        event: ChatEvent,
    },
    /// What became of a command.
    Ack {
        /// The command.
        client_id: ClientId,
        /// How far it got.
        status: AckStatus,
        /// Why it failed.
        error: Option<String>,
        /// Code of the failure.
        code: Option<ErrorCode>,
    },
    /// Events before `oldest` are no longer kept here.
    Gap {
        /// The oldest event that can still be sent.
        #[cfg_attr(test, ts(type = "number"))]
        oldest: u64,
    },
    /// A frame could not be taken; the socket stays.
    Error {
        /// Code.
        code: ErrorCode,
        /// What was attempted and what to do.
        message: String,
    },
}

/// How far a command got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AckStatus {
    /// The server has it and will hand it to Claude.
    Accepted,
    /// Claude has it.
    Delivered,
    /// It was not carried out.
    Failed,
    /// This `client_id` was carried out before; nothing was done now.
    Duplicate,
}

/// A part of a user message or of a tool result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// An image.
    Image {
        /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
        media_type: String,
        /// Base64.
        data: String,
    },
    /// Something this server does not know; kept raw.
    Other {
        /// As the CLI sent it.
        raw: Value,
    },
}

/// An answer to an approval, a question or a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "behavior", rename_all = "snake_case", deny_unknown_fields)]
pub enum Decision {
    /// Let it run.
    Allow {
        /// Run with this input instead.
        #[serde(default)]
        updated_input: Option<Value>,
        /// Indexes into the request's `suggestions` to be applied ("always allow").
        #[serde(default)]
        suggestions: Vec<usize>,
        /// Answers to a question: question text to label(s) or free text.
        #[serde(default)]
        answers: Option<BTreeMap<String, String>>,
        /// For a plan: the mode to go on in.
        #[serde(default)]
        permission_mode: Option<PermissionMode>,
    },
    /// Refuse it.
    Deny {
        /// What Claude is told.
        #[serde(default)]
        message: Option<String>,
        /// End the turn as well; Claude does not see the message then.
        #[serde(default)]
        interrupt: bool,
    },
}

/// How a prompt was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Allowed, answered or approved.
    Allowed,
    /// Denied.
    Denied,
    /// Nobody answered: interrupted, killed, ended, or withdrawn by the CLI.
    Cancelled,
}

/// A tool that wants to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ApprovalRequest {
    /// Id to answer.
    pub request_id: PromptId,
    /// The tool call it belongs to.
    pub tool_use_id: Option<String>,
    /// Tool.
    pub tool_name: String,
    /// What would run; complete.
    pub input: Value,
    /// The CLI's own description.
    pub description: Option<String>,
    /// Rules the CLI offers to store, verbatim (`addRules`, `setMode`, `addDirectories`).
    pub suggestions: Vec<Value>,
    /// The path that made the CLI ask.
    pub blocked_path: Option<String>,
    /// The CLI's reason for asking.
    pub decision_reason: Option<String>,
    /// Set when a subagent asks.
    pub agent_id: Option<String>,
}

/// Claude asks the user something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuestionRequest {
    /// Id to answer.
    pub request_id: PromptId,
    /// The tool call it belongs to.
    pub tool_use_id: Option<String>,
    /// `[{question, header, options:[{label, description, preview?}], multiSelect}]`, as the CLI sent it.
    pub questions: Value,
}

/// Claude wants to leave plan mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanRequest {
    /// Id to answer.
    pub request_id: PromptId,
    /// The tool call it belongs to.
    pub tool_use_id: Option<String>,
    /// The plan in markdown, when one was written.
    pub plan: Option<String>,
    /// Where the plan is kept.
    pub plan_path: Option<String>,
}

/// A finished block of an assistant message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// Text, markdown.
    Text {
        /// The text.
        text: String,
    },
    /// Thinking.
    Thinking {
        /// The thinking; empty when the model redacted it.
        text: String,
    },
}

/// Who a user message comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MessageOrigin {
    /// A person, through this server.
    User,
    /// The CLI itself: output of a local command, a summary after compaction, a task notification.
    Cli,
    /// The prompt of a subagent.
    Subagent,
}

/// Tokens of one turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the Messages API's own")]
pub struct Usage {
    #[cfg_attr(test, ts(type = "number"))]
    pub input_tokens: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub output_tokens: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub cache_read_input_tokens: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub cache_creation_input_tokens: u64,
}

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TurnOutcome {
    /// Claude is done.
    Success,
    /// Stopped by the user.
    Interrupted,
    /// An error ended it; see `error`.
    Error,
}

/// How a background task or subagent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the states are the CLI's own words")]
pub enum TaskStatus {
    Running,
    Completed,
    Failed,
    Stopped,
}

/// A slash command the CLI offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SlashCommand {
    /// Without the slash.
    pub name: String,
    /// What it does.
    pub description: String,
    /// What may follow.
    pub argument_hint: String,
}

/// A model the CLI offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ModelChoice {
    /// What to set.
    pub value: String,
    /// What to show.
    pub display_name: String,
    /// What it is for.
    pub description: String,
}

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
