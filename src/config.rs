//! Everything `serve` can be told, resolved: flags over environment over config.toml over defaults.
//!
//! [`Settings`] is what somebody wrote, in any of the three places; [`Config`] is what it means here. The step from one
//! to the other is [`resolve`], and nothing else makes a [`Config`] outside tests.

mod directories;
mod error;
mod file;
mod period;
mod resolve;
mod settings;
mod values;

pub use directories::Directories;
pub use error::ConfigError;
pub use file::load;
pub use period::{NEVER, Period};
pub use resolve::{Presentation, Resolved, Surroundings, resolve};
pub use settings::{LogFormat, LogLevel, Settings};
pub use values::{HostName, VariableName};

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What happens to a session when its last viewer has been gone for the grace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum OnDisconnect {
    /// It is stopped.
    #[default]
    Kill,
    /// A running turn may end first.
    Finish,
    /// Only the idle timeout applies.
    Keep,
}

impl OnDisconnect {
    /// The spelling of the flag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Finish => "finish",
            Self::Keep => "keep",
        }
    }
}

/// How `serve` runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Absolute, existing directory that confines every working directory.
    pub root: PathBuf,
    /// TCP port; 0 takes any free one.
    pub port: u16,
    /// Listen on every address of the machine.
    pub lan: bool,
    /// Extra addresses to listen on.
    pub bind: Vec<IpAddr>,
    /// Extra names accepted in Host and put into the certificate.
    pub hosts: Vec<String>,
    /// Certificate and key to use instead of our own.
    pub tls: Option<TlsFiles>,
    /// `claude` to run instead of the one found.
    pub claude: Option<PathBuf>,
    /// Passed on as CLAUDE_CONFIG_DIR.
    pub claude_config_dir: Option<PathBuf>,
    /// Shell for terminal sessions; absolute.
    pub shell: PathBuf,
    /// Where certificate, instance name and trust answers are kept; 0700.
    pub data_dir: PathBuf,
    /// Where the control socket and the lock are; 0700.
    pub runtime_dir: PathBuf,
    /// Live sessions.
    pub max_sessions: usize,
    /// What happens when the last viewer is gone.
    pub on_disconnect: OnDisconnect,
    /// How long a session waits for a viewer.
    pub disconnect_grace: Duration,
    /// How long a session may be idle.
    pub idle_timeout: Duration,
    /// Allow the permission mode that asks nothing.
    pub allow_bypass: bool,
    /// Give children an allowlist of the environment instead of all but the scrub list.
    pub clean_env: bool,
    /// Names added to that allowlist.
    pub env: Vec<String>,
    /// The bounds of everything else.
    pub limits: Limits,
}

impl Config {
    /// Path of the control socket.
    pub fn control_socket(&self) -> PathBuf {
        self.runtime_dir.join("control.sock")
    }
}

/// A certificate and key the user brings along.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// PEM certificate chain.
    pub cert: PathBuf,
    /// PEM private key.
    pub key: PathBuf,
}

/// Bounds; the defaults are the product's, tests make them smaller.
#[derive(Debug, Clone)]
pub struct Limits {
    /// TLS handshake, first request and request headers, each.
    pub handshake: Duration,
    /// Bytes of a JSON body.
    pub body_bytes: usize,
    /// Bytes of a JSON body that may carry images.
    pub body_with_images_bytes: usize,
    /// Open connections from one address.
    pub connections_per_address: usize,
    /// Open connections in all.
    pub connections: usize,
    /// Bytes of a message on the events socket.
    pub events_message_bytes: usize,
    /// Bytes of a message on a chat socket.
    pub chat_message_bytes: usize,
    /// Bytes of a message on a terminal socket.
    pub terminal_message_bytes: usize,
    /// How long a socket may stay without a credential.
    pub socket_auth: Duration,
    /// Sockets without a credential from one address.
    pub unauthenticated_sockets_per_address: usize,
    /// Interval of pings.
    pub ping: Duration,
    /// Silence after which a socket is dead.
    pub dead: Duration,
    /// Bytes a terminal viewer may be sent without acknowledging.
    pub unacknowledged_bytes: u64,
    /// Bytes of output kept per terminal.
    pub terminal_ring_bytes: usize,
    /// Bytes of one recording of a terminal.
    pub recording_bytes: u64,
    /// Bytes of all recordings; beyond it the oldest are removed.
    pub recordings_bytes: u64,
    /// Bytes of events kept per chat.
    pub chat_log_bytes: usize,
    /// Bytes of one stdout line of a chat's child.
    pub line_bytes: usize,
    /// Bytes of stderr kept per session.
    pub stderr_bytes: usize,
    /// Session starts in a burst.
    pub starts_burst: u32,
    /// Session starts per minute.
    pub starts_per_minute: u32,
    /// Requests per minute and principal.
    pub requests_per_minute: u32,
    /// Failed logins per minute and address.
    pub failed_logins_per_minute: u32,
    /// How long a process tree gets between TERM and KILL.
    pub term_grace: Duration,
    /// How long a detached terminal viewer holds its place in the ring.
    pub reattach_hold: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        const KIB: usize = 1024;
        const MIB: usize = 1024 * KIB;
        Self {
            handshake: Duration::from_secs(10),
            body_bytes: MIB,
            body_with_images_bytes: 10 * MIB,
            connections_per_address: 256,
            connections: 4_000,
            events_message_bytes: 64 * KIB,
            chat_message_bytes: 10 * MIB,
            terminal_message_bytes: 64 * KIB,
            socket_auth: Duration::from_secs(5),
            unauthenticated_sockets_per_address: 8,
            ping: Duration::from_secs(20),
            dead: Duration::from_secs(45),
            unacknowledged_bytes: 384 * KIB as u64,
            terminal_ring_bytes: 4 * MIB,
            recording_bytes: 256 * MIB as u64,
            recordings_bytes: 1024 * MIB as u64,
            chat_log_bytes: 16 * MIB,
            line_bytes: 32 * MIB,
            stderr_bytes: 256 * KIB,
            starts_burst: 10,
            starts_per_minute: 10,
            requests_per_minute: 600,
            failed_logins_per_minute: 10,
            term_grace: Duration::from_secs(5),
            reattach_hold: Duration::from_secs(10),
        }
    }
}
