//! Runs each client command once, however often it is sent.

use crate::protocol::ClientId;
use std::collections::{HashSet, VecDeque};

/// Commands remembered per session; a client re-sends only what it has no answer for, which is far less.
const REMEMBERED: usize = 8192;

/// The commands already carried out.
#[derive(Debug, Default)]
pub(super) struct Once {
    known: HashSet<ClientId>,
    order: VecDeque<ClientId>,
}

impl Once {
    pub(super) fn has(&self, id: &ClientId) -> bool {
        self.known.contains(id)
    }

    pub(super) fn remember(&mut self, id: ClientId) {
        if self.known.insert(id.clone()) {
            self.order.push_back(id);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// A command that was taken turned out not to be carried out; it may be sent again.
    pub(super) fn forget(&mut self, id: &ClientId) {
        if self.known.remove(id) {
            self.order.retain(|known| known != id);
        }
    }
}
