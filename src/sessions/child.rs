//! Child ownership: every session's program runs under a guard, and nothing of its tree outlives the session or the server.
//!
//! The guard is this program run again ([`guard`]). It is a subreaper, so whatever the program forks, however often it
//! changes its session or parent, ends up as a descendant of the guard; and it watches a socket whose other end only
//! the server holds, so it learns of the server's death however that came. This is the only module that signals processes.

pub mod guard;
mod processes;
mod spec;
mod sweep;

pub use processes::signal_number;
pub(crate) use spec::Program;
pub(crate) use sweep::{ServerMark, adopt_orphans, sweep_orphans};

use spec::{Report, send_spec};
use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Mutex, oneshot, watch};
use tokio_util::task::TaskTracker;

/// Names the session in the environment of everything it starts, so that strays can be recognised.
pub(crate) const SESSION_MARK: &str = "CLAUDE_WEB_SESSION";
/// Names the server in the same way, by process id and start time.
const SERVER_MARK: &str = "CLAUDE_WEB_SERVER";
/// Names the namespace of that process id.
const NAMESPACE_MARK: &str = "CLAUDE_WEB_NAMESPACE";

/// How long the guard may take to start the program.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// How the program ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Exit {
    /// Exit code.
    pub code: Option<i32>,
    /// Signal name.
    pub signal: Option<String>,
}

/// How far the end of a child has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It runs.
    Running,
    /// The program ended; descendants may be left.
    Exited(Exit),
    /// Nothing of the tree is left.
    Gone(Exit),
}

/// The server's ends of the program's standard streams.
#[derive(Debug)]
pub(crate) struct Pipes {
    /// Where prompts go.
    pub stdin: pipe::Sender,
    /// Where stream-json comes from.
    pub stdout: pipe::Receiver,
    /// Where complaints come from.
    pub stderr: pipe::Receiver,
}

/// A running program with everything it starts.
#[derive(Debug)]
pub(crate) struct Child {
    pid: u32,
    orders: Mutex<OwnedWriteHalf>,
    phase: watch::Receiver<Phase>,
}

impl Child {
    /// Starts `program` with pipes.
    pub(crate) async fn with_pipes(
        guard_program: &Path,
        program: Program,
        cwd: OwnedFd,
        tracker: &TaskTracker,
    ) -> io::Result<(Self, Pipes)> {
        let (child_stdin, stdin) = io::pipe()?;
        let (stdout, child_stdout) = io::pipe()?;
        let (stderr, child_stderr) = io::pipe()?;
        let pipes = Pipes {
            stdin: pipe::Sender::from_owned_fd(stdin.into())?,
            stdout: pipe::Receiver::from_owned_fd(stdout.into())?,
            stderr: pipe::Receiver::from_owned_fd(stderr.into())?,
        };
        let fds = [cwd, child_stdin.into(), child_stdout.into(), child_stderr.into()];
        let child = Self::start(guard_program, program, &fds, tracker).await?;
        Ok((child, pipes))
    }

    /// Starts `program` in a terminal whose other end is `tty`.
    pub(crate) async fn in_terminal(
        guard_program: &Path,
        program: Program,
        cwd: OwnedFd,
        tty: OwnedFd,
        tracker: &TaskTracker,
    ) -> io::Result<Self> {
        Self::start(guard_program, program, &[cwd, tty], tracker).await
    }

