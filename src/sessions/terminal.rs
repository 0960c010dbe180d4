//! Terminal sessions.

use super::SessionError;
use crate::protocol::{Epoch, InputId, TerminalServerMessage};
use bytes::Bytes;

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
pub struct Terminal {}

impl Terminal {
    /// Attaches a viewer. Also gives the `Attached` message to be sent first.
    pub fn attach(&self, _attach: AttachTerminal, _who: &str) -> (TerminalViewer, TerminalServerMessage) {
        unimplemented!()
    }
}

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
pub struct TerminalReader {}

impl TerminalReader {
    /// Waits for output; stops at the unacknowledged limit. `None` after `Exit`. Cancel-safe.
    pub async fn next(&mut self) -> Option<TerminalOutput> {
        unimplemented!()
    }
}

/// The writing half.
#[derive(Debug, Clone)]
pub struct TerminalInput {}

impl TerminalInput {
    /// Takes the next bytes of the viewer's input stream; waits while too much is queued. Acknowledged through the reader.
    pub async fn bytes(&self, _bytes: Bytes) -> Result<(), SessionError> {
        unimplemented!()
    }
    /// Everything before `offset` is on the viewer's screen. An offset of the future is refused.
    pub fn ack(&self, _offset: u64) -> Result<(), SessionError> {
        unimplemented!()
    }
    /// The size this viewer would like.
    pub fn resize(&self, _cols: u16, _rows: u16) {
        unimplemented!()
    }
    /// This viewer takes over the size.
    pub fn drive(&self) {
        unimplemented!()
    }
}
