//! What is said, and what is not.

use super::*;
use crate::claude::find;
use crate::config::{Directories, Settings, Surroundings, TlsFiles, resolve};
use std::time::Duration;

fn ready() -> Ready {
    Ready {
        url: "https://cw-abcdefgh.localhost:8443/#token=T".to_owned(),
        urls: vec![
            "https://cw-abcdefgh.localhost:8443/#token=T".to_owned(),
            "https://10.0.0.7:8443/#token=T".to_owned(),
        ],
        token: "T".to_owned(),
        fingerprint_sha256: "AA:BB".to_owned(),
        pid: 42,
        port: 8443,
        control_socket: "/run/user/1/claude-web/control.sock".into(),
        names: vec!["cw-abcdefgh.localhost".to_owned()],
        claude: tokio::sync::watch::channel(claude_status()).1,
        warnings: vec!["the key was\u{1b}[2J readable by others".to_owned()],
    }
}

fn claude_status() -> ClaudeStatus {
    ClaudeStatus { found: false, path: None, version: None, error: None, install_command: String::new() }
}

fn config() -> Config {
    let around = Surroundings { current_dir: "/".into(), shell: None, directories: Directories::default() };
    let settings = Settings { data_dir: Some("/srv/cw".into()), ..Settings::default() };
    resolve(settings, &around).unwrap().config
}

#[test]
fn programs_get_one_line() {
    let line = line(&ready());
    assert_eq!(line.matches('\n').count(), 1);
    assert_eq!(
        line.trim_end(),
        r#"{"url":"https://cw-abcdefgh.localhost:8443/#token=T","urls":["https://cw-abcdefgh.localhost:8443/#token=T","https://10.0.0.7:8443/#token=T"],"token":"T","fingerprint_sha256":"AA:BB","pid":42,"port":8443,"control_socket":"/run/user/1/claude-web/control.sock"}"#
    );
}

#[test]
fn people_get_what_they_need_to_open_trust_and_stop() {
    let said = text(&ready(), &config(), &Ok("/usr/bin/claude".into()), None);
    let version = env!("CARGO_PKG_VERSION");
    let wanted = format!(
        "\
claude-web {version} is running

  Open         https://cw-abcdefgh.localhost:8443/#token=T
  Network      https://10.0.0.7:8443/#token=T

  Certificate  SHA-256 AA:BB
  Root         /
  Claude Code  /usr/bin/claude
  Sessions     stopped 60 s after the last viewer has gone; stopped after 30 min without activity

warning: the key was readable by others
The certificate is self-signed, so a browser warns once. Before you go on there, let it show the
certificate and compare its SHA-256 fingerprint with the one above.
Press Ctrl+C to stop; sessions are ended first."
    );
    assert_eq!(said, wanted);
}

#[test]
fn a_brought_certificate_is_not_called_self_signed() {
    let mut config = config();
    config.tls = Some(TlsFiles { cert: "/c".into(), key: "/k".into() });
    assert!(!text(&ready(), &config, &Ok("/usr/bin/claude".into()), None).contains("self-signed"));
}

#[test]
fn a_missing_claude_is_said_with_the_command_that_installs_it() {
    let named = Config { claude: Some("/nonexistent/claude".into()), ..config() };
    for config in [config(), named] {
        let missing = find::find(config.claude.as_deref(), &find::Places::default());
        let said = text(&ready(), &config, &missing, None);
        assert!(said.contains("no session can be started"), "{said}");
        assert_eq!(said.matches(INSTALL_COMMAND).count(), 1, "{said}");
    }
}

#[test]
fn a_code_is_drawn_only_where_it_is_of_use() {
    let mut config = config();
    config.lan = true;
    // Not a terminal here, so only the wish for one brings it.
    for (wanted, drawn) in [(None, false), (Some(false), false), (Some(true), true)] {
        assert_eq!(code(&ready(), &config, wanted).is_some(), drawn, "{wanted:?}");
    }
}

#[test]
fn the_policy_is_said_in_words() {
    let mut config = config();
    for (on_disconnect, grace, idle, said) in [
        (OnDisconnect::Kill, 60, 0, "stopped 60 s after the last viewer has gone"),
        (OnDisconnect::Finish, 0, 0, "stopped 0 s after the last viewer has gone, once a running turn has ended"),
        (OnDisconnect::Keep, 60, 7200, "go on without a viewer; stopped after 2 h without activity"),
    ] {
        config.on_disconnect = on_disconnect;
        config.disconnect_grace = Duration::from_secs(grace);
        config.idle_timeout = if idle == 0 { NEVER } else { Duration::from_secs(idle) };
        assert_eq!(policy(&config), said);
    }
}
