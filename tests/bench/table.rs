//! What the bench prints.

use crate::process::say;

/// Whether an aim was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Ok,
    Missed,
    /// There was nothing to compare with.
    Unknown,
}

/// One aim and what came of it.
#[derive(Debug)]
pub(crate) struct Aim {
    pub(crate) what: String,
    pub(crate) aim: String,
    pub(crate) seen: String,
    pub(crate) verdict: Verdict,
}

impl Aim {
    pub(crate) fn most(what: &str, seen: f64, most: f64, unit: &str) -> Self {
        Self::new(what, format!("≤ {most}{unit}"), format!("{}{unit}", short(seen)), seen <= most)
    }

    pub(crate) fn least(what: &str, seen: f64, least: f64) -> Self {
        Self::new(what, format!("≥ {least}"), short(seen), seen >= least)
    }

    pub(crate) fn all(what: &str, seen: usize, all: usize) -> Self {
        Self::new(what, "all complete".to_owned(), format!("{seen} of {all}"), seen == all)
    }

    pub(crate) fn unknown(what: &str, aim: &str, why: &str) -> Self {
        Self { what: what.to_owned(), aim: aim.to_owned(), seen: why.to_owned(), verdict: Verdict::Unknown }
    }

    fn new(what: &str, aim: String, seen: String, met: bool) -> Self {
        let verdict = if met { Verdict::Ok } else { Verdict::Missed };
        Self { what: what.to_owned(), aim, seen, verdict }
    }
}

/// Three digits are what such a machine repeats.
pub(crate) fn short(number: f64) -> String {
    match number.abs() {
        100.0.. => format!("{number:.0}"),
        10.0.. => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

/// The value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Prints columns below a title, the first one flush left.
pub(crate) fn print(title: &str, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = format!("\n{title}\n");
    for row in rows {
        let mut line = String::from("  ");
        for (column, cell) in row.iter().enumerate() {
            let space = " ".repeat(widths[column] - cell.chars().count());
            match column {
                0 => line += &format!("{cell}{space}"),
                _ => line += &format!("   {space}{cell}"),
            }
        }
        text += line.trim_end();
        text.push('\n');
    }
    say(&text);
}

/// Prints the aims.
pub(crate) fn print_aims(aims: &[Aim]) {
    let mut rows = vec![["aim", "wanted", "seen", ""].map(str::to_owned).to_vec()];
    for aim in aims {
        let verdict = match aim.verdict {
            Verdict::Ok => "ok",
            Verdict::Missed => "MISSED",
            Verdict::Unknown => "-",
        };
        rows.push(vec![aim.what.clone(), aim.aim.clone(), aim.seen.clone(), verdict.to_owned()]);
    }
    print("Aims", &rows);
}
