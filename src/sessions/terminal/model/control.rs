//! Controls and sequences: cursor, erasing, scrolling.

use super::State;
use super::cell::bg;
use super::charset::Charset;
use super::grid::Saved;
use super::parser::{Parameters, Perform};

impl Perform for State {
    fn ascii(&mut self, run: &[u8]) {
        self.print_ascii(run);
    }

    fn print(&mut self, character: u32) {
        self.print_character(character);
    }

    fn execute(&mut self, control: u32) {
        match control {
            0x07 => self.bells += 1,
            0x08 => self.backspace(),
            0x09 if self.grid_ref().x < self.cols => self.grid().x = self.grid_ref().next_stop(),
            0x0a..=0x0c => self.line_feed(),
            0x0d => self.grid().x = 0,
            0x0e => self.charsets.shift(1),
            0x0f => self.charsets.shift(0),
            0x84 => self.index(),
            0x85 => self.next_line(),
            0x88 => self.set_tab(),
            _ => {}
        }
        self.joinable = 0;
    }

    fn csi(&mut self, parameters: &Parameters, collected: &[u8], last: u8) {
        match collected {
            b"" => self.csi_plain(parameters, last),
            b"?" => self.csi_private(parameters, last),
            _ => self.csi_collected(parameters, collected, last),
        }
        self.joinable = 0;
    }

    fn esc(&mut self, collected: &[u8], last: u8) {
        match (collected, last) {
            (b"", b'7') => self.save_cursor(),
            (b"", b'8') => self.restore_cursor(),
            (b"", b'D') => self.index(),
            (b"", b'E') => self.next_line(),
            (b"", b'H') => self.set_tab(),
            (b"", b'M') => self.reverse_index(),
            (b"", b'=') => self.modes.application_keypad = true,
            (b"", b'>') => self.modes.application_keypad = false,
            (b"", b'c') => self.reset(),
            (b"", b'n' | b'}') => self.charsets.shift(2),
            (b"", b'o' | b'|') => self.charsets.shift(3),
            (b"", b'~') => self.charsets.shift(1),
            (b"#", b'8') => self.align(),
            (b"%", b'@' | b'G') => {
                self.charsets.shift(0);
                self.charsets.designate(0, Charset::default());
            }
            ([b'(' | b')' | b'*' | b'+' | b'-' | b'.'], letter) => {
                let level = match collected[0] {
                    b'(' => 0,
                    b')' | b'-' => 1,
                    b'*' | b'.' => 2,
                    _ => 3,
                };
                if let Some(set) = Charset::by_letter(letter) {
                    self.charsets.designate(level, set);
                }
            }
            _ => {}
        }
        self.joinable = 0;
    }

    fn osc(&mut self, data: &[u8]) {
        self.osc_command(&String::from_utf8_lossy(data));
        self.joinable = 0;
    }

    fn dcs(&mut self, collected: &[u8], last: u8, data: &[u8]) {
        if (collected, last) == (b"$", b'q') {
            self.answer_setting(data);
        }
        self.joinable = 0;
    }
}

impl State {
    fn csi_plain(&mut self, parameters: &Parameters, last: u8) {
        let first = parameters.get(0);
        let count = parameters.count(0);
        let (cols, rows, fill) = (self.cols, self.rows, self.blank());
        match last {
            b'@' => self.edit_row(|row, x| row.insert(x, count, fill)),
            b'A' => self.move_up(count),
            b'B' => self.move_down(count),
            b'C' | b'a' => self.move_by(count.min(cols).cast_signed(), 0),
            b'D' => self.move_by(-count.min(cols).cast_signed(), 0),
            b'E' => {
                self.move_down(count);
                self.grid().x = 0;
            }
            b'F' => {
                self.move_up(count);
                self.grid().x = 0;
            }
            b'G' | b'`' => self.move_to(count - 1, self.grid_ref().y),
            b'H' | b'f' => self.move_to(if parameters.len() > 1 { parameters.count(1) - 1 } else { 0 }, count - 1),
            b'I' | b'Z' if self.grid_ref().x < cols => {
                for _ in 0..count.min(cols) {
                    let grid = self.grid();
                    grid.x = if last == b'I' { grid.next_stop() } else { grid.previous_stop(grid.x) };
                }
            }
            b'J' => self.erase_display(first, false),
            b'K' => self.erase_line(first, false),
            b'L' | b'M' => {
                self.restrict(cols - 1);
                let grid = self.grid();
                if grid.in_region() {
                    let (y, bottom) = (grid.y, grid.bottom);
                    match last {
                        b'L' => grid.rotate_down(y, bottom, count, fill),
                        _ => grid.rotate_up(y, bottom, count, fill),
                    }
                    grid.x = 0;
                }
            }
            b'P' => self.edit_row(|row, x| row.delete(x, count, fill)),
            b'S' => {
                let grid = self.grid();
                grid.rotate_up(grid.top, grid.bottom, count, fill);
            }
            b'T' => {
                let grid = self.grid();
                grid.rotate_down(grid.top, grid.bottom, count, super::Attributes::default());
            }
            b'X' => self.edit_row(|row, x| row.erase(x, x.saturating_add(count), fill, false)),
            b'b' => self.repeat(count),
            b'd' => self.move_to(self.grid_ref().x, count - 1),
            b'e' => self.move_by(0, count.min(rows).cast_signed()),
            b'g' if first == 0 => {
                let x = self.grid_ref().x;
                self.grid().set_tab(x, false);
            }
            b'g' if first == 3 => self.grid().tabs.fill(false),
            b'h' | b'l' => (0..parameters.len()).for_each(|at| self.set_ansi_mode(parameters.get(at), last == b'h')),
            b'm' => self.set_attributes(parameters),
            b'r' => self.set_region(parameters),
            b's' => self.save_cursor(),
            b'u' => self.restore_cursor(),
            _ => self.ask_plain(parameters, last),
        }
    }

