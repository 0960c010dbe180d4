//! Who watches a terminal, how far each has come, and where in the output its size changed.

use super::Driver;
use crate::protocol::InputId;
use crate::sessions::replay::ByteRing;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio::sync::watch;
use tokio::time::Instant;

/// Input streams remembered, so that a late reconnect does not repeat keys.
const STREAMS_MAX: usize = 64;
/// Changes of size remembered; a viewer that is further behind sees fewer of them.
const SIZES_MAX: usize = 1024;

/// Output and viewers of one terminal.
#[derive(Debug)]
pub(super) struct Screen {
    pub ring: ByteRing,
    pub viewers: HashMap<InputId, Viewer>,
    pub driver: Option<InputId>,
    /// Output before this is in the model.
    pub fed: u64,
    /// Rising numbers and offsets; the first is the size at the oldest byte kept, or older.
    sizes: VecDeque<SizeAt>,
}

/// From an offset on the PTY has a size.
#[derive(Debug, Clone)]
pub(super) struct SizeAt {
    pub number: u64,
    pub at: u64,
    pub cols: u16,
    pub rows: u16,
    pub by: Arc<str>,
}

/// One viewer, across its reconnects.
#[derive(Debug)]
pub(super) struct Viewer {
    pub who: String,
    /// Counts attachments; what belongs to an earlier one is stale.
    pub generation: watch::Sender<u64>,
    pub presence: Presence,
    /// Everything before this is on the viewer's screen.
    pub acked: watch::Sender<u64>,
    /// Everything before this was sent.
    pub sent: Arc<AtomicU64>,
    /// Input before this was queued for the PTY; a reconnecting viewer goes on here.
    pub input_accepted: u64,
    /// Input before this was written to the PTY.
    pub input_written: watch::Sender<u64>,
}

/// Whether a viewer is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Attached,
    /// Its connection broke; until then its place in the ring is held.
    Held {
        until: Instant,
    },
    Gone {
        since: Instant,
    },
}

impl Screen {
    pub(super) fn new(capacity: usize, cols: u16, rows: u16) -> Self {
        let size = SizeAt { number: 0, at: 0, cols, rows, by: "".into() };
        Self {
            ring: ByteRing::new(capacity),
            viewers: HashMap::new(),
            driver: None,
            fed: 0,
            sizes: VecDeque::from([size]),
        }
    }

    /// How many bytes may be written without outrunning the model, the attached viewer that is furthest ahead by more
    /// than `lead`, or, with nobody attached, the place that is held in the ring. Slower viewers than that do not hold
    /// the others back: they skip.
    pub(super) fn room(&self, promised: u64, lead: u64) -> u64 {
        let front = |held: bool| {
            let there = self.viewers.values().filter(|viewer| match viewer.presence {
                Presence::Attached => !held,
                Presence::Held { .. } => held,
                Presence::Gone { .. } => false,
            });
            there.map(|viewer| *viewer.acked.borrow()).max()
        };
        let attached = front(false).map(|acked| acked + lead.min(promised));
        let viewers = attached.or_else(|| front(true).map(|acked| acked + promised));
        viewers.unwrap_or(u64::MAX).min(self.fed + promised).saturating_sub(self.ring.head())
    }

    /// The PTY is given a size; tells whether that is another one.
    pub(super) fn push_size(&mut self, cols: u16, rows: u16, by: Arc<str>) -> bool {
        if self.sizes.back().is_some_and(|last| (last.cols, last.rows) == (cols, rows)) {
            return false;
        }
        let at = self.ring.head();
        let number = self.sizes.back().map_or(0, |last| last.number + 1);
        // Of two without output in between only the later one shows.
        if self.sizes.back().is_some_and(|last| last.at == at) {
            self.sizes.pop_back();
        }
        self.sizes.push_back(SizeAt { number, at, cols, rows, by });
        let oldest = self.ring.oldest();
        while self.sizes.len() > SIZES_MAX || self.sizes.get(1).is_some_and(|second| second.at <= oldest) {
            self.sizes.pop_front();
        }
        true
    }

    /// The first size from `number` on.
    pub(super) fn size_after(&self, number: u64) -> Option<SizeAt> {
        let at = self.sizes.partition_point(|size| size.number < number);
        self.sizes.get(at).cloned()
    }

    /// The size at a byte of the output.
    pub(super) fn size_at(&self, offset: u64) -> SizeAt {
        let after = self.sizes.partition_point(|size| size.at <= offset);
        self.sizes[after.saturating_sub(1)].clone()
    }

    /// Lets go of holds that have run out; gives the time of the next that will.
    pub(super) fn expire(&mut self, now: Instant) -> Option<Instant> {
        let mut next = None;
        for viewer in self.viewers.values_mut() {
            if let Presence::Held { until } = viewer.presence {
                if until <= now {
                    viewer.presence = Presence::Gone { since: now };
                } else {
                    next = Some(next.map_or(until, |earliest: Instant| earliest.min(until)));
                }
            }
        }
        next
    }

    /// Whether somebody who counts sets the size.
    pub(super) fn has_driver(&self) -> bool {
        self.driver.as_ref().and_then(|driver| self.viewers.get(driver)).is_some_and(Viewer::counts)
    }

    /// Who sets the size, by id and name.
    pub(super) fn driver_now(&self) -> Driver {
        let viewer = self.driver.as_ref().and_then(|driver| self.viewers.get(driver));
        Driver { id: self.driver.clone(), name: viewer.map_or_else(|| "".into(), |viewer| viewer.who.as_str().into()) }
    }

    /// Forgets the input streams of viewers gone for longest, when there are too many.
    pub(super) fn forget_old_viewers(&mut self) {
        while self.viewers.len() > STREAMS_MAX {
            let oldest = self
                .viewers
                .iter()
                .filter_map(|(id, viewer)| match viewer.presence {
                    Presence::Gone { since } => Some((since, id.clone())),
                    _ => None,
                })
                .min_by_key(|(since, _)| *since);
            let Some((_, id)) = oldest else { return };
            self.viewers.remove(&id);
        }
    }
}

impl Viewer {
    fn counts(&self) -> bool {
        !matches!(self.presence, Presence::Gone { .. })
    }
}
