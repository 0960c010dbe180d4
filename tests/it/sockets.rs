//! Sockets up to the point where a session is needed.

use crate::support::Server;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::{Bytes, Message};

const PATHS: [&str; 3] = [
    "/api/events",
    "/api/sessions/00000000-0000-4000-8000-000000000000/chat",
    "/api/sessions/00000000-0000-4000-8000-000000000000/terminal",
];

#[tokio::test]
async fn a_socket_without_a_credential_is_closed_in_time() {
    let server = Server::start().await;
    for path in PATHS {
        let mut socket = server.socket(path).await;
        let started = Instant::now();
        assert_eq!(socket.closed().await, 1008, "{path}");
        assert!(started.elapsed() < Duration::from_secs(2));
        let mut pinging = server.socket(path).await;
        pinging.send_raw(Message::Ping(Bytes::new())).await;
        assert_eq!(pinging.closed().await, 1008, "{path}: a ping is no credential");
    }
}

#[tokio::test]
async fn the_first_frame_must_be_a_good_credential() {
    let server = Server::start_with(|config| config.limits.failed_logins_per_minute = 1000).await;
    let token = &server.ready.token;
    let large = json!({ "type": "auth", "token": token, "device": "x".repeat(5000) }).to_string();
    for path in PATHS {
        for (frame, code) in [
            (Message::text(json!({ "type": "auth", "token": "wrong" }).to_string()), 4401),
            (Message::text(json!({ "type": "auth", "token": "" }).to_string()), 4401),
            (Message::text(json!({ "type": "auth" }).to_string()), 1008),
            (Message::text(json!({ "type": "auth", "token": token, "extra": 1 }).to_string()), 1008),
            (Message::text(json!({ "type": "auth", "token": 7 }).to_string()), 1008),
            (Message::text(json!({ "type": "attach" }).to_string()), 1008),
            (Message::text("{"), 1008),
            (Message::binary(token.as_bytes().to_vec()), 1008),
            (Message::text(large.clone()), 1008),
        ] {
            let mut socket = server.socket(path).await;
            socket.send_raw(frame.clone()).await;
            assert_eq!(socket.closed().await, code, "{path} {frame:?}");
        }
    }
}

#[tokio::test]
async fn wrong_tokens_on_sockets_count_as_failed_logins() {
    let server = Server::start_with(|config| config.limits.failed_logins_per_minute = 2).await;
    for expected in [4401, 4401, 1008] {
        let mut socket = server.socket("/api/events").await;
        socket.send(&json!({ "type": "auth", "token": "wrong" })).await;
        assert_eq!(socket.closed().await, expected);
    }
    assert_eq!(server.request("GET", "/health", &[("authorization", "Bearer wrong")], "").await.status, 429);
    server.signed_in("/api/events").await;
}

#[tokio::test]
async fn sockets_without_a_credential_are_bounded_per_address() {
    let server = Server::start_with(|config| {
        config.limits.unauthenticated_sockets_per_address = 3;
        config.limits.socket_auth = Duration::from_secs(3);
    })
    .await;
    let mut waiting = Vec::new();
    for _ in 0..3 {
        waiting.push(server.socket("/api/events").await);
    }
    let origin = server.origin();
    assert_eq!(server.socket_from("/api/events", Some(&origin)).await.err(), Some(429));
    let mut first = waiting.remove(0);
    first.send(&json!({ "type": "auth", "token": server.ready.token })).await;
    assert_eq!(first.text().await["principal"], "access token");
    server.signed_in("/api/events").await;
}

#[tokio::test]
async fn an_unknown_session_closes_with_4404() {
    let server = Server::start().await;
    let paths = [PATHS[1], PATHS[2], "/api/sessions/nonsense/chat", "/api/sessions/nonsense/terminal"];
    for path in paths {
        assert_eq!(server.signed_in(path).await.closed().await, 4404, "{path}");
    }
}

