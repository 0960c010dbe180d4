//! The tasks that own one terminal's PTY: one reads, one writes, one sees to size and end.

use super::feed::{Fed, feed};
use super::model::{Model, ModelSettings};
use super::pty::{GATHER_BYTES, Output};
use super::recording::{Recorder, RecordingSettings};
use super::screen::Screen;
use super::{Driver, Head, InputChunk, Shared, Terminal, WantedSize, plain};
use crate::protocol::{EndReason, SessionEnd, SessionState};
use crate::sessions::child::{Child, Exit, Phase};
use crate::sessions::core::Core;
use crate::sessions::replay::{new_epoch, now_ms};
use pty_process::Pty;
use rustix::termios::{Winsize, tcsetwinsize};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::unix::pipe::Sender;
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Chunks of input waiting for the PTY.
const INPUT_CHUNKS_MAX: usize = 256;
/// Bytes of input waiting for the PTY, over all viewers.
const INPUT_BYTES_MAX: usize = 1 << 20;
/// How much less than its capacity the ring promises to keep: it drops whole chunks, a gather may overshoot the room by
/// its own size, and what the kernel holds when the processes are gone is taken without waiting for room.
const SLACK_BYTES: usize = 6 * GATHER_BYTES;
/// Below this there would be nothing left to promise a viewer; see `wait_for_room`.
const RING_BYTES_MIN: usize = 8 * GATHER_BYTES;
/// Sizes are applied at most this often: each makes a full-screen program draw everything anew.
const RESIZE_INTERVAL: Duration = Duration::from_millis(25);
/// How long a program may take to end after SIGHUP.
const HANG_UP_PATIENCE: Duration = Duration::from_secs(1);
/// How much of the screen's end says why a program died.
const LAST_WORDS_BYTES: usize = 8 << 10;

/// What the tasks need to know besides their PTY.
#[derive(Debug, Clone)]
pub(crate) struct TerminalSettings {
    /// Columns at the start.
    pub cols: u16,
    /// Rows at the start.
    pub rows: u16,
    /// Bytes of output kept.
    pub ring_bytes: usize,
    /// Bytes a viewer may be sent without acknowledging.
    pub unacknowledged_bytes: u64,
    /// How long a detached viewer holds its place.
    pub reattach_hold: Duration,
    /// Time between TERM and KILL.
    pub term_grace: Duration,
    /// Where its output is recorded, if it is.
    pub recording: Option<RecordingSettings>,
}

/// Opens a PTY of the given size; gives our end and the program's.
pub(crate) fn open(cols: u16, rows: u16) -> io::Result<(Pty, OwnedFd)> {
    let (pty, pts) = pty_process::open().map_err(io::Error::other)?;
    pty.resize(pty_process::Size::new(rows, cols)).map_err(io::Error::other)?;
    Ok((pty, pts.as_fd().try_clone_to_owned()?))
}

/// Starts the tasks of a running child.
pub(crate) fn start(
    core: Arc<Core>,
    child: Child,
    pty: Pty,
    settings: &TerminalSettings,
    tracker: &TaskTracker,
) -> io::Result<Terminal> {
    let (input, input_queue) = mpsc::channel(INPUT_CHUNKS_MAX);
    let ring_bytes = settings.ring_bytes.max(RING_BYTES_MIN);
    let (cols, rows) = (settings.cols, settings.rows);
    let model = Model::new(cols, rows, &ModelSettings::default());
    let recorder = settings.recording.as_ref().and_then(|recording| {
        // The terminal is worth more than its recording.
        Recorder::start(Arc::clone(&core), recording, (cols, rows), tracker)
            .inspect_err(|error| Recorder::could_not_start(&core, error))
            .ok()
    });
    let shared = Arc::new(Shared {
        core,
        epoch: new_epoch(),
        screen: Mutex::new(Screen::new(ring_bytes, cols, rows)),
        fed: Mutex::new(Fed::new(model, (cols, rows))),
        head: watch::Sender::new(Head { offset: 0, ended: false }),
        driver: watch::Sender::new(Driver { id: None, name: "".into() }),
        title: watch::Sender::default(),
        wanted_size: watch::Sender::new(WantedSize { cols, rows, by: "".into() }),
        room: Notify::new(),
        draining: CancellationToken::new(),
        input,
        input_budget: Arc::new(Semaphore::new(INPUT_BYTES_MAX)),
        unacknowledged_bytes: settings.unacknowledged_bytes,
        reattach_hold: settings.reattach_hold,
        recorder,
    });
    let for_size = pty.as_fd().try_clone_to_owned()?;
    let output = Output::new(pty.as_fd().try_clone_to_owned()?)?;
    let typed = Sender::from_owned_fd_unchecked(pty.as_fd().try_clone_to_owned()?)?;
    drop(pty);
    shared.core.set_state(SessionState::Working);
    let mut read = tracker.spawn(read(Arc::clone(&shared), output, ring_bytes));
    let write = tracker.spawn(write(Arc::clone(&shared), typed, input_queue));
    tracker.spawn(feed(Arc::clone(&shared)));
    let supervised = Arc::clone(&shared);
    let term_grace = settings.term_grace;
    tracker.spawn(async move {
        let exit = supervise(&supervised, &child, &for_size, term_grace).await;
        // With the tree gone the program's end of the PTY is closed, so the reader comes to the end of the output.
        drop(for_size);
        write.abort();
        supervised.draining.cancel();
        if tokio::time::timeout(HANG_UP_PATIENCE, &mut read).await.is_err() {
            // Somebody else has it open. What he prints belongs to no session.
            tracing::warn!(session = %supervised.core.id, "output of a terminal did not end with its processes");
            read.abort();
            let _ = read.await;
        }
        finish(&supervised, exit);
    });
    Ok(Terminal { shared })
}

