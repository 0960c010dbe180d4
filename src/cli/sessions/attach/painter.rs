//! Draws a terminal's model into the local terminal. Only what is written here ever reaches it: no query, no clipboard,
//! no sequence a program made up.

use crate::cli::text::{cut_end, plain, width};
use crate::sessions::{DrawnRow, Model, Switches};
use std::io::Write as _;

/// Rows that scroll off between two drawings and are still handed to the local terminal's scrollback.
const SCROLLED_ROWS_MAX: u64 = 2_000;

/// Takes back all that is ever switched on. CAN ends a sequence that was cut off.
const UNDO: &str = "\x18\x1b[?2026l\x1b[0m\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?1016l\
                    \x1b[?2004l\x1b[?1l\x1b>\x1b[0 q\x1b[?7h\x1b[?25h";
const LEAVE_ALTERNATE: &str = "\x1b[?1049l";
const PUSH_TITLE: &str = "\x1b[22;0t";
const POP_TITLE: &str = "\x1b[23;0t";

/// What the local terminal shows.
#[derive(Debug)]
pub(super) struct Painter {
    columns: usize,
    rows: usize,
    /// Each row as it was drawn; none when nobody knows what is there.
    shown: Vec<Option<DrawnRow>>,
    /// The normal screen's rows, while the alternate one is shown.
    hidden: Option<Vec<Option<DrawnRow>>>,
    switches: Option<Switches>,
    title: String,
    scrolled: u64,
    bells: u64,
    /// First row of the model that is shown, where not all fit.
    top: usize,
}

/// What is drawn over the screen and beside it.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Frame<'a> {
    /// A line over the screen.
    pub(super) status: Option<&'a str>,
    /// Of the window.
    pub(super) title: &'a str,
}

impl Painter {
    pub(super) fn new((columns, rows): (usize, usize)) -> Self {
        Self {
            columns,
            rows,
            shown: vec![None; rows],
            hidden: None,
            switches: None,
            title: String::new(),
            scrolled: 0,
            bells: 0,
            top: 0,
        }
    }

    /// Columns and rows of the local terminal.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// Makes room: what was on the screen scrolls off, so that nothing of it is lost.
    pub(super) fn enter(&mut self) -> Vec<u8> {
        let mut out = format!("{PUSH_TITLE}\x1b[0m\x1b[?7l\x1b[{};1H", self.rows).into_bytes();
        out.resize(out.len() + self.rows, b'\n');
        self.shown = vec![Some(DrawnRow::default()); self.rows];
        (self.hidden, self.switches) = (None, None);
        self.title.clear();
        out
    }

    /// Brings the local terminal back; the cursor goes below what was drawn.
    pub(super) fn leave(&self) -> Vec<u8> {
        let mut out = UNDO.as_bytes().to_vec();
        let normal = match &self.hidden {
            Some(hidden) => {
                out.extend_from_slice(LEAVE_ALTERNATE.as_bytes());
                hidden
            }
            None => &self.shown,
        };
        let used = normal.iter().rposition(|row| row.as_ref().is_none_or(|row| row.columns > 0));
        let last = used.map_or(1, |last| last + 1);
        let _ = write!(out, "\x1b[{last};1H{}{POP_TITLE}", if used.is_some() { "\r\n" } else { "" });
        out
    }

    /// Another size, or another who drew: nothing that was drawn is known to be there.
    pub(super) fn forget(&mut self, (columns, rows): (usize, usize)) {
        (self.columns, self.rows) = (columns, rows);
        self.shown = vec![None; rows];
        if let Some(hidden) = &mut self.hidden {
            *hidden = vec![None; rows];
        }
        self.switches = None;
    }

    /// Another model is drawn from now on; what it has scrolled off is not handed on.
    pub(super) fn replaced(&mut self, model: &Model) {
        (self.scrolled, self.bells) = (model.scrolled(), model.bells());
    }

    /// Whether all of the model fits.
    pub(super) fn fits(&self, model: &Model) -> bool {
        let (columns, rows) = model.size();
        columns <= self.columns && rows <= self.rows
    }

