//! The local terminal: raw while it is used, and as it was on every way out.

use bytes::Bytes;
use rustix::event::{PollFd, PollFlags};
use rustix::fd::BorrowedFd;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetwinsize, tcsetattr};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// A terminal that takes nothing for so long is not waited for.
const STUCK: Duration = Duration::from_secs(1);
const READ_BYTES: usize = 16 * 1024;
/// Parts of input that wait. Capacity: the reader waits when it is full, and so the kernel's queue fills.
const INPUT_PARTS: usize = 4;

/// The local terminal in raw mode. Dropping it restores it.
#[derive(Debug)]
pub(super) struct Local {
    before: Arc<Before>,
}

/// How the terminal was, and what brings it back there.
struct Before {
    terminal: BorrowedFd<'static>,
    screen: BorrowedFd<'static>,
    termios: Termios,
    /// What undoes everything written so far.
    leave: Mutex<Vec<u8>>,
    raw: AtomicBool,
}

impl std::fmt::Debug for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Before").field("raw", &self.raw).finish_non_exhaustive()
    }
}

impl Local {
    /// Takes the terminal of standard input and output over.
    pub(super) fn take_over() -> io::Result<Self> {
        let local = Self::of(stdin(), stdout())?;
        let before = Arc::clone(&local.before);
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            // First, so that the message can be read.
            before.restore();
            usual(info);
        }));
        Ok(local)
    }

    fn of(terminal: BorrowedFd<'static>, screen: BorrowedFd<'static>) -> io::Result<Self> {
        let termios = tcgetattr(terminal)?;
        let before = Before { terminal, screen, termios, leave: Mutex::default(), raw: AtomicBool::new(false) };
        let local = Self { before: Arc::new(before) };
        local.enter()?;
        Ok(local)
    }

    /// Raw mode, also again after somebody else changed it.
    pub(super) fn enter(&self) -> io::Result<()> {
        let mut raw = self.before.termios.clone();
        raw.make_raw();
        // Before the change: a panic in between restores too much rather than too little.
        self.before.raw.store(true, Ordering::SeqCst);
        Ok(tcsetattr(self.before.terminal, OptionalActions::Now, &raw)?)
    }

    /// What brings back the terminal as it is from now on.
    pub(super) fn leaves_with(&self, bytes: Vec<u8>) {
        *self.before.leave() = bytes;
    }

    /// Brings it back.
    pub(super) fn restore(&self) {
        self.before.restore();
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.before.restore();
    }
}

impl Before {
    fn leave(&self) -> MutexGuard<'_, Vec<u8>> {
        self.leave.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn restore(&self) {
        if !self.raw.swap(false, Ordering::SeqCst) {
            return;
        }
        write_within(self.screen, &self.leave(), STUCK);
        // What the mouse did until it was switched off must not be typed into the shell.
        let _ = tcflush(self.terminal, QueueSelector::IFlush);
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.termios);
    }
}

