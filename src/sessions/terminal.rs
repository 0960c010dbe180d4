//! Terminal sessions: the handle and its viewers. The PTY belongs to the [`actor`].

mod actor;
mod model;
mod plain;
mod recording;
mod screen;
mod viewer;

pub(crate) use actor::{TerminalSettings, open, start};
pub use model::{DrawnRow, Limits, Model, ModelSettings, Rgb, Switches, Theme};
pub(crate) use recording::RecordingSettings;
pub use viewer::{TerminalInput, TerminalOutput, TerminalReader, TerminalViewer};

use super::core::{Core, lock};
use crate::protocol::{Epoch, InputId, TerminalServerMessage};
use bytes::Bytes;
use recording::Recorder;
use screen::Screen;
use std::path::PathBuf;
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
    head: watch::Sender<Head>,
    size: watch::Sender<Size>,
    /// Size to be given to the PTY; changes faster than it is applied.
    wanted_size: watch::Sender<(u16, u16)>,
    /// A viewer acknowledged, left, or lost its hold: the reader may go on.
    room: Notify,
    /// The processes are gone: what is left of their output is taken without waiting for viewers.
    draining: CancellationToken,
    /// Capacity 256 chunks, and `input_budget` bytes; viewers wait when either is used up.
    input: mpsc::Sender<InputChunk>,
    input_budget: Arc<Semaphore>,
    unacknowledged_bytes: u64,
    reattach_hold: Duration,
    recorder: Option<Recorder>,
}

/// Where the output stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    offset: u64,
    /// The session has ended; no byte follows.
    ended: bool,
}

/// The PTY's size, and who set it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Size {
    cols: u16,
    rows: u16,
    by: String,
    driver: Option<InputId>,
}

/// Bytes on their way to the PTY.
#[derive(Debug)]
struct InputChunk {
    input_id: InputId,
    /// Offset after this chunk in the viewer's input stream.
    end: u64,
    bytes: Bytes,
    /// Given back once the chunk is written.
    _budget: OwnedSemaphorePermit,
}

impl Terminal {
    /// Attaches a viewer. Also gives the `Attached` message to be sent first.
    pub fn attach(&self, attach: AttachTerminal, who: &str) -> (TerminalViewer, TerminalServerMessage) {
        viewer::attach(&self.shared, attach, who)
    }

    /// The file of its recording, and how many bytes of it are whole lines by now.
    pub fn recording(&self) -> Option<(PathBuf, u64)> {
        self.shared.recorder.as_ref().map(Recorder::file)
    }

    /// Bytes the ring holds.
    pub(crate) fn weight_bytes(&self) -> usize {
        self.shared.screen().ring.weight_bytes()
    }
}

impl Shared {
    fn screen(&self) -> MutexGuard<'_, Screen> {
        lock(&self.screen)
    }
}
