//! Texts that cells refer to by number: links, and characters with marks. Bounded; what nothing refers to is let go.

use std::collections::{HashMap, HashSet};

/// Memory the texts of one table may take.
const BYTES_MAX: usize = 256 << 10;
/// One text.
const TEXT_BYTES_MAX: usize = 4 << 10;
/// What an entry takes besides its text, roughly.
const ENTRY_BYTES: usize = 96;
/// So many texts are refused before the table looks again for some that are unused.
const PATIENCE: u32 = 4096;

/// A table of texts. Number 0 is none.
#[derive(Debug, Default)]
pub(super) struct Texts {
    by_number: HashMap<u32, Box<str>>,
    numbers: HashMap<Box<str>, u32>,
    next: u32,
    bytes: usize,
    refused: u32,
}

impl Texts {
    /// Number of a text; `None` when the table is full. `used` tells what cells refer to.
    pub(super) fn number(&mut self, text: &str, used: impl FnOnce() -> HashSet<u32>) -> Option<u32> {
        if let Some(number) = self.numbers.get(text) {
            return Some(*number);
        }
        let bytes = text.len() * 2 + ENTRY_BYTES;
        if self.bytes + bytes > BYTES_MAX {
            self.refused = self.refused.wrapping_add(1);
            if text.len() > TEXT_BYTES_MAX || self.refused % PATIENCE != 1 {
                return None;
            }
            self.keep_only(&used());
            if self.bytes + bytes > BYTES_MAX {
                return None;
            }
            self.refused = 0;
        }
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        self.bytes += bytes;
        let number = self.free_number();
        self.by_number.insert(number, text.into());
        self.numbers.insert(text.into(), number);
        Some(number)
    }

    pub(super) fn get(&self, number: u32) -> &str {
        self.by_number.get(&number).map_or("", |text| text)
    }

    /// Numbers fit the bits a cell has for them.
    fn free_number(&mut self) -> u32 {
        loop {
            self.next = self.next % ((1 << 20) - 1) + 1;
            if !self.by_number.contains_key(&self.next) {
                return self.next;
            }
        }
    }

    fn keep_only(&mut self, used: &HashSet<u32>) {
        self.by_number.retain(|number, _| used.contains(number));
        self.numbers.retain(|_, number| used.contains(number));
        self.bytes = self.by_number.values().map(|text| text.len() * 2 + ENTRY_BYTES).sum();
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}
