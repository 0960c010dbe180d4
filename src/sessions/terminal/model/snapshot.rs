//! A terminal's state as output: sequences after which a terminal that was just made has the same state.

use super::State;
use super::cell::{Attributes, Cell, KIND, Row, bg};
use super::charset::Charset;
use super::grid::{Grid, Saved};
use super::modes::{Modes, Mouse, MouseEncoding};
use super::sgr;
use bytes::Bytes;
use std::fmt::{self, Write as _};

/// Ends what may be unfinished, resets, and takes back what a reset leaves: hidden cursor, newline mode, colours, link.
const RESET: &str = "\x18\x1bc\x1b[?25h\x1b[20l\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\\x1b]8;;\x1b\\";

/// Writes it; `unfinished` is what the parser has of a sequence or character that goes on after the snapshot.
pub(super) fn write(state: &State, unfinished: &[u8]) -> Bytes {
    let mut writer = Writer { state, out: RESET.to_owned(), attributes: Attributes::default() };
    writer.palette();
    writer.rows(&state.normal);
    writer.settings(&state.normal, state.normal.saved);
    match &state.alternate {
        Some(alternate) => {
            // Hidden, its cursor still says which rows a change of size leaves alone.
            writer.format(format_args!("\x1b[{};{}H", state.normal.y + 1, state.normal.x + 1));
            writer.put("\x1b[?47h\x1b[H");
            writer.rows(alternate);
            writer.settings(alternate, alternate.saved);
        }
        None if state.alternate_saved != Saved::default() => {
            writer.put("\x1b[?47h");
            writer.saved(state.alternate_saved);
            writer.put("\x1b[?47l");
        }
        None => {}
    }
    writer.cursor_and_modes();
    let mut out = writer.out.into_bytes();
    out.extend_from_slice(unfinished);
    out.into()
}

