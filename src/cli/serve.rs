//! `claude-web serve`.

mod announce;
mod open;
mod signals;

use super::address;
use super::exit::CliError;
use super::logging;
use super::output;
use crate::claude::environment::{EnvPolicy, child_env};
use crate::claude::find;
use crate::config::{Config, Presentation, Resolved, Settings, Surroundings, load, resolve};
use crate::protocol::SessionKind;
use crate::server::{self, Ready, Signals};
use signals::Heard;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long threads that are stuck in the operating system can hold up the exit.
const LEFTOVERS: Duration = Duration::from_secs(2);

const AFTER_HELP: &str = "\
TIME is a number with its unit, such as 60s, 30m or 2h, or else 0 or never.
Each flag is also a variable, CLAUDE_WEB_<FLAG>, and a key of config.toml; a flag beats the variable, the variable \
beats the file. `claude-web man` has it all.";

/// Run the server.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP, mut_args(|arg| arg.hide_env(true)))]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) settings: Settings,
}

pub(super) fn run(args: Args, data_dir: Option<PathBuf>) -> Result<(), CliError> {
    let around = Surroundings::from_env()?;
    let settings = Settings { data_dir, ..args.settings }.or(load(&around.directories)?);
    let resolved = resolve(settings, &around)?;
    logging::start(resolved.presentation.log_level, resolved.presentation.log_format);
    let runtime = server::runtime()?;
    let outcome = runtime.block_on(serve(resolved));
    runtime.shutdown_timeout(LEFTOVERS);
    Ok(outcome?)
}

async fn serve(resolved: Resolved) -> anyhow::Result<()> {
    let Resolved { config, presentation } = resolved;
    let mut heard = Heard::register()?;
    let signals = Signals { stop: CancellationToken::new(), hurry: CancellationToken::new() };
    let tasks = TaskTracker::new();
    let greeting =
        Greeting { config: Arc::new(config.clone()), presentation, tasks: tasks.clone(), stop: signals.stop.clone() };
    let told = async {
        heard.next().await;
        if !presentation.json {
            output::note("\nStopping. Sessions are ended first; press Ctrl+C again to skip the wait.");
        }
        signals.stop.cancel();
        heard.next().await;
        signals.hurry.cancel();
        std::future::pending().await
    };
    let outcome = tokio::select! {
        outcome = server::run(config, move |ready| greeting.give(ready), signals.clone()) => outcome,
        never = told => never,
    };
    // What only the greeting started ends with the server, also when it ends by itself.
    signals.stop.cancel();
    tasks.close();
    tasks.wait().await;
    outcome
}

/// What happens once connections are accepted.
struct Greeting {
    config: Arc<Config>,
    presentation: Presentation,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Greeting {
    fn give(self, ready: &Ready) {
        let claude = find::find(self.config.claude.as_deref(), &find::Places::from_env());
        if self.presentation.json {
            // Whoever started us may read the line and close the pipe; the server goes on.
            if let Err(error) = output::data(&announce::line(ready)) {
                tracing::warn!(%error, "cannot print the address on stdout");
            }
            for warning in &ready.warnings {
                tracing::warn!("{warning}");
            }
            if let Err(missing) = &claude {
                tracing::warn!("no session can be started: {missing}");
            }
        } else {
            output::note(&announce::text(ready, &self.config, &claude, self.presentation.qr));
            if claude.is_ok() {
                self.tasks.spawn(stopped_by(self.stop.clone(), announce::version(ready.claude.clone())));
            }
        }
        if self.presentation.open {
            let url = address::for_this_machine(&ready.urls).unwrap_or(&ready.url);
            let open = open::open(url.to_owned(), self.config.runtime_dir.clone());
            self.tasks.spawn(stopped_by(self.stop.clone(), open));
        }
    }
}

/// The environment `claude` is asked for its version in: the one a session gets.
pub(super) fn environment(config: &Config) -> Vec<(OsString, OsString)> {
    let policy = EnvPolicy { clean: config.clean_env, allow: config.env.clone() };
    child_env(std::env::vars_os(), &policy, SessionKind::Chat)
}

async fn stopped_by(stop: CancellationToken, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        () = stop.cancelled() => {}
    }
}
