//! The model of the screen: fed with the output behind the viewers' backs, asked for snapshots and answers.

use super::model::Model;
use super::screen::SizeAt;
use super::{Head, InputChunk, Shared};
use crate::sessions::core::lock;
use crate::sessions::replay::RingRead;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// Output the model takes in one go, a fraction of a millisecond's work: viewers of any session come in between.
const TURN_BYTES: usize = 16 << 10;
/// After so many it is seen to answers and the preview, however much there is.
const TURNS: usize = 16;
/// What was printed reaches the viewers first, and what comes in small pieces is fed in one.
const HEAD_START: Duration = Duration::from_millis(1);
/// In a flood the model waits longer: the more there is, the more of it can be left out.
const FLOOD_START: Duration = Duration::from_millis(8);
const FLOOD_BYTES: u64 = 64 << 10;
/// What is looked through for lines that nobody will see.
const SKIM_BYTES: u64 = 192 << 10;
const SKIM_BYTES_MAX: u64 = 2 << 20;
/// The list shows a new last line at most this often.
const PREVIEW_INTERVAL: Duration = Duration::from_secs(1);
/// How soon answers are offered again that found no room.
const ANSWERS_AGAIN: Duration = Duration::from_millis(50);

/// The model, and how far it is.
#[derive(Debug)]
pub(super) struct Fed {
    pub model: Model,
    /// Output before this is in the model.
    pub offset: u64,
    /// Sizes before this are.
    sizes: u64,
    size: (u16, u16),
    answers: Bytes,
}

/// A screen as it was at an offset.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub bytes: Bytes,
    pub offset: u64,
    /// The size then, and the number of the next size.
    pub size: (u16, u16),
    pub next_size: u64,
}

impl Fed {
    pub(super) fn new(model: Model, size: (u16, u16)) -> Self {
        Self { model, offset: 0, sizes: 1, size, answers: Bytes::new() }
    }
}

/// Feeds the model until the last byte.
pub(super) async fn feed(shared: Arc<Shared>) {
    let mut head = shared.head.subscribe();
    let mut preview_due = Instant::now();
    let mut stale = false;
    loop {
        let Head { offset, ended } = *head.borrow_and_update();
        // The model may be ahead: bytes are in the ring a moment before they are told of.
        let behind = offset.saturating_sub(shared.screen().fed);
        if behind >= SKIM_BYTES {
            shared.skim();
        }
        let mut more = false;
        for _ in 0..TURNS {
            more = shared.feed_turn();
            if !more {
                break;
            }
            stale = true;
            tokio::task::yield_now().await;
        }
        let unanswered = !shared.answer();
        if stale && (ended || Instant::now() >= preview_due) {
            shared.show_preview();
            preview_due = Instant::now() + PREVIEW_INTERVAL;
            stale = false;
        }
        if more {
            continue;
        }
        if ended {
            return;
        }
        tokio::select! {
            changed = head.changed() => {
                if changed.is_err() {
                    return;
                }
                sleep(if behind >= FLOOD_BYTES { FLOOD_START } else { HEAD_START }).await;
            }
            () = sleep(ANSWERS_AGAIN), if unanswered => {}
            () = sleep_until(preview_due), if stale => {}
        }
    }
}

impl Shared {
    /// Feeds a little; tells whether there was anything.
    fn feed_turn(&self) -> bool {
        let mut fed = lock(&self.fed);
        let fed = &mut *fed;
        let (size, read) = {
            let mut screen = self.screen();
            let size = screen.size_after(fed.sizes);
            let limit = size.as_ref().map_or(u64::MAX, |size| size.at.saturating_sub(fed.offset));
            let max = TURN_BYTES.min(usize::try_from(limit).unwrap_or(TURN_BYTES));
            let read = if max == 0 { RingRead::UpToDate } else { screen.ring.read(fed.offset, max) };
            if let RingRead::Bytes(bytes) = &read {
                screen.fed = fed.offset + bytes.len() as u64;
            }
            (size.filter(|_| max == 0), read)
        };
        if let Some(size) = size {
            fed.resize(size);
            return true;
        }
        match read {
            RingRead::Bytes(bytes) => {
                fed.model.feed(&bytes);
                fed.offset += bytes.len() as u64;
                self.room.notify_one();
                self.show_title(fed.model.title());
                true
            }
            RingRead::UpToDate => false,
            RingRead::Behind { oldest } => {
                // The reader waits for the model, so this is a mistake of ours.
                tracing::error!(session = %self.core.id, offset = fed.offset, oldest, "output was lost for the model");
                fed.offset = oldest;
                true
            }
        }
    }

    /// Leaves out what a flood of plain lines would scroll away.
    fn skim(&self) {
        let mut fed = lock(&self.fed);
        let mut pieces = Vec::new();
        {
            let screen = self.screen();
            let end = screen.size_after(fed.sizes).map_or(u64::MAX, |size| size.at).min(fed.offset + SKIM_BYTES_MAX);
            let mut offset = fed.offset;
            while let Some(max) = end.checked_sub(offset).filter(|&max| max > 0)
                && let RingRead::Bytes(piece) = screen.ring.read(offset, usize::try_from(max).unwrap_or(usize::MAX))
            {
                offset += piece.len() as u64;
                pieces.push(piece);
            }
        }
        fed.offset += fed.model.skim(&pieces) as u64;
        self.screen().fed = fed.offset;
    }

    /// What an uninterrupted viewer shows. Costs the time to print the screen and what has scrolled off it.
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut fed = lock(&self.fed);
        loop {
            let due = self.screen().size_after(fed.sizes).filter(|size| size.at <= fed.offset);
            let Some(size) = due else { break };
            fed.resize(size);
        }
        // An empty terminal shows what a new page shows.
        let bytes = if fed.offset == 0 { Bytes::new() } else { fed.model.snapshot() };
        Snapshot { bytes, offset: fed.offset, size: fed.size, next_size: fed.sizes }
    }

    /// Hands what the program asked its terminal to the PTY; false when it found no room and is to be tried again.
    fn answer(&self) -> bool {
        let mut fed = lock(&self.fed);
        if fed.answers.is_empty() {
            fed.answers = fed.model.answers().into();
        }
        if fed.answers.is_empty() {
            return true;
        }
        let Ok(slot) = self.input.try_reserve() else { return self.input.is_closed() };
        slot.send(InputChunk { from: None, bytes: std::mem::take(&mut fed.answers), _budget: None });
        true
    }

    fn show_title(&self, title: &str) {
        self.title.send_if_modified(|shown| {
            let changed = shown != title;
            if changed {
                title.clone_into(shown);
            }
            changed
        });
    }

    fn show_preview(&self) {
        let line = lock(&self.fed).model.last_line();
        self.core.update(|session| session.last_line = Some(line).filter(|line| !line.is_empty()));
    }
}

impl Fed {
    fn resize(&mut self, size: SizeAt) {
        self.model.resize(size.cols, size.rows);
        self.size = (size.cols, size.rows);
        self.sizes = size.number + 1;
    }
}
