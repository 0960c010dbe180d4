//! The logs every viewer reads from at its own pace: numbered events for chats, bytes with absolute offsets for terminals.
//!
//! Writers never wait for readers. Readers are woken by a `watch` of the head, which is level-triggered: a reader that
//! was busy while something was written finds the new head when it comes back.

mod events;
mod ring;

pub(crate) use events::{EventLog, EventRead};
pub(crate) use ring::{ByteRing, RingRead};

use crate::protocol::{Epoch, UnixMs};
use std::time::{SystemTime, UNIX_EPOCH};

/// A fresh epoch.
pub(crate) fn new_epoch() -> Epoch {
    Epoch(uuid::Uuid::new_v4().simple().to_string())
}

/// Now, for stamps; never for measuring.
pub(crate) fn now_ms() -> UnixMs {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
