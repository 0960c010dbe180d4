//! One viewer of a terminal: reads at its own pace, writes each input byte once, may set the size.

use super::feed::Snapshot;
use super::screen::{Presence, Screen, Viewer};
use super::{AttachTerminal, Driver, Head, InputChunk, Shared, WantedSize};
use crate::protocol::{InputId, TerminalServerMessage};
use crate::sessions::SessionError;
use crate::sessions::replay::RingRead;
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A binary frame carries at most this much.
const FRAME_BYTES_MAX: usize = 64 << 10;
/// News of input that was taken goes out with its echo, or after this.
const INPUT_ACK_PATIENCE: Duration = Duration::from_millis(4);
/// Sizes beyond this are clamped.
const SIZE_MIN: u16 = 2;
const SIZE_MAX: u16 = 500;
/// The largest number a browser can count with.
const OFFSET_MAX: u64 = (1 << 53) - 1;

/// What a viewer gets.
#[derive(Debug)]
pub enum TerminalOutput {
    /// Bytes, to be sent as one binary frame.
    Bytes(Bytes),
    /// `Skipped` with its snapshot to follow, `Resized`, `Title`, `InputAck` or `Exit`, to be sent as text. After `Exit` nothing follows.
    Control(TerminalServerMessage),
}

/// A viewer of a terminal. `output` and `input` are used from two tasks, so the viewer splits.
#[derive(Debug)]
pub struct TerminalViewer {
    /// Reads.
    pub output: TerminalReader,
    /// Writes; cheap to clone.
    pub input: TerminalInput,
}

/// The reading half. Dropping it detaches the viewer.
#[derive(Debug)]
pub struct TerminalReader {
    shared: Arc<Shared>,
    input_id: InputId,
    own_generation: u64,
    generation: watch::Receiver<u64>,
    head: watch::Receiver<Head>,
    driver: watch::Receiver<Driver>,
    title: watch::Receiver<String>,
    acked: watch::Receiver<u64>,
    input_written: watch::Receiver<u64>,
    sent: Arc<AtomicU64>,
    /// What is left of a snapshot; it comes before the output from `next` on.
    snapshot: Bytes,
    next: u64,
    /// The size where the viewer is, and the number of the next.
    size: (u16, u16),
    next_size: u64,
    /// Output went out just before; what else there is goes along.
    echoed: bool,
    input_ack_due: Option<Instant>,
    exited: bool,
}

/// The writing half.
#[derive(Debug, Clone)]
pub struct TerminalInput {
    shared: Arc<Shared>,
    input_id: InputId,
    generation: u64,
}

