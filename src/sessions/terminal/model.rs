//! What a terminal shows, kept on the server: for viewers who come after the ring has moved on, for questions a
//! program asks its terminal, and for the preview in the list.
//!
//! No crate is used: a snapshot must hold what they keep private or lack, since vt100 0.18 has no tab stops, charsets,
//! links or repetition, alacritty_terminal 0.26 (52 crates) hides region, tab stops and parser and keeps strings of any
//! length, avt 0.19 has no links or questions, and wezterm-term is not published. This one does what `InputHandler.ts`
//! of the page's xterm.js does, quirks included, so that both agree cell by cell; what differs is listed in
//! `tests/terminal/README.md`. It takes 260 MB/s of plain text and 124 of dense sequences where alacritty takes 120
//! and 136 and vt100 56 and 111, one core each, and every store is bounded: rows by number and bytes, strings, texts of
//! cells, answers, repetitions.

mod answers;
mod cell;
mod charset;
mod control;
mod grid;
mod modes;
mod osc;
mod palette;
mod parser;
mod print;
mod reflow;
mod sgr;
mod skim;
mod snapshot;
#[cfg(test)]
mod tests;
mod texts;
mod view;
mod width;

use bytes::Bytes;
use cell::{Attributes, Cell};
use charset::Charsets;
use grid::{Grid, Saved};
use modes::Modes;
use palette::Palette;
pub use palette::{Rgb, Theme};
use parser::Parser;
use std::collections::HashSet;
use texts::Texts;
pub use view::{DrawnRow, Switches};

/// Sizes outside of this are clamped; a character of two columns needs two.
const COLS: std::ops::RangeInclusive<u16> = 2..=500;
const ROWS: std::ops::RangeInclusive<u16> = 1..=500;
/// A preview is no longer than this.
const PREVIEW_CHARACTERS_MAX: usize = 200;

/// How much of what has scrolled off is kept.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows.
    pub lines: usize,
    /// Memory of these rows.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { lines: 2000, bytes: 2 << 20 }
    }
}

/// What does not come from the program.
#[derive(Debug, Clone, Default)]
pub struct ModelSettings {
    /// Bounds of the scrollback.
    pub limits: Limits,
    /// Colours told to a program that asks.
    pub theme: Theme,
}

/// The state of a terminal after the output it was fed.
#[derive(Debug)]
pub struct Model {
    parser: Parser,
    state: State,
}

/// Everything but the parser.
#[derive(Debug)]
struct State {
    normal: Grid,
    /// There while it is shown: leaving it forgets it.
    alternate: Option<Grid>,
    /// What DECSC kept on the alternate screen outlives it.
    alternate_saved: Saved,
    attributes: Attributes,
    charsets: Charsets,
    modes: Modes,
    palette: Palette,
    theme: Theme,
    links: Texts,
    combined: Texts,
    title: String,
    /// Columns of the character that was just printed; 0 when something else came last. A mark joins it, and REP
    /// repeats it.
    joinable: u32,
    /// The size has changed since: the cursor may be within a wide character.
    interrupted: bool,
    limits: Limits,
    cols: usize,
    rows: usize,
    answers: Vec<u8>,
    bells: u64,
}

impl Model {
    /// An empty screen.
    pub fn new(cols: u16, rows: u16, settings: &ModelSettings) -> Self {
        let (cols, rows) = clamp(cols, rows);
        let state = State {
            normal: Grid::new(cols, rows, Attributes::default(), settings.limits, true),
            alternate: None,
            alternate_saved: Saved::default(),
            attributes: Attributes::default(),
            charsets: Charsets::default(),
            modes: Modes::default(),
            palette: Palette::default(),
            theme: settings.theme.clone(),
            links: Texts::default(),
            combined: Texts::default(),
            title: String::new(),
            joinable: 0,
            interrupted: false,
            limits: settings.limits,
            cols,
            rows,
            answers: Vec::new(),
            bells: 0,
        };
        Self { parser: Parser::new(), state }
    }

