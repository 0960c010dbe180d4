//! Cut again and again, anywhere: nothing is lost, nothing comes twice, no command runs twice.
//!
//! `CLAUDE_WEB_FULL=1` runs the full counts (20,000 events; 1 GiB; 2,000 cuts).

#![expect(clippy::print_stderr, reason = "the figures of a run are for whoever runs it")]

mod terminals;

use crate::support::proxy::Proxy;
use crate::support::{Seen, Server, socket::Socket};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

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
