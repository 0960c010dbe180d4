//! One viewer of a terminal: reads at its own pace, writes each input byte once, may set the size.

use super::screen::{Presence, Viewer};
use super::{AttachTerminal, Head, InputChunk, Shared, Size};
use crate::protocol::{InputId, TerminalServerMessage};
use crate::sessions::SessionError;
use crate::sessions::replay::RingRead;
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;
use tokio::time::Instant;

/// A binary frame carries at most this much.
const FRAME_BYTES_MAX: usize = 64 << 10;
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
    /// `Skipped`, `Resized`, `Title`, `InputAck` or `Exit`, to be sent as text. After `Exit` nothing follows.
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
    size: watch::Receiver<Size>,
    acked: watch::Receiver<u64>,
    input_written: watch::Receiver<u64>,
    sent: Arc<AtomicU64>,
    next: u64,
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
    let mut screen = shared.screen();
    let (oldest, head) = (screen.ring.oldest(), screen.ring.head());
    let cursor = match (attach.epoch, attach.offset) {
        (Some(epoch), Some(offset)) if epoch == shared.epoch && (oldest..=head).contains(&offset) => Some(offset),
        _ => None,
    };
    let next = cursor.unwrap_or(oldest);
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
        acked: watch::Sender::new(next),
        sent: Arc::new(AtomicU64::new(next)),
        input_accepted: input_offset,
        input_written: watch::Sender::new(input_offset),
    });
    viewer.who = who.to_owned();
    viewer.presence = Presence::Attached;
    viewer.generation.send_modify(|generation| *generation += 1);
    let own_generation = *viewer.generation.borrow();
    viewer.acked.send_replace(next);
    // A new one: the reader of an earlier attachment may be about to write to its own.
    viewer.sent = Arc::new(AtomicU64::new(next));
    let mut reader = TerminalReader {
        shared: Arc::clone(shared),
        input_id: attach.input_id.clone(),
        own_generation,
        generation: viewer.generation.subscribe(),
        head: shared.head.subscribe(),
        size: shared.size.subscribe(),
        acked: viewer.acked.subscribe(),
        input_written: viewer.input_written.subscribe(),
        sent: Arc::clone(&viewer.sent),
        next,
        exited: false,
    };
    let input_offset = viewer.input_accepted;
    screen.forget_old_viewers();
    let chosen_driver = screen.driver.clone();
    drop(screen);
    shared.room.notify_one();
    shared.size.send_if_modified(|size| {
        let changed = size.driver != chosen_driver;
        size.driver = chosen_driver;
        changed
    });
    // `Attached` tells the size; only later changes are news to this viewer.
    let size = reader.size.borrow_and_update().clone();
    let attached = TerminalServerMessage::Attached {
        epoch: shared.epoch.clone(),
        offset: next,
        resumed: cursor.is_some(),
        cols: size.cols,
        rows: size.rows,
        driver,
        snapshot: false,
        input_offset,
    };
    let input = TerminalInput { shared: Arc::clone(shared), input_id: attach.input_id, generation: own_generation };
    (TerminalViewer { output: reader, input }, attached)
}

impl TerminalReader {
    /// Waits for output; stops at the unacknowledged limit. `None` after `Exit`, and when the same viewer attached
    /// anew. Cancel-safe.
    pub async fn next(&mut self) -> Option<TerminalOutput> {
        loop {
            if self.exited || *self.generation.borrow() != self.own_generation {
                return None;
            }
            if self.input_written.has_changed().unwrap_or(false) {
                let offset = *self.input_written.borrow_and_update();
                return Some(TerminalOutput::Control(TerminalServerMessage::InputAck { offset }));
            }
            if self.size.has_changed().unwrap_or(false) {
                return Some(TerminalOutput::Control(self.resized()));
            }
            // Taken before reading: what is written after this is seen as a change.
            let head = *self.head.borrow_and_update();
            let acked = *self.acked.borrow_and_update();
            if let Some(output) = self.read(head, acked) {
                return Some(output);
            }
            tokio::select! {
                changed = self.head.changed() => changed.ok()?,
                changed = self.acked.changed() => changed.ok()?,
                changed = self.size.changed() => { changed.ok()?; self.size.mark_changed(); }
                changed = self.input_written.changed() => { changed.ok()?; self.input_written.mark_changed(); }
                changed = self.generation.changed() => changed.ok()?,
            }
        }
    }

