//! Placeholder with the signatures the command line is written against; the server's own module replaces it at merge.

use crate::config::Config;
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;

/// What a server that accepts connections knows about itself.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Best address to open, token included.
    pub url: String,
    /// All addresses, best first.
    pub urls: Vec<String>,
    /// The access token.
    pub token: String,
    /// Fingerprint of the certificate.
    pub fingerprint_sha256: String,
    /// Process id.
    pub pid: u32,
    /// TCP port.
    pub port: u16,
    /// Path of the control socket.
    pub control_socket: PathBuf,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// How the server is told to stop.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// Stop politely.
    pub stop: CancellationToken,
    /// Skip the grace.
    pub hurry: CancellationToken,
}

/// Serves until told to stop.
pub async fn run(_config: Config, _on_ready: impl FnOnce(&Ready) + Send, _signals: Signals) -> anyhow::Result<()> {
    anyhow::bail!("this build has no server yet")
}
