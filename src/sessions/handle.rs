//! A handle on one session.

use super::{Chat, SessionError, Terminal};
use crate::protocol::{ChangeSession, Session, StderrLog};

/// A handle on one session; cheap to clone.
#[derive(Debug, Clone)]
pub struct SessionHandle {}

impl SessionHandle {
    /// The session now.
    pub fn summary(&self) -> Session {
        unimplemented!()
    }
    /// Changes title, keep, mode or model.
    pub async fn change(&self, _change: ChangeSession, _who: &str) -> Result<Session, SessionError> {
        unimplemented!()
    }
    /// Stops the session; answers when its process tree is gone. Ended sessions answer at once.
    pub async fn kill(&self, _who: &str) -> Session {
        unimplemented!()
    }
    /// What the program wrote to stderr.
    pub fn stderr(&self) -> StderrLog {
        unimplemented!()
    }
    /// Counts as a viewer until dropped.
    pub fn view(&self) -> Viewer {
        unimplemented!()
    }
    /// The chat, if it is one.
    pub fn chat(&self) -> Result<Chat, SessionError> {
        unimplemented!()
    }
    /// The terminal, if it is one.
    pub fn terminal(&self) -> Result<Terminal, SessionError> {
        unimplemented!()
    }
}

/// Counts as a viewer of a session until dropped.
#[derive(Debug)]
pub struct Viewer {}
