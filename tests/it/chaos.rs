//! Cut again and again, anywhere: nothing is lost, nothing comes twice, no command runs twice.
//!
//! `CLAUDE_WEB_FULL=1` runs the full counts (256 MiB and 20,000 events, 1,000 cuts each).

#![expect(clippy::print_stderr, reason = "the figures of a run are for whoever runs it")]

use crate::support::proxy::Proxy;
use crate::support::{Seen, Server, socket::Socket};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::atomic::Ordering;
use tokio_tungstenite::tungstenite::Message;

fn full() -> bool {
    std::env::var_os("CLAUDE_WEB_FULL").is_some()
}

async fn start(kind: &str) -> (Server, String) {
    let server = Server::start_with(|config| {
        config.claude = Some(env!("CARGO_BIN_EXE_fake-claude").into());
        // A thousand reconnects in a minute are the point here, not an attack.
        config.limits.requests_per_minute = 1_000_000;
        config.limits.unauthenticated_sockets_per_address = 64;
        config.limits.starts_burst = 10;
    })
    .await;
    let id = create(&server, kind).await;
    (server, id)
}

async fn create(server: &Server, kind: &str) -> String {
    let request = json!({ "kind": kind, "cwd": "project", "keep": true, "cols": 80, "rows": 24 }).to_string();
    let created = server.api("POST", "/api/sessions", &request).await;
    assert_eq!(created.status, 201, "{created:?}");
    created.json()["id"].as_str().expect("id").to_owned()
}

/// A terminal viewer as the page is one: cursor, acknowledgements, input sent once.
struct Screen {
    digest: Sha256,
    next: u64,
    epoch: Value,
    input: Vec<u8>,
    reconnects: u32,
}

impl Screen {
    fn typing(input: &str) -> Self {
        Self { digest: Sha256::new(), next: 0, epoch: Value::Null, input: input.into(), reconnects: 0 }
    }

    /// Reads to the program's end over as many connections as it takes.
    async fn watch(&mut self, server: &Server, at: std::net::SocketAddr, id: &str) -> String {
        loop {
            if let Some(socket) = server.signed_in_at(at, &format!("/api/sessions/{id}/terminal")).await
                && self.watch_once(socket).await
            {
                return self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            }
            self.reconnects += 1;
            assert!(self.reconnects < 20_000, "it comes to no end");
        }
    }

