//! `claude-web sessions list`.

use crate::cli::client::Client;
use crate::cli::exit::CliError;
use crate::cli::text::{cut_end, cut_middle, plain, width};
use crate::cli::{block_on, output};
use crate::protocol::{Session, SessionKind, SessionState, TerminalProgram, UnixMs};
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

/// List the sessions.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Print all that is known, as a JSON array
    #[arg(long)]
    json: bool,
    /// List ended sessions too
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: Args, client: Client) -> Result<(), CliError> {
    let mut sessions = block_on(client.sessions())?;
    sessions.retain(|session| args.all || session.state != SessionState::Ended);
    if args.json {
        return Ok(output::json(&sessions)?);
    }
    if sessions.is_empty() {
        output::note(if args.all { "no sessions" } else { "no session is running; --all shows those that ended" });
        return Ok(());
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as UnixMs);
    Ok(output::data(&table(&sessions, now, output::width(&io::stdout())))?)
}

const HEADINGS: [&str; 7] = ["ID", "STATE", "KIND", "TITLE", "DIRECTORY", "AGE", "LATEST"];
const TITLE: usize = 3;
const DIRECTORY: usize = 4;
/// What it waits for, or what a terminal says in its last line.
const LATEST: usize = 6;
const GAP: usize = 2;
/// The columns that may be cut, and how narrow each may get.
const CUT: [(usize, usize); 3] = [(LATEST, 11), (TITLE, 12), (DIRECTORY, 12)];

/// The sessions as a table, no line wider than `columns` where that is possible.
fn table(sessions: &[Session], now: UnixMs, columns: Option<usize>) -> String {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    rows.extend(sessions.iter().map(|session| row(session, now)));
    let mut widths: [usize; 7] =
        std::array::from_fn(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0));
    let full = widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
    let mut excess = full.saturating_sub(columns.unwrap_or(usize::MAX));
    for (column, least) in CUT {
        let off = excess.min(widths[column].saturating_sub(least));
        widths[column] -= off;
        excess -= off;
    }
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(row: &[String; 7], widths: &[usize; 7]) -> String {
    let mut line = String::new();
    for (column, (cell, &columns)) in row.iter().zip(widths).enumerate() {
        let cell = if column == DIRECTORY { cut_middle(cell, columns) } else { cut_end(cell, columns) };
        let padding = columns - width(&cell) + GAP;
        line.push_str(&cell);
        line.extend(std::iter::repeat_n(' ', padding));
    }
    line.truncate(line.trim_end().len());
    line + "\n"
}

fn row(session: &Session, now: UnixMs) -> [String; 7] {
    let latest = match session.pending.as_slice() {
        [] if session.state == SessionState::Ended => String::new(),
        [] => session.last_line.clone().unwrap_or_default(),
        [one] => format!("{}: {}", one.tool_name, one.summary),
        [first, rest @ ..] => format!("{}: {} (and {} more)", first.tool_name, first.summary, rest.len()),
    };
    [
        session.id.to_string().chars().take(8).collect(),
        state(session.state).to_owned(),
        kind(session).to_owned(),
        plain(&session.title),
        plain(&session.cwd),
        age(now.saturating_sub(session.created_at)),
        plain(&latest),
    ]
}

fn state(state: SessionState) -> &'static str {
    match state {
        SessionState::Starting => "starting",
        SessionState::Idle => "idle",
        SessionState::Working => "working",
        SessionState::NeedsApproval => "needs approval",
        SessionState::NeedsAnswer => "needs answer",
        SessionState::Ended => "ended",
    }
}

fn kind(session: &Session) -> &'static str {
    match (session.kind, session.program) {
        (SessionKind::Chat, _) => "chat",
        (SessionKind::Terminal, Some(TerminalProgram::Shell)) => "shell",
        (SessionKind::Terminal, _) => "terminal",
    }
}

fn age(ms: u64) -> String {
    let seconds = ms / 1000;
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests;
