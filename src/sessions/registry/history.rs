//! What was said before in a conversation that goes on, put in front of the session's log.

use crate::claude::transcript::{self, History, TranscriptError};
use crate::protocol::{ChatEvent, ContextUse, UnixMs};
use crate::sessions::SessionError;
use crate::sessions::core::clean_title;
use crate::sessions::replay::now_ms;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// The most of an earlier conversation that is kept; half of a log of the usual size.
pub(super) const BYTES_MAX: usize = 8 << 20;
/// A home on a dead network mount must not hold a start for ever.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest title taken from a conversation.
const TITLE_CHARS: usize = 80;

/// Which conversation, and how it goes on.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) conversation: Uuid,
    /// What came after this message is forgotten.
    pub(super) at: Option<Uuid>,
    pub(super) forked: bool,
    pub(super) cwd: PathBuf,
    pub(super) bytes_max: usize,
}

/// What a session begins with.
#[derive(Debug, Default)]
pub(super) struct Before {
    pub(super) events: Vec<(UnixMs, ChatEvent)>,
    pub(super) title: Option<String>,
    /// How full the window is; its size is known once Claude answers.
    pub(super) context: Option<ContextUse>,
}

/// Reads what was said before. A transcript that cannot be read is told in the conversation, not as an error; only a
/// message to go back to that is not there keeps a session from starting.
pub(super) async fn before(
    wanted: Wanted,
    environment: &[(OsString, OsString)],
    tracker: &TaskTracker,
) -> Result<Before, SessionError> {
    let Wanted { conversation, at, forked, cwd, bytes_max } = wanted;
    let config_dir = transcript::config_dir(environment);
    let reading = tracker.spawn_blocking(move || {
        let cwd = cwd.canonicalize().unwrap_or(cwd);
        let path = config_dir.and_then(|dir| transcript::find(&dir, &cwd, conversation));
        path.map(|path| transcript::read(&path, at, bytes_max))
    });
    let history = match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(Some(Ok(history)))) => Ok(history),
        Ok(Ok(Some(Err(error @ TranscriptError::NoSuchMessage(_))))) => {
            return Err(SessionError::Invalid { message: error.to_string() });
        }
        Ok(Ok(Some(Err(error)))) => Err(error.to_string()),
        Ok(Ok(None)) => Err("Claude Code has no transcript of this conversation where this server looks".to_owned()),
        Ok(Err(_)) => Err("reading the transcript of this conversation failed".to_owned()),
        Err(_) => Err("the transcript of this conversation could not be read in time".to_owned()),
    };
    Ok(told(history, conversation, forked))
}

fn told(history: Result<History, String>, conversation: Uuid, forked: bool) -> Before {
    let now = now_ms();
    let (mut history, missing) = match history {
        Ok(history) => (history, None),
        Err(reason) => (History { cut: true, ..History::default() }, Some(reason)),
    };
    let warning = |code: &str, message: String| (now, ChatEvent::Warning { code: code.to_owned(), message });
    if let Some(reason) = missing {
        let message = format!("What was said before cannot be shown: {reason}. Claude itself may still know it.");
        history.events.push(warning("history_missing", message));
    }
    if history.bad_lines > 0 {
        let message = format!("{} lines of the transcript could not be read and are left out.", history.bad_lines);
        history.events.push(warning("history_damaged", message));
    }
    let resumed = ChatEvent::Resumed { claude_session_id: conversation.to_string(), forked, cut: history.cut };
    history.events.push((now, resumed));
    let context = history.used_tokens.map(|used_tokens| ContextUse { used_tokens, window_tokens: None });
    if let Some(ContextUse { used_tokens, window_tokens }) = context {
        history.events.push((now, ChatEvent::Context { used_tokens, window_tokens }));
    }
    let title = history.title.and_then(|title| clean_title(&shortened(&title)).ok());
    Before { events: history.events, title, context }
}

fn shortened(title: &str) -> String {
    let mut short: String = title.chars().take(TITLE_CHARS).collect();
    if title.chars().count() > TITLE_CHARS {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_said_and_the_session_goes_on() {
        let before = told(Err("it is no plain file".to_owned()), Uuid::nil(), false);
        let [(_, ChatEvent::Warning { code, message }), (_, ChatEvent::Resumed { cut: true, forked: false, .. })] =
            before.events.as_slice()
        else {
            panic!("{before:?}");
        };
        assert_eq!(code, "history_missing");
        assert!(message.contains("it is no plain file"), "{message}");
    }

    #[test]
    fn a_title_is_one_line_of_text() {
        let title = |text: &str| {
            told(Ok(History { title: Some(text.to_owned()), ..History::default() }), Uuid::nil(), true).title
        };
        assert_eq!(title("Fix\nthe \u{1b}[31mbug"), Some("Fix the  [31mbug".to_owned()));
        assert_eq!(title(" \n "), None);
        assert_eq!(title(&"x".repeat(500)).map(|title| title.chars().count()), Some(81));
    }

    #[test]
    fn how_full_the_window_is_is_told_with_what_was_said() {
        let before = told(Ok(History { used_tokens: Some(212), ..History::default() }), Uuid::nil(), false);
        let [(_, ChatEvent::Resumed { .. }), (_, ChatEvent::Context { used_tokens: 212, window_tokens: None })] =
            before.events.as_slice()
        else {
            panic!("{before:?}");
        };
        assert_eq!(before.context, Some(ContextUse { used_tokens: 212, window_tokens: None }));
    }
}
