//! Why something could not be done with a session.

use crate::paths::PathError;
use crate::protocol::{Outcome, SessionId, TrustQuestion};
use std::time::Duration;

/// Why something could not be done with a session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// No such session.
    #[error("there is no session {id}")]
    NotFound {
        /// Asked for.
        id: SessionId,
    },
    /// The session has ended.
    #[error("the session has ended; resume it or start a new one")]
    Ended,
    /// The command is for the other kind of session.
    #[error("this is a {is} session; {wanted} was asked for")]
    WrongKind {
        /// What it is.
        is: &'static str,
        /// What the command is for.
        wanted: &'static str,
    },
    /// `--max-sessions` reached.
    #[error("{max} sessions are running, the limit of this server (--max-sessions); end one first")]
    Limit {
        /// The limit.
        max: usize,
    },
    /// Sessions are started too fast.
    #[error("too many sessions were started in the last minute; try again in {} s", .retry_after.as_secs().max(1))]
    StartsLimited {
        /// When to try again.
        retry_after: Duration,
    },
    /// The working directory was refused.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The directory could run code; the user must be asked.
    #[error(
        "opening this directory with Claude runs code it brings along; look at the list and send the request again with `trust`"
    )]
    TrustRequired(Box<TrustQuestion>),
    /// No usable `claude`.
    #[error("cannot start Claude Code: {reason}")]
    ClaudeNotFound {
        /// Why, and how to get it.
        reason: String,
    },
    /// The program could not be started.
    #[error("could not start the session: {reason}")]
    StartFailed {
        /// What the operating system said.
        reason: String,
    },
    /// A field has a value that cannot be.
    #[error("{message}")]
    Invalid {
        /// What was wrong and what to do.
        message: String,
    },
    /// Somebody else answered first.
    #[error("{by} answered first")]
    AlreadyAnswered {
        /// Who.
        by: String,
        /// What.
        outcome: Outcome,
    },
    /// No such open prompt.
    #[error("there is no open prompt {request_id} in this session")]
    PromptNotFound {
        /// Asked for.
        request_id: String,
    },
    /// Too much is waiting.
    #[error("the session takes no more input right now; try again")]
    Overloaded,
    /// The CLI has the request and says nothing.
    #[error("Claude Code has not answered for {} s; kill the session if it does not recover", .after.as_secs())]
    Unanswered {
        /// How long it was waited for.
        after: Duration,
    },
    /// The server is stopping.
    #[error("the server is stopping")]
    ShuttingDown,
}
