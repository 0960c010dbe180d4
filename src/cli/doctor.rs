//! `claude-web doctor`: what claude-web needs on this machine, one line each, with what to do where something lacks.

mod claude;
mod files;
mod network;
mod system;

use super::client::Client;
use super::exit::{CliError, Exit};
use super::text::plain;
use super::{Cli, Command, block_on, output};
use crate::config::{Config, Settings, Surroundings, load, resolve};
use clap::Parser;
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;

/// Check what claude-web needs on this machine.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the checks as a JSON array
    #[arg(long)]
    json: bool,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Warn,
    Fail,
}

/// One line of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Check {
    check: &'static str,
    status: Status,
    message: String,
    hint: Option<String>,
}

impl Check {
    fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, status: Status::Ok, message: message.into(), hint: None }
    }

    fn warn(check: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { check, status: Status::Warn, message: message.into(), hint: Some(hint.into()) }
    }

    fn fail(check: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { check, status: Status::Fail, message: message.into(), hint: Some(hint.into()) }
    }
}

pub(super) fn run(args: Args, data_dir: Option<PathBuf>) -> Result<(), CliError> {
    let around = Surroundings::from_env()?;
    let (mut checks, config, runtime_dirs) = settings(data_dir, &around)?;
    let client = Client::new(&runtime_dirs);
    checks.extend(block_on(async {
        let mut checks = vec![claude::check(&config).await];
        checks.extend(files::data_directory(&config.data_dir));
        checks.push(network::certificate(&config));
        let (socket, server) = network::control_socket(&client).await;
        checks.push(socket);
        checks.push(network::port(config.port, server));
        checks.extend(system::checks(&config));
        Ok(checks)
    })?);
    if args.json {
        output::json(&checks)?;
    } else {
        output::data(&text(&checks))?;
    }
    match checks.iter().any(|check| check.status == Status::Fail) {
        true => Err(CliError::Reported(Exit::Failed)),
        false => Ok(()),
    }
}

/// What `serve` would be told here, and whether it would take it. The other checks go on with the defaults.
fn settings(data_dir: Option<PathBuf>, around: &Surroundings) -> Result<(Vec<Check>, Config, Vec<PathBuf>), CliError> {
    let mut checks = Vec::new();
    let file = load(&around.directories).unwrap_or_else(|error| {
        checks.push(Check::fail("settings", error.to_string(), error.hint()));
        Settings::default()
    });
    let variables = variables().unwrap_or_else(|message| {
        checks.push(Check::fail("settings", message, "correct or unset the CLAUDE_WEB_ variable"));
        Settings::default()
    });
    let settings = Settings { data_dir, ..variables }.or(file);
    let mut data_dir = settings.data_dir.clone();
    let config = match resolve(settings, around) {
        Ok(resolved) => {
            checks.push(Check::ok("root", resolved.config.root.display().to_string()));
            resolved.config
        }
        Err(error) => {
            checks.push(Check::fail("settings", error.to_string(), error.hint()));
            let fallback = Settings { root: Some("/".into()), data_dir: data_dir.clone(), ..Settings::default() };
            resolve(fallback, around)?.config
        }
    };
    if data_dir.is_some() {
        data_dir = Some(config.data_dir.clone());
    }
    if checks.iter().all(|check| check.check != "settings") {
        let said = around.directories.config_file().map_or("no config.toml".to_owned(), |path| match path.exists() {
            true => path.display().to_string(),
            false => format!("{} is not there, so the defaults apply", path.display()),
        });
        checks.insert(0, Check::ok("settings", said));
    }
    let runtime_dirs = around.directories.runtime_dirs(data_dir.as_deref());
    Ok((checks, config, runtime_dirs))
}

/// The CLAUDE_WEB_ variables, read the way `serve` reads them.
fn variables() -> Result<Settings, String> {
    match Cli::try_parse_from(["claude-web", "serve"]) {
        Ok(Cli { command: Command::Serve(args), .. }) => Ok(args.settings),
        Ok(_) => Ok(Settings::default()),
        // The first paragraph says what is wrong; usage and tips that follow are for people who typed it.
        Err(error) => {
            Err(error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned())
        }
    }
}

fn text(checks: &[Check]) -> String {
    let widest = checks.iter().map(|check| check.check.len()).max().unwrap_or(0);
    let mut out = String::new();
    for check in checks {
        let status = match check.status {
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Fail => "fail",
        };
        let _ = writeln!(out, "{status:<4}  {:<widest$}  {}", check.check, plain(&check.message));
        if let Some(hint) = &check.hint {
            let _ = writeln!(out, "{:indent$}{}", "", plain(hint), indent = widest + 8);
        }
    }
    out
}