/// Columns and rows of the local terminal; one that does not say is as large as terminals used to be.
pub(super) fn size() -> (u16, u16) {
    match tcgetwinsize(stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}

/// What is typed, as it comes; ends when the terminal is gone.
pub(super) fn typed() -> mpsc::Receiver<Bytes> {
    let (sender, receiver) = mpsc::channel(INPUT_PARTS);
    // Never waited for: it ends with the process.
    std::thread::spawn(move || {
        let mut buffer = vec![0; READ_BYTES];
        loop {
            match rustix::io::read(stdin(), &mut buffer) {
                Ok(0) => return,
                Ok(length) => {
                    if sender.blocking_send(Bytes::copy_from_slice(&buffer[..length])).is_err() {
                        return;
                    }
                }
                // Interrupted; or, stopped in the background, not ours to read until we are in front again.
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                Err(_) => return,
            }
        }
    });
    receiver
}

/// Writes at once, while nothing else is being written.
pub(super) fn write_now(bytes: &[u8]) {
    write_within(stdout(), bytes, STUCK);
}

/// Writes to the local terminal on a thread of its own, because a terminal may stop taking anything.
#[derive(Debug)]
pub(super) struct Screen {
    /// Capacity one: nothing is drawn that could not be written soon.
    queue: mpsc::Sender<Vec<u8>>,
    writer: std::thread::JoinHandle<()>,
}

impl Screen {
    pub(super) fn start() -> Self {
        let (queue, mut frames) = mpsc::channel::<Vec<u8>>(1);
        let writer = std::thread::spawn(move || {
            while let Some(frame) = frames.blocking_recv() {
                write_within(stdout(), &frame, Duration::MAX);
            }
        });
        Self { queue, writer }
    }

    /// Room for one frame.
    pub(super) fn room(&self) -> mpsc::Sender<Vec<u8>> {
        self.queue.clone()
    }

    /// Waits a little until all is written.
    pub(super) async fn finish(self) {
        drop(self.queue);
        let end = Instant::now() + STUCK;
        while !self.writer.is_finished() && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// Writes all of it, unless the terminal takes nothing for so long or is gone.
fn write_within(to: BorrowedFd<'_>, mut bytes: &[u8], patience: Duration) {
    let patience = rustix::event::Timespec::try_from(patience).ok();
    while !bytes.is_empty() {
        let mut ready = [PollFd::from_borrowed_fd(to, PollFlags::OUT)];
        match rustix::event::poll(&mut ready, patience.as_ref()) {
            Ok(0) => return,
            Ok(_) if ready[0].revents().contains(PollFlags::OUT) => {}
            Err(rustix::io::Errno::INTR) => continue,
            _ => return,
        }
        // Little at a time: a terminal with room for something may not have room for everything.
        match rustix::io::write(to, &bytes[..bytes.len().min(1024)]) {
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fd::{AsFd, OwnedFd};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::LocalModes;

    /// Both ends of a terminal that outlive the test, as standard input does.
    fn terminal() -> (BorrowedFd<'static>, BorrowedFd<'static>) {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).expect("grant");
        unlockpt(&ours).expect("unlock");
        let name = ptsname(&ours, Vec::new()).expect("name");
        let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY;
        let theirs = rustix::fs::open(name, flags, rustix::fs::Mode::empty()).expect("opens");
        let leak = |fd: OwnedFd| -> BorrowedFd<'static> { (*Box::leak(Box::new(fd))).as_fd() };
        (leak(ours), leak(theirs))
    }

    fn is_raw(terminal: BorrowedFd<'_>) -> bool {
        !tcgetattr(terminal).expect("settings").local_modes.contains(LocalModes::ICANON)
    }

    fn written(ours: BorrowedFd<'_>, length: usize) -> Vec<u8> {
        let mut all = Vec::new();
        // What was written arrives in parts.
        while all.len() < length {
            let mut buffer = [0; 256];
            let length = rustix::io::read(ours, &mut buffer).expect("reads");
            all.extend_from_slice(&buffer[..length]);
        }
        all
    }

    #[test]
    fn dropping_and_panicking_restore_the_terminal_once() {
        let (ours, theirs) = terminal();
        for panics in [false, true] {
            let run = std::panic::catch_unwind(move || {
                let local = Local::of(theirs, theirs).expect("taken over");
                assert!(is_raw(theirs));
                local.leaves_with(b"old".to_vec());
                local.leaves_with(b"undo".to_vec());
                assert!(!panics, "on purpose");
            });
            assert_eq!(run.is_err(), panics);
            assert!(!is_raw(theirs));
            assert_eq!(written(ours, 4), b"undo");
        }
    }

    #[test]
    fn it_can_be_left_and_entered_again() {
        let (ours, theirs) = terminal();
        let local = Local::of(theirs, theirs).expect("taken over");
        local.leaves_with(b"1".to_vec());
        local.restore();
        local.restore();
        assert!(!is_raw(theirs));
        local.enter().expect("raw again");
        assert!(is_raw(theirs));
        local.leaves_with(b"2".to_vec());
        drop(local);
        assert!(!is_raw(theirs));
        assert_eq!(written(ours, 2), b"12");
    }

    #[test]
    fn a_terminal_that_takes_nothing_is_left_all_the_same() {
        let (_ours, theirs) = terminal();
        let local = Local::of(theirs, theirs).expect("taken over");
        local.leaves_with(vec![b'x'; 1 << 20]);
        let began = Instant::now();
        drop(local);
        assert!(began.elapsed() < Duration::from_secs(10));
        assert!(!is_raw(theirs));
    }
}
