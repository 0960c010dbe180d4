//! All sessions of this server.

use super::{SessionError, SessionHandle};
use crate::config::Config;
use crate::paths::Root;
use crate::protocol::{ClaudeStatus, CreateSession, Session, SessionId};
use std::path::PathBuf;
use std::sync::Arc;

/// What the registry needs from the composition root.
#[derive(Debug)]
pub struct Settings {
    /// Limits, policies, directories.
    pub config: Arc<Config>,
    /// The opened root.
    pub root: Root,
    /// This program, to be run again as the guard of each session.
    pub guard_program: PathBuf,
}

/// All sessions of this server; cheap to clone.
#[derive(Debug, Clone)]
pub struct Registry {}

impl Registry {
    /// An empty registry. Looking for `claude` begins at once in the background.
    pub fn new(_settings: Settings) -> Self {
        unimplemented!()
    }
    /// Starts a session for `who`. Answers when the child is running (not when Claude is ready).
    pub async fn create(&self, _request: CreateSession, _who: &str) -> Result<Session, SessionError> {
        unimplemented!()
    }
    /// All sessions, newest first.
    pub fn sessions(&self) -> Vec<Session> {
        unimplemented!()
    }
    /// One session.
    pub fn get(&self, _id: SessionId) -> Result<SessionHandle, SessionError> {
        unimplemented!()
    }
    /// A cursor over changes of the list; its first change holds every session.
    pub fn follow(&self) -> ListCursor {
        unimplemented!()
    }
    /// What is known about the CLI.
    pub fn claude_status(&self) -> ClaudeStatus {
        unimplemented!()
    }
    /// Looks for the CLI again.
    pub async fn find_claude(&self) -> ClaudeStatus {
        unimplemented!()
    }
    /// Ends every session (end reason `shutdown`), politely unless `hurry` is cancelled; returns when all process trees are gone.
    pub async fn shutdown(&self, _hurry: tokio_util::sync::CancellationToken) {
        unimplemented!()
    }
}

/// Changes of the list since the last one.
#[derive(Debug, Default)]
pub struct ListChange {
    /// New or changed.
    pub changed: Vec<Session>,
    /// Gone from the list.
    pub removed: Vec<SessionId>,
}

/// Reads changes of the list at its own pace; a slow reader sees the newest state once.
#[derive(Debug)]
pub struct ListCursor {}

impl ListCursor {
    /// Waits for the next change. Cancel-safe.
    pub async fn next(&mut self) -> ListChange {
        unimplemented!()
    }
}
