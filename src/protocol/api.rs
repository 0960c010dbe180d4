//! Bodies of the HTTP API.

use super::{Effort, ModelName, PermissionMode, Session, SessionKind, TerminalProgram, UnixMs};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /api/sessions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// Chat or terminal.
    pub kind: SessionKind,
    /// Directory relative to the root; `.` is the root.
    pub cwd: String,
    /// Title; the directory's name when absent.
    #[serde(default)]
    pub title: Option<String>,
    /// Model alias or id.
    #[serde(default)]
    pub model: Option<ModelName>,
    /// Permission mode.
    #[serde(default)]
    pub permission_mode: Option<PermissionMode>,
    /// Effort.
    #[serde(default)]
    pub effort: Option<Effort>,
    /// Claude session to go on with.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub resume: Option<Uuid>,
    /// With `resume`: forget what came after this message of Claude's (its uuid in the transcript).
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub resume_at: Option<Uuid>,
    /// With `resume`: go on in a copy.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub fork: bool,
    /// Keep running without a viewer.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub keep: bool,
    /// For a terminal: what to run.
    #[serde(default)]
    pub program: Option<TerminalProgram>,
    /// For a terminal: columns.
    #[serde(default)]
    pub cols: Option<u16>,
    /// For a terminal: rows.
    #[serde(default)]
    pub rows: Option<u16>,
    /// For a terminal: record its output, for download and replay.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub record: bool,
    /// The hash of the trust question the user said yes to.
    #[serde(default)]
    pub trust: Option<String>,
}

/// `PATCH /api/sessions/{id}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ChangeSession {
    /// New title, 1 to 200 characters.
    #[serde(default)]
    pub title: Option<String>,
    /// Keep running without a viewer.
    #[serde(default)]
    pub keep: Option<bool>,
    /// New permission mode (chat).
    #[serde(default)]
    pub permission_mode: Option<PermissionMode>,
    /// New model (chat).
    #[serde(default)]
    pub model: Option<ModelName>,
}

/// `GET /api/sessions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SessionPage {
    /// Newest first.
    pub sessions: Vec<Session>,
    /// How many there are in all.
    pub total: usize,
}

/// A line of stderr.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StderrLine {
    /// When it was read.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: UnixMs,
    /// The line without its end, control characters as they came.
    pub line: String,
}

/// `GET /api/sessions/{id}/stderr`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StderrLog {
    /// Oldest first.
    pub lines: Vec<StderrLine>,
    /// Lines that were dropped because the ring was full.
    #[cfg_attr(test, ts(type = "number"))]
    pub dropped: u64,
}

/// What could run code by opening a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TrustItemKind {
    /// A hook runs a command.
    Hook,
    /// An MCP server is started.
    McpServer,
    /// A setting names a helper program (`apiKeyHelper`, `statusLine`, …).
    Helper,
    /// A setting changes the environment, for example where requests go.
    Environment,
    /// A setting lowers what is asked (`defaultMode`, allow rules).
    Permissions,
    /// A file that could not be read or parsed.
    Unreadable,
}

/// One thing that could run code by opening a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrustItem {
    /// What it is.
    pub kind: TrustItemKind,
    /// File it stands in, relative to the root where it lies inside.
    pub file: String,
    /// What it says: the command, the server, the variable.
    pub detail: String,
}

/// `details` of a `TRUST_REQUIRED` error: send the request again with `trust` set to `hash`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrustQuestion {
    /// Of all items; asked again when it changes.
    pub hash: String,
    /// The directory, relative to the root.
    pub cwd: String,
    /// What could run.
    pub items: Vec<TrustItem>,
}

/// What a directory entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum EntryKind {
    Directory,
    File,
    Symlink,
    Other,
}

/// An entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DirectoryEntry {
    /// Name, with a replacement character where it is not UTF-8.
    pub name: String,
    /// What it is; a symlink that stays inside the root counts as what it points to.
    pub kind: EntryKind,
}

