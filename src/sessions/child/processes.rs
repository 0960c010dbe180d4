//! The process table: who descends from whom, and how to signal exactly that process.

use rustix::process::{Pid, Signal};

/// One process, with enough to know it again after its id was reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub pid: i32,
    pub parent: i32,
    /// Start time in clock ticks since boot; 0 where unknown.
    pub started: u64,
    pub zombie: bool,
}

/// Everything that descends from `ancestor`, which itself is not included.
pub(super) fn descendants(ancestor: i32) -> Vec<Process> {
    let all = all();
    let mut found: Vec<Process> = Vec::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        for process in all.iter().filter(|process| process.parent == parent && process.pid != ancestor) {
            parents.push(process.pid);
            found.push(*process);
        }
    }
    found
}

/// Signals exactly this process; one that has gone meanwhile, or whose id was reused, is left alone.
#[cfg(target_os = "linux")]
pub(super) fn signal(process: &Process, signal: Signal) {
    use rustix::process::{PidfdFlags, pidfd_open, pidfd_send_signal};
    let Some(pid) = Pid::from_raw(process.pid) else { return };
    let Ok(handle) = pidfd_open(pid, PidfdFlags::empty()) else { return };
    if read(process.pid).is_some_and(|now| now.started == process.started) {
        // An error means that it is gone.
        let _ = pidfd_send_signal(handle, signal);
    }
}

/// Signals this process, where there is no handle on processes.
#[cfg(not(target_os = "linux"))]
pub(super) fn signal(process: &Process, signal: Signal) {
    if let Some(pid) = Pid::from_raw(process.pid) {
        let _ = rustix::process::kill_process(pid, signal);
    }
}

#[cfg(target_os = "linux")]
pub(super) fn all() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter_map(read).collect()
}

/// proc(5): `pid (comm) state ppid … starttime`; comm may hold anything, also `) `, so parse after the last `)`.
#[cfg(target_os = "linux")]
pub(super) fn read(pid: i32) -> Option<Process> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let after_comm = stat.iter().rposition(|byte| *byte == b')')? + 1;
    let mut fields = std::str::from_utf8(&stat[after_comm..]).ok()?.split_ascii_whitespace();
    let zombie = matches!(fields.next()?, "Z" | "X");
    let parent = fields.next()?.parse().ok()?;
    // `starttime` is field 22; state was 3 and ppid 4.
    let started = fields.nth(17)?.parse().ok()?;
    Some(Process { pid, parent, started, zombie })
}

#[cfg(not(target_os = "linux"))]
pub(super) fn all() -> Vec<Process> {
    let Ok(table) = std::process::Command::new("/bin/ps").args(["-A", "-o", "pid=,ppid=,state="]).output() else {
        return Vec::new();
    };
    String::from_utf8_lossy(&table.stdout)
        .lines()
        .filter_map(|line| {
            let mut fields = line.split_ascii_whitespace();
            let (pid, parent) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            Some(Process { pid, parent, started: 0, zombie: fields.next()?.starts_with('Z') })
        })
        .collect()
}

/// One process of the table.
#[cfg(not(target_os = "linux"))]
pub(super) fn read(pid: i32) -> Option<Process> {
    all().into_iter().find(|process| process.pid == pid)
}

const NAMES: [(Signal, &str); 14] = [
    (Signal::HUP, "SIGHUP"),
    (Signal::INT, "SIGINT"),
    (Signal::QUIT, "SIGQUIT"),
    (Signal::ILL, "SIGILL"),
    (Signal::TRAP, "SIGTRAP"),
    (Signal::ABORT, "SIGABRT"),
    (Signal::BUS, "SIGBUS"),
    (Signal::FPE, "SIGFPE"),
    (Signal::KILL, "SIGKILL"),
    (Signal::SEGV, "SIGSEGV"),
    (Signal::PIPE, "SIGPIPE"),
    (Signal::ALARM, "SIGALRM"),
    (Signal::TERM, "SIGTERM"),
    (Signal::XCPU, "SIGXCPU"),
];

/// The field's name for a signal number.
pub(super) fn signal_name(number: i32) -> String {
    NAMES
        .iter()
        .find(|(signal, _)| signal.as_raw() == number)
        .map_or_else(|| format!("signal {number}"), |(_, name)| (*name).to_owned())
}

/// The number of a signal that is named as in [`crate::protocol::SessionEnd`].
pub fn signal_number(name: &str) -> Option<i32> {
    let known = NAMES.iter().find(|(_, known)| *known == name).map(|(signal, _)| signal.as_raw());
    known.or_else(|| name.strip_prefix("signal ")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_named_and_found_by_its_name() {
        for number in 1..32 {
            assert_eq!(signal_number(&signal_name(number)), Some(number));
        }
        assert_eq!(signal_number("SIGNONE"), None);
    }

    #[test]
    fn a_child_and_its_child_are_descendants() {
        let mut shell = std::process::Command::new("sh").args(["-c", "sleep 30 & wait"]).spawn().expect("sh");
        let me = i32::try_from(std::process::id()).expect("pid");
        let family = || descendants(me).into_iter().map(|p| p.pid).collect::<Vec<_>>();
        let shell_pid = i32::try_from(shell.id()).expect("pid");
        for _ in 0..200 {
            if descendants(shell_pid).len() == 1 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert!(family().contains(&shell_pid));
        let sleep = descendants(shell_pid)[0];
        assert!(family().contains(&sleep.pid));
        signal(&Process { started: sleep.started + 1, ..sleep }, Signal::KILL);
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(!descendants(shell_pid).is_empty(), "another process of that id is not signalled");
        signal(&sleep, Signal::KILL);
        shell.wait().expect("wait");
        assert!(!family().contains(&shell_pid));
    }
}
