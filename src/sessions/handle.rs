//! A handle on one session.

use super::core::Core;
use super::{Chat, ChatAction, SessionError, Terminal};
use crate::protocol::{ChangeSession, ClientId, EndReason, Session, StderrLog};
use std::sync::Arc;

/// A handle on one session; cheap to clone.
#[derive(Debug, Clone)]
pub struct SessionHandle {
    pub(crate) core: Arc<Core>,
    pub(crate) actor: Actor,
}

/// What runs behind a session.
#[derive(Debug, Clone)]
pub(crate) enum Actor {
    Chat(Chat),
    Terminal(Terminal),
}

impl SessionHandle {
    /// The session now.
    pub fn summary(&self) -> Session {
        self.core.summary()
    }

    /// Changes title, keep, mode or model. Errors leave undone what had not been done yet.
    pub async fn change(&self, change: ChangeSession, who: &str) -> Result<Session, SessionError> {
        if let Some(title) = &change.title {
            let title = self.core.rename(title)?;
            if let Actor::Chat(chat) = &self.actor {
                chat.rename(title).await;
            }
        }
        if let Some(keep) = change.keep {
            self.core.update(|session| session.keep = keep);
        }
        if let Some(mode) = change.permission_mode {
            self.set(Some(mode), None, who).await?;
        }
        if let Some(model) = change.model {
            self.set(None, Some(model), who).await?;
        }
        Ok(self.summary())
    }

    /// Stops the session; answers when its process tree is gone. Ended sessions answer at once.
    pub async fn kill(&self, who: &str) -> Session {
        if !self.core.has_ended() {
            tracing::info!(session = %self.core.id, who, "kill");
            self.core.stop(EndReason::Killed);
            self.core.wait_ended().await;
        }
        self.summary()
    }

    /// What the program wrote to stderr.
    pub fn stderr(&self) -> StderrLog {
        self.core.stderr()
    }

    /// Counts as a viewer until dropped.
    pub fn view(&self) -> Viewer {
        self.core.enter_viewer();
        Viewer { core: Arc::clone(&self.core) }
    }

    /// The chat, if it is one.
    pub fn chat(&self) -> Result<Chat, SessionError> {
        match &self.actor {
            Actor::Chat(chat) => Ok(chat.clone()),
            Actor::Terminal(_) => Err(SessionError::WrongKind { is: "terminal", wanted: "a chat" }),
        }
    }

    /// The terminal, if it is one.
    pub fn terminal(&self) -> Result<Terminal, SessionError> {
        match &self.actor {
            Actor::Terminal(terminal) => Ok(terminal.clone()),
            Actor::Chat(_) => Err(SessionError::WrongKind { is: "chat", wanted: "a terminal" }),
        }
    }

    /// Bytes its log holds.
    pub(crate) fn weight_bytes(&self) -> usize {
        match &self.actor {
            Actor::Chat(chat) => chat.weight_bytes(),
            Actor::Terminal(terminal) => terminal.weight_bytes(),
        }
    }

    async fn set(
        &self,
        permission_mode: Option<crate::protocol::PermissionMode>,
        model: Option<crate::protocol::ModelName>,
        who: &str,
    ) -> Result<(), SessionError> {
        let client_id: ClientId =
            format!("api-{}", uuid::Uuid::new_v4().simple()).parse().map_err(|_| SessionError::Overloaded)?;
        let action = ChatAction::Set { permission_mode, model, effort: None };
        self.chat()?.command(client_id, action, who).await.map(|_| ())
    }
}

/// Counts as a viewer of a session until dropped.
#[derive(Debug)]
pub struct Viewer {
    core: Arc<Core>,
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.core.leave_viewer();
    }
}