struct Writer<'a> {
    state: &'a State,
    out: String,
    /// What the receiving terminal would print with.
    attributes: Attributes,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn format(&mut self, text: fmt::Arguments<'_>) {
        // Writing to memory does not fail.
        let _ = self.out.write_fmt(text);
    }

    fn palette(&mut self) {
        let state = self.state;
        self.format(format_args!("\x1b]2;{}\x1b\\", state.title));
        for (index, colour) in &state.palette.indexed {
            self.format(format_args!("\x1b]4;{index};{}\x1b\\", super::palette::write(*colour)));
        }
        for (which, colour) in (10..).zip(state.palette.special) {
            if let Some(colour) = colour {
                self.format(format_args!("\x1b]{which};{}\x1b\\", super::palette::write(colour)));
            }
        }
    }

    fn set(&mut self, to: Attributes) {
        if to.link != self.attributes.link {
            match to.link {
                0 => self.put("\x1b]8;;\x1b\\"),
                number => {
                    let state = self.state;
                    self.format(format_args!("\x1b]8;{}\x1b\\", state.links.get(number)));
                }
            }
        }
        let without_link = |attributes: Attributes| Attributes { link: 0, ..attributes };
        if without_link(to) != without_link(self.attributes) {
            self.format(format_args!("\x1b[{}m", sgr::parameters(to)));
            if to.bg & bg::PROTECTED != 0 {
                self.put("\x1b[1\"q");
            }
        }
        self.attributes = to;
    }

    /// Scrollback and screen, from the top left corner of an empty screen.
    fn rows(&mut self, grid: &Grid) {
        let mut before: Option<&Row> = None;
        for row in &grid.lines {
            match before {
                Some(before) if row.wrapped && (grid.rows > 1 || stands_behind(grid, before)) => {
                    self.wrap(grid, before, row);
                }
                Some(_) => {
                    // A row that scrolls in is filled with the ground's colour.
                    if self.attributes.bg & KIND != 0 {
                        self.set(Attributes::default());
                    }
                    self.put("\r\n");
                }
                None => {}
            }
            self.row(row);
            before = Some(row);
        }
        self.set(Attributes::default());
    }

    /// To the next row, in such a way that it counts as the same line.
    fn wrap(&mut self, grid: &Grid, before: &Row, row: &Row) {
        self.set(Attributes::default());
        let last = before.get(grid.cols - 1);
        let stands_behind = stands_behind(grid, before);
        if !stands_behind {
            self.format(format_args!("\x1b[{}G ", grid.cols));
        }
        // A character wraps; then it goes again.
        self.put(" ");
        if !stands_behind {
            self.format(format_args!("\x1b[A\x1b[{}G", grid.cols));
            self.set(last.attributes.erased());
            self.put("\x1b[X");
            self.set(Attributes::default());
            self.put("\x1b[B");
        }
        self.put("\r");
        if !row.get(0).has_content() {
            self.put("\x1b[X");
        }
    }

    fn row(&mut self, row: &Row) {
        // A half that was left alone is shown as nothing.
        let nothing_at = |at: usize| {
            let cell = row.get(at);
            let follows = cell.width() == 0 && at > 0 && row.get(at - 1).width() == 2;
            // The other half was cut off, by a narrower screen or by what was printed there.
            let other = row.get(at + 1);
            let cut = cell.width() == 2 && (other.width() != 0 || other.has_content());
            (!cell.has_content() && !follows || cut).then_some(cell.attributes)
        };
        // Columns that were passed over, still to be skipped.
        let mut skip = 0;
        let mut at = 0;
        while let Some(cell) = row.cells.get(at) {
            if let Some(attributes) = nothing_at(at) {
                let run = (at..row.cells.len()).take_while(|other| nothing_at(*other) == Some(attributes)).count();
                at += run;
                self.nothing(attributes, run, &mut skip);
                continue;
            }
            at += 1;
            if !cell.has_content() {
                continue;
            }
            self.skip(&mut skip);
            if cell.width() == 0 {
                // A mark without a character; it must not join the one before.
                self.put("\x1b[m");
                self.attributes = Attributes { link: self.attributes.link, ..Attributes::default() };
            }
            self.set(cell.attributes);
            self.text(*cell);
        }
    }

    /// Columns without text, after `skip` that were passed over.
    fn nothing(&mut self, attributes: Attributes, columns: usize, skip: &mut usize) {
        if attributes == Attributes::default() {
            *skip += columns;
            return;
        }
        self.skip(skip);
        self.set(attributes);
        if attributes == attributes.erased() {
            self.format(format_args!("\x1b[{columns}X"));
            *skip = columns;
        } else {
            // Printed over with attributes, or shifted in: it looks like spaces.
            self.put(&" ".repeat(columns));
        }
    }

    fn skip(&mut self, columns: &mut usize) {
        match std::mem::take(columns) {
            0 => {}
            1 => self.put("\x1b[C"),
            columns => self.format(format_args!("\x1b[{columns}C")),
        }
    }

    fn text(&mut self, cell: Cell) {
        let state = self.state;
        state.cell_text(cell, &mut self.out);
    }

    /// What belongs to one screen besides its rows.
    fn settings(&mut self, grid: &Grid, saved: Saved) {
        if (grid.top, grid.bottom) != (0, grid.rows - 1) {
            self.format(format_args!("\x1b[{};{}r", grid.top + 1, grid.bottom + 1));
        }
        let stop = |at: usize| grid.tabs.get(at) == Some(&true);
        if (0..grid.cols).any(|at| stop(at) != (at % 8 == 0)) {
            self.put("\x1b[3g");
            for at in (0..grid.cols).filter(|at| stop(*at)) {
                self.format(format_args!("\x1b[{}G\x1bH", at + 1));
            }
        }
        if saved != Saved::default() {
            self.saved(saved);
        }
    }

    fn saved(&mut self, saved: Saved) {
        self.set(Attributes { fg: saved.fg, bg: saved.bg, ..Attributes::default() });
        self.charset(b'(', saved.charset);
        self.format(format_args!("\x1b[{};{}H\x1b7", saved.y.max(0) + 1, saved.x + 1));
        self.charset(b'(', Charset::default());
        self.set(Attributes::default());
    }

    fn charset(&mut self, which: u8, set: Charset) {
        self.format(format_args!("\x1b{}{}", char::from(which), char::from(set.letter())));
    }

    fn cursor_and_modes(&mut self) {
        let state = self.state;
        let (modes, grid) = (&state.modes, state.grid_ref());
        if !modes.wraparound {
            self.put("\x1b[?7l");
        }
        let mut y = grid.y;
        if modes.origin {
            self.put("\x1b[?6h");
            y = y.saturating_sub(grid.top);
        }
        // Standing behind the last column is only reached by printing there, and joining only after printing.
        let columns = (state.joinable.max(1) as usize).min(grid.x);
        let row = &grid.lines[grid.base() + grid.y];
        let mut at = grid.x - columns;
        if state.joinable == 0 && at > 0 && row.get(at).width() == 0 && !row.get(at).has_content() {
            at -= 1;
        }
        let last = row.get(at);
        let joins = state.joinable != 0
            && grid.x > 0
            && last.has_content()
            && at + last.width() as usize == grid.x
            && !modes.insert
            && Cell::null(state.attributes).attributes == last.attributes;
        let behind = grid.x >= grid.cols && !joins;
        // Only restoring a cursor parts the two, so the saved one has it; it is restored before the cursor is placed.
        let restored = state.charsets.current != state.charsets.designated[state.charsets.level];
        if restored {
            self.charsets();
            if state.charsets.current == grid.saved.charset {
                self.put("\x1b8\x1b[m");
                self.attributes = Attributes::default();
            }
        }
        let place = |x: usize| format!("\x1b[{};{}H", y + 1, x + 1);
        if behind {
            self.put(&place(at));
            self.set(last.attributes);
            if last.has_content() && at + last.width() as usize <= grid.cols {
                self.text(last);
            } else {
                self.put(" ");
                // Erasing to the left leaves the cursor where it is; it fits when there is nothing else to the left.
                if last.attributes == last.attributes.erased() && row.cells.iter().all(|cell| *cell == last) {
                    self.put("\x1b[1K");
                }
            }
        } else {
            self.put(&place(if joins { at } else { grid.x }));
        }
        if !restored {
            self.charsets();
        }
        self.modes(modes);
        self.set(state.attributes);
        if joins {
            // What has been printed last was printed with the attributes and charset there are now.
            self.text(last);
        }
    }

    fn charsets(&mut self) {
        let charsets = self.state.charsets;
        for (which, set) in [b'(', b')', b'*', b'+'].into_iter().zip(charsets.designated) {
            if !set.is_ascii() {
                self.charset(which, set);
            }
        }
        self.put(["", "\x0e", "\x1bn", "\x1bo"][charsets.level]);
    }

    fn modes(&mut self, modes: &Modes) {
        let switches = [
            (modes.application_cursor, "\x1b[?1h"),
            (modes.application_keypad, "\x1b="),
            (modes.reverse_wraparound, "\x1b[?45h"),
            (modes.bracketed_paste, "\x1b[?2004h"),
            (modes.focus, "\x1b[?1004h"),
            (modes.cursor_hidden, "\x1b[?25l"),
            (modes.newline, "\x1b[20h"),
            (modes.insert, "\x1b[4h"),
            (modes.blink == Some(true), "\x1b[?12h"),
            (modes.blink == Some(false), "\x1b[?12l"),
            (modes.mouse_encoding == MouseEncoding::Sgr, "\x1b[?1006h"),
            (modes.mouse_encoding == MouseEncoding::Pixels, "\x1b[?1016h"),
            (modes.synchronised, "\x1b[?2026h"),
        ];
        for (_, sequence) in switches.into_iter().filter(|(on, _)| *on) {
            self.put(sequence);
        }
        self.put(match modes.mouse {
            Mouse::None => "",
            Mouse::X10 => "\x1b[?9h",
            Mouse::Buttons => "\x1b[?1000h",
            Mouse::Drag => "\x1b[?1002h",
            Mouse::Any => "\x1b[?1003h",
        });
        if modes.cursor_style != 0 {
            self.format(format_args!("\x1b[{} q", modes.cursor_style));
        }
    }
}

/// Whether the cursor stands behind the last column when the row has been written.
fn stands_behind(grid: &Grid, row: &Row) -> bool {
    let last = row.get(grid.cols - 1);
    last.has_content() && last.width() != 2 || last.width() == 0 || last.attributes != last.attributes.erased()
}
