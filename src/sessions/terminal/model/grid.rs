//! One screen: its rows, those that have scrolled off, cursor, region and tab stops.

use super::Limits;
use super::cell::{Attributes, Row};
use super::charset::Charset;
use super::reflow;
use std::collections::VecDeque;

const TAB_WIDTH: usize = 8;
/// Rows after which the page's terminal lets go of the oldest; a saved cursor moves with the text until then.
const PAGE_SCROLLBACK: usize = 5000;

/// What DECSC keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Saved {
    pub(super) x: usize,
    /// Row of the screen; below zero when it has scrolled off.
    pub(super) y: isize,
    pub(super) fg: u32,
    pub(super) bg: u32,
    pub(super) charset: Charset,
}

/// A screen.
#[derive(Debug)]
pub(super) struct Grid {
    /// Scrollback, then the screen.
    pub(super) lines: VecDeque<Row>,
    pub(super) cols: usize,
    pub(super) rows: usize,
    /// At `cols` the cursor stands behind the last column: the next character wraps.
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) tabs: Vec<bool>,
    pub(super) saved: Saved,
    limits: Limits,
    /// Memory of the scrollback.
    weight: usize,
    /// How many rows the page's terminal has above its screen.
    page_base: usize,
    keeps_scrollback: bool,
    /// Rows that have ever gone to the scrollback.
    pub(super) scrolled: u64,
}

impl Grid {
    pub(super) fn new(cols: usize, rows: usize, fill: Attributes, limits: Limits, keeps_scrollback: bool) -> Self {
        Self {
            lines: (0..rows).map(|_| Row::new(cols, fill, false)).collect(),
            cols,
            rows,
            x: 0,
            y: 0,
            top: 0,
            bottom: rows - 1,
            tabs: (0..=cols).map(|column| column % TAB_WIDTH == 0).collect(),
            saved: Saved::default(),
            limits,
            weight: 0,
            page_base: 0,
            keeps_scrollback,
            scrolled: 0,
        }
    }

    /// A line feed in the last row moves the text and nothing else.
    pub(super) fn scrolls_whole(&self) -> bool {
        (self.top, self.bottom) == (0, self.rows - 1) && (self.page_base >= PAGE_SCROLLBACK || !self.keeps_scrollback)
    }

    /// Rows above the screen.
    pub(super) fn base(&self) -> usize {
        self.lines.len().saturating_sub(self.rows)
    }

    pub(super) fn row(&mut self, y: usize) -> &mut Row {
        let at = (self.base() + y).min(self.lines.len() - 1);
        &mut self.lines[at]
    }

    pub(super) fn current(&mut self) -> &mut Row {
        self.row(self.y)
    }

    /// Memory of all its rows.
    pub(super) fn weight(&self) -> usize {
        self.lines.iter().map(Row::weight).sum()
    }

    /// The region moves up by a row; what leaves the top of the screen goes to the scrollback.
    pub(super) fn scroll(&mut self, fill: Attributes, wrapped: bool) {
        if self.top > 0 {
            self.rotate_up(self.top, self.bottom, 1, fill);
            self.row(self.bottom).wrapped = wrapped;
            return;
        }
        let base = self.base();
        let bottom = base + self.bottom;
        let new = if self.keeps_scrollback && self.limits.lines > 0 {
            self.push_up(base);
            let spare = self.bound();
            blank(spare, self.cols, fill, wrapped)
        } else {
            let spare = self.lines.remove(base).unwrap_or_default();
            let new = blank(Some(spare), self.cols, fill, wrapped);
            self.lines.insert(bottom, new);
            return;
        };
        // The screen's first row has become one of the scrollback; a bounded scrollback may have lost its oldest.
        let at = self.lines.len() + 1 - self.rows + self.bottom;
        self.lines.insert(at, new);
    }

    fn push_up(&mut self, at: usize) {
        let row = &mut self.lines[at];
        row.trim();
        self.weight += row.weight();
        self.scrolled += 1;
        if self.page_base < PAGE_SCROLLBACK {
            self.page_base += 1;
            self.saved.y -= 1;
        }
    }

    /// Drops the oldest rows above the limits, of which there is one more than `base` counts; gives the last dropped.
    fn bound(&mut self) -> Option<Row> {
        let mut spare = None;
        while self.lines.len() + 1 - self.rows > self.limits.lines
            || self.weight > self.limits.bytes && self.lines.len() >= self.rows
        {
            let row = self.lines.pop_front()?;
            self.weight = self.weight.saturating_sub(row.weight());
            spare = Some(row);
        }
        spare
    }

    /// Forgets the scrollback.
    pub(super) fn clear_scrollback(&mut self) {
        let base = self.base();
        self.lines.drain(..base);
        self.weight = 0;
        // The saved cursor keeps its row as the page counts it, and so moves down.
        self.move_base(self.page_base, 0);
    }