    fn read(&mut self, head: Head, acked: u64) -> Option<TerminalOutput> {
        let window = self.shared.unacknowledged_bytes.saturating_sub(self.next.saturating_sub(acked));
        let max = FRAME_BYTES_MAX.min(usize::try_from(window).unwrap_or(FRAME_BYTES_MAX));
        if max == 0 && self.next < head.offset {
            return None;
        }
        let read = self.shared.screen().ring.read(self.next, max);
        match read {
            RingRead::Bytes(bytes) => {
                self.next += bytes.len() as u64;
                self.sent.store(self.next, Ordering::Relaxed);
                Some(TerminalOutput::Bytes(bytes))
            }
            RingRead::Behind { oldest } => {
                self.next = oldest;
                self.sent.store(oldest, Ordering::Relaxed);
                self.shared.acknowledge(&self.input_id, oldest);
                Some(TerminalOutput::Control(TerminalServerMessage::Skipped { offset: oldest }))
            }
            RingRead::UpToDate if head.ended => {
                self.exited = true;
                Some(TerminalOutput::Control(self.exit()))
            }
            RingRead::UpToDate => None,
        }
    }

    fn resized(&mut self) -> TerminalServerMessage {
        let size = self.size.borrow_and_update().clone();
        TerminalServerMessage::Resized {
            cols: size.cols,
            rows: size.rows,
            by: size.by,
            driver: size.driver.as_ref() == Some(&self.input_id),
        }
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
        slot.send(InputChunk { input_id: self.input_id.clone(), end, bytes, _budget: budget });
        Ok(())
    }

    /// Everything before `offset` is on the viewer's screen. An offset that was never sent is refused.
    pub fn ack(&self, offset: u64) -> Result<(), SessionError> {
        let mut screen = self.shared.screen();
        let viewer = self.current(&mut screen)?;
        let sent = viewer.sent.load(Ordering::Relaxed);
        drop(screen);
        if offset > sent {
            return Err(SessionError::Invalid {
                message: format!("offset {offset} was acknowledged, but only {sent} was sent"),
            });
        }
        self.shared.acknowledge(&self.input_id, offset);
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
        if screen.driver.as_ref() != Some(&self.input_id) {
            return;
        }
        let by = screen.viewers.get(&self.input_id).map(|viewer| viewer.who.clone()).unwrap_or_default();
        drop(screen);
        let (cols, rows) = (cols.clamp(SIZE_MIN, SIZE_MAX), rows.clamp(SIZE_MIN, SIZE_MAX));
        self.show_size(|size| {
            size.cols = cols;
            size.rows = rows;
            size.by = by;
            size.driver = Some(self.input_id.clone());
        });
        self.shared.wanted_size.send_if_modified(|wanted| {
            let changed = *wanted != (cols, rows);
            *wanted = (cols, rows);
            changed
        });
    }

    /// This viewer takes over the size.
    pub fn drive(&self) {
        let mut screen = self.shared.screen();
        screen.driver = Some(self.input_id.clone());
        let by = screen.viewers.get(&self.input_id).map(|viewer| viewer.who.clone()).unwrap_or_default();
        drop(screen);
        self.show_size(|size| {
            size.by = by;
            size.driver = Some(self.input_id.clone());
        });
    }

    fn show_size(&self, change: impl FnOnce(&mut Size)) {
        self.shared.size.send_if_modified(|size| {
            let before = size.clone();
            change(size);
            // Who set it matters only when something else changed, too.
            (size.cols, size.rows, &size.driver) != (before.cols, before.rows, &before.driver)
        });
    }

    fn current<'a>(&self, screen: &'a mut super::Screen) -> Result<&'a mut Viewer, SessionError> {
        screen
            .viewers
            .get_mut(&self.input_id)
            .filter(|viewer| *viewer.generation.borrow() == self.generation)
            .ok_or_else(|| SessionError::Invalid {
                message: "this viewer attached anew on another connection".to_owned(),
            })
    }
}

impl Shared {
    fn acknowledge(&self, input_id: &InputId, offset: u64) {
        if let Some(viewer) = self.screen().viewers.get(input_id) {
            viewer.acked.send_if_modified(|acked| {
                let forward = offset > *acked;
                *acked = offset.max(*acked);
                forward
            });
        }
    }
}
