//! The second line: finds what a guard left behind when it was itself killed.

use super::processes::{all, descendants, read, signal};
use super::{NAMESPACE_MARK, SERVER_MARK, SESSION_MARK};
use rustix::process::Signal;
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
#[derive(Debug, Clone)]
pub(crate) struct ServerMark {
    /// Process id and start time.
    server: String,
    /// Where that id means this process: a container's processes can be seen from outside it, under other ids.
    namespace: String,
}

impl ServerMark {
    /// Of this process.
    pub(crate) fn own() -> Self {
        let pid = std::process::id().cast_signed();
        let started = read(pid).map_or(0, |process| process.started);
        Self { server: format!("{pid}:{started}"), namespace: own_namespace() }
    }

    /// The variables to be set.
    pub(crate) fn variables(&self) -> [(&'static str, OsString); 2] {
        [(SERVER_MARK, self.server.clone().into()), (NAMESPACE_MARK, self.namespace.clone().into())]
    }

    /// The mark a process carries, if it carries one of ours.
    fn of(pid: i32) -> Option<Self> {
        let text = |name| variable_of(pid, name)?.into_string().ok();
        Some(Self { server: text(SERVER_MARK)?, namespace: text(NAMESPACE_MARK)? })
    }

    /// Whether it names a server of `namespace` that does not run. What cannot be judged is not.
    fn is_of_gone_server(&self, namespace: &str) -> bool {
        let Some((pid, started)) = self.server.split_once(':') else { return false };
        let (Ok(pid), Ok(started)) = (pid.parse::<i32>(), started.parse::<u64>()) else { return false };
        self.namespace == namespace && read(pid).is_none_or(|process| process.started != started)
    }
}

/// Kills what sessions of a server that is no more left behind, which takes a guard that was killed together with
/// its server. Gives how many processes that were.
pub(crate) fn sweep_orphans() -> usize {
    let here = own_namespace();
    let mut killed = 0;
    // What forks while it is looked at is found the next time.
    for _ in 0..PASSES {
        let mut orphans = all();
        orphans.retain(|process| ServerMark::of(process.pid).is_some_and(|mark| mark.is_of_gone_server(&here)));
        if orphans.is_empty() {
            break;
        }
        killed += orphans.len();
        orphans.iter().for_each(|orphan| signal(orphan, Signal::KILL));
        std::thread::sleep(Duration::from_millis(10));
    }
    killed
}

/// The namespace of this process's id; the same text for all where there are none.
fn own_namespace() -> String {
    std::fs::read_link("/proc/self/ns/pid").map_or_else(|_| "-".to_owned(), |link| link.display().to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_of_this_namespace_whose_server_is_gone_are_orphans() {
        let ServerMark { server, namespace: here } = ServerMark::own();
        let (pid, started) = server.split_once(':').expect("two parts");
        for (server, namespace, gone) in [
            (server.clone(), here.as_str(), false),
            (format!("{pid}:1"), &here, true),
            (format!("2147483646:{started}"), &here, true),
            // The same number means another process there.
            (format!("{pid}:1"), "pid:[1]", false),
            (pid.to_owned(), &here, false),
            ("x:y".to_owned(), &here, false),
            (String::new(), &here, false),
        ] {
            let mark = ServerMark { server, namespace: namespace.to_owned() };
            assert_eq!(mark.is_of_gone_server(&here), gone, "{mark:?}");
        }
    }
}
