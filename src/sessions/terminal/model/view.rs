//! What a terminal shows, row by row, for drawing it in another terminal of any size.

use super::cell::{Attributes, Row};
use super::modes::{Mouse, MouseEncoding};
use super::{Model, State, sgr};
use std::fmt::Write as _;

/// A row, drawn: text and attributes. It begins and ends with no attributes and moves the cursor only to the right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrawnRow {
    /// What to print.
    pub text: String,
    /// Columns it covers; what is right of them is empty.
    pub columns: usize,
}

/// What a viewer's terminal has to be told besides the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    /// Arrows as application keys.
    pub application_cursor: bool,
    /// The number pad as application keys.
    pub application_keypad: bool,
    /// Pastes are marked.
    pub bracketed_paste: bool,
    /// Focus is reported.
    pub focus: bool,
    /// DECSCUSR; 0 is the viewer's own.
    pub cursor_style: u8,
    /// The mode that reports the mouse; 0 is none.
    pub mouse: u16,
    /// The mode that says how; 0 is the oldest way.
    pub mouse_encoding: u16,
}

impl Model {
    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        (self.state.cols, self.state.rows)
    }

    /// Row `y` of the screen, cut after `columns`.
    pub fn screen_row(&self, y: usize, columns: usize) -> DrawnRow {
        let grid = self.state.grid_ref();
        grid.lines.get(grid.base() + y).map(|row| draw(&self.state, row, columns)).unwrap_or_default()
    }

    /// How many rows have scrolled off the normal screen since it was last reset.
    pub fn scrolled(&self) -> u64 {
        self.state.normal.scrolled
    }

    /// The last `count` rows that have scrolled off, oldest first, as far as they are kept.
    pub fn scrolled_rows(&self, count: u64, columns: usize) -> impl Iterator<Item = DrawnRow> {
        let grid = &self.state.normal;
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(grid.base());
        grid.lines.range(grid.base() - count..grid.base()).map(move |row| draw(&self.state, row, columns))
    }

    /// Whether the alternate screen is shown.
    pub fn is_alternate(&self) -> bool {
        self.state.alternate.is_some()
    }

    /// Column and row of the cursor, and whether it is seen.
    pub fn cursor(&self) -> (usize, usize, bool) {
        let grid = self.state.grid_ref();
        (grid.x.min(self.state.cols - 1), grid.y, !self.state.modes.cursor_hidden)
    }

    /// The program is in the middle of drawing.
    pub fn is_synchronised(&self) -> bool {
        self.state.modes.synchronised
    }

    /// How often the bell has rung.
    pub fn bells(&self) -> u64 {
        self.state.bells
    }

    /// What the program has switched on.
    pub fn switches(&self) -> Switches {
        let modes = &self.state.modes;
        Switches {
            application_cursor: modes.application_cursor,
            application_keypad: modes.application_keypad,
            bracketed_paste: modes.bracketed_paste,
            focus: modes.focus,
            cursor_style: modes.cursor_style,
            mouse: match modes.mouse {
                Mouse::None => 0,
                Mouse::X10 => 9,
                Mouse::Buttons => 1000,
                Mouse::Drag => 1002,
                Mouse::Any => 1003,
            },
            mouse_encoding: match modes.mouse_encoding {
                MouseEncoding::Default => 0,
                MouseEncoding::Sgr => 1006,
                MouseEncoding::Pixels => 1016,
            },
        }
    }
}

