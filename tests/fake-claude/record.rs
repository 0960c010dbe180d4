//! Writes down what this process was started with, so that a test can judge it.
//!
//! `{argv, env, cwd, pid, ppid, pgid, sid, stdin_is_tty, fds: [{fd, target}], status: {…}}`, where
//! `status` holds the signal masks and the umask of `/proc/self/status`. Rust's runtime ignores
//! SIGPIPE by itself, so that bit of `SigIgn` says nothing about what was inherited.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::IsTerminal;

const STATUS_FIELDS: [&str; 5] = ["SigBlk", "SigIgn", "SigCgt", "Umask", "NoNewPrivs"];

/// Open descriptors and what they point to.
pub(crate) fn descriptors() -> Vec<Value> {
    let Ok(entries) = std::fs::read_dir("/dev/fd") else { return Vec::new() };
    let mut found: Vec<(u32, String)> = entries
        .flatten()
        .filter_map(|entry| {
            let target = std::fs::read_link(entry.path()).ok().map(|path| path.display().to_string());
            Some((entry.file_name().to_str()?.parse().ok()?, target.unwrap_or_default()))
        })
        // The one this list is read through.
        .filter(|(_, target)| *target != format!("/proc/{}/fd", std::process::id()))
        .collect();
    found.sort();
    found.into_iter().map(|(fd, target)| json!({ "fd": fd, "target": target })).collect()
}

pub(crate) fn write(descriptors: Vec<Value>) {
    let Ok(path) = std::env::var("FAKE_CLAUDE_RECORD") else { return };
    let pid = std::process::id();
    let argv: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let env: BTreeMap<String, String> = std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .collect();
    let id = |id: rustix::io::Result<rustix::process::Pid>| id.ok().map(rustix::process::Pid::as_raw_nonzero);
    let record = json!({
        "argv": argv,
        "env": env,
        "cwd": std::env::current_dir().map(|path| path.display().to_string()).unwrap_or_default(),
        "pid": pid,
        "ppid": std::os::unix::process::parent_id(),
        "pgid": id(rustix::process::getpgid(None)),
        "sid": id(rustix::process::getsid(None)),
        "stdin_is_tty": std::io::stdin().is_terminal(),
        "fds": descriptors,
        "status": status(),
    });
    // Written beside and moved, so that a test that waits for the file never reads half of it.
    let path = path.replace("%p", &pid.to_string());
    let beside = format!("{path}.{pid}.tmp");
    let written = std::fs::write(&beside, record.to_string()).and_then(|()| std::fs::rename(&beside, &path));
    if let Err(error) = written {
        crate::say_on_stderr(&format!("fake-claude: {path}: {error}"));
    }
}

fn status() -> Map<String, Value> {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| STATUS_FIELDS.contains(name))
        .map(|(name, value)| (name.to_owned(), value.trim().into()))
        .collect()
}
