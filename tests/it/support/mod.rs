//! A server of its own for each test, and clients that speak to it.

mod http;
pub(crate) mod proxy;
pub(crate) mod socket;

pub(crate) use http::{Reply, Stream};
pub(crate) use socket::Seen;

use claude_web::config::{Config, Limits, OnDisconnect};
use claude_web::server::{self, Ready, Signals};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// A running server; stopped and cleaned up when dropped.
pub(crate) struct Server {
    pub(crate) ready: Ready,
    pub(crate) signals: Signals,
    pub(crate) dir: Arc<tempfile::TempDir>,
    running: Option<JoinHandle<anyhow::Result<()>>>,
}

/// The configuration tests start from; everything lies under `dir`.
pub(crate) fn config(dir: &Path) -> Config {
    let root = dir.join("root");
    std::fs::create_dir_all(root.join("project")).expect("root");
    Config {
        root,
        port: 0,
        lan: false,
        bind: Vec::new(),
        hosts: Vec::new(),
        tls: None,
        claude: None,
        claude_config_dir: None,
        shell: PathBuf::from("/bin/sh"),
        data_dir: dir.join("data"),
        runtime_dir: dir.join("run"),
        max_sessions: 20,
        on_disconnect: OnDisconnect::Kill,
        disconnect_grace: Duration::from_secs(60),
        idle_timeout: Duration::from_secs(1800),
        allow_bypass: false,
        clean_env: false,
        env: Vec::new(),
        limits: Limits { socket_auth: Duration::from_millis(700), ..Limits::default() },
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::try_start(Arc::new(tempfile::tempdir().expect("tempdir")), change).await.expect("the server starts")
    }

    /// Starts in a directory that may have been used before.
    pub(crate) async fn try_start(
        dir: Arc<tempfile::TempDir>,
        change: impl FnOnce(&mut Config),
    ) -> anyhow::Result<Self> {
        let mut config = config(dir.path());
        change(&mut config);
        let signals = Signals::default();
        let ready = Arc::new(Mutex::new(None));
        let (tell, told) = tokio::sync::oneshot::channel();
        let (seen, given) = (Arc::clone(&ready), signals.clone());
        let mut running = TaskTracker::new().spawn(async move {
            let on_ready = move |ready: &Ready| {
                *seen.lock().expect("lock") = Some(ready.clone());
                let _ = tell.send(());
            };
            let guard = PathBuf::from(env!("CARGO_BIN_EXE_claude-web"));
            server::run_with_guard(config, guard, on_ready, given).await
        });
        tokio::select! {
            Ok(()) = told => {}
            ended = &mut running => {
                return Err(ended.expect("no panic").expect_err("it ended before it was ready"));
            }
        }
        let ready = ready.lock().expect("lock").take().expect("ready");
        Ok(Self { ready, signals, dir, running: Some(running) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.ready.port))
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// `localhost:PORT`, one of the accepted hosts.
    pub(crate) fn host(&self) -> String {
        format!("localhost:{}", self.ready.port)
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.host())
    }

    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.ready.token)
    }

    /// Asks the server to stop and waits until it has.
    pub(crate) async fn stop(mut self) {
        self.signals.stop.cancel();
        let running = self.running.take().expect("runs");
        let ended = tokio::time::timeout(Duration::from_secs(20), running).await.expect("it stops in time");
        ended.expect("no panic").expect("it ends well");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signals.stop.cancel();
        self.signals.hurry.cancel();
    }
}