fn draw(state: &State, row: &Row, columns: usize) -> DrawnRow {
    let mut drawn = DrawnRow::default();
    let mut shown = Attributes::default();
    let last = row.cells.iter().take(columns).rposition(|cell| cell.has_content() || visible(cell.attributes));
    let end = last.map_or(0, |last| last + 1);
    let mut at = 0;
    while at < end {
        let cell = row.get(at);
        let attributes = unlinked(cell.attributes);
        if attributes != shown {
            let _ = write!(drawn.text, "\x1b[{}m", sgr::parameters(attributes));
            shown = attributes;
        }
        let other = row.get(at + 1);
        let whole = cell.width() == 1 || cell.width() == 2 && at + 2 <= columns && other.width() == 0;
        let plain = cell.character().is_some_and(|c| c.is_ascii() && !c.is_ascii_control());
        if plain || cell.has_content() && whole && !cell.character().is_some_and(char::is_control) {
            state.cell_text(cell, &mut drawn.text);
        } else {
            // Nothing, half a character, or a mark that stands alone.
            drawn.text.push(' ');
        }
        let covered = if whole { cell.width().max(1) as usize } else { 1 };
        at += covered;
        // Terminals do not agree on how wide these are.
        if covered > 1 || cell.combined().is_some() {
            let _ = write!(drawn.text, "\x1b[{}G", (at + 1).min(columns));
        }
    }
    if shown != Attributes::default() {
        drawn.text.push_str("\x1b[0m");
    }
    drawn.columns = at;
    drawn
}

/// Whether a column without text looks different from nothing.
fn visible(attributes: Attributes) -> bool {
    unlinked(attributes) != Attributes::default()
}

fn unlinked(mut attributes: Attributes) -> Attributes {
    attributes.link = 0;
    attributes.note_extended();
    attributes
}

#[cfg(test)]
mod tests {
    use super::super::ModelSettings;
    use super::*;

    fn fed(cols: u16, rows: u16, output: &str) -> Model {
        let mut model = Model::new(cols, rows, &ModelSettings::default());
        model.feed(output.as_bytes());
        model
    }

    #[test]
    fn rows_are_drawn_cut_and_without_anything_a_terminal_obeys() {
        for (output, columns, text, covered) in [
            ("plain", 80, "plain", 5),
            ("plain", 3, "pla", 3),
            ("\x1b[31mred\x1b[0m x", 80, "\x1b[0;31mred\x1b[0m x", 5),
            ("a\x1b[5Gb", 80, "a   b", 5),
            ("\x1b[44m \x1b[K", 4, "\x1b[0;44m    \x1b[0m", 4),
            ("漢字", 3, "漢\x1b[3G ", 3),
            ("漢字", 4, "漢\x1b[3G字\x1b[4G", 4),
            ("e\u{301}x", 80, "e\u{301}\x1b[2Gx", 2),
            ("\x1b]52;c;AAAA\x07\x1b[c\x1b[6n\x1bPq#0\x1b\\\x1b_Gi=1\x1b\\ok", 80, "ok", 2),
            ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", 80, "link", 4),
        ] {
            let row = fed(8, 2, output).screen_row(0, columns.min(8));
            assert_eq!((row.text.as_str(), row.columns), (text, covered), "{output:?}");
        }
    }

    #[test]
    fn rows_that_scroll_off_are_counted_and_given() {
        let model = fed(8, 2, "1\r\n2\r\n3\r\n4");
        assert_eq!(model.scrolled(), 2);
        let rows = |count| model.scrolled_rows(count, 8).map(|row| row.text).collect::<Vec<_>>();
        assert_eq!(rows(1), ["2"]);
        assert_eq!(rows(2), ["1", "2"]);
        assert_eq!(rows(9), ["1", "2"]);
        assert_eq!(fed(8, 2, "\x1b[?1049h1\r\n2\r\n3\r\n4").scrolled(), 0, "the alternate screen keeps nothing");
    }

    #[test]
    fn switches_bells_and_cursor_are_told() {
        let model = fed(8, 4, "\x07\x07ab\x1b[?1h\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?25l\x1b[?1049h");
        let switches = model.switches();
        assert!(switches.application_cursor && switches.bracketed_paste && model.is_alternate());
        assert_eq!((switches.mouse, switches.mouse_encoding, model.bells()), (1002, 1006, 2));
        assert_eq!(model.cursor(), (2, 0, false));
        assert_eq!(fed(8, 4, "\x1b[?1002h\x1bc").switches(), Switches::default());
    }
}
