//! Why an attachment ended, what is said of it, and its exit code.

use crate::cli::exit::{CliError, Exit};
use crate::cli::output;
use crate::cli::text::plain;
use crate::protocol::{EndReason, Session, SessionId, SessionKind};
use crate::sessions::signal_number;
use anyhow::anyhow;
use std::process::ExitCode;

/// Why a session cannot be shown here.
pub(super) fn refusal(session: &Session) -> Option<anyhow::Error> {
    let id = session.id;
    if session.kind == SessionKind::Chat {
        return Some(anyhow!(
            "{id} is a chat, and only terminals can be shown here: open it in the browser (`claude-web url`), or print \
             it with `claude-web sessions export {id}`"
        ));
    }
    // Each drawing would be new output to be drawn.
    let own = std::env::var("CLAUDE_WEB_SESSION").is_ok_and(|mark| mark.starts_with(&id.to_string()));
    own.then(|| anyhow!("this terminal is {id} itself"))
}

/// Why the attachment ended.
#[derive(Debug)]
pub(super) enum End {
    Detached,
    Program {
        code: Option<i32>,
        signal: Option<String>,
        reason: EndReason,
    },
    Signalled(i32),
    /// Nobody can type or read any more.
    TerminalGone,
    Failed(CliError),
}

impl End {
    /// Says it, on the terminal as it was before, and gives the exit code.
    pub(super) fn told(self, id: SessionId) -> Result<ExitCode, CliError> {
        match self {
            Self::Detached => {
                output::note(&format!("detached; `claude-web sessions attach {id}` comes back"));
                Ok(Exit::Done.into())
            }
            Self::Program { code, signal, reason } => {
                let number = signal.as_deref().and_then(signal_number);
                let how = match (code, &signal) {
                    (_, Some(signal)) => format!("by {}", plain(signal)),
                    (Some(code), None) => format!("with exit code {code}"),
                    (None, None) => "for an unknown reason".to_owned(),
                };
                let why = match reason {
                    EndReason::Exited | EndReason::Crashed => "the program ended",
                    EndReason::Killed => "the session was killed; the program ended",
                    EndReason::Disconnected => "nobody was attached; the program ended",
                    EndReason::IdleTimeout => "nothing happened for too long; the program ended",
                    EndReason::FailedToStart => "the program did not start; it ended",
                    EndReason::Shutdown => "the server was stopped; the program ended",
                };
                output::note(&format!("{why} {how}"));
                Ok(program_code(code, number).into())
            }
            Self::Signalled(number) => Ok(program_code(None, Some(number)).into()),
            Self::TerminalGone => Ok(Exit::Failed.into()),
            Self::Failed(error) => Err(error),
        }
    }
}

/// What a shell would say of such an end.
fn program_code(code: Option<i32>, signal: Option<i32>) -> u8 {
    let code = code.or(signal.map(|number| 128 + number));
    code.map_or(Exit::Failed as u8, |code| u8::try_from(code & 0xff).unwrap_or(Exit::Failed as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_what_a_shell_would_say() {
        for (code, signal, shown) in
            [(Some(0), None, 0), (Some(3), None, 3), (None, Some(9), 137), (None, Some(1), 129), (None, None, 1)]
        {
            assert_eq!(program_code(code, signal), shown);
        }
    }
}