/// `GET /api/files?path=DIR`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DirectoryListing {
    /// The directory, relative to the root; `.` is the root.
    pub path: String,
    /// Directories first, then by name.
    pub entries: Vec<DirectoryEntry>,
    /// Whether there are more entries than were read.
    pub truncated: bool,
}

/// A file that fits what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileMatch {
    /// Relative to the directory that was searched.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Characters of `path` that matched, as indexes of UTF-16 units.
    pub positions: Vec<u32>,
}

/// `GET /api/files/find?cwd=DIR&q=TEXT&limit=N`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileMatches {
    /// Best first.
    pub matches: Vec<FileMatch>,
    /// Whether the directory holds more files than were looked at.
    pub truncated: bool,
}

/// `GET /api/sessions/{id}/tasks/{task_id}/output?offset=N`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TaskOutput {
    /// What was printed from `offset` on.
    pub text: String,
    /// Byte the text begins at; later than asked for when the beginning is too far back.
    #[cfg_attr(test, ts(type = "number"))]
    pub offset: u64,
    /// Where to go on reading.
    #[cfg_attr(test, ts(type = "number"))]
    pub next_offset: u64,
}

/// `POST /api/sessions/{id}/rewind`: sets files back to what they were before a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct RewindRequest {
    /// The user message's uuid.
    pub message_id: Uuid,
    /// Only say what would change.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub dry_run: bool,
}

/// Answer to `POST /api/sessions/{id}/rewind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RewindReport {
    /// Whether it can be done.
    pub can_rewind: bool,
    /// Files that change.
    pub files: Vec<String>,
    /// Lines that come back.
    #[cfg_attr(test, ts(type = "number"))]
    pub insertions: u64,
    /// Lines that go.
    #[cfg_attr(test, ts(type = "number"))]
    pub deletions: u64,
    /// Why it cannot be done.
    pub error: Option<String>,
}

/// A part of what fills the context window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContextCategory {
    /// In the CLI's words.
    pub name: String,
    /// Tokens.
    #[cfg_attr(test, ts(type = "number"))]
    pub tokens: u64,
}

/// `GET /api/sessions/{id}/context`: what fills the context window, as the CLI counts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContextReport {
    /// Tokens in it.
    #[cfg_attr(test, ts(type = "number"))]
    pub used_tokens: u64,
    /// Tokens it holds.
    #[cfg_attr(test, ts(type = "number"))]
    pub window_tokens: u64,
    /// Its parts.
    pub categories: Vec<ContextCategory>,
    /// Tokens at which Claude Code compacts by itself.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub auto_compact_at: Option<u64>,
}

/// The `claude` this server runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClaudeStatus {
    /// Whether it was found.
    pub found: bool,
    /// Where.
    pub path: Option<String>,
    /// What it says of itself.
    pub version: Option<String>,
    /// Why it cannot be used.
    pub error: Option<String>,
    /// How to get it.
    pub install_command: String,
}

/// `GET /health`. Without credentials only `status` is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Health {
    /// `healthy`.
    pub status: String,
    /// Version of this server.
    pub version: String,
    /// Process id of this server.
    pub pid: u32,
    /// How long it has been up.
    #[cfg_attr(test, ts(type = "number"))]
    pub uptime_ms: u64,
    /// Name of the machine.
    pub host_name: String,
    /// The root directory.
    pub root: String,
    /// Live sessions.
    pub live_sessions: usize,
    /// Limit of live sessions.
    pub max_sessions: usize,
    /// `kill`, `finish` or `keep`.
    pub on_disconnect: String,
    /// How long a session waits for a viewer.
    #[cfg_attr(test, ts(type = "number"))]
    pub disconnect_grace_ms: u64,
    /// Whether the mode that asks nothing may be chosen.
    pub allow_bypass: bool,
    /// The CLI.
    pub claude: ClaudeStatus,
}

/// `POST /api/token` (control socket only).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceToken {
    /// End every other access token, and the sockets and requests made with them.
    #[serde(default)]
    pub replace: bool,
}

/// Answer to `POST /api/token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenIssued {
    /// The token; kept nowhere else.
    pub token: String,
    /// Where to open it, best first.
    pub urls: Vec<String>,
}
