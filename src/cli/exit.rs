//! What can go wrong on the command line, and the exit code of each.

use super::output;
use super::text::plain;
use crate::config::ConfigError;
use crate::protocol::{ErrorBody, ErrorCode};
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// The exit codes; scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// It was done.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// The command line makes no sense; clap says why.
    Usage = 2,
    /// No server is running.
    NoServer = 3,
    /// There is no such session.
    NotFound = 4,
}

impl Exit {
    /// All of them, with what the manual says.
    pub(super) const ALL: [(Self, &str); 5] = [
        (Self::Done, "What was asked for is done. A closed pipe on standard output counts as done."),
        (Self::Failed, "It failed; the reason is on standard error. One of several sessions that failed is enough."),
        (Self::Usage, "The command line makes no sense: an unknown flag, or a value that cannot be."),
        (Self::NoServer, "No server is running for this data directory."),
        (Self::NotFound, "There is no such session."),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a subcommand did not do what it was asked for.
#[derive(Debug)]
pub(super) enum CliError {
    /// Anything nobody tells apart.
    Failed(anyhow::Error),
    /// The settings make no configuration.
    Config(ConfigError),
    /// Nothing answers at any of these.
    NoServer(Vec<PathBuf>),
    /// No session has this id.
    NoSession(String),
    /// Several sessions have an id that begins so.
    Ambiguous(String, Vec<String>),
    /// The server said no.
    Refused(ErrorBody),
    /// It has been said already, line by line.
    Reported(Exit),
    /// Whoever read our output has gone.
    BrokenPipe,
}

impl CliError {
    /// The exit code of each.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Failed(_) | Self::Config(_) | Self::Ambiguous(..) => Exit::Failed,
            Self::NoServer(_) => Exit::NoServer,
            Self::NoSession(_) => Exit::NotFound,
            Self::Refused(body) => refusal(body.code),
            Self::Reported(exit) => *exit,
            Self::BrokenPipe => Exit::Done,
        }
    }

    /// Says it on stderr, with what to do.
    pub(super) fn report(&self) -> Exit {
        let (message, hint) = match self {
            Self::Failed(error) => (format!("{error:#}"), None),
            Self::Config(error) => (error.to_string(), Some(error.hint().to_owned())),
            Self::NoServer(looked) => {
                let looked = looked.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" or ");
                let hint = "start one with `claude-web serve`, or name its data directory with --data-dir";
                (format!("no server is running: nothing answers at {looked}"), Some(hint.to_owned()))
            }
            Self::NoSession(id) => {
                (format!("there is no session {id}"), Some("`claude-web sessions list --all` shows them".to_owned()))
            }
            Self::Ambiguous(prefix, candidates) => (
                format!("{prefix} is the beginning of several ids: {}", candidates.join(", ")),
                Some("give more of the id".to_owned()),
            ),
            Self::Refused(body) => (format!("{} ({})", body.message, code_name(body.code)), None),
            Self::Reported(_) | Self::BrokenPipe => return self.exit(),
        };
        output::note(&format!("error: {}", plain(&message)));
        if let Some(hint) = hint {
            output::note(&format!("hint: {}", plain(&hint)));
        }
        self.exit()
    }
}

/// The exit code of each refusal of the server.
fn refusal(code: ErrorCode) -> Exit {
    match code {
        ErrorCode::NotFound | ErrorCode::SessionNotFound => Exit::NotFound,
        ErrorCode::BadRequest
        | ErrorCode::InvalidJson
        | ErrorCode::ValidationFailed
        | ErrorCode::Unauthenticated
        | ErrorCode::Forbidden
        | ErrorCode::OriginRefused
        | ErrorCode::HostRefused
        | ErrorCode::MethodNotAllowed
        | ErrorCode::PayloadTooLarge
        | ErrorCode::UriTooLong
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::RateLimited
        | ErrorCode::SessionLimit
        | ErrorCode::SessionEnded
        | ErrorCode::WrongSessionKind
        | ErrorCode::AlreadyAnswered
        | ErrorCode::PromptNotFound
        | ErrorCode::TrustRequired
        | ErrorCode::PathOutsideRoot
        | ErrorCode::PathNotFound
        | ErrorCode::NotADirectory
        | ErrorCode::PathDenied
        | ErrorCode::ClaudeNotFound
        | ErrorCode::StartFailed
        | ErrorCode::Overloaded
        | ErrorCode::ShuttingDown
        | ErrorCode::Internal => Exit::Failed,
    }
}

fn code_name(code: ErrorCode) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

impl From<anyhow::Error> for CliError {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::BrokenPipe } else { Self::Failed(error.into()) }
    }
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        // Writing JSON to a closed pipe arrives here as well.
        if error.io_error_kind() == Some(io::ErrorKind::BrokenPipe) {
            Self::BrokenPipe
        } else {
            Self::Failed(error.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_a_contract() {
        let refused = |code| {
            let (message, timestamp, request_id) = (String::new(), String::new(), String::new());
            CliError::Refused(ErrorBody { code, message, details: serde_json::Value::Null, timestamp, request_id })
        };
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        for (error, code) in [
            (CliError::from(broken()), 0),
            (CliError::from(serde_json::Error::io(broken())), 0),
            (CliError::from(io::Error::other("x")), 1),
            (CliError::Failed(anyhow::anyhow!("x")), 1),
            (CliError::Ambiguous("abcd".to_owned(), Vec::new()), 1),
            (refused(ErrorCode::ShuttingDown), 1),
            (CliError::NoServer(Vec::new()), 3),
            (CliError::NoSession("abcd".to_owned()), 4),
            (refused(ErrorCode::SessionNotFound), 4),
        ] {
            assert_eq!(error.exit() as u8, code, "{error:?}");
        }
        assert_eq!(Exit::ALL.map(|(exit, _)| exit as u8), [0, 1, 2, 3, 4]);
    }
}
