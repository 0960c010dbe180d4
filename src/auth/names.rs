//! The names this server answers to: what Host, Origin and the certificate may say.

use std::net::IpAddr;

/// Names without port, and the exact Host values made from them.
#[derive(Debug, Clone)]
pub struct Names {
    names: Vec<String>,
    hosts: Vec<String>,
}

/// A name that cannot be one.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{name}` is neither a host name nor an address")]
pub struct InvalidName {
    name: String,
}

impl Names {
    /// The names, best first, at `port`; repeated ones count once.
    pub fn new(wanted: impl IntoIterator<Item = String>, port: u16) -> Self {
        let mut names: Vec<String> = Vec::new();
        for name in wanted {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut hosts = Vec::new();
        for name in &names {
            let host = bracketed(name);
            hosts.push(format!("{host}:{port}"));
            // A browser leaves the default port out of Host and Origin.
            if port == 443 {
                hosts.push(host);
            }
        }
        Self { names, hosts }
    }

    /// The names without ports, best first; the certificate carries exactly these.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether a Host value is one of ours, to the letter.
    pub fn accepts_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|ours| ours == host)
    }

    /// Whether an Origin is ours and the very one the request was sent to.
    pub fn accepts_origin(&self, origin: &str, host: &str) -> bool {
        self.accepts_host(host) && origin.strip_prefix("https://") == Some(host)
    }

    /// The accepted Host value for a name given with another port or none; for redirects from plain HTTP.
    pub fn host_for(&self, host: &str) -> Option<&str> {
        self.hosts.iter().find(|ours| *ours == host).map(String::as_str)
    }

    /// Addresses to open, best first, with the token in the fragment: it is never sent and never logged.
    pub fn urls(&self, token: &str) -> Vec<String> {
        let mut seen = Vec::new();
        for name in &self.names {
            let host = bracketed(name);
            if let Some(host) = self.hosts.iter().find(|full| full.strip_prefix(&host).is_some_and(is_port)) {
                seen.push(format!("https://{host}/#token={token}"));
            }
        }
        seen
    }
}

/// A host name or address in the one form used everywhere: lower case, no brackets, no trailing dot.
pub fn checked_name(name: &str) -> Result<String, InvalidName> {
    let invalid = || InvalidName { name: name.to_owned() };
    let bare = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(address.to_string());
    }
    let lower = name.to_ascii_lowercase();
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A last label of digits only would be read as an address by a browser (`127.1`).
    let numeric_end = lower.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if lower.len() <= 253 && lower.split('.').all(label_ok) && !numeric_end { Ok(lower) } else { Err(invalid()) }
}

fn bracketed(name: &str) -> String {
    if name.contains(':') { format!("[{name}]") } else { name.to_owned() }
}

fn is_port(rest: &str) -> bool {
    rest.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(["cw-abcdefgh.localhost", "localhost", "127.0.0.1", "::1", "localhost"].map(str::to_owned), 8443)
    }

    #[test]
    fn hosts() {
        for ours in ["cw-abcdefgh.localhost:8443", "localhost:8443", "127.0.0.1:8443", "[::1]:8443"] {
            assert!(names().accepts_host(ours), "{ours}");
        }
        for foreign in [
            "",
            " ",
            "localhost",
            "localhost:",
            "localhost:443",
            "localhost:84430",
            "localhost:08443",
            "localhost.:8443",
            "LOCALHOST:8443",
            "localhost:8443 ",
            " localhost:8443",
            "localhost:8443.",
            "localhost.evil.test:8443",
            "evil.test",
            "evil.test:8443",
            "127.0.0.1.nip.io:8443",
            "127.evil.test:8443",
            "127.1:8443",
            "2130706433:8443",
            "0x7f.1:8443",
            "0x7f000001:8443",
            "0.0.0.0:8443",
            "[::]:8443",
            "[::ffff:127.0.0.1]:8443",
            "[0:0:0:0:0:0:0:1]:8443",
            "::1:8443",
            "user@localhost:8443",
            "localhost:8443@evil.test",
            "localhost:8443,evil.test",
            "xn--lcalhost-54a:8443",
            "cw-abcdefgi.localhost:8443",
            "cw-abcdefgh.localhost.:8443",
        ] {
            assert!(!names().accepts_host(foreign), "{foreign:?}");
        }
    }

    #[test]
    fn origins() {
        let host = "localhost:8443";
        assert!(names().accepts_origin("https://localhost:8443", host));
        for foreign in [
            "",
            "null",
            "https://",
            "https://localhost",
            "https://localhost:443",
            "https://localhost:84433",
            "https://localhost:844",
            "https://localhost:8443/",
            "https://localhost:8443/x",
            "https://localhost:8443#",
            "https://localhost:8443 ",
            " https://localhost:8443",
            "HTTPS://localhost:8443",
            "https://LOCALHOST:8443",
            "https://localhost.:8443",
            "http://localhost:8443",
            "ws://localhost:8443",
            "wss://localhost:8443",
            "https:localhost:8443",
            "https:///localhost:8443",
            "https://localhost:8443.evil.test",
            "https://evil.test/localhost:8443",
            "https://localhost.evil.test:8443",
            "https://xlocalhost:8443",
            "https://user@localhost:8443",
            "https://localhost:8443, https://evil.test",
            "https://127.0.0.1:8443",
            "https://cw-abcdefgh.localhost:8443",
            "https://localhost:3000",
            "chrome-extension://abcdefghijklmnop",
            "moz-extension://1b2c",
            "file://",
            "data:",
        ] {
            assert!(!names().accepts_origin(foreign, host), "{foreign:?}");
        }
    }

    #[test]
    fn the_default_port_may_be_left_out() {
        let names = Names::new(["box.lan".to_owned()], 443);
        assert!(names.accepts_host("box.lan") && names.accepts_host("box.lan:443"));
        assert!(names.accepts_origin("https://box.lan", "box.lan"));
        assert_eq!(names.urls("T"), ["https://box.lan:443/#token=T"]);
    }

    #[test]
    fn urls_keep_the_order_and_the_secret_in_the_fragment() {
        let urls = names().urls("T");
        assert_eq!(urls[0], "https://cw-abcdefgh.localhost:8443/#token=T");
        assert_eq!(urls[3], "https://[::1]:8443/#token=T");
        assert_eq!(urls.len(), 4);
    }

    #[test]
    fn names_from_the_command_line_have_one_form() {
        for (given, kept) in [("Box.LAN", "box.lan"), ("[::1]", "::1"), ("192.168.1.2", "192.168.1.2"), ("a_b", "a_b")]
        {
            assert_eq!(checked_name(given).as_deref(), Ok(kept));
        }
        for bad in
            ["", ".", "a..b", "-a", "a-", "a b", "a/b", "a:80", "127.1", "12", "ö.lan", "*.lan", "a\n", &"a".repeat(64)]
        {
            assert!(checked_name(bad).is_err(), "{bad:?}");
        }
    }
}
