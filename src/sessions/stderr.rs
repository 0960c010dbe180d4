//! The last lines a child wrote to stderr.

use super::replay::now_ms;
use crate::protocol::{StderrLine, StderrLog};
use std::collections::VecDeque;

/// Bookkeeping of one line, counted so that a flood of empty lines is bounded, too.
const LINE_OVERHEAD_BYTES: usize = 48;
/// A single line is cut here.
const LINE_BYTES_MAX: usize = 8 << 10;
/// How many lines say why a session ended.
const TAIL_LINES: usize = 10;

/// A bounded ring of lines.
#[derive(Debug)]
pub(crate) struct StderrRing {
    capacity_bytes: usize,
    bytes: usize,
    lines: VecDeque<StderrLine>,
    dropped: u64,
}

impl StderrRing {
    pub(crate) fn new(capacity_bytes: usize) -> Self {
        Self { capacity_bytes, bytes: 0, lines: VecDeque::new(), dropped: 0 }
    }

    /// Appends a line and gives it back as text; what is not UTF-8 is replaced, what is too long is cut.
    pub(crate) fn push(&mut self, line: &[u8]) -> String {
        let cut = line.len() > LINE_BYTES_MAX;
        let mut text = String::from_utf8_lossy(&line[..line.len().min(LINE_BYTES_MAX)]).into_owned();
        if cut {
            text.push('…');
        }
        self.bytes += text.len() + LINE_OVERHEAD_BYTES;
        self.lines.push_back(StderrLine { at: now_ms(), line: text.clone() });
        while self.bytes > self.capacity_bytes {
            let Some(old) = self.lines.pop_front() else { break };
            self.bytes -= old.line.len() + LINE_OVERHEAD_BYTES;
            self.dropped += 1;
        }
        text
    }

    /// Everything kept.
    pub(crate) fn log(&self) -> StderrLog {
        StderrLog { lines: self.lines.iter().cloned().collect(), dropped: self.dropped }
    }

    /// The last lines, oldest first.
    pub(crate) fn tail(&self) -> Vec<String> {
        self.lines.iter().skip(self.lines.len().saturating_sub(TAIL_LINES)).map(|line| line.line.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_lines_keeps_the_newest_and_counts_the_rest() {
        let mut ring = StderrRing::new(10_000);
        for n in 0..1000 {
            ring.push(format!("line {n}").as_bytes());
        }
        let log = ring.log();
        assert_eq!(log.lines.len() as u64 + log.dropped, 1000);
        assert_eq!(ring.tail().last().map(String::as_str), Some("line 999"));
        assert_eq!(ring.tail().len(), TAIL_LINES);
        ring.push(&[0xff; 20_000]);
        assert!(ring.bytes <= 10_000 || ring.lines.is_empty());
    }
}
