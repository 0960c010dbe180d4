//! The key that detaches, found in what is typed.

use std::fmt;
use std::str::FromStr;

const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// A key together with Ctrl.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DetachKey(u8);

impl Default for DetachKey {
    /// Ctrl-] as in telnet: shells, editors and Claude's own UI use nearly every other.
    fn default() -> Self {
        Self(0x1d)
    }
}

impl FromStr for DetachKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        let key = ["ctrl-", "ctrl+", "c-", "^"].iter().find_map(|prefix| lower.strip_prefix(prefix));
        match key.map(str::as_bytes) {
            // Enter, Tab and Escape are among these, and what begins every special key must stay.
            Some([b'h' | b'i' | b'j' | b'm' | b'[']) => Err("this key is needed for typing"),
            Some([key @ (b'@' | b'a'..=b'z' | b'\\'..=b'_')]) => Ok(Self(key & 0x1f)),
            _ => Err("a detach key is ctrl- and a letter or one of @ \\ ] ^ _"),
        }
    }
}

impl fmt::Display for DetachKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ctrl-{}", char::from(self.0 | 0x40))
    }
}

/// Finds the key in a stream of input. What is pasted holds no keys, where the program has pastes marked.
#[derive(Debug)]
pub(super) struct Keys {
    detach: DetachKey,
    pasting: bool,
    /// How much of the next mark has come.
    matched: usize,
}

impl Keys {
    pub(super) fn new(detach: DetachKey) -> Self {
        Self { detach, pasting: false, matched: 0 }
    }

    /// What of `bytes` is for the program, and whether the key came after it.
    pub(super) fn take<'a>(&mut self, bytes: &'a [u8]) -> (&'a [u8], bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == self.detach.0 && !self.pasting {
                return (&bytes[..at], true);
            }
            let mark = if self.pasting { PASTE_ENDS } else { PASTE_BEGINS };
            self.matched = match mark[self.matched] == byte {
                true => self.matched + 1,
                // Nothing in a mark but its beginning is an ESC.
                false => usize::from(byte == mark[0]),
            };
            if self.matched == mark.len() {
                self.pasting = !self.pasting;
                self.matched = 0;
            }
        }
        (bytes, false)
    }

    /// The program has no pastes marked: a mark that was begun means nothing any more.
    pub(super) fn unmarked(&mut self) {
        self.pasting = false;
        self.matched = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_needed_for_typing_are_refused() {
        for (text, shown) in [
            ("ctrl-]", Some("Ctrl-]")),
            ("^\\", Some("Ctrl-\\")),
            ("C-a", Some("Ctrl-A")),
            ("Ctrl+Q", Some("Ctrl-Q")),
            ("ctrl-@", Some("Ctrl-@")),
            ("ctrl-m", None),
            ("^[", None),
            ("ctrl-i", None),
            ("ctrl-ab", None),
            ("ctrl-1", None),
            ("a", None),
            ("", None),
            ("ctrl-ä", None),
        ] {
            let key = text.parse::<DetachKey>().ok().map(|key| key.to_string());
            assert_eq!(key.as_deref(), shown, "{text}");
        }
        assert_eq!(DetachKey::default(), "ctrl-]".parse().expect("a key"));
    }

    #[test]
    fn input_is_exact_up_to_the_key_wherever_it_is_cut() {
        let all = (0..=255).filter(|byte| *byte != 0x1d).collect::<Vec<u8>>();
        assert_eq!(Keys::new(DetachKey::default()).take(&all), (&all[..], false));
        let input = b"a\x1b[200~pasted \x1d\x1b[20\x1b[201~b\x1dc";
        for size in 1..input.len() {
            let mut keys = Keys::new(DetachKey::default());
            let mut typed = Vec::new();
            for part in input.chunks(size) {
                let (taken, detach) = keys.take(part);
                typed.extend_from_slice(taken);
                if detach {
                    break;
                }
            }
            assert_eq!(typed, b"a\x1b[200~pasted \x1d\x1b[20\x1b[201~b", "{size}");
        }
    }

    #[test]
    fn a_paste_that_never_ends_locks_nobody_in_once_pastes_are_unmarked() {
        let mut keys = Keys::new(DetachKey::default());
        assert!(!keys.take(b"\x1b[200~\x1d").1);
        keys.unmarked();
        assert!(keys.take(b"\x1d").1);
    }
}