pub(super) fn attach(
    shared: &Arc<Shared>,
    attach: AttachTerminal,
    who: &str,
) -> (TerminalViewer, TerminalServerMessage) {
    let (start, resumed) = match resume(shared, &attach) {
        Some(start) => (start, true),
        None => (shared.snapshot(), false),
    };
    let next = start.offset;
    // The window opens when the snapshot was drawn.
    let acked = if start.bytes.is_empty() { next } else { next.saturating_sub(shared.unacknowledged_bytes) };
    let mut screen = shared.screen();
    // A terminal that prints nothing has nobody else to notice that a hold ran out.
    screen.expire(Instant::now());
    if !screen.has_driver() {
        screen.driver = Some(attach.input_id.clone());
    }
    let driver = screen.driver.as_ref() == Some(&attach.input_id);
    // Numbers of the protocol stay below 2^53, so that adding to them never overflows.
    let input_offset = attach.input_offset.min(OFFSET_MAX);
    let viewer = screen.viewers.entry(attach.input_id.clone()).or_insert_with(|| Viewer {
        who: String::new(),
        generation: watch::Sender::new(0),
        presence: Presence::Attached,
        acked: watch::Sender::new(acked),
        sent: Arc::new(AtomicU64::new(next)),
        input_accepted: input_offset,
        input_written: watch::Sender::new(input_offset),
    });
    viewer.who = who.to_owned();
    viewer.presence = Presence::Attached;
    viewer.generation.send_modify(|generation| *generation += 1);
    let own_generation = *viewer.generation.borrow();
    viewer.acked.send_replace(acked);
    // A new one: the reader of an earlier attachment may be about to write to its own.
    viewer.sent = Arc::new(AtomicU64::new(next));
    let mut reader = TerminalReader {
        shared: Arc::clone(shared),
        input_id: attach.input_id.clone(),
        own_generation,
        generation: viewer.generation.subscribe(),
        head: shared.head.subscribe(),
        driver: shared.driver.subscribe(),
        title: shared.title.subscribe(),
        acked: viewer.acked.subscribe(),
        input_written: viewer.input_written.subscribe(),
        sent: Arc::clone(&viewer.sent),
        snapshot: start.bytes.clone(),
        next,
        size: start.size,
        next_size: start.next_size,
        echoed: false,
        input_ack_due: None,
        exited: false,
    };
    let input_offset = viewer.input_accepted;
    screen.forget_old_viewers();
    let chosen = screen.driver_now();
    shared.driver.send_if_modified(|driver| {
        let changed = *driver != chosen;
        *driver = chosen;
        changed
    });
    drop(screen);
    shared.room.notify_one();
    // `Attached` tells the driver; only later changes are news to this viewer. The title it does not tell.
    reader.driver.borrow_and_update();
    if !reader.title.borrow().is_empty() {
        reader.title.mark_changed();
    }
    let (cols, rows) = start.size;
    let attached = TerminalServerMessage::Attached {
        epoch: shared.epoch.clone(),
        offset: next,
        resumed,
        cols,
        rows,
        driver,
        snapshot_bytes: start.bytes.len() as u64,
        input_offset,
    };
    let input = TerminalInput { shared: Arc::clone(shared), input_id: attach.input_id, generation: own_generation };
    (TerminalViewer { output: reader, input }, attached)
}

/// Where the viewer was, if the output from there on is kept.
fn resume(shared: &Shared, attach: &AttachTerminal) -> Option<Snapshot> {
    let offset = attach.offset.filter(|_| attach.epoch.as_ref() == Some(&shared.epoch))?;
    let screen = shared.screen();
    if !(screen.ring.oldest()..=screen.ring.head()).contains(&offset) {
        return None;
    }
    let size = screen.size_at(offset);
    Some(Snapshot { bytes: Bytes::new(), offset, size: (size.cols, size.rows), next_size: size.number + 1 })
}

impl TerminalReader {
    /// Waits for output; stops at the unacknowledged limit. `None` after `Exit`, and when the same viewer attached
    /// anew. Cancel-safe.
    pub async fn next(&mut self) -> Option<TerminalOutput> {
        loop {
            if self.exited || *self.generation.borrow() != self.own_generation {
                return None;
            }
            if let Some(output) = self.input_ack(false) {
                return Some(output);
            }
            if self.driver.has_changed().unwrap_or(false) {
                let by = Arc::clone(&self.driver.borrow_and_update().name);
                return Some(TerminalOutput::Control(self.resized(&by)));
            }
            if self.title.has_changed().unwrap_or(false) {
                let title = self.title.borrow_and_update().clone();
                return Some(TerminalOutput::Control(TerminalServerMessage::Title { title }));
            }
            // Taken before reading: what is written after this is seen as a change.
            let head = *self.head.borrow_and_update();
            let acked = *self.acked.borrow_and_update();
            if let Some(output) = self.read(head, acked) {
                return Some(output);
            }
            if let Some(output) = self.input_ack(self.echoed) {
                return Some(output);
            }
            self.echoed = false;
            let input_ack_due = self.input_ack_due;
            tokio::select! {
                () = sleep_until(input_ack_due.unwrap_or_else(Instant::now)), if input_ack_due.is_some() => {}
                changed = self.head.changed() => changed.ok()?,
                changed = self.acked.changed() => changed.ok()?,
                changed = self.driver.changed() => { changed.ok()?; self.driver.mark_changed(); }
                changed = self.title.changed() => { changed.ok()?; self.title.mark_changed(); }
                changed = self.input_written.changed(), if input_ack_due.is_none() => { changed.ok()?; self.input_written.mark_changed(); }
                changed = self.generation.changed() => changed.ok()?,
            }
        }
    }

