//! The argument lists of `claude`. Prompts never travel here: only fixed words and checked values,
//! each joined to its flag by `=`, so that no value can be read as a flag.

use crate::protocol::{Effort, ModelName, PermissionMode};
use std::ffi::OsString;
use uuid::Uuid;

/// Which conversation the process works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversation {
    /// A new one, under this id.
    New(Uuid),
    /// One that Claude Code has on disk.
    Resume {
        /// Its id.
        id: Uuid,
        /// Go on in a copy; the CLI chooses the copy's id.
        fork: bool,
        /// Forget what came after this message.
        at: Option<Uuid>,
    },
}

/// What a chat is started with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatLaunch<'a> {
    /// Which conversation.
    pub conversation: Conversation,
    /// Model, if not the CLI's own choice.
    pub model: Option<&'a ModelName>,
    /// Mode, if not the one of the user's settings.
    pub permission_mode: Option<PermissionMode>,
    /// Effort, if not the CLI's own choice.
    pub effort: Option<Effort>,
    /// Whether this server lets anyone choose the mode that asks nothing.
    pub allow_bypass: bool,
}

/// What a terminal is started with: the same choices.
pub type TerminalLaunch<'a> = ChatLaunch<'a>;

/// Arguments of a chat process.
pub fn chat_args(launch: &ChatLaunch<'_>) -> Vec<OsString> {
    let mut args: Vec<OsString> = [
        "-p",
        "--input-format=stream-json",
        "--output-format=stream-json",
        "--verbose",
        "--include-partial-messages",
        // Turns permission questions into control requests; without it each becomes a refusal.
        "--permission-prompt-tool=stdio",
        // Tells when a queued message enters a turn.
        "--replay-user-messages",
    ]
    .map(OsString::from)
    .into();
    args.extend(choices(launch));
    args
}

/// Arguments of a Claude terminal.
pub fn terminal_args(launch: &TerminalLaunch<'_>) -> Vec<OsString> {
    choices(launch)
}

fn choices(launch: &ChatLaunch<'_>) -> Vec<OsString> {
    let mut args: Vec<OsString> = Vec::new();
    let mut flag = |name: &str, value: &str| args.push(format!("{name}={value}").into());
    match launch.conversation {
        Conversation::New(id) => flag("--session-id", &id.hyphenated().to_string()),
        Conversation::Resume { id, .. } => flag("--resume", &id.hyphenated().to_string()),
    }
    if let Some(model) = launch.model {
        flag("--model", model.as_str());
    }
    if let Some(mode) = launch.permission_mode {
        // Callers refuse this before; should one forget, the session asks too much, not too little.
        let refused = mode == PermissionMode::BypassPermissions && !launch.allow_bypass;
        flag("--permission-mode", if refused { PermissionMode::Default.as_str() } else { mode.as_str() });
    }
    if let Some(effort) = launch.effort {
        flag("--effort", effort.as_str());
    }
    if matches!(launch.conversation, Conversation::Resume { fork: true, .. }) {
        args.push("--fork-session".into());
    }
    if let Conversation::Resume { at: Some(message), .. } = launch.conversation {
        args.push(format!("--resume-session-at={}", message.hyphenated()).into());
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(0x11111111_2222_4333_8444_555555555555);
    const ID_TEXT: &str = "11111111-2222-4333-8444-555555555555";

    fn launch(conversation: Conversation) -> ChatLaunch<'static> {
        ChatLaunch { conversation, model: None, permission_mode: None, effort: None, allow_bypass: false }
    }

    fn words(args: &[OsString]) -> Vec<&str> {
        args.iter().map(|arg| arg.to_str().unwrap()).collect()
    }

    #[test]
    fn a_chat_speaks_stream_json_on_stdio() {
        let args = chat_args(&launch(Conversation::New(ID)));
        assert_eq!(
            words(&args),
            [
                "-p",
                "--input-format=stream-json",
                "--output-format=stream-json",
                "--verbose",
                "--include-partial-messages",
                "--permission-prompt-tool=stdio",
                "--replay-user-messages",
                &format!("--session-id={ID_TEXT}"),
            ]
        );
    }

    #[test]
    fn every_choice_is_one_token() {
        let model: ModelName = "opus[1m]".parse().unwrap();
        let all = TerminalLaunch {
            conversation: Conversation::Resume { id: ID, fork: true, at: Some(ID) },
            model: Some(&model),
            permission_mode: Some(PermissionMode::AcceptEdits),
            effort: Some(Effort::High),
            allow_bypass: false,
        };
        assert_eq!(
            words(&terminal_args(&all)),
            [
                &format!("--resume={ID_TEXT}"),
                "--model=opus[1m]",
                "--permission-mode=acceptEdits",
                "--effort=high",
                "--fork-session",
                &format!("--resume-session-at={ID_TEXT}"),
            ]
        );
        let resumed = launch(Conversation::Resume { id: ID, fork: false, at: None });
        assert_eq!(words(&terminal_args(&resumed)), [&format!("--resume={ID_TEXT}")]);
    }

    #[test]
    fn bypass_needs_the_servers_permission_and_never_the_skip_flag() {
        for (allow_bypass, wanted) in
            [(false, "--permission-mode=default"), (true, "--permission-mode=bypassPermissions")]
        {
            let mut bypass = launch(Conversation::New(ID));
            bypass.permission_mode = Some(PermissionMode::BypassPermissions);
            bypass.allow_bypass = allow_bypass;
            let args = chat_args(&bypass);
            assert!(words(&args).contains(&wanted));
            assert!(words(&args).iter().all(|word| !word.contains("dangerously")));
        }
    }
}
