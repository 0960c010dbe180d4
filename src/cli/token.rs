//! `claude-web token`.

use super::client::Client;
use super::exit::CliError;
use super::{block_on, output};
use crate::protocol::{ReplaceToken, TokenIssued};

/// Access tokens of the running server.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print a new access token
    New {
        /// End every other access token, and what was opened with it
        #[arg(long)]
        replace: bool,
    },
}

pub(super) fn run(command: Command, client: Client) -> Result<(), CliError> {
    let Command::New { replace } = command;
    let issued: TokenIssued = block_on(client.post("/api/token", &ReplaceToken { replace }))?;
    output::data(&format!("{}\n", issued.token))?;
    Ok(())
}