/// PTY → ring, at the pace of the fastest viewer.
async fn read(shared: Arc<Shared>, mut output: Output, capacity: usize) {
    loop {
        wait_for_room(&shared, capacity).await;
        // A PTY whose other end is closed gives EIO.
        let Ok(bytes @ [_, ..]) = output.gather().await else { return };
        if let Some(recorder) = &shared.recorder {
            recorder.output(bytes);
        }
        let offset = {
            let mut screen = shared.screen();
            screen.ring.write(bytes);
            screen.ring.head()
        };
        shared.head.send_replace(Head { offset, ended: false });
        shared.core.touch_activity();
    }
}

/// Waits until writing a full gather would outrun neither the fastest viewer nor the model.
async fn wait_for_room(shared: &Shared, capacity: usize) {
    let promised = capacity.saturating_sub(SLACK_BYTES) as u64;
    // What is on its way to a viewer, and a little for the time it takes to hear of it: what lies in the ring beyond
    // that only makes an interrupt seem late.
    let lead = shared.unacknowledged_bytes + 4 * GATHER_BYTES as u64;
    loop {
        let hold_ends = {
            let mut screen = shared.screen();
            let next = screen.expire(Instant::now());
            if shared.draining.is_cancelled() || screen.room(promised, lead) > 0 {
                return;
            }
            next
        };
        tokio::select! {
            () = shared.room.notified() => {}
            () = shared.draining.cancelled() => {}
            () = tokio::time::sleep_until(hold_ends.unwrap_or_else(Instant::now)), if hold_ends.is_some() => {}
        }
    }
}

/// Viewers' input → PTY, in the order in which it was queued.
async fn write(shared: Arc<Shared>, mut pty: Sender, mut queue: mpsc::Receiver<InputChunk>) {
    while let Some(chunk) = queue.recv().await {
        if pty.write_all(&chunk.bytes).await.is_err() {
            return;
        }
        if let Some((input_id, end)) = &chunk.from
            && let Some(viewer) = shared.screen().viewers.get(input_id)
        {
            viewer.input_written.send_replace(*end);
        }
    }
}

/// Applies sizes and carries out a stop, until nothing of the tree is left.
async fn supervise(shared: &Shared, child: &Child, pty: &OwnedFd, term_grace: Duration) -> Exit {
    let mut phase = child.phase();
    let mut wanted = shared.wanted_size.subscribe();
    // A viewer may have asked before this task ran.
    wanted.mark_changed();
    let stop = stop(&shared.core, child, term_grace);
    tokio::pin!(stop);
    let mut stopped = false;
    loop {
        if let Phase::Gone(exit) = &*phase.borrow_and_update() {
            return exit.clone();
        }
        tokio::select! {
            _ = phase.changed() => {}
            () = &mut stop, if !stopped => stopped = true,
            _ = wanted.changed() => {
                let WantedSize { cols, rows, by } = wanted.borrow_and_update().clone();
                let size = Winsize { ws_row: rows, ws_col: cols, ws_xpixel: 0, ws_ypixel: 0 };
                // Told before it is set: what the program prints for the new size must not come before it.
                let changed = shared.screen().push_size(cols, rows, by);
                if let Some(recorder) = shared.recorder.as_ref().filter(|_| changed) {
                    recorder.resize(cols, rows);
                }
                if let Err(error) = tcsetwinsize(pty, size) {
                    tracing::debug!(%error, "a terminal took no size");
                }
                shared.head.send_modify(|_| {});
                tokio::time::sleep(RESIZE_INTERVAL).await;
            }
        }
    }
}

/// Once asked: hang up, TERM, KILL, each with its patience.
async fn stop(core: &Core, child: &Child, term_grace: Duration) {
    core.stop_asked().await;
    let polite = async {
        child.hang_up().await;
        if !child.exited_within(HANG_UP_PATIENCE).await {
            child.terminate().await;
            child.exited_within(term_grace).await;
        }
    };
    tokio::select! {
        () = polite => {}
        () = core.hurry.cancelled() => {}
    }
    child.kill().await;
}

fn finish(shared: &Shared, exit: Exit) {
    let core = &shared.core;
    if let Some(recorder) = &shared.recorder {
        recorder.finish();
    }
    let reason = match core.stop_reason() {
        Some(reason) => reason,
        None if exit.code == Some(0) => EndReason::Exited,
        None if exit.code == Some(127) && shared.head.borrow().offset < LAST_WORDS_BYTES as u64 => {
            EndReason::FailedToStart
        }
        None => EndReason::Crashed,
    };
    let (last, offset) = {
        let screen = shared.screen();
        (screen.ring.last(LAST_WORDS_BYTES), screen.ring.head())
    };
    let stderr_tail = if reason == EndReason::Exited { Vec::new() } else { plain::last_lines(&last) };
    core.end(SessionEnd { reason, code: exit.code, signal: exit.signal, stderr_tail, at: now_ms() });
    shared.head.send_replace(Head { offset, ended: true });
}