#[tokio::test]
async fn a_frame_that_is_no_message_is_answered_and_the_socket_stays() {
    let server = Server::start().await;
    let mut socket = server.signed_in("/api/events").await;
    for (frame, code) in [
        (Message::text("{"), "INVALID_JSON"),
        (Message::text(""), "INVALID_JSON"),
        (Message::text("[]"), "VALIDATION_FAILED"),
        (Message::text("{\"type\":\"nonsense\"}"), "VALIDATION_FAILED"),
        (Message::binary(vec![1, 2, 3]), "BAD_REQUEST"),
    ] {
        socket.send_raw(frame.clone()).await;
        loop {
            let answer = socket.text().await;
            if answer["type"] == "error" {
                assert_eq!(answer["code"], code, "{frame:?}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn too_large_and_too_many_frames_end_a_socket() {
    let server = Server::start().await;
    let mut socket = server.signed_in("/api/events").await;
    socket.send_raw(Message::text("x".repeat(70 * 1024))).await;
    assert_eq!(socket.closed().await, 1009);
    let mut socket = server.signed_in("/api/events").await;
    for _ in 0..600 {
        socket.send_raw(Message::Ping(Bytes::new())).await;
    }
    assert_eq!(socket.closed().await, 1008);
}

#[tokio::test]
async fn a_silent_socket_is_pinged_and_then_let_go() {
    let server = Server::start_with(|config| {
        config.limits.ping = Duration::from_millis(200);
        config.limits.dead = Duration::from_millis(900);
    })
    .await;
    // Reading answers pings, so this one lives.
    let mut alive = server.signed_in("/api/events").await;
    let quiet = tokio::time::timeout(Duration::from_secs(2), async {
        loop {
            assert!(!matches!(alive.next().await, crate::support::Seen::Closed(_) | crate::support::Seen::Cut));
        }
    });
    assert!(quiet.await.is_err(), "it is still open");
    // One that does not read does not answer.
    let mut dead = server.signed_in("/api/events").await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(dead.closed().await, 1008);
}

#[tokio::test]
async fn a_message_that_arrives_slowly_is_a_sign_of_life() {
    let server = Server::start_with(|config| config.limits.dead = Duration::from_millis(900)).await;
    let mut socket = server.signed_in("/api/events").await;
    // A masked text frame of 80 bytes, one byte at a time; a mask of zeroes leaves them as they are.
    let frame = [&[0x81, 0x80 | 80, 0, 0, 0, 0], &[b'x'; 80][..]].concat();
    for byte in frame {
        tokio::io::AsyncWriteExt::write_all(socket.0.get_mut(), &[byte]).await.expect("write");
        tokio::io::AsyncWriteExt::flush(socket.0.get_mut()).await.expect("flush");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(socket.text().await["type"], "snapshot");
    assert_eq!(socket.text().await["type"], "error", "it arrived, and is no message");
}

#[tokio::test]
async fn an_ended_login_ends_its_sockets_within_a_second() {
    let server = Server::start().await;
    let mut socket = server.signed_in("/api/events").await;
    let started = Instant::now();
    assert_eq!(server.control("POST", "/api/token", "{\"replace\":true}").await.status, 200);
    assert_eq!(socket.closed().await, 4401);
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn the_owner_needs_neither_token_nor_origin() {
    let server = Server::start().await;
    let mut socket = server.owner_socket("/api/events").await;
    assert_eq!(socket.text().await, json!({ "type": "auth_ok", "principal": "this computer" }));
}

#[tokio::test]
async fn a_handshake_that_is_none_is_refused() {
    let server = Server::start().await;
    let origin = server.origin();
    let good = [
        ("origin", origin.as_str()),
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    for (broken, value) in [
        ("upgrade", "h2c"),
        ("sec-websocket-version", "12"),
        ("sec-websocket-version", ""),
        ("sec-websocket-key", ""),
        ("sec-websocket-key", "short"),
        ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==AAAA"),
    ] {
        let headers: Vec<_> = good.iter().map(|(n, v)| (*n, if *n == broken { value } else { *v })).collect();
        let reply = server.request("GET", "/api/events", &headers, "").await;
        assert_eq!(reply.status, 400, "{broken}: {value}: {reply:?}");
    }
    for dropped in ["upgrade", "sec-websocket-version", "sec-websocket-key"] {
        let headers: Vec<_> = good.iter().filter(|(n, _)| *n != dropped).copied().collect();
        assert_eq!(server.request("GET", "/api/events", &headers, "").await.status, 400, "without {dropped}");
    }
}
