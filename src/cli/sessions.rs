//! `claude-web sessions`.

mod attach;
mod export;
mod kill;
mod list;
mod logs;

use super::client::Client;
use super::exit::{CliError, Exit};
use std::process::ExitCode;
use std::str::FromStr;

/// List, stop and inspect the sessions of the running server.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the sessions
    List(list::Args),
    /// Stop sessions; returns when their processes are gone
    Kill(kill::Args),
    /// Print what a session's program wrote to standard error
    Logs(logs::Args),
    /// Show a terminal session in this terminal
    Attach(attach::Args),
    /// Write a chat as Markdown, HTML or JSON
    Export(export::Args),
}

/// Does it; the exit code of `attach` is the program's.
pub(super) fn run(command: Command, client: Client) -> Result<ExitCode, CliError> {
    match command {
        Command::List(args) => list::run(args, client)?,
        Command::Kill(args) => kill::run(args, client)?,
        Command::Logs(args) => logs::run(args, client)?,
        Command::Attach(args) => return attach::run(&args, &client),
        Command::Export(args) => export::run(args, client)?,
    }
    Ok(Exit::Done.into())
}

/// An id, or enough of its beginning.
#[derive(Debug, Clone)]
struct Prefix(String);

impl FromStr for Prefix {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Fewer would sooner or later name a session nobody meant.
        if text.chars().count() < 4 {
            Err("an id needs at least its first 4 characters")
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}
