//! The program against its own running server.

use crate::support::{Machine, Ran};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

/// A server that is stopped when the test ends.
struct Server {
    machine: Machine,
    child: Child,
    ready: Value,
}

impl Server {
    fn start(machine: Machine, args: &[&str]) -> Self {
        let data_dir = machine.path("state");
        let base = ["serve", "--json", "--port", "0", "--data-dir", &data_dir, "--claude", "/nonexistent/claude"];
        let mut child = machine
            .command(&[&base, args].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let Ok(ready) = serde_json::from_str(&line) else {
            let mut said = String::new();
            child.stderr.take().expect("piped").read_to_string(&mut said).expect("stderr");
            panic!("no line of JSON but {line:?}: {said}");
        };
        Self { machine, child, ready }
    }

    fn run(&self, args: &[&str]) -> Ran {
        let data_dir = self.machine.path("state");
        self.machine.run(&[args, &["--data-dir", &data_dir]].concat())
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().expect("kill").success());
    }

    /// Waits for the end; the exit code and what was on stderr.
    fn ended(&mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("waits") {
                break status;
            }
            assert!(Instant::now() < deadline, "the server does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        let mut said = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut said).expect("stderr");
        (status.code(), said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone where a test has waited for its end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_line_of_json_has_what_a_script_needs() {
    let server = Server::start(Machine::new(), &[]);
    let ready = &server.ready;
    let url = ready["url"].as_str().expect("url");
    let token = ready["token"].as_str().expect("token");
    assert!(url.starts_with("https://cw-") && url.ends_with(&format!("/#token={token}")), "{ready}");
    assert_eq!(ready["urls"][0], ready["url"]);
    assert_eq!(ready["pid"], server.child.id());
    assert!(ready["port"].as_u64().is_some_and(|port| port > 0) && url.contains(&format!(":{}/", ready["port"])));
    assert_eq!(ready["fingerprint_sha256"].as_str().map(|text| text.split(':').count()), Some(32));
    let socket = ready["control_socket"].as_str().expect("control_socket");
    let mode = std::fs::symlink_metadata(socket).expect("socket").permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
}

#[test]
fn an_empty_list_is_an_empty_array() {
    let server = Server::start(Machine::new(), &[]);
    let ran = server.run(&["sessions", "list", "--json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "[]\n"), "{ran:?}");
    let ran = server.run(&["sessions", "list"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.stderr.contains("no session is running"), "{ran:?}");
    let ran = server.run(&["sessions", "kill", "--all"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn an_unknown_session_is_4() {
    let server = Server::start(Machine::new(), &[]);
    for args in [
        ["sessions", "kill", "0f5b"],
        ["sessions", "logs", "0f5b"],
        ["sessions", "export", "0f5b"],
        ["sessions", "kill", "nothing-like-an-id"],
    ] {
        let ran = server.run(&args);
        assert_eq!(ran.code, Some(4), "{args:?}: {ran:?}");
        assert!(ran.stderr.starts_with("error: there is no session "), "{ran:?}");
    }
}

#[test]
fn a_new_token_is_a_new_address() {
    let server = Server::start(Machine::new(), &[]);
    let token = server.run(&["token", "new"]);
    assert_eq!((token.code, token.stdout.trim_end().len()), (Some(0), 43), "{token:?}");
    let url = server.run(&["url"]);
    assert_eq!(url.code, Some(0), "{url:?}");
    assert!(url.stdout.starts_with("https://cw-") && url.stdout.lines().count() == 1, "{url:?}");
    assert!(!url.stdout.contains(token.stdout.trim_end()));
    let json: Value = serde_json::from_str(&server.run(&["url", "--json"]).stdout).expect("JSON");
    assert_eq!(json["url"], json["urls"][0]);
    assert_eq!(server.run(&["token", "new", "--replace"]).code, Some(0));
}

#[test]
fn doctor_knows_the_running_server() {
    let server = Server::start(Machine::new(), &[]);
    let port = server.ready["port"].to_string();
    let data_dir = server.machine.path("state");
    let ran = server.machine.run_with(&["doctor", "--data-dir", &data_dir], &[("CLAUDE_WEB_PORT", &port)]);
    assert!(ran.stdout.contains(&format!("runs as process {}", server.child.id())), "{ran:?}");
    assert!(ran.stdout.contains(&format!("{port} is held by the running server")), "{ran:?}");
    assert!(ran.stdout.lines().any(|line| line.starts_with("ok    certificate ")), "{ran:?}");
}

#[test]
fn int_term_and_hup_end_the_server_with_0() {
    for signal in ["INT", "TERM", "HUP"] {
        let mut server = Server::start(Machine::new(), &[]);
        server.signal(signal);
        assert_eq!(server.ended().0, Some(0), "{signal}");
        assert_eq!(server.run(&["sessions", "list"]).code, Some(3), "{signal}");
    }
}

#[test]
fn a_second_server_is_told_who_the_first_is() {
    let server = Server::start(Machine::new(), &[]);
    let ran = server.run(&["serve", "--port", "0"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains(&server.child.id().to_string()), "{ran:?}");
}

#[test]
fn a_taken_port_is_named_and_no_other_taken_instead() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("listener");
    let port = listener.local_addr().expect("address").port().to_string();
    let ran = Machine::new().run(&["serve", "--port", &port]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains(&port) && ran.stdout.is_empty(), "{ran:?}");
}

#[test]
fn a_closed_stdout_does_not_stop_the_server() {
    let machine = Machine::new();
    let data_dir = machine.path("state");
    let (reader, writer) = std::io::pipe().expect("pipe");
    drop(reader);
    let mut child = machine
        .command(&["serve", "--json", "--port", "0", "--data-dir", &data_dir])
        .stdout(writer)
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let deadline = Instant::now() + PATIENCE;
    while machine.run(&["sessions", "list", "--data-dir", &data_dir]).code != Some(0) {
        assert!(Instant::now() < deadline, "the server does not come up");
        assert!(child.try_wait().expect("waits").is_none(), "the server has ended");
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("kill");
    child.wait().expect("wait");
}
