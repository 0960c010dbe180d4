//! `claude-web sessions export` against a running server.

use crate::support::{Machine, Ran};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};

/// A server with one chat; stopped when the test ends.
struct Server {
    machine: Machine,
    child: Child,
    chat: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // The guards end with their server.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start() -> Self {
        let machine = Machine::new();
        let (data_dir, claude) = (machine.path("state"), env!("CARGO_BIN_EXE_fake-claude"));
        let mut child = machine
            .command(&["serve", "--json", "--port", "0", "--data-dir", &data_dir, "--claude", claude])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).expect("JSON");
        let body = "{\"kind\":\"chat\",\"cwd\":\".\",\"title\":\"A title\"}";
        let mut socket = UnixStream::connect(ready["control_socket"].as_str().expect("path")).expect("control socket");
        let head = "POST /api/sessions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json";
        write!(socket, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).expect("write");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("answer");
        let json = answer.split("\r\n\r\n").nth(1).expect("a body");
        let session: Value = serde_json::from_str(json).unwrap_or_else(|_| panic!("{answer}"));
        Self { machine, child, chat: session["id"].as_str().expect("id").to_owned() }
    }

    fn export(&self, args: &[&str]) -> Ran {
        let data_dir = self.machine.path("state");
        self.machine.run(&[&["sessions", "export", &self.chat[..8]], args, &["--data-dir", &data_dir]].concat())
    }
}

#[test]
fn a_chat_goes_to_stdout_or_into_a_file_that_was_not_there() {
    let server = Server::start();
    let plain = server.export(&[]);
    assert_eq!((plain.code, plain.stderr.as_str()), (Some(0), ""), "{plain:?}");
    assert!(plain.stdout.starts_with("# A title\n"), "{plain:?}");
    let html = server.export(&["--format", "html", "-o", "-"]);
    assert!(html.stdout.starts_with("<!doctype html>") && html.stdout.ends_with("</html>\n"), "{html:?}");

    let file = server.machine.home().join("work/chat.json");
    let path = file.to_str().expect("UTF-8");
    let written = server.export(&["--output", path]);
    assert_eq!((written.code, written.stdout.as_str(), written.stderr.as_str()), (Some(0), "", ""), "{written:?}");
    let json: Value = serde_json::from_slice(&fs::read(&file).expect("file")).expect("the name says JSON");
    assert_eq!(json["session"]["title"], "A title");
    assert_eq!(fs::metadata(&file).expect("file").permissions().mode() & 0o777, 0o600);

    fs::write(&file, "precious").expect("write");
    let refused = server.export(&["--output", path]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("--force"), "{refused:?}");
    assert_eq!(fs::read(&file).expect("file"), b"precious");
    assert_eq!(server.export(&["--output", path, "--format", "jsonl", "--force"]).code, Some(0));
    let lines = fs::read_to_string(&file).expect("file");
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{lines}");
    let nowhere = server.export(&["--output", "/nonexistent/chat.md"]);
    assert_eq!(nowhere.code, Some(1), "{nowhere:?}");
}
