//! The last bytes of a terminal, with absolute offsets.

use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;

/// Small writes gather until a chunk is this long, so that a trickle of keystroke echoes costs no chunk each. Behind the
/// head of a WebSocket frame it fills four records of TLS.
const CHUNK_BYTES: usize = (64 << 10) - 16;
/// The least memory of a chunk; it doubles until the chunk is full.
const CHUNK_BYTES_MIN: usize = 1 << 10;

/// The last `capacity` bytes written.
#[derive(Debug)]
pub(crate) struct ByteRing {
    capacity: usize,
    sealed: VecDeque<(u64, Bytes)>,
    sealed_bytes: usize,
    tail: BytesMut,
    head: u64,
}

/// What a read gives.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RingRead {
    /// Bytes from the asked-for offset on; at least one.
    Bytes(Bytes),
    /// Nothing yet.
    UpToDate,
    /// What was asked for is gone (or never was); this is the oldest offset kept.
    Behind { oldest: u64 },
}

impl ByteRing {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, sealed: VecDeque::new(), sealed_bytes: 0, tail: BytesMut::new(), head: 0 }
    }

    /// Offset after the last byte.
    pub(crate) fn head(&self) -> u64 {
        self.head
    }

    /// Offset of the oldest byte kept.
    pub(crate) fn oldest(&self) -> u64 {
        self.sealed.front().map_or(self.tail_start(), |(start, _)| *start)
    }

    /// Bytes kept now.
    pub(crate) fn weight_bytes(&self) -> usize {
        self.sealed_bytes + self.tail.len()
    }

    /// Appends bytes; old ones make room.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (part, rest) = bytes.split_at(bytes.len().min(CHUNK_BYTES - self.tail.len()));
            bytes = rest;
            self.make_room(part.len());
            self.tail.extend_from_slice(part);
            self.head += part.len() as u64;
            if self.tail.len() == CHUNK_BYTES {
                let start = self.tail_start();
                let chunk = std::mem::take(&mut self.tail).freeze();
                self.sealed_bytes += chunk.len();
                self.sealed.push_back((start, chunk));
            }
        }
        while self.weight_bytes() > self.capacity {
            let Some((_, dropped)) = self.sealed.pop_front() else { break };
            self.sealed_bytes -= dropped.len();
        }
    }

    /// Makes the tail's memory large enough, and never larger than a chunk, since that stays as long as the chunk.
    fn make_room(&mut self, bytes: usize) {
        let needed = self.tail.len() + bytes;
        if needed > self.tail.capacity() {
            let mut grown = BytesMut::with_capacity(needed.next_power_of_two().clamp(CHUNK_BYTES_MIN, CHUNK_BYTES));
            grown.extend_from_slice(&self.tail);
            self.tail = grown;
        }
    }

    /// Reads at most `max` bytes from `offset` on. Sealed chunks are shared, not copied.
    pub(crate) fn read(&self, offset: u64, max: usize) -> RingRead {
        if offset < self.oldest() || offset > self.head {
            return RingRead::Behind { oldest: self.oldest() };
        }
        if offset == self.head {
            return RingRead::UpToDate;
        }
        let tail_start = self.tail_start();
        if offset >= tail_start {
            let from = distance(tail_start, offset);
            let to = self.tail.len().min(from.saturating_add(max));
            return RingRead::Bytes(Bytes::copy_from_slice(&self.tail[from..to]));
        }
        let at = self.sealed.partition_point(|(start, _)| *start <= offset) - 1;
        let (start, chunk) = &self.sealed[at];
        let from = distance(*start, offset);
        let to = chunk.len().min(from.saturating_add(max));
        RingRead::Bytes(chunk.slice(from..to))
    }

    /// The last `max` bytes, copied.
    pub(crate) fn last(&self, max: usize) -> Vec<u8> {
        let mut offset = self.head.saturating_sub(max as u64).max(self.oldest());
        let mut last = Vec::new();
        while let RingRead::Bytes(bytes) = self.read(offset, max) {
            offset += bytes.len() as u64;
            last.extend_from_slice(&bytes);
        }
        last
    }

    fn tail_start(&self) -> u64 {
        self.head - self.tail.len() as u64
    }
}

/// How far `to` lies behind `from`; both are at most one ring apart, so the difference fits.
fn distance(from: u64, to: u64) -> usize {
    usize::try_from(to - from).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_kept_is_what_was_written(
            capacity in 1usize..300_000,
            writes in proptest::collection::vec(0usize..90_000, 1..20),
            max in 1usize..100_000,
        ) {
            let mut ring = ByteRing::new(capacity);
            let mut all = Vec::new();
            for length in writes {
                let bytes: Vec<u8> = (0..length).map(|n| ((all.len() + n) * 31 % 251) as u8).collect();
                ring.write(&bytes);
                all.extend_from_slice(&bytes);
                prop_assert!(ring.weight_bytes() <= capacity.max(CHUNK_BYTES));
                prop_assert!(ring.tail.capacity() <= CHUNK_BYTES, "memory that nothing counts");
            }
            prop_assert_eq!(ring.head(), all.len() as u64);
            let mut offset = ring.oldest();
            let mut read = Vec::new();
            while let RingRead::Bytes(bytes) = ring.read(offset, max) {
                prop_assert!(!bytes.is_empty() && bytes.len() <= max);
                offset += bytes.len() as u64;
                read.extend_from_slice(&bytes);
            }
            prop_assert_eq!(offset, ring.head());
            prop_assert_eq!(&read[..], &all[all.len() - read.len()..]);
        }
    }

    #[test]
    fn offsets_outside_the_ring_are_told_the_oldest() {
        let mut ring = ByteRing::new(CHUNK_BYTES);
        ring.write(&[1; CHUNK_BYTES]);
        ring.write(&[2; 10]);
        assert_eq!(ring.oldest(), CHUNK_BYTES as u64);
        assert_eq!(ring.read(0, 9), RingRead::Behind { oldest: ring.oldest() });
        assert_eq!(ring.read(ring.head() + 1, 9), RingRead::Behind { oldest: ring.oldest() });
        assert_eq!(ring.read(ring.head(), 9), RingRead::UpToDate);
    }
}
