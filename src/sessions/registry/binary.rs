//! Where `claude` is, and which version.

use crate::claude::environment::{EnvPolicy, child_env};
use crate::claude::find::{INSTALL_COMMAND, OUTPUT_LIMIT, Places, TIME_LIMIT, VersionError, find, version_in};
use crate::config::Config;
use crate::protocol::{ClaudeStatus, SessionKind};
use crate::sessions::SessionError;
use crate::sessions::child::{Child, Program, SESSION_MARK, ServerMark};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

/// What is known about the CLI.
#[derive(Debug)]
pub(super) struct ClaudeBinary {
    explicit: Option<PathBuf>,
    places: Places,
    guard_program: PathBuf,
    environment: Vec<(OsString, OsString)>,
    status: watch::Sender<ClaudeStatus>,
}

impl ClaudeBinary {
    pub(super) fn new(
        config: &Config,
        guard_program: PathBuf,
        server_mark: &ServerMark,
        parent: &[(OsString, OsString)],
    ) -> Self {
        let mut environment = child_env(parent.iter().cloned(), &EnvPolicy::default(), SessionKind::Chat);
        environment.push((SESSION_MARK.into(), "version".into()));
        environment.extend(server_mark.variables().map(|(name, value)| (name.into(), value)));
        Self {
            explicit: config.claude.clone(),
            places: Places::from_env(),
            guard_program,
            environment,
            status: watch::Sender::new(unknown(None)),
        }
    }

    /// Watches what is known.
    pub(super) fn watch(&self) -> watch::Receiver<ClaudeStatus> {
        self.status.subscribe()
    }

    /// The path to run. Looks again each time: an update may have moved it.
    pub(super) fn path(&self) -> Result<PathBuf, SessionError> {
        match find(self.explicit.as_deref(), &self.places) {
            Ok(path) => {
                let shown = path.display().to_string();
                self.status.send_if_modified(|status| {
                    let news = !status.found || status.path.as_deref() != Some(shown.as_str());
                    status.found = true;
                    status.path = Some(shown);
                    news
                });
                Ok(path)
            }
            Err(missing) => {
                self.status.send_replace(unknown(Some(missing.to_string())));
                Err(SessionError::ClaudeNotFound { reason: format!("{missing}; install it with `{INSTALL_COMMAND}`") })
            }
        }
    }

    /// Looks for it and asks its version.
    pub(super) async fn find(&self, tracker: &TaskTracker) -> ClaudeStatus {
        if let Ok(path) = self.path() {
            let asked = tokio::time::timeout(TIME_LIMIT, self.ask(&path, tracker)).await;
            let (version, error) = match asked {
                Ok(Ok(version)) => (Some(version), None),
                Ok(Err(error)) => (None, Some(error.to_string())),
                Err(_) => (None, Some(VersionError::TimedOut { program: path.display().to_string() }.to_string())),
            };
            self.status.send_modify(|status| {
                status.version = version;
                status.error = error;
            });
        }
        self.status.borrow().clone()
    }

    /// Under a guard like any session: what calls itself `claude` may be a wrapper that leaves things behind. Dropping
    /// the future, at the time limit, closes the guard's socket, and it kills the tree.
    async fn ask(&self, path: &Path, tracker: &TaskTracker) -> Result<String, VersionError> {
        let start = |source| VersionError::Start { program: path.display().to_string(), source };
        let program = Program { path: path.to_owned(), args: vec!["--version".into()], env: self.environment.clone() };
        // Away from any project, so that nothing beside the current directory can be picked up.
        let cwd = std::fs::File::open("/").map_err(start)?;
        let (child, pipes) =
            Child::with_pipes(&self.guard_program, program, cwd.into(), tracker).await.map_err(start)?;
        drop(pipes.stdin);
        let (stdout, stderr) = tokio::join!(head(pipes.stdout), head(pipes.stderr));
        let exit = child.exit().await.ok_or_else(|| start(io::Error::other("the guard process has died")))?;
        let failed = match (exit.code, exit.signal) {
            (Some(0), _) => None,
            (Some(code), _) => Some(format!("exit code {code}")),
            (None, signal) => Some(signal.unwrap_or_else(|| "a signal".to_owned())),
        };
        version_in(path, failed, &stdout, &stderr)
    }
}

fn unknown(error: Option<String>) -> ClaudeStatus {
    ClaudeStatus { found: false, path: None, version: None, error, install_command: INSTALL_COMMAND.to_owned() }
}

/// The first bytes of a stream; the stream is closed after them.
async fn head(stream: impl AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    // What arrived before an error is still worth showing.
    let _ = stream.take(OUTPUT_LIMIT).read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}
