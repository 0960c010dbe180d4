//! Terminal sessions: the handle and its viewers. The PTY belongs to the [`actor`].

mod actor;
mod feed;
mod model;
mod plain;
mod screen;
mod viewer;

pub(crate) use actor::{TerminalSettings, open, start};
pub use model::{Limits, Model, ModelSettings, Rgb, Theme};
pub use viewer::{TerminalInput, TerminalOutput, TerminalReader, TerminalViewer};

use super::core::{Core, lock};
use crate::protocol::{Epoch, InputId, TerminalServerMessage};
use bytes::Bytes;
use feed::Fed;
use screen::Screen;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;

/// How a viewer wants to start.
#[derive(Debug, Clone)]
pub struct AttachTerminal {
    /// Epoch of the offset.
    pub epoch: Option<Epoch>,
    /// First byte wanted.
    pub offset: Option<u64>,
    /// The viewer's input stream.
    pub input_id: InputId,
    /// Offset of the next input byte the viewer will send.
    pub input_offset: u64,
}

/// A terminal session; cheap to clone.
#[derive(Debug, Clone)]
pub struct Terminal {
    shared: Arc<Shared>,
}

/// What viewers and the PTY's tasks share.
#[derive(Debug)]
pub(crate) struct Shared {
    core: Arc<Core>,
    epoch: Epoch,
    screen: Mutex<Screen>,
    /// Locked before `screen` where both are.
    fed: Mutex<Fed>,
    /// Also sent when only a size was set.
    head: watch::Sender<Head>,
    driver: watch::Sender<Driver>,
    title: watch::Sender<String>,
    /// Size to be given to the PTY; changes faster than it is applied.
    wanted_size: watch::Sender<WantedSize>,
    /// A viewer acknowledged, left, or lost its hold, or the model came along: the reader may go on.
    room: Notify,
    /// The processes are gone: what is left of their output is taken without waiting for viewers.
    draining: CancellationToken,
    /// Capacity 256 chunks, and `input_budget` bytes; viewers wait when either is used up.
    input: mpsc::Sender<InputChunk>,
    input_budget: Arc<Semaphore>,
    unacknowledged_bytes: u64,
    reattach_hold: Duration,
}

/// Where the output stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    offset: u64,
    /// The session has ended; no byte follows.
    ended: bool,
}

/// Who sets the size.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Driver {
    id: Option<InputId>,
    name: Arc<str>,
}

/// A size for the PTY.
#[derive(Debug, Clone, PartialEq, Eq)]
struct WantedSize {
    cols: u16,
    rows: u16,
    by: Arc<str>,
}

/// Bytes on their way to the PTY.
#[derive(Debug)]
struct InputChunk {
    /// The viewer, and the offset after this chunk in its input stream; none for what the terminal itself answers.
    from: Option<(InputId, u64)>,
    bytes: Bytes,
    /// Given back once the chunk is written.
    _budget: Option<OwnedSemaphorePermit>,
}

impl Terminal {
    /// Attaches a viewer. Also gives the `Attached` message to be sent first.
    pub fn attach(&self, attach: AttachTerminal, who: &str) -> (TerminalViewer, TerminalServerMessage) {
        viewer::attach(&self.shared, attach, who)
    }

    /// Bytes the ring and the model hold.
    pub(crate) fn weight_bytes(&self) -> usize {
        let model = lock(&self.shared.fed).model.weight_bytes();
        self.shared.screen().ring.weight_bytes() + model
    }
}

impl Shared {
    fn screen(&self) -> MutexGuard<'_, Screen> {
        lock(&self.screen)
    }
}