    async fn start(guard_program: &Path, program: Program, fds: &[OwnedFd], tracker: &TaskTracker) -> io::Result<Self> {
        let (ours, theirs) = StdUnixStream::pair()?;
        let is_mark = |name: &OsString| [SESSION_MARK, SERVER_MARK, NAMESPACE_MARK].iter().any(|mark| name == mark);
        let marks: Vec<_> = program.env.iter().filter(|(name, _)| is_mark(name)).cloned().collect();
        let mark = marks.iter().find(|(name, _)| name == SESSION_MARK).map(|(_, value)| value.clone());
        let mut guard = tokio::process::Command::new(guard_program)
            .arg(guard::GUARD)
            .env_clear()
            .envs(marks)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .spawn()?;
        let fds: Vec<_> = fds.iter().map(AsFd::as_fd).collect();
        send_spec(&ours, &program, &fds)?;
        ours.set_nonblocking(true)?;
        let (reports, orders) = UnixStream::from_std(ours)?.into_split();
        let (phase_tx, phase) = watch::channel(Phase::Running);
        let (started_tx, started) = oneshot::channel();
        tracker.spawn(async move {
            let (pid, exit) = follow(reports, started_tx, &phase_tx).await;
            // The socket is closed: the guard is gone or going. Wait for it, so that it leaves no zombie.
            let guard_end = guard.wait().await;
            if !matches!(guard_end, Ok(status) if status.success()) {
                // Killed from outside: what it owned is ours now, because the server is a subreaper, too.
                if let (Some(mark), Some(pid)) = (mark, pid) {
                    sweep::sweep_session(mark, pid).await;
                }
            }
            phase_tx.send_replace(Phase::Gone(exit));
        });
        match tokio::time::timeout(START_TIMEOUT, started).await {
            Ok(Ok(Ok(pid))) => Ok(Self { pid, orders: Mutex::new(orders), phase }),
            Ok(Ok(Err(reason))) => Err(io::Error::other(reason)),
            Ok(Err(_)) => Err(io::Error::other("the guard process ended before it started the program")),
            // Dropping `orders` closes the socket, at which the guard gives up.
            Err(_) => {
                Err(io::Error::new(io::ErrorKind::TimedOut, "the guard process did not start the program in 10 s"))
            }
        }
    }

    /// Process id of the program.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// How far its end has come.
    pub(crate) fn phase(&self) -> watch::Receiver<Phase> {
        self.phase.clone()
    }

    /// Asks the program alone to hang up, as a closed terminal does.
    pub(crate) async fn hang_up(&self) {
        self.order(guard::HANG_UP).await;
    }

    /// Asks the whole tree to end.
    pub(crate) async fn terminate(&self) {
        self.order(guard::TERMINATE).await;
    }

    /// Kills the whole tree; the guard goes on until nothing is left.
    pub(crate) async fn kill(&self) {
        self.order(guard::KILL).await;
    }

    /// Waits until the program ended; none when nobody can tell any more.
    pub(crate) async fn exit(&self) -> Option<Exit> {
        match &*self.phase().wait_for(|phase| *phase != Phase::Running).await.ok()? {
            Phase::Exited(exit) | Phase::Gone(exit) => Some(exit.clone()),
            Phase::Running => None,
        }
    }

    /// Waits until the program ended, or for `limit`; tells whether it did.
    pub(crate) async fn exited_within(&self, limit: Duration) -> bool {
        let mut phase = self.phase();
        tokio::time::timeout(limit, phase.wait_for(|phase| *phase != Phase::Running)).await.is_ok()
    }

    async fn order(&self, order: u8) {
        // An error means that the guard is gone, and with it the tree.
        let _ = self.orders.lock().await.write_all(&[order]).await;
    }
}

/// Reads the guard's reports until its socket closes; gives the program's end.
async fn follow(
    reports: OwnedReadHalf,
    started: oneshot::Sender<Result<u32, String>>,
    phase: &watch::Sender<Phase>,
) -> (Option<u32>, Exit) {
    let mut started = Some(started);
    let mut program = None;
    let mut exit = Exit { code: None, signal: Some("SIGKILL".to_owned()) };
    let mut lines = BufReader::with_capacity(512, reports).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match Report::parse(&line) {
            Some(Report::Started { pid }) => {
                program = Some(pid);
                if let Some(started) = started.take() {
                    let _ = started.send(Ok(pid));
                }
            }
            Some(Report::Failed { reason }) => {
                if let Some(started) = started.take() {
                    let _ = started.send(Err(reason));
                }
            }
            Some(Report::Exited { code, signal }) => {
                exit = Exit { code, signal };
                phase.send_replace(Phase::Exited(exit.clone()));
            }
            None => tracing::warn!(line, "the guard said something unknown"),
        }
    }
    (program, exit)
}

/// The program that becomes the guard. A running server may be replaced on disk by a newer one, so on Linux the
/// guard is started from the very file this process runs.
pub(crate) fn guard_program(given: &Path) -> PathBuf {
    let own = std::env::current_exe().is_ok_and(|own| own == given);
    if cfg!(target_os = "linux") && own { PathBuf::from("/proc/self/exe") } else { given.to_owned() }
}
