//! What a reader must know however late it comes: said again once it has left the log.

use super::Actor;
use crate::protocol::ChatEvent;
use crate::sessions::replay::EventRead;

/// The log must keep this many times what is said again, or that would drive everything else out.
const LOG_SHARE: usize = 4;

/// What was said last, and where in the log the first of it stands.
#[derive(Debug, Default)]
pub(super) struct Standing {
    capabilities: Option<ChatEvent>,
    since: u64,
}

impl Standing {
    pub(super) fn notice(&mut self, event: &ChatEvent) {
        if matches!(event, ChatEvent::Capabilities { .. }) {
            self.capabilities = Some(event.clone());
        }
    }
}

impl Actor {
    /// A reader found the beginning of the log gone.
    pub(super) fn recall(&mut self) {
        if !matches!(self.shared.log.read(self.standing.since), EventRead::Gap { .. }) {
            return;
        }
        self.standing.since = self.shared.log.watch().borrow().seq + 1;
        if let Some(capabilities) = self.standing.capabilities.clone() {
            self.push(capabilities);
        }
        if self.queue.is_empty() {
            return;
        }
        if self.queue.bytes() <= self.settings.log_bytes / LOG_SHARE {
            self.queue.messages().for_each(|message| self.push(message.shown()));
        }
        self.push(self.queue.shown());
    }
}
