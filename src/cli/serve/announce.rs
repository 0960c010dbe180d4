//! What `serve` says when it accepts connections: a line for programs, or a few for people.

use crate::claude::find::{INSTALL_COMMAND, NotFound};
use crate::cli::text::plain;
use crate::cli::{address, output, qr};
use crate::config::{Config, NEVER, OnDisconnect, Period};
use crate::protocol::ClaudeStatus;
use crate::server::Ready;
use serde::Serialize;
use std::fmt::Write;
use std::io;
use std::path::PathBuf;
use tokio::sync::watch;

/// One line of JSON with its end.
pub(super) fn line(ready: &Ready) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        url: &'a str,
        urls: &'a [String],
        token: &'a str,
        fingerprint_sha256: &'a str,
        pid: u32,
        port: u16,
        control_socket: std::borrow::Cow<'a, str>,
    }
    let line = Line {
        url: &ready.url,
        urls: &ready.urls,
        token: &ready.token,
        fingerprint_sha256: &ready.fingerprint_sha256,
        pid: ready.pid,
        port: ready.port,
        control_socket: ready.control_socket.to_string_lossy(),
    };
    // Strings and numbers always serialize.
    serde_json::to_string(&line).unwrap_or_default() + "\n"
}

/// The lines for people.
pub(super) fn text(ready: &Ready, config: &Config, claude: &Result<PathBuf, NotFound>, wanted: Option<bool>) -> String {
    let mut out = format!("claude-web {} is running\n\n", env!("CARGO_PKG_VERSION"));
    let mut say = |line: &str| {
        let _ = writeln!(out, "{line}");
    };
    // All loopback names lead to the same page; one is enough.
    if let Some(url) = address::for_this_machine(&ready.urls) {
        say(&format!("  Open         {url}"));
    }
    for url in address::for_others(&ready.urls) {
        say(&format!("  Network      {url}"));
    }
    say("");
    if let Some(code) = code(ready, config, wanted) {
        say(&code);
    }
    say(&format!("  Certificate  SHA-256 {}", ready.fingerprint_sha256));
    say(&format!("  Root         {}", plain(&config.root.display().to_string())));
    match claude {
        Ok(path) => say(&format!("  Claude Code  {}", plain(&path.display().to_string()))),
        Err(missing) => {
            say(&format!("  Claude Code  no session can be started: {}", plain(&missing.to_string())));
            // One that was not found says so itself; one that was named is not replaced by another.
            if config.claude.is_some() {
                say(&format!("               correct --claude, or install it with `{INSTALL_COMMAND}`"));
            }
        }
    }
    say(&format!("  Sessions     {}\n", policy(config)));
    for warning in &ready.warnings {
        say(&format!("warning: {}", plain(warning)));
    }
    if config.tls.is_none() {
        say("The certificate is self-signed, so a browser warns once. Before you go on there, let it show the");
        say("certificate and compare its SHA-256 fingerprint with the one above.");
    }
    out + "Press Ctrl+C to stop; sessions are ended first."
}

/// Prints the version once the server knows it. Nothing waits for this.
pub(super) async fn version(mut claude: watch::Receiver<ClaudeStatus>) {
    let known = claude.wait_for(|status| status.version.is_some() || status.error.is_some()).await;
    let Ok(status) = known.map(|status| status.clone()) else { return };
    match (status.version, status.error) {
        (Some(version), _) => output::note(&format!("Claude Code {}", plain(&version))),
        (None, error) => {
            output::note(&format!("warning: Claude Code may not work: {}", plain(&error.unwrap_or_default())));
        }
    }
}

/// A code where a phone could use it: there is an address it reaches, and a terminal that can show it.
fn code(ready: &Ready, config: &Config, wanted: Option<bool>) -> Option<String> {
    let shared = config.lan || !config.bind.is_empty();
    let terminal = output::width(&io::stderr());
    let url = address::for_a_phone(&ready.urls);
    let (url, columns) = match wanted {
        Some(false) => return None,
        Some(true) => (url.unwrap_or(&ready.url), usize::MAX),
        None if shared => (url?, terminal?),
        None => return None,
    };
    qr::render(url, columns, terminal.is_some() && std::env::var_os("NO_COLOR").is_none())
}

/// What happens to sessions nobody looks at, as a sentence says it.
fn policy(config: &Config) -> String {
    let grace = Period(config.disconnect_grace);
    let left = match config.on_disconnect {
        OnDisconnect::Kill if config.disconnect_grace < NEVER => {
            format!("stopped {grace} after the last viewer has gone")
        }
        OnDisconnect::Finish if config.disconnect_grace < NEVER => {
            format!("stopped {grace} after the last viewer has gone, once a running turn has ended")
        }
        OnDisconnect::Kill | OnDisconnect::Finish | OnDisconnect::Keep => "go on without a viewer".to_owned(),
    };
    if config.idle_timeout < NEVER {
        format!("{left}; stopped after {} without activity", Period(config.idle_timeout))
    } else {
        left
    }
}

#[cfg(test)]
mod tests;
