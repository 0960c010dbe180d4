//! The terminal socket: binary frames carry bytes, text frames carry these.

use super::{EndReason, Epoch, ErrorCode, InputId};
use serde::{Deserialize, Serialize};

/// What a browser sends as text on `/api/sessions/{id}/terminal`. Binary frames are input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TerminalClientMessage {
    /// Proves who is there; must be the first frame.
    Auth {
        /// Access token.
        token: String,
        /// How this client wants to be named to others.
        #[serde(default)]
        device: Option<String>,
    },
    /// Starts the byte stream at `offset` if that is still kept, else with a snapshot of the screen.
    Attach {
        /// Epoch of the offset, if there is one.
        #[serde(default)]
        epoch: Option<Epoch>,
        /// First byte wanted.
        #[serde(default)]
        #[cfg_attr(test, ts(type = "number | null"))]
        offset: Option<u64>,
        /// Names this client's input stream across reconnects.
        input_id: InputId,
        /// Offset in that stream of the next input byte this client will send.
        #[cfg_attr(test, ts(type = "number"))]
        input_offset: u64,
    },
    /// The size this viewer would like; taken when it drives.
    Resize {
        /// Columns, clamped to 2..=500.
        cols: u16,
        /// Rows, clamped to 2..=500.
        rows: u16,
    },
    /// This viewer takes over the size.
    Drive {},
    /// Everything before `offset` is on the screen.
    Ack {
        /// Offset.
        #[cfg_attr(test, ts(type = "number"))]
        offset: u64,
    },
}

/// What the server sends as text on the terminal socket. Binary frames are output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TerminalServerMessage {
    /// The credential was good.
    AuthOk {
        /// The name others see for this client.
        principal: String,
    },
    /// The stream starts; binary frames follow from `offset`.
    Attached {
        /// Epoch to send with the next attach.
        epoch: Epoch,
        /// Offset of the first byte that follows.
        #[cfg_attr(test, ts(type = "number"))]
        offset: u64,
        /// Whether the client's offset was honoured; if not, it must clear its screen.
        resumed: bool,
        /// Size of the PTY at that offset; later sizes follow as `Resized` where they were set.
        cols: u16,
        /// Size of the PTY at that offset.
        rows: u16,
        /// Whether this viewer sets the size.
        driver: bool,
        /// Bytes of a snapshot of the screen, which come before those of the stream and count no offset. The
        /// client acknowledges `offset` once it has drawn them.
        #[cfg_attr(test, ts(type = "number"))]
        snapshot_bytes: u64,
        /// How much input of this client's stream has been taken; resend from here.
        #[cfg_attr(test, ts(type = "number"))]
        input_offset: u64,
    },
    /// Input before `offset` has been written to the PTY.
    InputAck {
        /// Offset in the client's input stream.
        #[cfg_attr(test, ts(type = "number"))]
        offset: u64,
    },
    /// From here on in the stream the PTY has a new size, or there is a new driver.
    Resized {
        /// Columns.
        cols: u16,
        /// Rows.
        rows: u16,
        /// Who set it.
        by: String,
        /// Whether this viewer sets the size now.
        driver: bool,
    },
    /// This viewer was too slow: bytes up to `offset` are gone. It is shown what they led to, and the stream goes on
    /// from there.
    Skipped {
        /// Where the stream goes on.
        #[cfg_attr(test, ts(type = "number"))]
        offset: u64,
        /// Size of the PTY there.
        cols: u16,
        /// Size of the PTY there.
        rows: u16,
        /// As in `Attached`.
        #[cfg_attr(test, ts(type = "number"))]
        snapshot_bytes: u64,
    },
    /// The title changed.
    Title {
        /// New title.
        title: String,
    },
    /// The program ended; all output has been sent.
    Exit {
        /// Exit code.
        code: Option<i32>,
        /// Signal name.
        signal: Option<String>,
        /// Why.
        reason: EndReason,
    },
    /// A frame could not be taken; the socket stays.
    Error {
        /// Code.
        code: ErrorCode,
        /// What was attempted and what to do.
        message: String,
    },
}
