//! Where `claude` is, and which version.

use crate::claude::environment::{EnvPolicy, child_env};
use crate::claude::find::{INSTALL_COMMAND, Places, find, version};
use crate::config::Config;
use crate::protocol::{ClaudeStatus, SessionKind};
use crate::sessions::SessionError;
use crate::sessions::core::lock;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Mutex;

/// What is known about the CLI.
#[derive(Debug)]
pub(super) struct ClaudeBinary {
    explicit: Option<PathBuf>,
    places: Places,
    environment: Vec<(OsString, OsString)>,
    status: Mutex<ClaudeStatus>,
}

impl ClaudeBinary {
    pub(super) fn new(config: &Config, environment: Vec<(OsString, OsString)>) -> Self {
        let status = ClaudeStatus {
            found: false,
            path: None,
            version: None,
            error: None,
            install_command: INSTALL_COMMAND.to_owned(),
        };
        Self { explicit: config.claude.clone(), places: Places::from_env(), environment, status: Mutex::new(status) }
    }

    pub(super) fn status(&self) -> ClaudeStatus {
        lock(&self.status).clone()
    }

    /// The path to run. Looks again each time: an update may have moved it.
    pub(super) fn path(&self) -> Result<PathBuf, SessionError> {
        let found = find(self.explicit.as_deref(), &self.places);
        let mut status = lock(&self.status);
        match found {
            Ok(path) => {
                status.found = true;
                status.path = Some(path.display().to_string());
                Ok(path)
            }
            Err(missing) => {
                *status = ClaudeStatus {
                    found: false,
                    path: None,
                    version: None,
                    error: Some(missing.to_string()),
                    install_command: INSTALL_COMMAND.to_owned(),
                };
                Err(SessionError::ClaudeNotFound { reason: format!("{missing}; install it with `{INSTALL_COMMAND}`") })
            }
        }
    }

    /// Looks for it and asks its version.
    pub(super) async fn find(&self) -> ClaudeStatus {
        let Ok(path) = self.path() else { return self.status() };
        let environment = child_env(self.environment.iter().cloned(), &EnvPolicy::default(), SessionKind::Chat);
        let asked = version(&path, &environment).await;
        let mut status = lock(&self.status);
        match asked {
            Ok(version) => {
                status.version = Some(version);
                status.error = None;
            }
            Err(error) => {
                status.version = None;
                status.error = Some(error.to_string());
            }
        }
        status.clone()
    }
}
