//! The command line: one file per subcommand, one place for exit codes, one client for the running server.

mod address;
mod client;
mod completions;
mod doctor;
mod exit;
mod logging;
mod man;
mod output;
mod qr;
mod serve;
mod sessions;
mod text;
mod token;
mod url;

use crate::config::Directories;
use clap::{CommandFactory, Parser, Subcommand};
use exit::{CliError, Exit};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

const AFTER_HELP: &str = "Exit codes: 0 done, 1 failed, 2 usage, 3 no server running, 4 not found.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "claude-web", version, about = "Claude Code sessions of this machine in a browser", after_help = AFTER_HELP)]
// The variables are regular and listed in the manual; beside every flag they would drown the help.
#[command(mut_args(|arg| arg.hide_env(true)), infer_long_args = false, disable_help_subcommand = true)]
struct Cli {
    /// Directory of certificate and state; each is an instance of its own
    #[arg(long, value_name = "DIR", env = "CLAUDE_WEB_DATA_DIR", global = true)]
    data_dir: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(Box<serve::Args>),
    /// List, stop and inspect the sessions of the running server
    #[command(subcommand, arg_required_else_help = true)]
    Sessions(sessions::Command),
    /// Access tokens of the running server
    #[command(subcommand, arg_required_else_help = true)]
    Token(token::Command),
    /// Print an address with a new access token
    Url(url::Args),
    /// Check what claude-web needs on this machine
    Doctor(doctor::Args),
    /// Print the completions of a shell
    Completions(completions::Args),
    /// Print the manual page
    Man,
}

/// Does what `args` ask for, the program's name first.
pub fn run(args: Vec<OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody reads on a closed pipe, and there is nowhere else to say it.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    match dispatch(cli) {
        Ok(code) => code,
        Err(error) => error.report().into(),
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, CliError> {
    match cli.command {
        Command::Serve(args) => serve::run(*args, cli.data_dir)?,
        Command::Sessions(command) => return sessions::run(command, instance(cli.data_dir)?),
        Command::Token(command) => token::run(command, instance(cli.data_dir)?)?,
        Command::Url(args) => url::run(args, instance(cli.data_dir)?)?,
        Command::Doctor(args) => doctor::run(args, cli.data_dir)?,
        Command::Completions(args) => completions::run(args)?,
        Command::Man => man::run()?,
    }
    Ok(Exit::Done.into())
}

/// The server a subcommand talks to: that of --data-dir, of its variable, of config.toml, or of the user.
fn instance(data_dir: Option<PathBuf>) -> Result<client::Client, CliError> {
    let directories = Directories::from_env();
    let given = match data_dir {
        Some(path) => Some(std::path::absolute(path)?),
        None => crate::config::load(&directories)?.data_dir,
    };
    Ok(client::Client::new(&directories.runtime_dirs(given.as_deref())))
}

/// Runs a subcommand that waits for something, on this thread alone.
fn block_on<T>(future: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

/// The command as it is, for completions and the manual page.
fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests;
