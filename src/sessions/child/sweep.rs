//! The second line: finds what a guard left behind when it was itself killed.

use super::processes::{all, descendants, signal};
use super::{SERVER_MARK, SESSION_MARK};
use rustix::process::Signal;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

/// How often a sweep looks again before it gives up.
const PASSES: u32 = 100;

/// Makes this process inherit what a killed guard leaves behind.
pub(crate) fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_child_subreaper(Some(rustix::process::getpid())) {
        tracing::warn!(%error, "cannot adopt orphans of a killed guard");
    }
}

/// Kills everything below this process that carries `session`'s mark, and reaps what became ours; `program` is the
/// session's own program, which by now is our child, too.
pub(super) async fn sweep_session(session: OsString, program: u32) {
    let _ = tokio::task::spawn_blocking(move || reap(program.cast_signed())).await;
    for _ in 0..PASSES {
        let mark = session.clone();
        let left = tokio::task::spawn_blocking(move || {
            let own = std::process::id().cast_signed();
            let marked: Vec<_> = descendants(own)
                .into_iter()
                .filter(|process| variable_of(process.pid, SESSION_MARK).as_ref() == Some(&mark))
                .collect();
            for process in &marked {
                signal(process, Signal::KILL);
                if process.parent == own {
                    reap(process.pid);
                }
            }
            marked.len()
        })
        .await
        .unwrap_or(0);
        if left == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tracing::error!("processes of a session survive although they were killed");
}

/// This server, as its children's environment names it.
pub(crate) fn server_mark() -> OsString {
    let pid = std::process::id().cast_signed();
    let started = all().into_iter().find(|process| process.pid == pid).map_or(0, |process| process.started);
    format!("{pid}:{started}").into()
}

/// Kills what sessions of a server that is no more left behind, which takes a guard that was killed together with
/// its server. Gives how many processes that were.
pub(crate) fn sweep_orphans() -> usize {
    let processes = all();
    let servers: HashSet<OsString> =
        processes.iter().map(|process| format!("{}:{}", process.pid, process.started).into()).collect();
    let orphans = processes
        .iter()
        .filter(|process| variable_of(process.pid, SERVER_MARK).is_some_and(|server| !servers.contains(&server)));
    orphans.map(|orphan| signal(orphan, Signal::KILL)).count()
}

/// A variable of a process's initial environment; readable for processes of the same user only.
fn variable_of(pid: i32, name: &str) -> Option<OsString> {
    let environ = std::fs::read(format!("/proc/{pid}/environ")).ok()?;
    let prefix = [name.as_bytes(), b"="].concat();
    let value = environ.split(|byte| *byte == 0).find_map(|pair| pair.strip_prefix(prefix.as_slice()))?;
    Some(OsStr::from_bytes(value).to_owned())
}

/// Zombies have no environment any more, so a killed process is reaped while it is still known to be ours.
fn reap(pid: i32) {
    use rustix::process::{Pid, WaitOptions, waitpid};
    let Some(pid) = Pid::from_raw(pid) else { return };
    for _ in 0..50 {
        match waitpid(Some(pid), WaitOptions::NOHANG) {
            Ok(None) => std::thread::sleep(Duration::from_millis(2)),
            _ => return,
        }
    }
}