    /// The news that input was taken, when there is some and it is time.
    fn input_ack(&mut self, now: bool) -> Option<TerminalOutput> {
        if !self.input_written.has_changed().unwrap_or(false) {
            return None;
        }
        let due = *self.input_ack_due.get_or_insert_with(|| Instant::now() + INPUT_ACK_PATIENCE);
        if !now && Instant::now() < due {
            return None;
        }
        self.input_ack_due = None;
        let offset = *self.input_written.borrow_and_update();
        Some(TerminalOutput::Control(TerminalServerMessage::InputAck { offset }))
    }

    fn read(&mut self, head: Head, acked: u64) -> Option<TerminalOutput> {
        if !self.snapshot.is_empty() {
            let piece = self.snapshot.split_to(self.snapshot.len().min(FRAME_BYTES_MAX));
            return Some(TerminalOutput::Bytes(piece));
        }
        let read = {
            let screen = self.shared.screen();
            let size = screen.size_after(self.next_size);
            if let Some(size) = size.as_ref().filter(|size| size.at <= self.next) {
                drop(screen);
                (self.size, self.next_size) = ((size.cols, size.rows), size.number + 1);
                return Some(TerminalOutput::Control(self.resized(&size.by)));
            }
            let window = self.shared.unacknowledged_bytes.saturating_sub(self.next.saturating_sub(acked));
            let waiting = head.offset.saturating_sub(self.next);
            // Scraps of a window that is almost used up would make frames of scraps.
            if window * 2 < waiting.min(FRAME_BYTES_MAX as u64) || window == 0 && screen.ring.head() > self.next {
                return None;
            }
            let max = size.map_or(window, |size| window.min(size.at - self.next));
            screen.ring.read(self.next, FRAME_BYTES_MAX.min(usize::try_from(max).unwrap_or(FRAME_BYTES_MAX)))
        };
        match read {
            RingRead::Bytes(bytes) => {
                self.next += bytes.len() as u64;
                self.sent.store(self.next, Ordering::Relaxed);
                self.echoed = true;
                Some(TerminalOutput::Bytes(bytes))
            }
            RingRead::Behind { .. } => Some(TerminalOutput::Control(self.skip())),
            RingRead::UpToDate if head.ended => {
                self.exited = true;
                Some(TerminalOutput::Control(self.exit()))
            }
            RingRead::UpToDate => None,
        }
    }

    /// Goes on where the model is. What was acknowledged stays, so that the window opens once the snapshot was drawn.
    fn skip(&mut self) -> TerminalServerMessage {
        let start = self.shared.snapshot();
        let snapshot_bytes = start.bytes.len() as u64;
        (self.snapshot, self.next) = (start.bytes, start.offset);
        (self.size, self.next_size) = (start.size, start.next_size);
        self.sent.store(self.next, Ordering::Relaxed);
        let (cols, rows) = self.size;
        TerminalServerMessage::Skipped { offset: self.next, cols, rows, snapshot_bytes }
    }

    fn resized(&self, by: &str) -> TerminalServerMessage {
        let (cols, rows) = self.size;
        let driver = self.driver.borrow().id.as_ref() == Some(&self.input_id);
        TerminalServerMessage::Resized { cols, rows, by: by.to_owned(), driver }
    }

    fn exit(&self) -> TerminalServerMessage {
        let end = self.shared.core.summary().end;
        TerminalServerMessage::Exit {
            code: end.as_ref().and_then(|end| end.code),
            signal: end.as_ref().and_then(|end| end.signal.clone()),
            reason: end.map_or(crate::protocol::EndReason::Crashed, |end| end.reason),
        }
    }
}

