//! A killed server leaves nothing behind, whatever its sessions' programs do to survive.
//!
//! `CLAUDE_WEB_FULL=1` runs 200 rounds.

#![expect(clippy::print_stderr, reason = "the figures of a run are for whoever runs it")]

use crate::support::Machine;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// What a goal of the product allows.
const ALLOWED: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(20);
/// How many processes each hostile program keeps asleep.
const SLEEPERS_EACH: usize = 5;

/// Leaves its session, forks twice, ignores every polite signal, closes its streams, and waits.
fn hostile_program(mark: &str) -> String {
    format!(
        "#!/bin/sh\nPATH=/usr/bin:/bin; export PATH\ntrap '' TERM HUP INT QUIT\n\
         (setsid sh -c \"trap '' TERM HUP INT; sleep {mark} & sleep {mark}\" >/dev/null 2>&1 </dev/null &) &\n\
         setsid setsid sh -c \"trap '' TERM; (sleep {mark} &); sleep {mark}\" >/dev/null 2>&1 </dev/null &\n\
         while :; do sleep {mark}; done\n"
    )
}

fn sleepers(mark: &str) -> usize {
    let wanted = format!("sleep\0{mark}\0").into_bytes();
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    processes.filter(|entry| std::fs::read(entry.path().join("cmdline")).is_ok_and(|line| line == wanted)).count()
}

fn start(machine: &Machine, program: &str) -> (Child, Value) {
    let data_dir = machine.path("state");
    let mut child = machine
        .command(&["serve", "--json", "--port", "0", "--data-dir", &data_dir, "--claude", program, "--shell", program])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    (child, serde_json::from_str(&line).expect("JSON"))
}

fn post(ready: &Value, body: &str) {
    let mut socket = UnixStream::connect(ready["control_socket"].as_str().expect("path")).expect("control socket");
    let length = body.len();
    let head = "POST /api/sessions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json";
    write!(socket, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").expect("write");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("answer");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[test]
fn nothing_survives_the_kill_of_the_server() {
    let rounds = if std::env::var_os("CLAUDE_WEB_FULL").is_some() { 200 } else { 10 };
    let mut slowest = Duration::ZERO;
    for round in 0..rounds {
        let machine = Machine::new();
        let mark = format!("{}.{round}", 700_000 + std::process::id());
        let program = machine.home().join("hostile");
        std::fs::write(&program, hostile_program(&mark)).expect("write");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("chmod");
        let (mut server, ready) = start(&machine, program.to_str().expect("UTF-8"));
        post(&ready, r#"{"kind":"chat","cwd":"."}"#);
        post(&ready, r#"{"kind":"terminal","program":"shell","cwd":"."}"#);
        wait_until("the hostile processes run", PATIENCE, || sleepers(&mark) >= 2 * SLEEPERS_EACH);
        server.kill().expect("SIGKILL");
        server.wait().expect("wait");
        let killed = Instant::now();
        wait_until("nothing is left", ALLOWED, || sleepers(&mark) == 0);
        slowest = slowest.max(killed.elapsed());
    }
    eprintln!("{rounds} rounds, nothing left after at most {} ms", slowest.as_millis());
}

#[test]
fn what_survives_the_kill_of_server_and_guard_together_ends_with_the_next_start() {
    let machine = Machine::new();
    let mark = format!("{}.99", 700_000 + std::process::id());
    let program = machine.home().join("hostile");
    std::fs::write(&program, hostile_program(&mark)).expect("write");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("chmod");
    let program = program.to_str().expect("UTF-8");
    let (mut server, ready) = start(&machine, program);
    post(&ready, r#"{"kind":"terminal","program":"shell","cwd":"."}"#);
    wait_until("the hostile processes run", PATIENCE, || sleepers(&mark) >= SLEEPERS_EACH);
    // Stopped first, so that neither has time to do anything about the other.
    let both: Vec<u32> = guards_of(server.id()).into_iter().chain([server.id()]).collect();
    assert!(both.len() >= 2, "a guard runs");
    for how in ["STOP", "KILL"] {
        let pids = both.iter().map(u32::to_string);
        let status = std::process::Command::new("kill").arg(format!("-{how}")).args(pids).status().expect("kill");
        assert!(status.success(), "{how}");
    }
    server.wait().expect("wait");
    // This one's `claude` does not answer `--version`, which must not hold up the sweep.
    let silent = machine.home().join("silent");
    std::fs::write(&silent, "#!/bin/sh\nexec /bin/sleep 60\n").expect("write");
    std::fs::set_permissions(&silent, std::fs::Permissions::from_mode(0o755)).expect("chmod");
    let (mut next, _) = start(&machine, silent.to_str().expect("UTF-8"));
    wait_until("the next server has swept", ALLOWED, || sleepers(&mark) == 0);
    next.kill().expect("SIGKILL");
    next.wait().expect("wait");
}

/// Children of a server that are guards.
fn guards_of(server: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        line.contains("__guard") && parent == Some(server)
    })
    .collect()
}

fn wait_until(what: &str, patience: Duration, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !holds() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}
