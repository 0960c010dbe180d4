//! Chat sessions.

use super::SessionError;
use crate::protocol::{AckStatus, ClientId, Content, Decision, Effort, Epoch, ModelName, PermissionMode, PromptId};
use bytes::Bytes;

/// What a client can ask of a chat.
#[derive(Debug, Clone, PartialEq)]
pub enum ChatAction {
    /// Send a user message.
    Send {
        /// What it says.
        content: Vec<Content>,
    },
    /// Stop the running turn.
    Interrupt,
    /// Answer a prompt.
    Answer {
        /// Which.
        request_id: PromptId,
        /// How.
        decision: Decision,
    },
    /// Change mode, model, effort.
    Set {
        /// New mode.
        permission_mode: Option<PermissionMode>,
        /// New model.
        model: Option<ModelName>,
        /// New effort.
        effort: Option<Effort>,
    },
}

/// A chat session; cheap to clone.
#[derive(Debug, Clone)]
pub struct Chat {}

impl Chat {
    /// Carries out `action` once per `client_id`; answers when the server has taken it (`Accepted`), the CLI has it
    /// (`Delivered`), or it was done before (`Duplicate`).
    pub async fn command(
        &self,
        _client_id: ClientId,
        _action: ChatAction,
        _who: &str,
    ) -> Result<AckStatus, SessionError> {
        unimplemented!()
    }
    /// A reader that starts after `after` if `epoch` is this log's, else at the oldest event kept.
    pub fn read(&self, _epoch: Option<Epoch>, _after: Option<u64>) -> ChatReader {
        unimplemented!()
    }
}

/// What a reader gets.
#[derive(Debug)]
pub enum ChatOutput {
    /// Serialized `ChatServerMessage::Event` frames, in order; at least one.
    Events(Vec<Bytes>),
    /// Events before `oldest` are gone; the stream goes on there.
    Gap {
        /// The next event's number.
        oldest: u64,
    },
}

/// Reads a chat's log at its own pace.
#[derive(Debug)]
pub struct ChatReader {}

impl ChatReader {
    /// Epoch of the log.
    pub fn epoch(&self) -> Epoch {
        unimplemented!()
    }
    /// Number of the newest event.
    pub fn head(&self) -> u64 {
        unimplemented!()
    }
    /// Whether the cursor was honoured.
    pub fn resumed(&self) -> bool {
        unimplemented!()
    }
    /// Waits for output; `None` when the session has ended and everything was read. Cancel-safe.
    pub async fn next(&mut self) -> Option<ChatOutput> {
        unimplemented!()
    }
}
