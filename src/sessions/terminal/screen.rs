//! Who watches a terminal, how far each has come, and who sets its size.

use crate::protocol::InputId;
use crate::sessions::replay::ByteRing;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio::sync::watch;
use tokio::time::Instant;

/// Input streams remembered, so that a late reconnect does not repeat keys.
const STREAMS_MAX: usize = 64;

/// Output and viewers of one terminal.
#[derive(Debug)]
pub(super) struct Screen {
    pub ring: ByteRing,
    pub viewers: HashMap<InputId, Viewer>,
    pub driver: Option<InputId>,
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
    pub(super) fn new(capacity: usize) -> Self {
        Self { ring: ByteRing::new(capacity), viewers: HashMap::new(), driver: None }
    }

    /// How many bytes may be written without outrunning the viewer that is furthest ahead; without viewers there is
    /// no bound. A slower viewer than that does not hold the others back: it skips.
    pub(super) fn room(&self, capacity: usize) -> Option<u64> {
        let front =
            self.viewers.values().filter(|viewer| viewer.counts()).map(|viewer| *viewer.acked.borrow()).max()?;
        Some((front + capacity as u64).saturating_sub(self.ring.head()))
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
