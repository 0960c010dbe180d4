//! What others may know about a session.

use super::{ModelName, PromptId, SessionId, UnixMs};
use serde::{Deserialize, Serialize};

/// Chat over stream-json, or a PTY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// `claude -p` driven over stdin and stdout.
    Chat,
    /// A program in a PTY.
    Terminal,
}

/// What a terminal session runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TerminalProgram {
    /// Claude's own terminal UI.
    #[default]
    Claude,
    /// The shell of the server's user.
    Shell,
}

/// Where a session stands. `starting → idle ⇄ working ⇄ needs_approval | needs_answer → ended`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// The child is being started and has not answered yet.
    Starting,
    /// Nothing runs; a prompt can be sent.
    Idle,
    /// A turn runs (chat), or the program runs (terminal).
    Working,
    /// Claude waits for a permission or for a plan to be approved.
    NeedsApproval,
    /// Claude asked a question.
    NeedsAnswer,
    /// The process tree is gone.
    Ended,
}

/// Claude Code's permission modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum PermissionMode {
    /// Ask before anything that changes something.
    Default,
    /// Edits inside the directory run without asking.
    AcceptEdits,
    /// Read and plan only.
    Plan,
    /// What is not allowed by a rule is refused without asking.
    DontAsk,
    /// Claude Code's classifier decides.
    Auto,
    /// Nothing is asked; needs `--allow-bypass` on the server.
    BypassPermissions,
}

impl PermissionMode {
    /// The spelling of the CLI.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::AcceptEdits => "acceptEdits",
            Self::Plan => "plan",
            Self::DontAsk => "dontAsk",
            Self::Auto => "auto",
            Self::BypassPermissions => "bypassPermissions",
        }
    }
}

/// How hard the model thinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the levels are the CLI's own words")]
pub enum Effort {
    Low,
    Medium,
    High,
    Xhigh,
    Max,
}

impl Effort {
    /// The spelling of the CLI.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Xhigh => "xhigh",
            Self::Max => "max",
        }
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The program ended by itself with exit code 0.
    Exited,
    /// Someone killed the session.
    Killed,
    /// The last viewer was gone for longer than the grace.
    Disconnected,
    /// Nothing happened for longer than `--idle-timeout`.
    IdleTimeout,
    /// The program ended with an error or by a signal nobody here sent.
    Crashed,
    /// The program never got as far as answering.
    FailedToStart,
    /// The server was shut down.
    Shutdown,
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SessionEnd {
    /// Why.
    pub reason: EndReason,
    /// Exit code, when the program exited.
    pub code: Option<i32>,
    /// Signal name, when a signal ended it.
    pub signal: Option<String>,
    /// The last lines of stderr, oldest first, at most ten.
    pub stderr_tail: Vec<String>,
    /// When.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: UnixMs,
}

/// What kind of answer is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PendingKind {
    /// A tool wants to run.
    Approval,
    /// Claude asks the user something.
    Question,
    /// A plan waits for approval.
    Plan,
}

/// One thing a session waits for; enough to recognise it in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Pending {
    /// Id to answer.
    pub request_id: PromptId,
    /// What kind of answer.
    pub kind: PendingKind,
    /// The tool that asks, in the CLI's words.
    pub tool_name: String,
    /// One line: the command, the file, the question. At most 300 characters.
    pub summary: String,
    /// Since when.
    #[cfg_attr(test, ts(type = "number"))]
    pub since: UnixMs,
}

/// How full a context window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContextUse {
    /// Tokens in it.
    #[cfg_attr(test, ts(type = "number"))]
    pub used_tokens: u64,
    /// Tokens it holds, once the CLI has told.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub window_tokens: Option<u64>,
}

/// A session as the list and the API show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Session {
    /// Our id.
    pub id: SessionId,
    /// Chat or terminal.
    pub kind: SessionKind,
    /// What a terminal session runs; absent for chats.
    pub program: Option<TerminalProgram>,
    /// Given by the user, else by the conversation, else the directory's name.
    pub title: String,
    /// Working directory relative to the root, `.` for the root itself.
    pub cwd: String,
    /// Where it stands.
    pub state: SessionState,
    /// Since when it stands there.
    #[cfg_attr(test, ts(type = "number"))]
    pub state_since: UnixMs,
    /// The model in use, once known.
    pub model: Option<ModelName>,
    /// The permission mode in use, as the CLI says it.
    pub permission_mode: Option<String>,
    /// The effort chosen at the start.
    pub effort: Option<Effort>,
    /// The id under which Claude Code stores the conversation now (`/clear` changes it).
    pub claude_session_id: Option<String>,
    /// Process id of the program, while it runs.
    pub pid: Option<u32>,
    /// Keep running without a viewer.
    pub keep: bool,
    /// How many sockets are attached.
    pub viewers: u32,
    /// When it was created.
    #[cfg_attr(test, ts(type = "number"))]
    pub created_at: UnixMs,
    /// When something was last said or printed.
    #[cfg_attr(test, ts(type = "number"))]
    pub last_activity_at: UnixMs,
    /// What it has cost so far, as the CLI reports it.
    pub cost_usd: Option<f64>,
    /// How full the context window was at the last request.
    pub context: Option<ContextUse>,
    /// The last line with text on the screen of a terminal.
    #[serde(default)]
    pub last_line: Option<String>,
    /// Messages and tools this version does not know, and warnings.
    #[serde(default)]
    pub warnings: u32,
    /// What it waits for, oldest first.
    pub pending: Vec<Pending>,
    /// How it ended.
    pub end: Option<SessionEnd>,
}
