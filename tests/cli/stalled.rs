//! A client that stops reading costs the server little memory, however much its sessions print.

#![expect(clippy::print_stderr, reason = "the figures of a run are for whoever runs it")]

use crate::support::Machine;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// The chat log's 16 MiB and the terminal's 4 MiB, twice that for what passes through, and no more.
const ALLOWED_KIB: u64 = 48 << 10;

fn resident_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}

fn post(control: &str, path: &str, body: &str) -> Value {
    let mut socket = UnixStream::connect(control).expect("control socket");
    let head = "Host: x\r\nConnection: close\r\nContent-Type: application/json";
    write!(socket, "POST {path} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).expect("write");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("answer");
    serde_json::from_str(answer.split_once("\r\n\r\n").expect("a body").1).expect("JSON")
}

/// A socket that attaches and then never reads again.
fn stall(control: &str, path: &str, attach: &str) -> UnixStream {
    let mut socket = UnixStream::connect(control).expect("control socket");
    let key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
    write!(socket, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n{key}\r\n\r\n")
        .expect("write");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).expect("an answer");
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    // One masked text frame; a mask of zeroes leaves the text as it is.
    let length = u8::try_from(attach.len()).ok().filter(|length| *length < 126).expect("a short frame");
    socket.write_all(&[&[0x81, 0x80 | length, 0, 0, 0, 0], attach.as_bytes()].concat()).expect("attach");
    socket
}

#[test]
fn a_flood_towards_clients_that_do_not_read_stays_bounded() {
    let machine = Machine::new();
    let data_dir = machine.path("state");
    let claude = env!("CARGO_BIN_EXE_fake-claude");
    let mut server = machine
        .command(&["serve", "--json", "--port", "0", "--data-dir", &data_dir, "--claude", claude, "--shell", "/bin/sh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("JSON");
    let control = ready["control_socket"].as_str().expect("path");

    let chat = post(control, "/api/sessions", r#"{"kind":"chat","cwd":"."}"#);
    let chat = chat["id"].as_str().expect("id").to_owned();
    let shell = post(control, "/api/sessions", r#"{"kind":"terminal","program":"shell","cwd":"."}"#);
    let shell = shell["id"].as_str().expect("id").to_owned();
    let before = resident_kib(server.id());
    let _chat = stall(control, &format!("/api/sessions/{chat}/chat"), r#"{"type":"attach"}"#);
    let attach = r#"{"type":"attach","input_id":"stalled","input_offset":0}"#;
    let mut terminal = stall(control, &format!("/api/sessions/{shell}/terminal"), attach);
    let typed = b"yes 0123456789abcdef0123456789abcdef\n";
    let length = u8::try_from(typed.len()).expect("short");
    terminal.write_all(&[&[0x82, 0x80 | length, 0, 0, 0, 0], &typed[..]].concat()).expect("type");
    // More than the log holds.
    let content = r#"{"client_id":"c1","content":[{"type":"text","text":"flood-events 150000"}]}"#;
    post(control, &format!("/api/sessions/{chat}/messages"), content);

    let begun = Instant::now();
    let mut most = 0;
    loop {
        most = most.max(resident_kib(server.id()));
        assert!(most.saturating_sub(before) < ALLOWED_KIB, "{before} KiB before, {most} KiB now");
        let mut socket = UnixStream::connect(control).expect("control socket");
        write!(socket, "GET /api/sessions/{chat} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("write");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("the server answers others meanwhile");
        if answer.contains(r#""state":"idle""#) && begun.elapsed() > Duration::from_secs(2) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "the flood does not end: {answer}");
        std::thread::sleep(Duration::from_millis(50));
    }
    eprintln!("resident: {before} KiB before, at most {most} KiB");
    server.kill().expect("SIGKILL");
    server.wait().expect("wait");
}
