//! The chat socket: commands in, numbered events out.

use super::{
    ChatEvent, ClientId, Decision, Effort, Epoch, ErrorCode, ModelName, PermissionMode, PromptId, Session,
    SessionState, UnixMs,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
        /// Whether several events may come in one `events` frame.
        #[serde(default)]
        batched: bool,
    },
    /// A user message.
    Send {
        /// Makes the command run once.
        client_id: ClientId,
        /// Text, images and documents.
        content: Vec<Content>,
        /// What to do while Claude works.
        #[serde(default)]
        when: SendWhen,
    },
    /// Changes the queue of messages that wait for Claude.
    Queue {
        /// Makes the command run once.
        client_id: ClientId,
        /// The change.
        change: QueueChange,
    },
    /// Acts on a running command or subagent.
    Task {
        /// Makes the command run once.
        client_id: ClientId,
        /// What to do.
        action: TaskAction,
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
    /// Several `event` frames in order, for a client that asked for them: a long log is a matter of frames, not bytes.
    Events {
        /// At least two.
        events: Vec<ChatServerMessage>,
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

/// What becomes of a message that is sent while Claude works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SendWhen {
    /// It waits in this server's queue until Claude is done.
    #[default]
    Queue,
    /// Claude gets it at once: after the next tool result of the running turn, else as the next turn.
    Steer,
}

/// A change of the queue. `target` is the `client_id` a message was sent with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum QueueChange {
    /// Says something else.
    Edit {
        /// Message.
        target: ClientId,
        /// What it says now.
        content: Vec<Content>,
    },
    /// Takes it back.
    Remove {
        /// Message.
        target: ClientId,
    },
    /// Puts it elsewhere.
    Move {
        /// Message.
        target: ClientId,
        /// The message it goes before; none for the end.
        #[serde(default)]
        before: Option<ClientId>,
    },
    /// Hands it over at once, as `steer` does.
    SendNow {
        /// Message.
        target: ClientId,
    },
    /// Goes on handing over after a stop.
    Resume,
}

/// What can be done with what runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum TaskAction {
    /// Ends a background command or subagent.
    Stop {
        /// Task.
        task_id: String,
    },
    /// Lets a running command or subagent go on in the background.
    Background {
        /// Tool call; all running ones when absent.
        #[serde(default)]
        tool_use_id: Option<String>,
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
    /// A document for Claude to read.
    Document {
        /// `application/pdf`.
        media_type: String,
        /// Base64.
        data: String,
        /// Its file name.
        #[serde(default)]
        name: Option<String>,
    },
    /// A text file for Claude to read.
    TextFile {
        /// Its file name.
        name: String,
        /// What it says.
        text: String,
    },
    /// Something this server does not know; kept raw.
    Other {
        /// As the CLI sent it.
        raw: Value,
    },
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
    /// Other names.
    pub aliases: Vec<String>,
}

/// A subagent the CLI offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AgentChoice {
    /// Its name.
    pub name: String,
    /// When it is used.
    pub description: String,
}

/// An MCP server of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct McpServer {
    /// Its name.
    pub name: String,
    /// In the CLI's words: `connected`, `failed`, `needs-auth`, …
    pub status: String,
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
    /// Efforts it can be asked for, in the CLI's words; empty when it knows none.
    pub efforts: Vec<String>,
}