    /// What to write so that the local terminal shows the model.
    pub(super) fn paint(&mut self, model: &Model, frame: Frame<'_>) -> Vec<u8> {
        let mut out = b"\x1b[?2026h\x1b[?25l".to_vec();
        // Rows go to the scrollback from the normal screen only.
        if model.is_alternate() {
            self.scroll(model, &mut out);
            self.screen(model, &mut out);
        } else {
            self.screen(model, &mut out);
            self.scroll(model, &mut out);
        }
        let (x, y, visible) = model.cursor();
        // The cursor's row is always among those that fit.
        let room = model.size().1.saturating_sub(self.rows);
        self.top = self.top.clamp((y + 1).saturating_sub(self.rows), y).min(room);
        let status = frame.status.map(|text| self.status(text, y.saturating_sub(self.top)));
        for at in 0..self.rows {
            let row = match &status {
                Some((over, row)) if *over == at => row.clone(),
                _ => model.screen_row(self.top + at, self.columns),
            };
            self.row(at, row, &mut out);
        }
        self.switch(model.switches(), &mut out);
        if self.title != frame.title {
            frame.title.clone_into(&mut self.title);
            let _ = write!(out, "\x1b]2;{}\x1b\\", plain(frame.title));
        }
        let (x, y) = (x.min(self.columns.saturating_sub(1)), y.saturating_sub(self.top));
        let _ = write!(out, "\x1b[{};{}H", y + 1, x + 1);
        if visible {
            out.extend_from_slice(b"\x1b[?25h");
        }
        out.extend_from_slice(b"\x1b[?2026l");
        if model.bells() > self.bells {
            out.push(0x07);
        }
        self.bells = model.bells();
        out
    }

    /// Changes between the normal and the alternate screen.
    fn screen(&mut self, model: &Model, out: &mut Vec<u8>) {
        match (model.is_alternate(), self.hidden.take()) {
            (true, None) => {
                out.extend_from_slice(b"\x1b[?1049h\x1b[2J");
                let blank = vec![Some(DrawnRow::default()); self.rows];
                self.hidden = Some(std::mem::replace(&mut self.shown, blank));
            }
            (false, Some(hidden)) => {
                out.extend_from_slice(LEAVE_ALTERNATE.as_bytes());
                self.shown = hidden;
            }
            (_, hidden) => self.hidden = hidden,
        }
    }

    /// Hands rows that have scrolled off to the local terminal's scrollback.
    fn scroll(&mut self, model: &Model, out: &mut Vec<u8>) {
        let new = model.scrolled().saturating_sub(self.scrolled);
        // A reset of the program begins anew.
        self.scrolled = model.scrolled();
        if new == 0 || self.hidden.is_some() {
            return;
        }
        for row in model.scrolled_rows(new.min(SCROLLED_ROWS_MAX), self.columns) {
            self.row(0, row, out);
            let _ = writeln!(out, "\x1b[{};1H", self.rows);
            self.shown.remove(0);
            self.shown.push(Some(DrawnRow::default()));
        }
    }

    fn row(&mut self, at: usize, row: DrawnRow, out: &mut Vec<u8>) {
        if self.shown[at].as_ref() == Some(&row) {
            return;
        }
        let _ = write!(out, "\x1b[{};1H", at + 1);
        // Behind the last column, erasing would take the last character.
        if row.columns < self.columns {
            let _ = write!(out, "{}\x1b[K", row.text);
        } else {
            out.extend_from_slice(row.text.as_bytes());
        }
        self.shown[at] = Some(row);
    }

    /// The line over the screen, and the row it goes to: the last, unless the cursor stands there.
    fn status(&self, text: &str, cursor: usize) -> (usize, DrawnRow) {
        let text = format!(" {} ", cut_end(&plain(text), self.columns.saturating_sub(2)));
        let columns = width(&text);
        let at = if cursor + 1 < self.rows { self.rows - 1 } else { 0 };
        (at, DrawnRow { text: format!("\x1b[7m{text}\x1b[0m"), columns })
    }

    fn switch(&mut self, mut to: Switches, out: &mut Vec<u8>) {
        if self.top > 0 {
            // Where the mouse is here is not where it is there.
            (to.mouse, to.mouse_encoding) = (0, 0);
        }
        let from = self.switches.replace(to);
        let from = from.unwrap_or_else(|| {
            out.extend_from_slice(b"\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1016l\x1b[?7l");
            // Whatever is on now is not what is wanted.
            Switches {
                application_cursor: !to.application_cursor,
                application_keypad: !to.application_keypad,
                bracketed_paste: !to.bracketed_paste,
                focus: !to.focus,
                cursor_style: u8::MAX,
                mouse: 0,
                mouse_encoding: 0,
            }
        });
        let mut mode = |from: bool, to: bool, number: u16| {
            if from != to {
                let _ = write!(out, "\x1b[?{number}{}", if to { 'h' } else { 'l' });
            }
        };
        mode(from.application_cursor, to.application_cursor, 1);
        mode(from.bracketed_paste, to.bracketed_paste, 2004);
        mode(from.focus, to.focus, 1004);
        for (from, to) in [(from.mouse, to.mouse), (from.mouse_encoding, to.mouse_encoding)] {
            if from != to {
                mode(from != 0, false, from);
                mode(false, to != 0, to);
            }
        }
        if from.application_keypad != to.application_keypad {
            out.extend_from_slice(if to.application_keypad { b"\x1b=" } else { b"\x1b>" });
        }
        if from.cursor_style != to.cursor_style {
            let _ = write!(out, "\x1b[{} q", to.cursor_style);
        }
    }
}

#[cfg(test)]
mod tests;
