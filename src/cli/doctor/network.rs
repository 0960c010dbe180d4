//! Certificate, control socket and port.

use super::Check;
use crate::cli::client::Client;
use crate::cli::exit::CliError;
use crate::config::{Config, Period, TlsFiles};
use crate::protocol::Health;
use crate::tls;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::time::Duration;
use std::{fs, io};

/// The server makes a new certificate when fewer are left.
const RENEWED_DAYS: i64 = 30;

pub(super) fn certificate(config: &Config) -> Check {
    const NAME: &str = "certificate";
    if let Some(files) = &config.tls {
        return brought(NAME, files);
    }
    let path = config.data_dir.join("cert.pem");
    if fs::symlink_metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Check::ok(NAME, "there is none yet; `claude-web serve` makes one");
    }
    let report = match tls::inspect(&config.data_dir) {
        Ok(report) => report,
        Err(error) => return Check::fail(NAME, error.to_string(), "remove it; `claude-web serve` makes a new one"),
    };
    let names = report.names.join(", ");
    let until = report.not_after.date();
    let said =
        format!("valid until {until} ({} days) for {names}; SHA-256 {}", report.days_left, report.fingerprint_sha256);
    if report.key_mode & 0o077 != 0 {
        let message = format!("other users may read the key (mode {:04o})", report.key_mode);
        return Check::fail(
            NAME,
            message,
            "remove cert.pem and key.pem from the data directory; the next start makes new ones",
        );
    }
    if report.days_left < RENEWED_DAYS {
        return Check::warn(NAME, said, "restart `claude-web serve`; it renews the certificate at its start");
    }
    Check::ok(NAME, said)
}

fn brought(name: &'static str, files: &TlsFiles) -> Check {
    for path in [&files.cert, &files.key] {
        if let Err(error) = fs::File::open(path) {
            let message = format!("cannot read {}: {error}", path.display());
            return Check::fail(name, message, "correct --tls-cert and --tls-key");
        }
    }
    Check::ok(name, format!("your own, {}", files.cert.display()))
}

/// Whether a server answers, and which process it is.
pub(super) async fn control_socket(client: &Client) -> (Check, Option<u32>) {
    const NAME: &str = "control socket";
    let there = client.sockets().iter().find_map(|path| Some((path, fs::symlink_metadata(path).ok()?)));
    match client.get::<Health>("/health").await {
        Ok(health) => {
            let up = Period(Duration::from_secs(health.uptime_ms / 1000));
            let said = format!(
                "server {} runs as process {}, up {up}, {} of {} sessions",
                health.version, health.pid, health.live_sessions, health.max_sessions
            );
            let check = match there {
                Some((path, found)) if found.mode() & 0o077 != 0 => Check::fail(
                    NAME,
                    format!("{} is open to other users (mode {:04o})", path.display(), found.mode() & 0o7777),
                    format!("chmod 0600 {}", path.display()),
                ),
                _ => Check::ok(NAME, said),
            };
            (check, Some(health.pid))
        }
        Err(CliError::NoServer(_)) => match there {
            Some((path, _)) => {
                let said =
                    format!("no server is running; {} was left behind, the next start replaces it", path.display());
                (Check::ok(NAME, said), None)
            }
            None => (Check::ok(NAME, "no server is running"), None),
        },
        Err(CliError::Refused(body)) => (failed(NAME, &body.message), None),
        Err(CliError::Failed(error)) => (failed(NAME, &format!("{error:#}")), None),
        Err(error) => (failed(NAME, &format!("{error:?}")), None),
    }
}

fn failed(name: &'static str, why: &str) -> Check {
    Check::fail(name, format!("a server is there but does not answer: {why}"), "stop that server and start it again")
}

/// Whether the port is free, or held by the server with this process id.
pub(super) fn port(port: u16, server: Option<u32>) -> Check {
    const NAME: &str = "port";
    if port == 0 {
        return Check::ok(NAME, "any free one");
    }
    let error = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => return Check::ok(NAME, format!("{port} is free")),
        Err(error) => error,
    };
    match (error.kind(), server) {
        (io::ErrorKind::AddrInUse, Some(pid)) if holds(pid, port) != Some(false) => {
            Check::ok(NAME, format!("{port} is held by the running server"))
        }
        (io::ErrorKind::AddrInUse, _) => {
            Check::fail(NAME, format!("{port} is in use by another program"), "end it, or choose another with --port")
        }
        (io::ErrorKind::PermissionDenied, _) => {
            Check::fail(NAME, format!("this user may not listen on {port}"), "choose a port above 1023 with --port")
        }
        _ => Check::fail(NAME, format!("cannot listen on {port}: {error}"), "choose another with --port"),
    }
}

/// Whether a process listens on a TCP port; none where /proc does not tell.
fn holds(pid: u32, port: u16) -> Option<bool> {
    let tables = [fs::read_to_string("/proc/net/tcp").ok()?, fs::read_to_string("/proc/net/tcp6").unwrap_or_default()];
    let sockets: Vec<String> =
        tables.iter().flat_map(|table| table.lines()).filter_map(|line| listening(line, port)).collect();
    let mut open = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.flatten();
    Some(open.any(|entry| {
        fs::read_link(entry.path())
            .is_ok_and(|target| sockets.iter().any(|socket| target.as_os_str() == socket.as_str()))
    }))
}

/// The name under /proc/PID/fd of the socket that listens on `port`, if this line of /proc/net/tcp is one.
fn listening(line: &str, port: u16) -> Option<String> {
    const LISTEN: &str = "0A";
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    let local_port = u16::from_str_radix(local.rsplit(':').next()?, 16).ok()?;
    (local_port == port && *state == LISTEN).then(|| format!("socket:[{inode}]"))
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn a_port_is_free_ours_or_taken() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken = listener.local_addr().unwrap().port();
        assert_eq!(port(taken, None).status, Status::Fail);
        assert_eq!(port(taken, Some(std::process::id())).status, Status::Ok);
        if cfg!(target_os = "linux") {
            assert_eq!(holds(1, taken).unwrap_or(false), false);
        }
        drop(listener);
        assert_eq!(port(taken, None).status, Status::Ok);
        assert_eq!(port(0, None).status, Status::Ok);
    }

    #[test]
    fn a_listening_socket_is_told_from_a_connected_one() {
        let line = |state: &str| {
            format!("   0: 0100007F:20FB 00000000:0000 {state} 00000000:00000000 00:00000000 00000000  1000  0 77 1 x")
        };
        assert_eq!(listening(&line("0A"), 8443), Some("socket:[77]".to_owned()));
        assert_eq!(listening(&line("01"), 8443), None);
        assert_eq!(listening(&line("0A"), 8444), None);
        assert_eq!(listening("  sl  local_address rem_address", 8443), None);
    }
}