    fn csi_private(&mut self, parameters: &Parameters, last: u8) {
        match last {
            b'J' => self.erase_display(parameters.get(0), true),
            b'K' => self.erase_line(parameters.get(0), true),
            b'h' | b'l' => (0..parameters.len()).for_each(|at| self.set_mode(parameters.get(at), last == b'h')),
            _ => self.ask_collected(parameters, b"?", last),
        }
    }

    fn csi_collected(&mut self, parameters: &Parameters, collected: &[u8], last: u8) {
        let count = parameters.count(0);
        let fill = self.blank();
        match (collected, last) {
            (b" ", b'@') => self.edit_region(|row, _| row.delete(0, count, fill)),
            (b" ", b'A') => self.edit_region(|row, _| row.insert(0, count, fill)),
            (b"'", b'}') => self.edit_region(|row, x| row.insert(x, count, fill)),
            (b"'", b'~') => self.edit_region(|row, x| row.delete(x, count, fill)),
            (b"!", b'p') => self.soft_reset(),
            (b" ", b'q') => self.modes.cursor_style = u8::try_from(parameters.get(0)).map_or(7, |style| style.min(7)),
            (b"\"", b'q') => match parameters.get(0) {
                1 => self.attributes.bg |= bg::PROTECTED,
                0 | 2 => self.attributes.bg &= !bg::PROTECTED,
                _ => {}
            },
            _ => self.ask_collected(parameters, collected, last),
        }
    }

    /// Brings the cursor back onto the screen, or into the region when positions count from there.
    fn restrict(&mut self, last_column: usize) {
        let (origin, rows) = (self.modes.origin, self.rows);
        let grid = self.grid();
        grid.x = grid.x.min(last_column);
        grid.y = if origin { grid.y.clamp(grid.top, grid.bottom) } else { grid.y.min(rows - 1) };
    }

    pub(super) fn move_to(&mut self, x: usize, y: usize) {
        let origin = self.modes.origin;
        let grid = self.grid();
        (grid.x, grid.y) = (x, if origin { grid.top.saturating_add(y) } else { y });
        self.restrict(self.cols - 1);
    }

    /// With origin mode a row counts from the region here, too: so it is on the page.
    fn move_by(&mut self, x: isize, y: isize) {
        self.restrict(self.cols - 1);
        let grid = self.grid_ref();
        let (x, y) = (grid.x.saturating_add_signed(x), grid.y.saturating_add_signed(y));
        self.move_to(x, y);
    }

    fn move_up(&mut self, count: usize) {
        let grid = self.grid_ref();
        let room = grid.y.checked_sub(grid.top).unwrap_or(self.rows);
        self.move_by(0, -count.min(room).cast_signed());
    }

    fn move_down(&mut self, count: usize) {
        let grid = self.grid_ref();
        let room = grid.bottom.checked_sub(grid.y).unwrap_or(self.rows);
        self.move_by(0, count.min(room).cast_signed());
    }

    fn line_feed(&mut self) {
        let (fill, rows, cols, newline) = (self.blank(), self.rows, self.cols, self.modes.newline);
        let grid = self.grid();
        if newline {
            grid.x = 0;
        }
        grid.y += 1;
        if grid.y == grid.bottom + 1 {
            grid.y -= 1;
            grid.scroll(fill, false);
        } else if grid.y >= rows {
            grid.y = rows - 1;
        } else {
            grid.current().wrapped = false;
        }
        grid.x = grid.x.min(cols - 1);
    }

    fn next_line(&mut self) {
        self.grid().x = 0;
        self.index();
    }

    fn index(&mut self) {
        let (fill, rows) = (self.blank(), self.rows);
        self.restrict(self.cols - 1);
        let grid = self.grid();
        if grid.y == grid.bottom {
            grid.scroll(fill, false);
        } else {
            grid.y = (grid.y + 1).min(rows - 1);
        }
        self.restrict(self.cols - 1);
    }

