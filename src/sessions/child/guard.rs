//! The guard: stands between the server and one session's program, and dies last.
//!
//! It runs before anything else in `main`, allocates little, and has no runtime. Its standard input is a socket to
//! the server: start order in, single-byte orders in, report lines out. When that socket closes, for whatever
//! reason, it kills the tree. It ends when it has no children left, so its end means that nothing is left.

use super::processes::{Process, descendants, signal, signal_name};
use super::spec::{Program, Report, decode};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use rustix::process::{Signal, WaitOptions, getpid};
use std::ffi::OsString;
use std::io::{self, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// First argument that makes this program a guard.
pub const GUARD: &str = "__guard";
/// First argument that makes this program the last step before the session's own program.
pub const LAUNCH: &str = "__launch";

/// Order: SIGHUP to the program alone.
pub(super) const HANG_UP: u8 = b'h';
/// Order: SIGTERM to the whole tree.
pub(super) const TERMINATE: u8 = b't';
/// Order: SIGKILL to the whole tree until nothing is left.
pub(super) const KILL: u8 = b'k';

/// How long what a program left behind may take to end after SIGTERM.
const LEFTOVERS_GRACE: Duration = Duration::from_secs(1);
/// A start order longer than this is no order (`ARG_MAX` of Linux is 2 MiB by default).
const SPEC_BYTES_MAX: usize = 16 << 20;
/// Threads of the guard do next to nothing.
const STACK_BYTES: usize = 64 << 10;

/// Runs as guard or launcher when the first argument says so; `None` means that this is an ordinary start.
pub fn run_if_asked(mut args: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    match args.nth(1)?.to_str()? {
        GUARD => Some(guard()),
        LAUNCH => Some(launch(args)),
        _ => None,
    }
}

fn guard() -> ExitCode {
    // Out of the server's process group: Ctrl-C in its terminal is for the server alone.
    let _ = rustix::process::setsid();
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned().map(UnixStream::from) else {
        return ExitCode::FAILURE;
    };
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_child_subreaper(Some(getpid())) {
        return fail(&socket, &format!("the guard could not become a subreaper: {error}"));
    }
    let (program, fds) = match receive(&socket) {
        Ok(order) => order,
        Err(error) => return fail(&socket, &format!("the guard did not understand its order: {error}")),
    };
    match start(&program, fds) {
        Ok(pid) => own(socket, pid),
        Err(error) => fail(&socket, &format!("cannot run {}: {error}", program.path.display())),
    }
}

fn fail(socket: &UnixStream, reason: &str) -> ExitCode {
    report(socket, &Report::Failed { reason: reason.to_owned() });
    ExitCode::SUCCESS
}

fn report(mut socket: &UnixStream, report: &Report) {
    // An error means that the server is gone; the order thread sees that, too.
    let _ = socket.write_all(report.line().as_bytes());
}

/// Reads the start order: its length with the descriptors, then its body.
fn receive(socket: &UnixStream) -> io::Result<(Program, Vec<OwnedFd>)> {
    let mut length = [0; 4];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let received = recvmsg(socket, &mut [IoSliceMut::new(&mut length)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    let mut fds = Vec::new();
    for message in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            fds.extend(rights);
        }
    }
    (&*socket).read_exact(&mut length[received.bytes..])?;
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > SPEC_BYTES_MAX {
        return Err(io::Error::from(io::ErrorKind::ArgumentListTooLong));
    }
    let mut body = vec![0; length];
    (&*socket).read_exact(&mut body)?;
    let program = decode(&body).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
    Ok((program, fds))
}

/// Starts the launcher in the directory that was handed over; gives its process id.
fn start(program: &Program, fds: Vec<OwnedFd>) -> io::Result<i32> {
    let mut fds = fds.into_iter();
    let missing = || io::Error::other("a descriptor is missing");
    let cwd = fds.next().ok_or_else(missing)?;
    let stdin = fds.next().ok_or_else(missing)?;
    let (stdout, stderr, tty) = match (fds.next(), fds.next()) {
        (Some(stdout), Some(stderr)) => (stdout, stderr, "pipes"),
        _ => (stdin.try_clone()?, stdin.try_clone()?, "tty"),
    };
    rustix::process::fchdir(&cwd)?;
    let own = if cfg!(target_os = "linux") { "/proc/self/exe".into() } else { std::env::current_exe()? };
    let child = Command::new(own)
        .arg(LAUNCH)
        .arg(tty)
        .arg(std::process::id().to_string())
        .arg(&program.path)
        .args(&program.args)
        .env_clear()
        .envs(program.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::from(stdin))
        .stdout(Stdio::from(stdout))
        .stderr(Stdio::from(stderr))
        .spawn()?;
    // The guard must not hold a directory that somebody wants to unmount.
    let _ = rustix::process::chdir("/");
    i32::try_from(child.id()).map_err(io::Error::other)
}

/// Owns the tree until nothing is left of it.
fn own(socket: UnixStream, pid: i32) -> ExitCode {
    static KILLING: AtomicBool = AtomicBool::new(false);
    report(&socket, &Report::Started { pid: pid.unsigned_abs() });
    let Ok(orders) = socket.try_clone() else { return ExitCode::FAILURE };
    spawn(move || {
        obey(orders, pid);
        KILLING.store(true, Ordering::Relaxed);
        kill_everything()
    });
    loop {
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(Some((ended, status))) if ended.as_raw_nonzero().get() == pid => {
                report(
                    &socket,
                    &Report::Exited {
                        code: status.exit_status(),
                        signal: status.terminating_signal().map(signal_name),
                    },
                );
                if !KILLING.load(Ordering::Relaxed) {
                    spawn(|| end_leftovers());
                }
            }
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => {}
            // ECHILD: nobody is left.
            Err(_) => return ExitCode::SUCCESS,
        }
    }
}

