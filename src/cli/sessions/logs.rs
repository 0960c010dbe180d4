//! `claude-web sessions logs`.

use super::Prefix;
use crate::cli::client::{Client, find};
use crate::cli::exit::CliError;
use crate::cli::text::plain;
use crate::cli::{block_on, output};
use crate::protocol::StderrLog;

/// Print what a session's program wrote to standard error.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Id of the session, or its first characters
    id: Prefix,
    /// Print the lines with their times, as they came, as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: Args, client: Client) -> Result<(), CliError> {
    let log: StderrLog = block_on(async {
        let id = find(&client.sessions().await?, &args.id.0)?;
        client.get(&format!("/api/sessions/{id}/stderr")).await
    })?;
    if args.json {
        return Ok(output::json(&log)?);
    }
    if log.dropped > 0 {
        output::note(&format!("{} earlier lines are gone", log.dropped));
    }
    let lines: String = log.lines.iter().map(|line| plain(&line.line) + "\n").collect();
    Ok(output::data(&lines)?)
}
