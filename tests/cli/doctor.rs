//! `doctor` on a machine with nothing on it.

use crate::support::Machine;
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

/// The checks of a run, as (check, status, message).
fn checks(machine: &Machine, args: &[&str], variables: &[(&str, &str)]) -> Vec<(String, String, String)> {
    let ran = machine.run_with(&[&["doctor", "--json"], args].concat(), variables);
    let list: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let text = |check: &Value, key: &str| check[key].as_str().expect("a string").to_owned();
    let checks: Vec<_> =
        list.iter().map(|check| (text(check, "check"), text(check, "status"), text(check, "message"))).collect();
    let failed = checks.iter().any(|(_, status, _)| status == "fail");
    assert_eq!(ran.code, Some(i32::from(failed)), "{ran:?}");
    for check in &list {
        // What is not well comes with what to do.
        assert_eq!(check["status"] == "ok", check["hint"].is_null(), "{check}");
    }
    checks
}

fn status<'a>(checks: &'a [(String, String, String)], name: &str) -> Vec<&'a str> {
    checks.iter().filter(|(check, ..)| check == name).map(|(_, status, _)| status.as_str()).collect()
}

#[test]
fn an_empty_home_lacks_only_claude() {
    let machine = Machine::new();
    let checks = checks(&machine, &[], &[("CLAUDE_WEB_PORT", "0"), ("CLAUDE_WEB_CLAUDE", "/nonexistent/claude")]);
    assert_eq!(status(&checks, "claude"), ["fail"]);
    for name in ["settings", "root", "data directory", "certificate", "control socket", "port"] {
        assert_eq!(status(&checks, name), ["ok"], "{name}: {checks:?}");
    }
    assert!(!machine.home().join(".local").exists(), "doctor changes nothing");
}

#[test]
fn the_text_says_status_check_and_what_to_do() {
    let ran = Machine::new().run_with(&["doctor"], &[("CLAUDE_WEB_CLAUDE", "/nonexistent/claude")]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let mut lines = ran.stdout.lines().skip_while(|line| !line.starts_with("fail  claude  "));
    assert!(lines.next().is_some(), "{}", ran.stdout);
    assert!(lines.next().is_some_and(|hint| hint.contains("npm install")), "{}", ran.stdout);
    assert!(ran.stdout.lines().any(|line| line.starts_with("ok    root ")), "{}", ran.stdout);
}

#[test]
fn settings_serve_would_refuse_are_found() {
    let machine = Machine::new();
    machine.config("prot = 1\n");
    assert_eq!(status(&checks(&machine, &[], &[]), "settings"), ["fail"]);
    machine.config("root = \"/nonexistent\"\n");
    assert_eq!(status(&checks(&machine, &[], &[]), "settings"), ["fail"]);
    machine.config("port = 9000\n");
    let by_variable = checks(&machine, &[], &[("CLAUDE_WEB_PORT", "many")]);
    assert_eq!(status(&by_variable, "settings"), ["fail"]);
    assert!(by_variable[0].2.contains("invalid value 'many'"), "{by_variable:?}");
}

#[test]
fn wide_modes_and_links_in_the_data_directory_are_found() {
    let machine = Machine::new();
    let dir = machine.home().join("state");
    fs::create_dir(&dir).expect("data directory");
    fs::set_permissions(&dir, Permissions::from_mode(0o755)).expect("mode");
    let args = ["--data-dir", dir.to_str().expect("UTF-8")];
    assert_eq!(status(&checks(&machine, &args, &[]), "data directory"), ["warn"]);
    std::os::unix::fs::symlink("/etc/passwd", dir.join("key.pem")).expect("link");
    assert_eq!(status(&checks(&machine, &args, &[]), "data directory"), ["warn", "fail"]);
}

#[test]
fn a_taken_port_is_found() {
    let machine = Machine::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("listener");
    let port = listener.local_addr().expect("address").port().to_string();
    assert_eq!(status(&checks(&machine, &[], &[("CLAUDE_WEB_PORT", &port)]), "port"), ["fail"]);
}