impl Drop for TerminalReader {
    fn drop(&mut self) {
        let mut screen = self.shared.screen();
        if let Some(viewer) = screen.viewers.get_mut(&self.input_id)
            && *viewer.generation.borrow() == self.own_generation
        {
            viewer.presence = Presence::Held { until: Instant::now() + self.shared.reattach_hold };
        }
        drop(screen);
        self.shared.room.notify_one();
    }
}

impl TerminalInput {
    /// Takes the next bytes of the viewer's input stream; waits while too much is queued. Acknowledged through the
    /// reader. Cancel-safe: either all of it is queued, or none. Errors when the session has ended or the viewer has
    /// attached anew elsewhere.
    pub async fn bytes(&self, bytes: Bytes) -> Result<(), SessionError> {
        let Ok(permits) = u32::try_from(bytes.len()) else { return Err(SessionError::Overloaded) };
        let budget = Arc::clone(&self.shared.input_budget);
        let budget = budget.acquire_many_owned(permits).await.map_err(|_| SessionError::Ended)?;
        let slot = self.shared.input.reserve().await.map_err(|_| SessionError::Ended)?;
        let mut screen = self.shared.screen();
        let viewer = self.current(&mut screen)?;
        viewer.input_accepted += bytes.len() as u64;
        let end = viewer.input_accepted;
        slot.send(InputChunk { from: Some((self.input_id.clone(), end)), bytes, _budget: Some(budget) });
        Ok(())
    }

    /// Everything before `offset` is on the viewer's screen. An offset that was never sent is refused.
    pub fn ack(&self, offset: u64) -> Result<(), SessionError> {
        let mut screen = self.shared.screen();
        let viewer = self.current(&mut screen)?;
        let sent = viewer.sent.load(Ordering::Relaxed);
        if offset > sent {
            return Err(SessionError::Invalid {
                message: format!("offset {offset} was acknowledged, but only {sent} was sent"),
            });
        }
        viewer.acked.send_if_modified(|acked| {
            let forward = offset > *acked;
            *acked = offset.max(*acked);
            forward
        });
        drop(screen);
        self.shared.room.notify_one();
        Ok(())
    }

    /// The size this viewer would like; taken when it drives, or when nobody does.
    pub fn resize(&self, cols: u16, rows: u16) {
        let mut screen = self.shared.screen();
        screen.expire(Instant::now());
        if !screen.has_driver() {
            screen.driver = Some(self.input_id.clone());
        }
        let driver = screen.driver_now();
        if driver.id.as_ref() == Some(&self.input_id) {
            let by = Arc::clone(&driver.name);
            self.show_driver(driver);
            drop(screen);
            let (cols, rows) = (cols.clamp(SIZE_MIN, SIZE_MAX), rows.clamp(SIZE_MIN, SIZE_MAX));
            self.shared.wanted_size.send_if_modified(|wanted| {
                let changed = (wanted.cols, wanted.rows) != (cols, rows);
                *wanted = WantedSize { cols, rows, by };
                changed
            });
        }
    }

    /// This viewer takes over the size.
    pub fn drive(&self) {
        let mut screen = self.shared.screen();
        screen.driver = Some(self.input_id.clone());
        self.show_driver(screen.driver_now());
    }

    /// With the screen locked, so that the last to drive is the last shown.
    fn show_driver(&self, driver: Driver) {
        self.shared.driver.send_if_modified(|shown| {
            let changed = shown.id != driver.id;
            *shown = driver;
            changed
        });
    }

    fn current<'a>(&self, screen: &'a mut Screen) -> Result<&'a mut Viewer, SessionError> {
        screen
            .viewers
            .get_mut(&self.input_id)
            .filter(|viewer| *viewer.generation.borrow() == self.generation)
            .ok_or_else(|| SessionError::Invalid {
                message: "this viewer attached anew on another connection".to_owned(),
            })
    }
}
