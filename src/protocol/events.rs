//! The events socket: the session list and notices, live, one per tab.

use super::{ErrorCode, Session, SessionId};
use serde::{Deserialize, Serialize};

/// What a browser sends on `/api/events`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum EventsClientMessage {
    /// Proves who is there; must be the first frame.
    Auth {
        /// Access token.
        token: String,
        /// How this client wants to be named to others.
        #[serde(default)]
        device: Option<String>,
    },
}

/// How loud a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum NoticeLevel {
    Info,
    Warning,
    Error,
}

/// What the server sends on the events socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "built once per frame and serialized at once")]
pub enum EventsServerMessage {
    /// The credential was good.
    AuthOk {
        /// The name others see for this client.
        principal: String,
    },
    /// All sessions; replaces what the client has.
    Snapshot {
        /// Sessions.
        sessions: Vec<Session>,
    },
    /// A session is new or changed.
    Session {
        /// The session.
        session: Session,
    },
    /// A session left the list.
    SessionRemoved {
        /// Which.
        id: SessionId,
    },
    /// Something the user should know.
    Notice {
        /// How loud.
        level: NoticeLevel,
        /// Fixed word.
        code: String,
        /// A sentence.
        message: String,
    },
    /// A frame could not be taken.
    Error {
        /// Code.
        code: ErrorCode,
        /// What was attempted and what to do.
        message: String,
    },
}
