//! `claude-web sessions kill`.

use super::Prefix;
use crate::cli::client::{Client, find};
use crate::cli::exit::{CliError, Exit};
use crate::cli::text::plain;
use crate::cli::{block_on, output};
use crate::protocol::{Session, SessionId, SessionState};
use futures_util::future::join_all;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal};
use std::time::Duration;

/// A stop that takes longer than this is worth a word.
const QUIET: Duration = Duration::from_secs(1);

/// Stop sessions; returns when their processes are gone.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Ids of the sessions, or their first characters
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<Prefix>,
    /// Stop every running session
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: Args, client: Client) -> Result<(), CliError> {
    block_on(async {
        let sessions = client.sessions().await?;
        let chosen = choose(&args, &sessions)?;
        if chosen.is_empty() {
            output::note("no session is running");
            return Ok(());
        }
        let outcomes = watched(chosen.len(), join_all(chosen.iter().map(|id| kill(&client, *id)))).await;
        report(&sessions, outcomes)
    })
}

/// All ids are looked up before the first session is stopped, so that a typing error stops none.
fn choose(args: &Args, sessions: &[Session]) -> Result<Vec<SessionId>, CliError> {
    let mut chosen: Vec<SessionId> = match args.all {
        true => {
            sessions.iter().filter(|session| session.state != SessionState::Ended).map(|session| session.id).collect()
        }
        false => args.ids.iter().map(|prefix| find(sessions, &prefix.0)).collect::<Result<_, _>>()?,
    };
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

type Stopped = (SessionId, Result<Session, CliError>);

async fn kill(client: &Client, id: SessionId) -> Stopped {
    (id, client.delete(&format!("/api/sessions/{id}")).await)
}

/// Waits, with a spinner on a terminal when it takes longer.
async fn watched<T>(count: usize, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    if let Ok(done) = tokio::time::timeout(QUIET, &mut work).await {
        return done;
    }
    if !io::stderr().is_terminal() {
        return work.await;
    }
    let style =
        ProgressStyle::with_template("{spinner} {msg} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_spinner());
    let spinner = ProgressBar::new_spinner().with_style(style).with_elapsed(QUIET);
    spinner.set_message(match count {
        1 => "Stopping the session".to_owned(),
        count => format!("Stopping {count} sessions"),
    });
    spinner.enable_steady_tick(Duration::from_millis(100));
    let done = work.await;
    spinner.finish_and_clear();
    done
}

fn report(before: &[Session], outcomes: Vec<Stopped>) -> Result<(), CliError> {
    let alone = outcomes.len() == 1;
    let mut failed = false;
    for (id, outcome) in outcomes {
        let was = before.iter().find(|session| session.id == id);
        let title = was.map(|session| plain(&session.title)).unwrap_or_default();
        match outcome {
            Ok(_) if was.is_some_and(|session| session.state == SessionState::Ended) => {
                output::note(&format!("{id} had ended already: {title}"));
            }
            Ok(_) => output::note(&format!("stopped {id}: {title}")),
            Err(error) if alone => return Err(error),
            Err(error) => {
                output::note(&format!("could not stop {id}: {title}"));
                error.report();
                failed = true;
            }
        }
    }
    if failed { Err(CliError::Reported(Exit::Failed)) } else { Ok(()) }
}
