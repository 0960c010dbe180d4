//! The composition root: directories, lock, certificate, names, tokens, sessions, listeners, and the order in which all
//! of it ends.

mod accept;
mod control;
mod data_dir;
mod listen;
mod lock;
mod names;
mod plain_http;
mod signals;
mod stall;

pub use signals::Signals;

use crate::auth::{Names, Slots, Tokens};
use crate::config::Config;
use crate::paths::Root;
use crate::protocol::ClaudeStatus;
use crate::sessions::{Registry, Settings};
use crate::tls;
use crate::web::{Parts, Web};
use anyhow::Context as _;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long requests in flight and closing sockets may take once all sessions are gone.
const DRAIN: Duration = Duration::from_secs(3);

/// What there is to print once connections are accepted.
#[derive(Debug, Clone, Serialize)]
pub struct Ready {
    /// The address to open, with the token in its fragment.
    pub url: String,
    /// All such addresses, best first.
    pub urls: Vec<String>,
    /// The access token.
    pub token: String,
    /// Of the certificate.
    pub fingerprint_sha256: String,
    /// Of this process.
    pub pid: u32,
    /// The port in use.
    pub port: u16,
    /// Path of the control socket.
    pub control_socket: PathBuf,
    /// What was repaired, replaced or is not as wished; a sentence each.
    pub warnings: Vec<String>,
    /// The names this server answers to, best first.
    pub names: Vec<String>,
    /// What is known about the CLI; its version comes a moment later.
    #[serde(skip)]
    pub claude: watch::Receiver<ClaudeStatus>,
}

/// What everything here runs on.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    // One thread that is busy with a TLS handshake must not hold up every other connection.
    let threads = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()
}

/// Serves until told to stop. `on_ready` is called once, when connections are accepted.
pub async fn run(config: Config, on_ready: impl FnOnce(&Ready), signals: Signals) -> anyhow::Result<()> {
    let guard_program = std::env::current_exe().context("cannot tell which program this is")?;
    run_with_guard(config, guard_program, on_ready, signals).await
}

/// Serves with another program as the guard of each session, for tests that are not `claude-web` themselves.
pub async fn run_with_guard(
    config: Config,
    guard_program: PathBuf,
    on_ready: impl FnOnce(&Ready),
    signals: Signals,
) -> anyhow::Result<()> {
    let config = Arc::new(config);
    let mut warnings = Vec::new();
    keep_memory_private();
    let root = Root::open(&config.root).with_context(|| format!("the root {} is unusable", config.root.display()))?;
    data_dir::prepare(&config, &mut warnings)?;
    let _lock = lock::take(&config.data_dir)?;
    let instance = data_dir::instance(&config.data_dir, &mut warnings)?;
    let (listeners, port) = listen::bind(&config, &mut warnings)?;
    let control = control::bind(&config.control_socket()).await?;
    let names = Arc::new(Names::new(names::wanted(&config, &instance, &listeners)?, port));
    let identity = tls::prepare(&config.data_dir, names.names(), config.tls.as_ref(), OffsetDateTime::now_utc())?;
    warnings.extend(identity.warnings);
    let tokens = Arc::new(Tokens::new());
    let token = tokens.issue().context("no token could be made")?;
    let registry = Registry::new(Settings { config: Arc::clone(&config), root: root.clone(), guard_program });

    let tracker = TaskTracker::new();
    let closing = CancellationToken::new();
    let dropping = CancellationToken::new();
    let web = Web::new(Parts {
        config: Arc::clone(&config),
        root,
        registry: registry.clone(),
        tokens,
        names: Arc::clone(&names),
        tracker: tracker.clone(),
        closing: closing.clone(),
    });
    let door = accept::Door {
        web,
        config: Arc::clone(&config),
        names: Arc::clone(&names),
        acceptor: TlsAcceptor::from(identity.config),
        slots: Slots::new(config.limits.connections_per_address, config.limits.connections),
        tracker: tracker.clone(),
        stop: signals.stop.clone(),
        closing: closing.clone(),
        dropping: dropping.clone(),
    };
    for listener in listeners {
        tracker.spawn(accept::network(door.clone(), listener));
    }
    let control_path = control.path().to_owned();
    tracker.spawn(accept::control(door, control));

    let urls = names.urls(&token);
    on_ready(&Ready {
        url: urls.first().cloned().unwrap_or_default(),
        urls,
        token,
        fingerprint_sha256: identity.fingerprint_sha256,
        pid: std::process::id(),
        port,
        control_socket: control_path,
        warnings,
        names: names.names().to_vec(),
        claude: registry.watch_claude(),
    });

    signals.stop.cancelled().await;
    tracing::info!("stopping: no new connections, ending sessions");
    registry.shutdown(signals.hurry.clone()).await;
    // Only now: until here every tab could see how its session ended.
    closing.cancel();
    tracker.close();
    tokio::select! {
        () = tracker.wait() => {}
        () = tokio::time::sleep(DRAIN) => {}
        () = signals.hurry.cancelled() => {}
    }
    dropping.cancel();
    // What still runs holds nothing that must be saved; the runtime ends it.
    let _ = tokio::time::timeout(Duration::from_millis(500), tracker.wait()).await;
    Ok(())
}

/// Other processes of the same user, sessions among them, shall not read tokens and keys out of this one's memory, and
/// a crash shall not write them to disk.
fn keep_memory_private() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "this process's memory can be read by others of the same user");
    }
}
