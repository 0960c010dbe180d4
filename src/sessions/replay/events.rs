//! A bounded log of numbered events, serialized once for all readers.

use super::{new_epoch, now_ms};
use crate::protocol::{ChatEvent, Epoch, UnixMs};
use bytes::Bytes;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Bookkeeping of one entry, counted so that a flood of tiny events is bounded, too.
const ENTRY_OVERHEAD_BYTES: usize = 64;
/// What one read gives at most; a reader comes back for more.
const READ_EVENTS_MAX: usize = 512;
const READ_BYTES_MAX: usize = 256 << 10;

/// A bounded log of numbered events. Sequence numbers start at 1 and rise by one.
#[derive(Debug)]
pub(crate) struct EventLog {
    epoch: Epoch,
    capacity_bytes: usize,
    entries: Mutex<Entries>,
    head: watch::Sender<Head>,
}

/// Where the log stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Number of the newest event; 0 when there is none.
    pub seq: u64,
    /// Nothing will follow.
    pub closed: bool,
}

#[derive(Debug, Default)]
struct Entries {
    frames: VecDeque<Bytes>,
    /// Number of the first frame kept.
    first: u64,
    bytes: usize,
}

/// What a read gives.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EventRead {
    /// Frames from the asked-for number on; the next read continues after the last.
    Frames(Vec<Bytes>),
    /// Nothing yet.
    UpToDate,
    /// What was asked for is gone; this is the oldest number kept.
    Gap { oldest: u64 },
}

#[derive(Serialize)]
struct Frame<'a> {
    r#type: &'static str,
    seq: u64,
    at: UnixMs,
    event: &'a ChatEvent,
}

impl EventLog {
    pub(crate) fn new(capacity_bytes: usize) -> Self {
        Self {
            epoch: new_epoch(),
            capacity_bytes,
            entries: Mutex::new(Entries { first: 1, ..Entries::default() }),
            head: watch::Sender::new(Head { seq: 0, closed: false }),
        }
    }

    pub(crate) fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Watches the head.
    pub(crate) fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// Appends an event; old ones make room. Only the session's actor calls this, so numbers follow its order.
    pub(crate) fn push(&self, event: &ChatEvent) {
        self.push_at(now_ms(), event);
    }

    /// Appends an event that happened at another time; before the session's actor runs.
    pub(crate) fn push_at(&self, at: UnixMs, event: &ChatEvent) {
        let mut entries = self.lock();
        let seq = entries.first + entries.frames.len() as u64;
        let frame = Frame { r#type: "event", seq, at, event };
        let Ok(json) = serde_json::to_vec(&frame) else {
            tracing::error!("an event could not be serialized");
            return;
        };
        entries.bytes += json.len() + ENTRY_OVERHEAD_BYTES;
        // Without the spare room it was written with, which nothing would count.
        entries.frames.push_back(json.into_boxed_slice().into());
        while entries.bytes > self.capacity_bytes && entries.frames.len() > 1 {
            if let Some(dropped) = entries.frames.pop_front() {
                entries.bytes -= dropped.len() + ENTRY_OVERHEAD_BYTES;
                entries.first += 1;
            }
        }
        drop(entries);
        self.head.send_replace(Head { seq, closed: false });
    }

    /// Nothing will follow.
    pub(crate) fn close(&self) {
        self.head.send_modify(|head| head.closed = true);
    }

    /// Reads from number `next` on.
    pub(crate) fn read(&self, next: u64) -> EventRead {
        let entries = self.lock();
        if next < entries.first {
            return EventRead::Gap { oldest: entries.first };
        }
        let skip = usize::try_from(next - entries.first).unwrap_or(usize::MAX);
        let mut bytes = 0;
        let frames: Vec<Bytes> = entries
            .frames
            .iter()
            .skip(skip)
            .take(READ_EVENTS_MAX)
            .take_while(|frame| {
                let fits = bytes < READ_BYTES_MAX;
                bytes += frame.len();
                fits
            })
            .cloned()
            .collect();
        if frames.is_empty() { EventRead::UpToDate } else { EventRead::Frames(frames) }
    }

    /// Everything kept now, and the number of the first of it. The frames are shared, not copied.
    pub(crate) fn all(&self) -> (u64, Vec<Bytes>) {
        let entries = self.lock();
        (entries.first, entries.frames.iter().cloned().collect())
    }

    /// Bytes kept now.
    pub(crate) fn weight_bytes(&self) -> usize {
        self.lock().bytes
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        // Nothing in the critical sections leaves the entries half changed.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(n: usize) -> ChatEvent {
        ChatEvent::TextDelta { message_id: "m".into(), index: 0, text: n.to_string() }
    }

    fn number(frame: &Bytes) -> u64 {
        serde_json::from_slice::<serde_json::Value>(frame).expect("json")["seq"].as_u64().expect("seq")
    }

    proptest! {
        /// Any pushes, any readers: each reader sees a gapless rising sequence, or is told the gap exactly.
        #[test]
        fn a_reader_sees_every_event_once_or_is_told_what_is_missing(
            capacity in 200usize..4000,
            rounds in proptest::collection::vec((0usize..40, any::<bool>()), 1..30),
        ) {
            let log = EventLog::new(capacity);
            let mut pushed = 0;
            let mut next = 1;
            let mut seen = Vec::new();
            let mut skipped = 0;
            for (count, read) in rounds.into_iter().chain([(0, true), (0, true)]) {
                for _ in 0..count {
                    log.push(&text(pushed));
                    pushed += 1;
                }
                if !read {
                    continue;
                }
                loop {
                    match log.read(next) {
                        EventRead::Frames(frames) => {
                            for frame in &frames {
                                prop_assert_eq!(number(frame), next);
                                seen.push(next);
                                next += 1;
                            }
                        }
                        EventRead::Gap { oldest } => {
                            prop_assert!(oldest > next);
                            skipped += oldest - next;
                            next = oldest;
                        }
                        EventRead::UpToDate => break,
                    }
                }
            }
            prop_assert_eq!(seen.len() as u64 + skipped, pushed as u64);
            prop_assert_eq!(log.watch().borrow().seq, pushed as u64);
        }
    }

    #[test]
    fn memory_stays_bounded_under_a_flood() {
        let log = EventLog::new(10_000);
        for n in 0..10_000 {
            log.push(&text(n));
            assert!(log.weight_bytes() <= 10_000);
        }
    }
}
