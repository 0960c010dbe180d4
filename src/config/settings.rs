//! What somebody wrote: on the command line, in the environment, or in config.toml.

use super::{HostName, OnDisconnect, Period, VariableName};
use serde::Deserialize;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the usual levels")]
pub enum LogLevel {
    Error,
    #[default]
    Warn,
    Info,
    Debug,
    Trace,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line.
    Json,
}

/// What `serve` was told in one place; a field is absent where nothing was said.
///
/// One struct is the flags, the environment variables and the keys of config.toml, so that none of the three can lack
/// what another has. The first line of each field is its help text.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, clap::Args)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Settings {
    /// Directory that holds every session's working directory [default: the current directory]
    #[arg(long, value_name = "DIR", env = "CLAUDE_WEB_ROOT", help_heading = "Sessions")]
    pub root: Option<PathBuf>,

    /// TCP port; 0 takes any free one [default: 8443]
    #[arg(long, value_name = "PORT", env = "CLAUDE_WEB_PORT", help_heading = "Network")]
    pub port: Option<u16>,

    /// Listen on every address of this machine, not only on loopback
    #[arg(long, value_name = "BOOL", env = "CLAUDE_WEB_LAN", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new(), hide_possible_values = true,
          help_heading = "Network")]
    pub lan: Option<bool>,

    /// Listen on this address too; may be repeated
    #[arg(long, value_name = "ADDR", env = "CLAUDE_WEB_BIND", value_delimiter = ',', help_heading = "Network")]
    pub bind: Option<Vec<IpAddr>>,

    /// Answer to this name too, and put it into the certificate; may be repeated
    #[arg(long, value_name = "NAME", env = "CLAUDE_WEB_HOST", value_delimiter = ',', help_heading = "Network")]
    pub host: Option<Vec<HostName>>,

    /// PEM certificate chain to use instead of our own
    #[arg(long, value_name = "FILE", env = "CLAUDE_WEB_TLS_CERT", requires = "tls_key", help_heading = "Network")]
    pub tls_cert: Option<PathBuf>,

    /// PEM private key of that certificate
    #[arg(long, value_name = "FILE", env = "CLAUDE_WEB_TLS_KEY", requires = "tls_cert", help_heading = "Network")]
    pub tls_key: Option<PathBuf>,

    /// The claude program to run [default: the first one found]
    #[arg(long, value_name = "PATH", env = "CLAUDE_WEB_CLAUDE", help_heading = "Sessions")]
    pub claude: Option<PathBuf>,

    /// CLAUDE_CONFIG_DIR of the sessions
    #[arg(long, value_name = "DIR", env = "CLAUDE_WEB_CLAUDE_CONFIG_DIR", help_heading = "Sessions")]
    pub claude_config_dir: Option<PathBuf>,

    /// Directory of certificate and state; as a flag it belongs to the whole program, not to `serve`.
    #[arg(skip)]
    pub data_dir: Option<PathBuf>,

    /// Shell of terminal sessions [default: $SHELL, else /bin/sh]
    #[arg(long, value_name = "PATH", env = "CLAUDE_WEB_SHELL", help_heading = "Sessions")]
    pub shell: Option<PathBuf>,

    /// Sessions that may run at the same time [default: 20]
    #[arg(long, value_name = "N", env = "CLAUDE_WEB_MAX_SESSIONS", help_heading = "Sessions")]
    pub max_sessions: Option<NonZeroUsize>,

    /// What happens to a session without viewers [default: kill]
    #[arg(long, value_name = "POLICY", env = "CLAUDE_WEB_ON_DISCONNECT", help_heading = "Sessions")]
    pub on_disconnect: Option<OnDisconnect>,

    /// How long a session waits for a viewer to come back [default: 60s]
    #[arg(long, value_name = "TIME", env = "CLAUDE_WEB_DISCONNECT_GRACE", help_heading = "Sessions")]
    pub disconnect_grace: Option<Period>,

    /// How long a session may do nothing before it is stopped; 0 for ever [default: 30m]
    #[arg(long, value_name = "TIME", env = "CLAUDE_WEB_IDLE_TIMEOUT", help_heading = "Sessions")]
    pub idle_timeout: Option<Period>,

    /// Let sessions use the permission mode that asks nothing
    #[arg(long, value_name = "BOOL", env = "CLAUDE_WEB_ALLOW_BYPASS", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new(), hide_possible_values = true,
          help_heading = "Sessions")]
    pub allow_bypass: Option<bool>,

    /// Give sessions only a short list of environment variables
    #[arg(long, value_name = "BOOL", env = "CLAUDE_WEB_CLEAN_ENV", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new(), hide_possible_values = true,
          help_heading = "Sessions")]
    pub clean_env: Option<bool>,

    /// Variable to add to that list; may be repeated
    #[arg(long, value_name = "NAME", env = "CLAUDE_WEB_ENV", value_delimiter = ',', help_heading = "Sessions")]
    pub env: Option<Vec<VariableName>>,

    /// Print one line of JSON on stdout when connections are accepted, and nothing for people
    #[arg(long, value_name = "BOOL", env = "CLAUDE_WEB_JSON", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new(), hide_possible_values = true,
          help_heading = "Output")]
    pub json: Option<bool>,

    /// Print no QR code; --no-qr=false prints one always
    #[arg(long, value_name = "BOOL", env = "CLAUDE_WEB_NO_QR", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new(), hide_possible_values = true,
          help_heading = "Output")]
    pub no_qr: Option<bool>,

    /// Open the page in the browser of this machine
    #[arg(long, value_name = "BOOL", env = "CLAUDE_WEB_OPEN", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new(), hide_possible_values = true,
          help_heading = "Output")]
    pub open: Option<bool>,

    /// How much is logged to stderr [default: warn]
    #[arg(long, value_name = "LEVEL", env = "CLAUDE_WEB_LOG_LEVEL", help_heading = "Output")]
    pub log_level: Option<LogLevel>,

    /// How a log line looks [default: text]
    #[arg(long, value_name = "FORMAT", env = "CLAUDE_WEB_LOG_FORMAT", help_heading = "Output")]
    pub log_format: Option<LogFormat>,
}