    /// Rows `first..=last` of the screen move up by `count`.
    pub(super) fn rotate_up(&mut self, first: usize, last: usize, count: usize, fill: Attributes) {
        let (base, cols) = (self.base(), self.cols);
        for _ in 0..count.min(last + 1 - first) {
            let row = self.lines.remove(base + first);
            self.lines.insert(base + last, blank(row, cols, fill, false));
        }
    }

    /// Rows `first..=last` of the screen move down by `count`.
    pub(super) fn rotate_down(&mut self, first: usize, last: usize, count: usize, fill: Attributes) {
        let (base, cols) = (self.base(), self.cols);
        for _ in 0..count.min(last + 1 - first) {
            let row = self.lines.remove(base + last);
            self.lines.insert(base + first, blank(row, cols, fill, false));
        }
    }

    pub(super) fn in_region(&self) -> bool {
        (self.top..=self.bottom).contains(&self.y)
    }

    pub(super) fn next_stop(&self) -> usize {
        let stop = (self.x + 1..self.cols).find(|at| self.tabs.get(*at) == Some(&true));
        stop.unwrap_or(self.cols - 1)
    }

    pub(super) fn previous_stop(&self, from: usize) -> usize {
        (0..from).rev().find(|at| self.tabs.get(*at) == Some(&true)).unwrap_or(0).min(self.cols - 1)
    }

    pub(super) fn set_tab(&mut self, at: usize, stop: bool) {
        if self.tabs.len() <= at {
            self.tabs.resize(at + 1, false);
        }
        self.tabs[at] = stop;
    }

    pub(super) fn resize(&mut self, cols: usize, rows: usize) {
        let (old_cols, old_rows) = (self.cols, self.rows);
        let mut base = self.base();
        // Rows of the scrollback are stored short and stay so.
        if old_cols < cols {
            self.lines.iter_mut().skip(base).for_each(|row| row.resize(cols));
        }
        let mut added = 0;
        for _ in old_rows..rows {
            if base > 0 && self.lines.len() <= base + self.y + added + 1 {
                base -= 1;
                added += 1;
            } else {
                self.lines.push_back(Row::new(cols, Attributes::default(), false));
            }
        }
        let mut removed = 0;
        for _ in rows..old_rows {
            if self.lines.len() > base + self.y + 1 {
                self.lines.pop_back();
            } else if self.keeps_scrollback {
                base += 1;
                removed += 1;
            } else {
                // Without a scrollback the screen loses its first row.
                self.lines.pop_front();
            }
        }
        self.move_base(added, removed);
        self.x = self.x.min(cols - 1);
        self.y = self.y.min(rows - 1) + added;
        self.saved.x = self.saved.x.min(cols - 1);
        (self.top, self.bottom) = (0, rows - 1);
        (self.cols, self.rows) = (cols, rows);
        if self.keeps_scrollback && old_cols != cols {
            reflow::reflow(self, old_cols);
        }
        self.y = self.y.min(rows - 1);
        while self.lines.len() < rows {
            self.lines.push_back(Row::new(cols, Attributes::default(), false));
        }
        let base = self.base();
        self.lines.iter_mut().skip(base).for_each(|row| row.resize(cols));
        for row in self.lines.range_mut(..base) {
            row.cells.truncate(cols);
            row.trim();
        }
        self.weight = self.lines.range(..base).map(Row::weight).sum();
        self.bound_now();
        self.resize_tabs(cols);
    }

    /// The page's rows above the screen, and with them where the saved cursor is.
    pub(super) fn move_base(&mut self, down: usize, up: usize) {
        let before = self.page_base;
        self.page_base = (before.saturating_sub(down) + up).min(PAGE_SCROLLBACK);
        self.saved.y += before.cast_signed() - self.page_base.cast_signed();
    }

    /// The saved cursor's row, counted from the first the page has.
    pub(super) fn saved_row(&self) -> isize {
        self.saved.y + self.page_base.cast_signed()
    }

    pub(super) fn set_saved_row(&mut self, row: isize) {
        self.saved.y = row - self.page_base.cast_signed();
        self.saved.y = self.saved.y.min(self.rows.cast_signed() - 1);
    }

    pub(super) fn has_page_base(&self) -> bool {
        self.page_base > 0
    }

    fn bound_now(&mut self) {
        while self.base() > 0 && (self.base() > self.limits.lines || self.weight > self.limits.bytes) {
            let Some(row) = self.lines.pop_front() else { return };
            self.weight = self.weight.saturating_sub(row.weight());
        }
    }

    fn resize_tabs(&mut self, cols: usize) {
        let first = if self.tabs.get(cols) == Some(&true) { cols } else { self.previous_stop(cols) };
        for at in (first..cols).step_by(TAB_WIDTH) {
            self.set_tab(at, true);
        }
    }
}

/// A blank row, made of an old one.
fn blank(old: Option<Row>, cols: usize, fill: Attributes, wrapped: bool) -> Row {
    let mut row = old.unwrap_or_default();
    row.cells.clear();
    row.cells.resize(cols, super::cell::Cell::null(fill));
    row.wrapped = wrapped;
    row
}
