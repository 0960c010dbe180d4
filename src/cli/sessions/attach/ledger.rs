//! How far input and output have come, in offsets that outlive a connection: no key is lost and none is typed twice.

use crate::protocol::Epoch;
use bytes::{Bytes, BytesMut};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

/// Input of one frame.
const CHUNK: usize = 32 * 1024;
/// Input that may be on its way unconfirmed.
const WINDOW: u64 = 256 * 1024;
/// Input that waits; beyond it the keyboard is not read from.
const WAITING_MAX: usize = 1024 * 1024;
/// Output after which the server is told, even when more keeps coming.
const ACK_EVERY: u64 = 64 * 1024;

/// What was typed and not yet confirmed.
#[derive(Debug, Default)]
pub(super) struct Input {
    /// Offset of the first unconfirmed byte.
    start: u64,
    waiting: BytesMut,
    /// Offset up to which this connection has sent.
    sent: u64,
}

impl Input {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < WAITING_MAX
    }

    /// Where this stream goes on as far as we know.
    pub(super) fn confirmed(&self) -> u64 {
        self.start
    }

    /// The server has taken everything before `offset`, and this connection goes on from there.
    pub(super) fn attached(&mut self, offset: u64) {
        if (self.start..=self.end()).contains(&offset) {
            self.forget(offset);
        } else {
            // It counts from elsewhere: what waits goes on under its numbers.
            self.start = offset;
        }
        self.sent = self.start;
    }

    pub(super) fn confirm(&mut self, offset: u64) {
        // Never beyond what was sent: a stray number must not throw keys away.
        if (self.start..=self.sent).contains(&offset) {
            self.forget(offset);
        }
    }

    /// What to send next.
    fn next(&mut self) -> Option<Bytes> {
        let from = usize::try_from(self.sent - self.start).ok()?;
        let to = self.limit().min(from + CHUNK);
        if from >= to {
            return None;
        }
        self.sent = self.start + to as u64;
        Some(Bytes::copy_from_slice(&self.waiting[from..to]))
    }

    /// Sends the next part once there is room. Cancel-safe.
    pub(super) async fn send_next(&mut self, sender: Option<&mpsc::Sender<Message>>) {
        let Some(sender) = sender else { return };
        // A connection that is gone says so itself.
        let Ok(permit) = sender.reserve().await else { return std::future::pending().await };
        if let Some(bytes) = self.next() {
            permit.send(Message::Binary(bytes));
        }
    }

    /// Whether `next` has something.
    pub(super) fn has_next(&self) -> bool {
        self.sent - self.start < self.limit() as u64
    }

    fn limit(&self) -> usize {
        self.waiting.len().min(WINDOW as usize)
    }

    fn end(&self) -> u64 {
        self.start + self.waiting.len() as u64
    }

    fn forget(&mut self, offset: u64) {
        let _ = self.waiting.split_to(usize::try_from(offset - self.start).unwrap_or(0));
        self.start = offset;
    }
}

/// How far the output was received.
#[derive(Debug, Default)]
pub(super) struct Output {
    epoch: Option<Epoch>,
    received: u64,
    acknowledged: u64,
    /// Bytes of a snapshot still to come; they count no offset.
    snapshot_left: u64,
    /// All of them came; the server waits to hear of it.
    snapshot_came: bool,
}

impl Output {
    /// Where to go on, if there is anything to go on from.
    pub(super) fn resume(&self) -> (Option<Epoch>, Option<u64>) {
        // Half a snapshot is no screen to go on from.
        let whole = self.snapshot_left == 0;
        (self.epoch.clone(), (self.epoch.is_some() && whole).then_some(self.received))
    }

    pub(super) fn attached(&mut self, epoch: Epoch, offset: u64, snapshot_bytes: u64) {
        self.epoch = Some(epoch);
        self.skipped(offset, snapshot_bytes);
    }

    pub(super) fn skipped(&mut self, offset: u64, snapshot_bytes: u64) {
        (self.received, self.acknowledged) = (offset, offset);
        (self.snapshot_left, self.snapshot_came) = (snapshot_bytes, false);
    }

    /// Counts a frame in; whether a snapshot was in it.
    pub(super) fn receive(&mut self, length: usize) -> bool {
        let snapshot = self.snapshot_left.min(length as u64);
        self.snapshot_left -= snapshot;
        self.snapshot_came |= snapshot > 0 && self.snapshot_left == 0;
        self.received += length as u64 - snapshot;
        snapshot > 0
    }

    /// What to acknowledge now; `quiet` when nothing more is known to come.
    pub(super) fn due(&self, quiet: bool) -> Option<u64> {
        let since = self.received - self.acknowledged;
        (self.snapshot_came || since >= if quiet { 1 } else { ACK_EVERY }).then_some(self.received)
    }

    pub(super) fn acknowledged(&mut self, offset: u64) {
        self.acknowledged = offset;
        self.snapshot_came = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(input: &mut Input) -> Vec<u8> {
        std::iter::from_fn(|| input.next()).flatten().collect()
    }

    #[test]
    fn after_a_break_only_what_was_not_taken_is_sent_again() {
        let mut input = Input::default();
        input.add(b"abcdef");
        assert_eq!(sent(&mut input), b"abcdef");
        input.confirm(2);
        assert_eq!(input.confirmed(), 2);
        input.attached(4);
        assert_eq!(sent(&mut input), b"ef");
        input.confirm(9);
        assert_eq!(input.confirmed(), 4, "nobody sent that much");
        input.confirm(6);
        assert!(!input.has_next());
    }

    #[test]
    fn what_waits_goes_on_under_the_numbers_of_a_server_that_forgot() {
        let mut input = Input::default();
        input.add(b"abc");
        input.attached(0);
        sent(&mut input);
        input.attached(700);
        assert_eq!(sent(&mut input), b"abc");
        input.confirm(703);
        assert_eq!(input.confirmed(), 703);
    }

    #[test]
    fn a_large_paste_is_sent_in_frames_within_a_window() {
        let mut input = Input::default();
        let paste: Vec<u8> = (0..1_000_000_u32).map(|at| at as u8).collect();
        input.add(&paste);
        let mut taken = Vec::new();
        loop {
            let frames: Vec<Bytes> = std::iter::from_fn(|| input.next()).collect();
            if frames.is_empty() {
                break;
            }
            assert!(frames.iter().all(|frame| frame.len() <= CHUNK));
            taken.extend(frames.concat());
            assert!(taken.len() as u64 - input.confirmed() <= WINDOW);
            input.confirm(taken.len() as u64);
        }
        assert!(taken == paste);
    }

    #[test]
    fn output_counts_bytes_but_not_those_of_a_snapshot() {
        let mut output = Output::default();
        assert_eq!(output.resume(), (None, None));
        let epoch = Epoch("e".to_owned());
        output.attached(epoch.clone(), 100, 6);
        assert!(output.receive(4));
        assert_eq!(output.due(true), None);
        assert_eq!(output.resume(), (Some(epoch.clone()), None), "half a snapshot is nothing to go on from");
        assert!(output.receive(2));
        assert_eq!(output.due(false), Some(100), "a snapshot is acknowledged at once");
        output.acknowledged(100);
        assert!(!output.receive(2));
        assert_eq!(output.resume(), (Some(epoch), Some(102)));
        assert_eq!((output.due(false), output.due(true)), (None, Some(102)));
        output.acknowledged(102);
        output.receive(70_000);
        assert_eq!(output.due(false), Some(70_102));
        output.skipped(200_000, 0);
        assert_eq!(output.due(true), None);
    }
}