impl Settings {
    /// These settings where they say something, `other` where they do not. A list replaces a list.
    pub fn or(self, other: Self) -> Self {
        // A certificate and its key belong to one place; half of each would be a pair nobody chose.
        let (tls_cert, tls_key) = match (self.tls_cert, self.tls_key) {
            (None, None) => (other.tls_cert, other.tls_key),
            pair => pair,
        };
        Self {
            root: self.root.or(other.root),
            port: self.port.or(other.port),
            lan: self.lan.or(other.lan),
            bind: self.bind.or(other.bind),
            host: self.host.or(other.host),
            tls_cert,
            tls_key,
            claude: self.claude.or(other.claude),
            claude_config_dir: self.claude_config_dir.or(other.claude_config_dir),
            data_dir: self.data_dir.or(other.data_dir),
            shell: self.shell.or(other.shell),
            max_sessions: self.max_sessions.or(other.max_sessions),
            on_disconnect: self.on_disconnect.or(other.on_disconnect),
            disconnect_grace: self.disconnect_grace.or(other.disconnect_grace),
            idle_timeout: self.idle_timeout.or(other.idle_timeout),
            allow_bypass: self.allow_bypass.or(other.allow_bypass),
            clean_env: self.clean_env.or(other.clean_env),
            env: self.env.or(other.env),
            json: self.json.or(other.json),
            no_qr: self.no_qr.or(other.no_qr),
            open: self.open.or(other.open),
            log_level: self.log_level.or(other.log_level),
            log_format: self.log_format.or(other.log_format),
        }
    }

    /// Makes every path absolute: `~/` is `home`, anything relative is relative to `base`.
    pub fn anchored(mut self, base: &Path, home: Option<&Path>) -> Self {
        let paths = [
            &mut self.root,
            &mut self.tls_cert,
            &mut self.tls_key,
            &mut self.claude,
            &mut self.claude_config_dir,
            &mut self.data_dir,
            &mut self.shell,
        ];
        for path in paths.into_iter().flatten() {
            *path = match (path.strip_prefix("~"), home) {
                (Ok(below), Some(home)) => home.join(below),
                _ => base.join(&*path),
            };
        }
        self
    }
}
