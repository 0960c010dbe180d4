//! The environment of a child. It is built here and given whole; nothing is inherited behind it.

use crate::protocol::SessionKind;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// How much of the server's own environment a child gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvPolicy {
    /// Only what is on the list below and in `allow`, instead of everything.
    pub clean: bool,
    /// Further names for a clean environment.
    pub allow: Vec<String>,
}

/// Set by a Claude process for its own children. A session that inherited them would take itself
/// for a part of that one, and a terminal would leave no transcript.
const SCRUBBED: [&str; 7] = [
    "CLAUDECODE",
    "CLAUDE_CODE_CHILD_SESSION",
    "CLAUDE_CODE_SESSION_ID",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CODE_EXECPATH",
    "CLAUDE_EFFORT",
    "AI_AGENT",
];
/// Our own settings and secrets.
const OURS: &str = "CLAUDE_WEB_";

/// Facts about the terminal the server was started in, which are not true of a session's PTY.
const OTHER_TERMINAL: [&str; 12] = [
    "COLUMNS",
    "LINES",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "TERM_SESSION_ID",
    "ITERM_SESSION_ID",
    "KITTY_WINDOW_ID",
    "WT_SESSION",
    "VTE_VERSION",
    "TMUX",
    "TMUX_PANE",
    "STY",
];

const CLEAN_NAMES: [&str; 17] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "TZ",
    "TERM",
    "TMPDIR",
    "CLAUDE_CONFIG_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "NODE_EXTRA_CA_CERTS",
];
const CLEAN_PREFIXES: [&str; 5] = ["LC_", "XDG_", "ANTHROPIC_", "CLAUDE_CODE_", "SSL_CERT_"];

/// The environment of a child of this kind, sorted by name, each name once.
pub fn child_env(
    parent: impl IntoIterator<Item = (OsString, OsString)>,
    policy: &EnvPolicy,
    kind: SessionKind,
) -> Vec<(OsString, OsString)> {
    let mut env: BTreeMap<OsString, OsString> = parent.into_iter().filter(|(name, _)| passes(name, policy)).collect();
    if let Some(path) = env.remove(OsStr::new("PATH")).map(|path| absolute_entries(&path)) {
        // An empty PATH is the current directory again; without one the system's default is used.
        if !path.is_empty() {
            env.insert("PATH".into(), path);
        }
    }
    match kind {
        SessionKind::Chat => {
            // Marks our chats in the transcript and in Claude's registry of live sessions.
            env.insert("CLAUDE_CODE_ENTRYPOINT".into(), "claude-web".into());
            // Its `idle` is the only reliable end of work.
            env.insert("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS".into(), "1".into());
            // Keeps copies of files before they are changed; rewinding needs them.
            env.insert("CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING".into(), "true".into());
        }
        // No entry point here: the CLI then calls itself `cli`, as in any terminal, and the
        // conversation stays in its own resume picker.
        SessionKind::Terminal => set_terminal(&mut env),
    }
    env.into_iter().collect()
}

fn passes(name: &OsStr, policy: &EnvPolicy) -> bool {
    // A name that is not UTF-8 can be on no list of ours.
    let Some(text) = name.to_str() else { return !policy.clean };
    // Such a name cannot be given to a child.
    if text.is_empty() || text.contains('=') {
        return false;
    }
    if SCRUBBED.contains(&text) || text.starts_with(OURS) {
        return false;
    }
    !policy.clean
        || CLEAN_NAMES.contains(&text)
        || CLEAN_PREFIXES.iter().any(|prefix| text.starts_with(prefix))
        || policy.allow.iter().any(|allowed| allowed == text)
}

/// Without the entries that mean "the current directory": a launcher that looks for `node` by name
/// would otherwise run the project's.
fn absolute_entries(path: &OsStr) -> OsString {
    let kept: Vec<_> = std::env::split_paths(path).filter(|entry| entry.is_absolute()).collect();
    std::env::join_paths(kept).expect("entries split at the separator hold none")
}

fn set_terminal(env: &mut BTreeMap<OsString, OsString>) {
    for name in OTHER_TERMINAL {
        env.remove(OsStr::new(name));
    }
    env.insert("TERM".into(), "xterm-256color".into());
    // Without it the CLI falls back to 256 colours.
    env.insert("COLORTERM".into(), "truecolor".into());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"];
    if !locale.iter().any(|name| env.get(OsStr::new(name)).is_some_and(|value| says_utf8(value))) {
        // The first two would override the third.
        env.remove(OsStr::new("LC_ALL"));
        env.remove(OsStr::new("LC_CTYPE"));
        env.insert("LANG".into(), "C.UTF-8".into());
    }
}

