//! Characters onto the screen.

use super::State;
use super::cell::Cell;
use super::width::columns;

/// A cell's marks beyond this are dropped.
const COMBINED_BYTES_MAX: usize = 64;
/// The page repeats no more either (`guard.ts`): a longer repetition is a flood and no picture.
const REPEATED_MAX: usize = 65_535;

impl State {
    /// A run of ASCII, a row at a time.
    pub(super) fn print_ascii(&mut self, mut run: &[u8]) {
        if !self.charsets.current.is_ascii() || self.modes.insert || !self.modes.wraparound {
            run.iter().for_each(|byte| self.print_character(u32::from(*byte)));
            return;
        }
        let attributes = self.attributes;
        while !run.is_empty() {
            if self.grid_ref().x >= self.cols {
                // Wraps; the general way.
                self.print_character(u32::from(run[0]));
                run = &run[1..];
                continue;
            }
            let cols = self.cols;
            let grid = self.grid();
            let x = grid.x;
            let length = run.len().min(cols - x);
            grid.x += length;
            let row = grid.current();
            row.unpair_before(x, attributes);
            for (cell, byte) in row.cells[x..x + length].iter_mut().zip(run) {
                *cell = Cell::new(u32::from(*byte), 1, attributes);
            }
            row.unpair_at(x + length, attributes);
            run = &run[length..];
        }
        self.joinable = 1;
    }

    /// One character, with wrapping, joining and insertion.
    pub(super) fn print_character(&mut self, character: u32) {
        let character = if character < 0x7f { self.charsets.current.map(character) } else { character };
        let attributes = self.attributes;
        let x = self.grid_ref().x;
        if self.joinable == 0 || std::mem::take(&mut self.interrupted) {
            self.grid().current().unpair_before(x, attributes);
        }
        let own = columns(character);
        let joins = own == 0 && self.joinable != 0;
        // A mark makes nothing wider here, so one that joins never wraps.
        let width = if joins { self.joinable } else { own };
        let added = if joins { 0 } else { own as usize };
        self.joinable = width;
        if x + added > self.cols && !self.make_room(own) {
            // Not shown; the cursor may now be within a wide character, which the next one takes apart.
            self.joinable = 0;
        } else if joins && self.grid_ref().x > 0 {
            self.join(character);
        } else {
            self.place(character, own);
        }
        let x = self.grid_ref().x;
        self.grid().current().unpair_at(x, attributes);
    }

    /// The character does not fit: goes to the next row, or back onto the last column. False when it cannot be shown.
    fn make_room(&mut self, width: u32) -> bool {
        let (cols, rows, fill, attributes) = (self.cols, self.rows, self.blank(), self.attributes);
        let wraps = self.modes.wraparound;
        let grid = self.grid();
        if !wraps {
            grid.x = cols - 1;
            return width != 2;
        }
        let left = grid.x.min(cols);
        grid.current().cells[left..].fill(Cell::null(attributes));
        grid.x = 0;
        grid.y += 1;
        if grid.y == grid.bottom + 1 {
            grid.y -= 1;
            grid.scroll(fill, true);
        } else {
            grid.y = grid.y.min(rows - 1);
            grid.current().wrapped = true;
        }
        true
    }

    fn place(&mut self, character: u32, width: u32) {
        let (attributes, insert, cols) = (self.attributes, self.modes.insert, self.cols);
        let grid = self.grid();
        let x = grid.x;
        // A mark that has nothing to join takes a column without having a width.
        grid.x = (x + width.max(1) as usize).min(cols);
        let row = grid.current();
        if insert && width > 0 && x < cols {
            row.insert(x, width as usize, attributes);
        }
        row.set(x, Cell::new(character, width, attributes));
        if width == 2 {
            row.set(x + 1, Cell::new(0, 0, attributes));
        }
    }

    fn join(&mut self, character: u32) {
        let grid = self.grid();
        let before = grid.x - 1;
        let row = grid.current();
        let at = if row.get(before).width() == 0 { before.saturating_sub(1) } else { before };
        let mut cell = row.get(at);
        let Some(mark) = char::from_u32(character) else { return };
        if !cell.has_content() {
            // The cell was emptied behind the cursor's back.
            cell = Cell::new(character, cell.width().max(1), cell.attributes);
        } else {
            let mut text = String::new();
            self.cell_text(cell, &mut text);
            text.push(mark);
            if text.len() > COMBINED_BYTES_MAX {
                return;
            }
            let Some(number) = self.combination(&text) else { return };
            cell.set_combined(number);
        }
        self.grid().current().set(at, cell);
    }

    /// REP: the character before the cursor, again.
    pub(super) fn repeat(&mut self, count: usize) {
        if self.joinable == 0 {
            return;
        }
        let grid = self.grid_ref();
        let Some(at) = grid.x.checked_sub(self.joinable as usize) else { return };
        let cell = grid.lines[grid.base() + grid.y].get(at);
        let mut text = String::new();
        self.cell_text(cell, &mut text);
        for _ in 0..count.min(REPEATED_MAX) {
            text.chars().for_each(|character| self.print_character(u32::from(character)));
        }
    }

    /// DECALN: the screen full of E.
    pub(super) fn align(&mut self) {
        let mut attributes = self.attributes;
        (attributes.underline, attributes.link) = (0, 0);
        self.move_to(0, 0);
        let rows = self.rows;
        let grid = self.grid();
        for y in grid.y..rows {
            let row = grid.row(y);
            row.fill(Cell::new(u32::from('E'), 1, attributes));
            row.wrapped = false;
        }
        self.move_to(0, 0);
    }
}
