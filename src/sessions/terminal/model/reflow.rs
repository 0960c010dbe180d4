//! Wrapped lines are laid out anew when the width changes, the way the page's terminal does it: the line with the
//! cursor stays as it is, because the program will draw it again.

use super::cell::{Attributes, Cell, Row};
use super::grid::Grid;

/// After the width has changed from `old_cols`.
pub(super) fn reflow(grid: &mut Grid, old_cols: usize) {
    let cursor = grid.base() + grid.y;
    let wider = grid.cols > old_cols;
    let mut changes = Vec::new();
    let mut lines = Vec::with_capacity(grid.lines.len());
    let mut rest = std::mem::take(&mut grid.lines).into_iter().peekable();
    let mut at = 0;
    while let Some(first) = rest.next() {
        let mut group = vec![first];
        while let Some(row) = rest.next_if(|row| row.wrapped) {
            group.push(row);
        }
        let count = group.len();
        let alone = count == 1 && (wider || group[0].text_columns() <= grid.cols);
        if !alone && !(at..at + count).contains(&cursor) {
            group = lay_out(group, old_cols, grid.cols);
        }
        changes.push(group.len().cast_signed() - count.cast_signed());
        lines.extend(group);
        at += count;
    }
    grid.lines = lines.into();
    if wider {
        joined(grid, changes.iter().sum::<isize>().unsigned_abs());
    } else {
        changes.iter().rev().filter(|change| **change > 0).for_each(|change| split(grid, change.unsigned_abs()));
    }
}

/// `count` rows are gone.
fn joined(grid: &mut Grid, count: usize) {
    let saved = grid.saved_row();
    let mut base = (grid.lines.len() + count).saturating_sub(grid.rows);
    for _ in 0..count {
        if base == 0 {
            grid.y = grid.y.saturating_sub(1);
            grid.lines.push_back(Row::new(grid.cols, Attributes::default(), false));
        } else {
            base -= 1;
            grid.move_base(1, 0);
        }
    }
    grid.set_saved_row(saved.saturating_sub_unsigned(count).max(0));
}

/// `count` rows came into being.
fn split(grid: &mut Grid, count: usize) {
    let saved = grid.saved_row();
    for _ in 0..count {
        // Only while nothing is above the screen is there room below the cursor.
        if !grid.has_page_base() && grid.y + 1 < grid.rows {
            grid.y += 1;
            grid.lines.pop_back();
        } else {
            grid.move_base(0, 1);
        }
    }
    grid.set_saved_row(saved.saturating_add_unsigned(count));
}

/// The same cells in rows of another width.
fn lay_out(group: Vec<Row>, old_cols: usize, cols: usize) -> Vec<Row> {
    let wrapped = group[0].wrapped;
    let mut cells = Vec::with_capacity(group.len() * old_cols);
    for (at, row) in group.iter().enumerate() {
        let columns = match group.get(at + 1) {
            None => row.text_columns(),
            Some(next) => {
                let last = row.get(old_cols - 1);
                // Left empty because a wide character did not fit.
                let unfit = !last.has_content() && last.width() == 1 && next.get(0).width() == 2;
                old_cols - usize::from(unfit)
            }
        };
        cells.extend((0..columns).map(|column| row.get(column)));
    }
    let mut rows = Vec::new();
    let mut rest = &cells[..];
    while !rest.is_empty() {
        let mut columns = cols.min(rest.len());
        if columns == cols && rest[cols - 1].width() == 2 {
            columns -= 1;
        }
        let mut row = Row { cells: rest[..columns].to_vec(), wrapped: wrapped || !rows.is_empty() };
        row.cells.resize(cols, Cell::default());
        // A narrower row that was there before keeps what was behind its text.
        if let Some(old) = group.get(rows.len()).filter(|_| cols < old_cols) {
            (columns + 1..cols).for_each(|column| row.cells[column] = old.get(column));
        }
        rows.push(row);
        rest = &rest[columns..];
    }
    while rows.len() > 1 && rows.last().is_some_and(|row| row.text_columns() == 0) {
        rows.pop();
    }
    if rows.is_empty() {
        rows.push(Row::new(cols, Attributes::default(), wrapped));
    }
    rows
}