fn says_utf8(locale: &OsStr) -> bool {
    let locale = locale.to_string_lossy().to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)], policy: &EnvPolicy, kind: SessionKind) -> BTreeMap<String, String> {
        let parent = pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let built = child_env(parent, policy, kind);
        let count = built.len();
        let map: BTreeMap<_, _> =
            built.into_iter().map(|(n, v)| (n.into_string().unwrap(), v.into_string().unwrap())).collect();
        assert_eq!(map.len(), count, "a name twice");
        map
    }

    fn clean(allow: &[&str]) -> EnvPolicy {
        EnvPolicy { clean: true, allow: allow.iter().map(|name| (*name).to_owned()).collect() }
    }

    #[test]
    fn what_is_ours_or_of_another_claude_never_passes() {
        let names = SCRUBBED.iter().copied().chain(["CLAUDE_WEB_TOKEN", "CLAUDE_WEB_PORT"]);
        let pairs: Vec<_> = names.clone().map(|name| (name, "canary")).collect();
        let allow: Vec<_> = names.collect();
        for policy in [EnvPolicy::default(), clean(&allow)] {
            for kind in [SessionKind::Chat, SessionKind::Terminal] {
                let env = env(&pairs, &policy, kind);
                assert!(env.values().all(|value| value != "canary"), "{env:?}");
            }
        }
    }

    #[test]
    fn a_chat_is_marked_and_reports_its_state() {
        let env = env(&[("CLAUDE_CODE_ENTRYPOINT", "cli"), ("TERM", "dumb")], &EnvPolicy::default(), SessionKind::Chat);
        assert_eq!(env["CLAUDE_CODE_ENTRYPOINT"], "claude-web");
        assert_eq!(env["CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS"], "1");
        assert_eq!(env["CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING"], "true");
        assert_eq!(env["TERM"], "dumb");
    }

    #[test]
    fn a_terminal_looks_like_any_other_terminal() {
        let parent =
            [("TERM", "dumb"), ("COLUMNS", "80"), ("TMUX", "/tmp/t"), ("TERM_PROGRAM", "tmux"), ("FOO", "bar")];
        let env = env(&parent, &EnvPolicy::default(), SessionKind::Terminal);
        assert_eq!(env["TERM"], "xterm-256color");
        assert_eq!(env["COLORTERM"], "truecolor");
        assert_eq!(env["FOO"], "bar");
        for gone in ["COLUMNS", "TMUX", "TERM_PROGRAM", "CLAUDE_CODE_ENTRYPOINT"] {
            assert!(!env.contains_key(gone), "{gone}");
        }
    }

    #[test]
    fn a_terminal_always_has_a_utf8_locale() {
        let cases = [
            (&[][..], Some("C.UTF-8")),
            (&[("LANG", "C")], Some("C.UTF-8")),
            (&[("LANG", "de_DE.UTF-8")], Some("de_DE.UTF-8")),
            (&[("LANG", "en_US.utf8")], Some("en_US.utf8")),
            (&[("LC_ALL", "POSIX"), ("LANG", "C")], Some("C.UTF-8")),
            (&[("LC_CTYPE", "UTF-8")], None),
        ];
        for (pairs, lang) in cases {
            let env = env(pairs, &EnvPolicy::default(), SessionKind::Terminal);
            assert_eq!(env.get("LANG").map(String::as_str), lang, "{pairs:?}");
            assert_ne!(env.get("LC_ALL").map(String::as_str), Some("POSIX"));
        }
    }

    #[test]
    fn a_clean_environment_holds_the_list_and_nothing_else() {
        let parent = [
            ("PATH", "/usr/bin"),
            ("HOME", "/h"),
            ("LC_TIME", "C"),
            ("XDG_RUNTIME_DIR", "/run/x"),
            ("ANTHROPIC_API_KEY", "k"),
            ("CLAUDE_CODE_MAX_RETRIES", "2"),
            ("CLAUDE_CONFIG_DIR", "/c"),
            ("https_proxy", "p"),
            ("SSL_CERT_DIR", "/s"),
            ("CARGO_HOME", "/cargo"),
            ("LD_PRELOAD", "x"),
            ("NODE_OPTIONS", "x"),
            ("BASH_ENV", "x"),
            ("GIT_SSH_COMMAND", "x"),
            ("SSH_AUTH_SOCK", "x"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
        ];
        let env = env(&parent, &clean(&["CARGO_HOME"]), SessionKind::Chat);
        assert!(env.values().all(|value| value != "x"), "{env:?}");
        // The first ten, and the three we set.
        assert_eq!(env.len(), 13, "{env:?}");
    }

    #[test]
    fn the_current_directory_is_on_no_childs_path() {
        for (path, wanted) in
            [(".:/usr/bin::rel/bin:/bin:", Some("/usr/bin:/bin")), (".", None), ("", None), ("/a", Some("/a"))]
        {
            let env = env(&[("PATH", path)], &EnvPolicy::default(), SessionKind::Terminal);
            assert_eq!(env.get("PATH").map(String::as_str), wanted, "{path}");
        }
    }

    #[test]
    fn names_no_child_can_have_are_dropped() {
        let env = env(&[("", "x"), ("A=B", "x")], &EnvPolicy::default(), SessionKind::Chat);
        assert!(env.values().all(|value| value != "x"));
    }
}