/// Carries out orders until told to kill, or until the server is gone.
fn obey(mut orders: UnixStream, pid: i32) {
    let mut order = [0];
    loop {
        match orders.read(&mut order) {
            Ok(1..) => match order[0] {
                HANG_UP => {
                    signal_all(descendants(own_pid()).into_iter().filter(|process| process.pid == pid), Signal::HUP)
                }
                TERMINATE => signal_all(descendants(own_pid()), Signal::TERM),
                KILL => return,
                _ => {}
            },
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => return,
        }
    }
}

/// The program has ended: what it started has no business any more.
fn end_leftovers() -> ! {
    signal_all(descendants(own_pid()), Signal::TERM);
    std::thread::sleep(LEFTOVERS_GRACE);
    kill_everything()
}

/// Kills until `wait` finds nobody left, at which the guard ends and this thread with it. An empty list is no proof:
/// the process table is not read in one instant, and a process forked meanwhile by one killed meanwhile is missed.
fn kill_everything() -> ! {
    let mut pause = Duration::from_millis(1);
    loop {
        signal_all(descendants(own_pid()).into_iter().filter(|process| !process.zombie), Signal::KILL);
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn signal_all(processes: impl IntoIterator<Item = Process>, which: Signal) {
    for process in processes {
        signal(&process, which);
    }
}

fn own_pid() -> i32 {
    getpid().as_raw_nonzero().get()
}

fn spawn(work: impl FnOnce() + Send + 'static) {
    // Without a thread the tree cannot be watched; ending the guard hands it to the server's own sweep.
    if std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).is_err() {
        rustix::process::kill_process(getpid(), Signal::KILL).unwrap_or_default();
    }
}

/// The last step before the program: own session, controlling terminal, death with the guard.
fn launch(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let (Some(streams), Some(guard), Some(program)) = (args.next(), args.next(), args.next()) else {
        return ExitCode::FAILURE;
    };
    let error = become_program(&streams, &guard, &program, args);
    // Standard error is the session's, so the user sees this.
    let _ = writeln!(io::stderr(), "claude-web: cannot run {}: {error}", program.display());
    ExitCode::from(127)
}

fn become_program(
    streams: &OsString,
    guard: &OsString,
    program: &OsString,
    args: impl Iterator<Item = OsString>,
) -> io::Error {
    let prepared = (|| {
        rustix::process::setsid()?;
        if streams == "tty" {
            rustix::process::ioctl_tiocsctty(io::stdin())?;
        }
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        // Whatever the server itself inherited without the close-on-exec flag is nothing to the session's program.
        close_fds::set_fds_cloexec(3, &[]);
        Ok::<(), rustix::io::Errno>(())
    })();
    if let Err(error) = prepared {
        return error.into();
    }
    // The guard may have died before its death was of interest here.
    let parent = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get().to_string());
    if guard.to_str() != parent.as_deref() {
        return io::Error::other("the guard process has died");
    }
    Command::new(program).args(args).exec()
}
