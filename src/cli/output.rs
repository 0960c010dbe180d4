//! Writing: data to stdout, everything else to stderr.

use rustix::fd::AsFd;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// Writes one line to stderr. When nobody listens there, nobody has to know.
pub(super) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes text to stdout.
pub(super) fn data(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Writes JSON for people and programs to stdout.
pub(super) fn json(value: &impl Serialize) -> Result<(), serde_json::Error> {
    let mut stdout = io::stdout().lock();
    serde_json::to_writer_pretty(&mut stdout, value)?;
    writeln!(stdout).and_then(|()| stdout.flush()).map_err(serde_json::Error::io)
}

/// Columns of a terminal; none where there is no terminal.
pub(super) fn width(of: &(impl AsFd + IsTerminal)) -> Option<usize> {
    if !of.is_terminal() {
        return None;
    }
    // A terminal that does not say its size is as wide as terminals used to be.
    let columns = rustix::termios::tcgetwinsize(of).map_or(0, |size| usize::from(size.ws_col));
    Some(if columns == 0 { 80 } else { columns })
}