    fn reverse_index(&mut self) {
        let fill = self.blank();
        self.restrict(self.cols - 1);
        let grid = self.grid();
        if grid.y == grid.top {
            grid.rotate_down(grid.top, grid.bottom, 1, fill);
        } else {
            grid.y = grid.y.saturating_sub(1);
            self.restrict(self.cols - 1);
        }
    }

    fn backspace(&mut self) {
        if !self.modes.reverse_wraparound {
            self.restrict(self.cols - 1);
            let grid = self.grid();
            grid.x = grid.x.saturating_sub(1);
            return;
        }
        let cols = self.cols;
        self.restrict(cols);
        let grid = self.grid();
        if grid.x > 0 {
            grid.x -= 1;
        } else if grid.y > grid.top && grid.y <= grid.bottom && grid.current().wrapped {
            grid.current().wrapped = false;
            grid.y -= 1;
            let last = grid.current().get(cols - 1);
            // Empty because a wide character did not fit.
            grid.x = if last.width() > 0 && !last.has_content() { cols - 2 } else { cols - 1 };
        }
        self.restrict(cols - 1);
    }

    fn set_tab(&mut self) {
        let grid = self.grid();
        grid.set_tab(grid.x, true);
    }

    fn edit_row(&mut self, edit: impl FnOnce(&mut super::cell::Row, usize)) {
        self.restrict(self.cols - 1);
        let grid = self.grid();
        let x = grid.x;
        edit(grid.current(), x);
    }

    fn edit_region(&mut self, edit: impl Fn(&mut super::cell::Row, usize)) {
        let grid = self.grid();
        if !grid.in_region() {
            return;
        }
        let x = grid.x;
        for y in grid.top..=grid.bottom {
            let row = grid.row(y);
            edit(row, x);
            row.wrapped = false;
        }
    }

    fn erase_display(&mut self, what: u32, respect: bool) {
        let (cols, rows, fill) = (self.cols, self.rows, self.blank());
        self.restrict(cols);
        let grid = self.grid();
        let (x, y) = (grid.x, grid.y);
        let whole = match what {
            0 => {
                let row = grid.current();
                row.erase(x, cols, fill, respect);
                row.wrapped &= x > 0;
                y + 1..rows
            }
            1 => {
                let row = grid.current();
                row.erase(0, x + 1, fill, respect);
                row.wrapped = false;
                // Counted from the oldest row, not from the screen's first: so it is on the page.
                if x + 1 >= cols
                    && let Some(row) = grid.lines.get_mut(y + 1)
                {
                    row.wrapped = false;
                }
                0..y
            }
            2 => 0..rows,
            3 => {
                grid.clear_scrollback();
                0..0
            }
            _ => 0..0,
        };
        for y in whole {
            let row = grid.row(y);
            row.erase(0, cols, fill, respect);
            row.wrapped = false;
        }
    }

    fn erase_line(&mut self, what: u32, respect: bool) {
        let (cols, fill) = (self.cols, self.blank());
        self.restrict(cols);
        let grid = self.grid();
        let x = grid.x;
        let row = grid.current();
        match what {
            0 => {
                row.erase(x, cols, fill, respect);
                row.wrapped &= x > 0;
            }
            1 => row.erase(0, x + 1, fill, respect),
            2 => {
                row.erase(0, cols, fill, respect);
                row.wrapped = false;
            }
            _ => {}
        }
    }

    fn set_region(&mut self, parameters: &Parameters) {
        let (top, bottom) = (parameters.count(0), parameters.get(1) as usize);
        let bottom = if bottom == 0 || bottom > self.rows { self.rows } else { bottom };
        if bottom > top {
            let grid = self.grid();
            (grid.top, grid.bottom) = (top - 1, bottom - 1);
            self.move_to(0, 0);
        }
    }

    pub(super) fn save_cursor(&mut self) {
        let (fg, bg, charset) = (self.attributes.fg, self.attributes.bg, self.charsets.current);
        let grid = self.grid();
        grid.saved = Saved { x: grid.x, y: grid.y.cast_signed(), fg, bg, charset };
    }

    /// Underline's style and the link stay as they are: so it is on the page.
    pub(super) fn restore_cursor(&mut self) {
        let saved = self.grid_ref().saved;
        let grid = self.grid();
        (grid.x, grid.y) = (saved.x, usize::try_from(saved.y).unwrap_or(0));
        (self.attributes.fg, self.attributes.bg) = (saved.fg, saved.bg);
        self.charsets.current = saved.charset;
        self.restrict(self.cols - 1);
    }

    fn soft_reset(&mut self) {
        self.modes.soft_reset();
        self.modes.cursor_hidden = false;
        self.attributes = super::Attributes::default();
        self.charsets = super::Charsets::default();
        let rows = self.rows;
        let grid = self.grid();
        (grid.top, grid.bottom) = (0, rows - 1);
        grid.saved = Saved::default();
    }
}
