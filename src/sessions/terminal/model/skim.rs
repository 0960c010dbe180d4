//! A long run of plain lines pushes everything off the screen and out of what is kept of it, and leaves nothing else
//! behind: its beginning need not be drawn. A flood of text costs a fraction so.

use super::Model;
use bytes::Bytes;

/// Looked at in one go, without leaving early: that is what makes it quick.
const BLOCK: usize = 256;

impl Model {
    /// How many bytes at the beginning of `pieces`, which follow each other, can be left out without a difference. The
    /// cursor goes where they leave it.
    pub(crate) fn skim(&mut self, pieces: &[Bytes]) -> usize {
        let skipped = self.scrolled_away(pieces);
        if skipped > 0 {
            self.state.grid().x = 0;
        }
        skipped
    }

    fn scrolled_away(&self, pieces: &[Bytes]) -> usize {
        let grid = self.state.grid_ref();
        if !self.parser.is_ground() || !grid.scrolls_whole() {
            return 0;
        }
        let mut plain = 0;
        for piece in pieces {
            let run = plain_bytes(piece);
            plain += run;
            if run < piece.len() {
                break;
            }
        }
        // The rest begins at the left, and scrolls away all that is there now.
        let mut lines = self.state.limits.lines + grid.rows + 1;
        let mut end = pieces.iter().map(Bytes::len).sum::<usize>();
        for piece in pieces.iter().rev() {
            let start = end - piece.len();
            let mut at = piece.len().min(plain.saturating_sub(start));
            while let Some(line_feed) = piece[..at].iter().rposition(|&byte| byte == b'\n') {
                lines = lines.saturating_sub(1);
                if lines == 0 && line_feed > 0 && piece[line_feed - 1] == b'\r' {
                    return start + line_feed + 1;
                }
                at = line_feed;
            }
            end = start;
        }
        0
    }
}

/// How many bytes are printable ASCII or the ends of lines, in whole blocks.
fn plain_bytes(piece: &[u8]) -> usize {
    let odd = |block: &&[u8]| {
        let odd = |byte: u8| !(0x20..0x7f).contains(&byte) & (byte != b'\r') & (byte != b'\n');
        block.iter().fold(false, |any, &byte| any | odd(byte))
    };
    let blocks = piece.chunks(BLOCK).take_while(|block| !odd(block)).count();
    piece.len().min(blocks * BLOCK)
}
