//! What the operating system has to offer.

use super::Check;
use crate::config::Config;
use rustix::process::{Resource, getrlimit};
use std::fs;

/// Descriptors of one session with a few viewers: pipes or PTY, guard, sockets.
const FILES_PER_SESSION: u64 = 16;
/// Listeners, certificate, runtime, and connections without a session.
const FILES_BESIDES: u64 = 128;

pub(super) fn checks(config: &Config) -> Vec<Check> {
    let mut checks = vec![pty()];
    checks.extend(kernel());
    checks.extend(pty_limit(config.max_sessions));
    checks.push(open_files(config.max_sessions));
    if rustix::process::geteuid().is_root() {
        checks.push(Check::warn(
            "user",
            "this is root, and so is every session",
            "run claude-web as the user whose files the sessions work on",
        ));
    }
    checks
}

fn pty() -> Check {
    const NAME: &str = "terminals";
    match pty_process::open() {
        Ok(_) => Check::ok(NAME, "a pseudo terminal can be opened"),
        Err(error) => Check::fail(
            NAME,
            format!("no pseudo terminal can be opened: {error}"),
            "mount devpts on /dev/pts, or allow this user to use it",
        ),
    }
}

#[cfg(target_os = "linux")]
fn kernel() -> Vec<Check> {
    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
    const NAME: &str = "kernel";
    let subreaper = match rustix::process::child_subreaper() {
        Ok(_) => Check::ok(NAME, "stray processes of a session can be collected (subreaper)"),
        Err(error) => Check::fail(
            NAME,
            format!("stray processes of a session cannot be collected: {error}"),
            "allow prctl(PR_SET_CHILD_SUBREAPER), for example in the container's seccomp profile",
        ),
    };
    let proc = match fs::read_to_string("/proc/self/stat") {
        Ok(_) => Check::ok(NAME, "/proc is readable"),
        Err(error) => Check::fail(NAME, format!("/proc cannot be read: {error}"), "mount /proc"),
    };
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let openat2 = match openat2(CWD, ".", flags, Mode::empty(), ResolveFlags::BENEATH) {
        Ok(_) => Check::ok(NAME, "paths are confined by the kernel (openat2)"),
        Err(error) => Check::warn(
            NAME,
            format!("paths are confined step by step instead of by the kernel (openat2: {error})"),
            "nothing has to be done; Linux 5.6 or a container that allows openat2 is faster",
        ),
    };
    vec![subreaper, proc, openat2]
}

#[cfg(not(target_os = "linux"))]
fn kernel() -> Vec<Check> {
    Vec::new()
}

/// Linux counts pseudo terminals; elsewhere opening one has to say enough.
fn pty_limit(max_sessions: usize) -> Option<Check> {
    let number = |name| fs::read_to_string(format!("/proc/sys/kernel/pty/{name}")).ok()?.trim().parse::<usize>().ok();
    let (most, used) = (number("max")?, number("nr")?);
    let said = format!("{used} of {most} pseudo terminals are in use");
    Some(if most.saturating_sub(used) < max_sessions {
        Check::warn("terminals", said, "raise kernel.pty.max with sysctl, or lower --max-sessions")
    } else {
        Check::ok("terminals", said)
    })
}

fn open_files(max_sessions: usize) -> Check {
    const NAME: &str = "open files";
    let needed = FILES_BESIDES + FILES_PER_SESSION * max_sessions as u64;
    match getrlimit(Resource::Nofile).current {
        Some(limit) if limit < needed => Check::warn(
            NAME,
            format!("{limit} are allowed, {max_sessions} sessions may need {needed}"),
            format!("raise the limit: ulimit -n {}", needed.next_power_of_two()),
        ),
        Some(limit) => Check::ok(NAME, format!("{limit} are allowed")),
        None => Check::ok(NAME, "without limit"),
    }
}