    async fn watch_once(&mut self, mut socket: Socket) -> bool {
        let cursor = if self.epoch.is_null() { Value::Null } else { json!(self.next) };
        let attach =
            json!({ "type": "attach", "epoch": self.epoch, "offset": cursor, "input_id": "page-1", "input_offset": 0 });
        socket.send(&attach).await;
        let mut acked = self.next;
        loop {
            match socket.next().await {
                Seen::Text(message) => match message["type"].as_str() {
                    Some("attached") => {
                        assert!(self.epoch.is_null() || message["resumed"] == true, "{message}");
                        assert_eq!(message["offset"], self.next);
                        self.epoch = message["epoch"].clone();
                        let sent = usize::try_from(message["input_offset"].as_u64().expect("offset")).expect("fits");
                        socket.send_raw(Message::binary(self.input[sent..].to_vec())).await;
                    }
                    Some("exit") => return true,
                    Some("skipped" | "error") => panic!("{message}"),
                    _ => {}
                },
                Seen::Binary(bytes) => {
                    self.digest.update(&bytes);
                    self.next += bytes.len() as u64;
                    if self.next - acked >= 64 << 10 {
                        acked = self.next;
                        socket.send(&json!({ "type": "ack", "offset": acked })).await;
                    }
                }
                Seen::Cut => return false,
                Seen::Closed(code) => panic!("closed with {code}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_stream_cut_everywhere_is_the_stream_that_was_not_cut() {
    let (bytes, cuts): (u64, u32) = if full() { (256 << 20, 1000) } else { (16 << 20, 100) };
    let (server, id) = start("terminal").await;
    let typed = format!("flood {bytes} 7\nexit 0\n");
    let proxy = Proxy::start(server.address(), 42, cuts, bytes / u64::from(cuts) * 8 / 10).await;
    let mut cut = Screen::typing(&typed);
    let wanted_cuts = cuts / 2;
    let seen = cut.watch(&server, proxy.address, &id).await;
    assert!(proxy.cuts.load(Ordering::Relaxed) >= wanted_cuts, "{} cuts", proxy.cuts.load(Ordering::Relaxed));

    let uncut_id = create(&server, "terminal").await;
    let mut uncut = Screen::typing(&typed);
    let wanted = uncut.watch(&server, server.address(), &uncut_id).await;
    assert_eq!((cut.next, &seen), (uncut.next, &wanted));
    assert!(cut.next >= bytes);
    eprintln!("{} bytes, {} cuts, sha256 {seen}", cut.next, proxy.cuts.load(Ordering::Relaxed));
}

/// A chat viewer as the page is one.
#[derive(Default)]
struct Talk {
    epoch: Value,
    events: Vec<Value>,
    acked: bool,
    reconnects: u32,
}

impl Talk {
    async fn watch(&mut self, server: &Server, at: std::net::SocketAddr, id: &str, say: Option<&str>) {
        loop {
            if let Some(socket) = server.signed_in_at(at, &format!("/api/sessions/{id}/chat")).await
                && self.watch_once(socket, say).await
            {
                return;
            }
            self.reconnects += 1;
            assert!(self.reconnects < 20_000, "it comes to no end");
        }
    }

    async fn watch_once(&mut self, mut socket: Socket, say: Option<&str>) -> bool {
        let after = if self.epoch.is_null() { Value::Null } else { json!(self.events.len()) };
        socket.send(&json!({ "type": "attach", "epoch": self.epoch, "after": after })).await;
        if let Some(text) = say.filter(|_| !self.acked) {
            // Sent again with the same id until it is known to have arrived.
            let content = json!([{ "type": "text", "text": text }]);
            socket.send(&json!({ "type": "send", "client_id": "the-one", "content": content })).await;
        }
        loop {
            match socket.next().await {
                Seen::Text(message) => match message["type"].as_str() {
                    Some("attached") => {
                        assert!(self.epoch.is_null() || message["resumed"] == true, "{message}");
                        self.epoch = message["epoch"].clone();
                    }
                    Some("event") => {
                        assert_eq!(message["seq"], self.events.len() as u64 + 1, "each once, in order");
                        let last = message["event"]["type"] == "turn_finished";
                        self.events.push(message);
                        if last {
                            return true;
                        }
                    }
                    Some("ack") => self.acked = true,
                    other => panic!("{other:?}: {message}"),
                },
                Seen::Cut => return false,
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_cut_everywhere_is_the_chat_that_was_not_cut() {
    let (events, cuts): (u64, u32) = if full() { (20_000, 1000) } else { (4_000, 100) };
    let (server, id) = start("chat").await;
    // A text delta is some 200 bytes as a frame.
    let proxy = Proxy::start(server.address(), 43, cuts, 2_500 + events * 200 / u64::from(cuts) * 6 / 10).await;
    let mut cut = Talk::default();
    cut.watch(&server, proxy.address, &id, Some(&format!("flood-events {events}"))).await;
    let mut uncut = Talk::default();
    uncut.watch(&server, server.address(), &id, None).await;
    assert_eq!(cut.events, uncut.events);
    let count = |kind: &str| cut.events.iter().filter(|event| event["event"]["type"] == kind).count() as u64;
    assert_eq!((count("user_message"), count("turn_finished")), (1, 1), "the re-sent command ran once");
    assert!(count("text_delta") >= events);
    assert!(proxy.cuts.load(Ordering::Relaxed) >= cuts / 2, "{} cuts", proxy.cuts.load(Ordering::Relaxed));
    eprintln!("{} events, {} cuts", cut.events.len(), proxy.cuts.load(Ordering::Relaxed));
}