    /// Takes the next bytes of the program's output, cut anywhere.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.parser.advance(bytes, &mut self.state);
    }

    /// The size has changed; wrapped lines are laid out anew.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        let (cols, rows) = clamp(cols, rows);
        let state = &mut self.state;
        if (cols, rows) == (state.cols, state.rows) {
            return;
        }
        (state.cols, state.rows) = (cols, rows);
        state.interrupted = true;
        state.normal.resize(cols, rows);
        if let Some(alternate) = &mut state.alternate {
            alternate.resize(cols, rows);
        }
    }

    /// Bytes after which a terminal of the same size shows what this one holds, and goes on like it. They begin with
    /// a reset and ask nothing.
    pub fn snapshot(&self) -> Bytes {
        snapshot::write(&self.state, &self.parser.unfinished())
    }

    /// Takes what is to be written to the program, in answer to what it asked. Bounded: what is not taken is lost.
    pub fn answers(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.state.answers)
    }

    /// The title the program chose; empty when it chose none.
    pub fn title(&self) -> &str {
        &self.state.title
    }

    /// The last line of the screen that has text.
    pub fn last_line(&self) -> String {
        let grid = self.state.grid_ref();
        let last =
            grid.lines.iter().rev().take(grid.rows).map(|row| self.state.text(row)).find(|line| !line.is_empty());
        last.unwrap_or_default().chars().take(PREVIEW_CHARACTERS_MAX).collect()
    }

    /// Memory of the rows.
    pub fn weight_bytes(&self) -> usize {
        self.state.normal.weight() + self.state.alternate.as_ref().map_or(0, Grid::weight)
    }
}

impl State {
    fn grid(&mut self) -> &mut Grid {
        self.alternate.as_mut().unwrap_or(&mut self.normal)
    }

    fn grid_ref(&self) -> &Grid {
        self.alternate.as_ref().unwrap_or(&self.normal)
    }

    /// What erasing leaves now.
    fn blank(&self) -> Attributes {
        self.attributes.erased()
    }

    fn cell_text(&self, cell: Cell, into: &mut String) {
        match (cell.combined(), cell.character()) {
            (Some(number), _) => into.push_str(self.combined.get(number)),
            (None, Some(character)) => into.push(character),
            (None, None) => {}
        }
    }

    fn text(&self, row: &cell::Row) -> String {
        let mut text = String::new();
        for cell in &row.cells {
            match cell.has_content() {
                true => self.cell_text(*cell, &mut text),
                false if cell.width() > 0 => text.push(' '),
                false => {}
            }
        }
        text.trim().to_owned()
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        let grids = std::iter::once(&self.normal).chain(&self.alternate);
        grids.flat_map(|grid| &grid.lines).flat_map(|row| &row.cells)
    }

    /// Number of a link.
    fn link(&mut self, link: &str) -> u32 {
        let mut links = std::mem::take(&mut self.links);
        let number = links.number(link, || {
            let used = self.cells().map(|cell| cell.attributes.link);
            used.chain([self.attributes.link]).collect::<HashSet<_>>()
        });
        self.links = links;
        number.unwrap_or(0)
    }

    /// Number of a text that takes the place of one character.
    fn combination(&mut self, text: &str) -> Option<u32> {
        let mut combined = std::mem::take(&mut self.combined);
        let number = combined.number(text, || self.cells().filter_map(|cell| cell.combined()).collect());
        self.combined = combined;
        number
    }

    /// ESC c. The palette and the modes of the page's options outlive it.
    fn reset(&mut self) {
        self.normal = Grid::new(self.cols, self.rows, Attributes::default(), self.limits, true);
        self.alternate = None;
        self.alternate_saved = Saved::default();
        self.attributes = Attributes::default();
        self.charsets = Charsets::default();
        self.modes.reset();
    }
}

fn clamp(cols: u16, rows: u16) -> (usize, usize) {
    let cols = cols.clamp(*COLS.start(), *COLS.end());
    let rows = rows.clamp(*ROWS.start(), *ROWS.end());
    (usize::from(cols), usize::from(rows))
}
