//! Processes that do not want to go: in sessions of their own, deaf to TERM, HUP and INT.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Hidden mode: live for so many seconds. `N:fork` starts such a process, prints its id and ends, so
/// that it becomes an orphan.
pub(crate) const FLAG: &str = "--fake-descendant";
const LIFE_SECONDS: u64 = 600;

pub(crate) fn run(how: &str) -> ExitCode {
    // A session of its own, so that no signal to the group of its parent reaches it.
    let _ = rustix::process::setsid();
    if ignore_signals().is_err() {
        return ExitCode::FAILURE;
    }
    if let Some(seconds) = how.strip_suffix(":fork") {
        let child = me(seconds).and_then(|mut command| command.stdout(Stdio::null()).stderr(Stdio::null()).spawn());
        return match child {
            Ok(child) => match writeln!(io::stdout(), "{}", child.id()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            },
            Err(_) => ExitCode::FAILURE,
        };
    }
    std::thread::sleep(Duration::from_secs(how.parse().unwrap_or(LIFE_SECONDS)));
    ExitCode::SUCCESS
}

/// Starts a child that leads its own session and an orphan whose parent is gone; their ids.
///
/// With `hold` the child keeps our stdout and stderr open, so that no reader sees their end before
/// it is gone.
pub(crate) fn start(hold: bool) -> io::Result<Vec<u32>> {
    let mut child = me(&LIFE_SECONDS.to_string())?;
    if !hold {
        child.stdout(Stdio::null()).stderr(Stdio::null());
    }
    let mut ids = vec![child.spawn()?.id()];

    let mut middle = me(&format!("{LIFE_SECONDS}:fork"))?.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    if let Some(stdout) = middle.stdout.take() {
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        ids.extend(line.trim().parse::<u32>());
    }
    middle.wait()?;
    Ok(ids)
}

fn me(how: &str) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(format!("{FLAG}={how}")).stdin(Stdio::null());
    Ok(command)
}

/// From now on TERM, HUP and INT do nothing.
pub(crate) fn ignore_signals() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let _inside = runtime.enter();
    for kind in [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt()] {
        // A handler takes the place of the default action and stays, although nobody listens to it.
        drop(signal(kind)?);
    }
    // Its reactor holds the pipe the handler writes to.
    std::mem::forget(runtime);
    Ok(())
}
