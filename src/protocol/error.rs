//! The error envelope of the HTTP API and the codes shared with the sockets.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Fixed words for what went wrong. The HTTP status of each is fixed in `web::error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The request makes no sense as HTTP or as a frame.
    BadRequest,
    /// The body is not the JSON this route takes.
    InvalidJson,
    /// A field has a value that cannot be.
    ValidationFailed,
    /// No credential, or a wrong one.
    Unauthenticated,
    /// Known, but not allowed.
    Forbidden,
    /// The Origin header is not ours.
    OriginRefused,
    /// The Host header is not ours.
    HostRefused,
    /// No such route or file.
    NotFound,
    /// No such session.
    SessionNotFound,
    /// The route exists, the method does not.
    MethodNotAllowed,
    /// Body or frame too large.
    PayloadTooLarge,
    /// Address or headers too large.
    UriTooLong,
    /// The body's media type is not JSON.
    UnsupportedMediaType,
    /// Too many requests; see Retry-After.
    RateLimited,
    /// `--max-sessions` reached.
    SessionLimit,
    /// The session has ended.
    SessionEnded,
    /// The command is for the other kind of session.
    WrongSessionKind,
    /// Somebody else answered first.
    AlreadyAnswered,
    /// No such open prompt.
    PromptNotFound,
    /// The directory could run code; ask the user and send again with `trust`.
    TrustRequired,
    /// The path leaves the root.
    PathOutsideRoot,
    /// The path does not exist.
    PathNotFound,
    /// The path is not a directory.
    NotADirectory,
    /// The operating system refused the path.
    PathDenied,
    /// No usable `claude`.
    ClaudeNotFound,
    /// The program could not be started.
    StartFailed,
    /// Too much is waiting; try again.
    Overloaded,
    /// The server is stopping.
    ShuttingDown,
    /// A fault of this server; the request id is in its log.
    Internal,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ErrorBody {
    /// Fixed word.
    pub code: ErrorCode,
    /// What was attempted, what was wrong, what to do.
    pub message: String,
    /// More, by code.
    #[serde(default)]
    pub details: Value,
    /// RFC 3339.
    pub timestamp: String,
    /// Also in the `x-request-id` header and in the server's log.
    pub request_id: String,
}

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ErrorEnvelope {
    /// The error.
    pub error: ErrorBody,
}
