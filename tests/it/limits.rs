//! Bounds on connections, heads and bodies, and what plain HTTP gets.

use crate::support::Server;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn plain_http_is_sent_to_https_or_told_off() {
    let server = Server::start().await;
    let host = server.host();
    let page = format!("GET /s/1 HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n\r\n");
    let reply = server.plain(&page).await.expect("an answer");
    assert_eq!((reply.status, reply.header("location")), (308, Some(format!("https://{host}/s/1").as_str())));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    for request in [
        format!("GET /api/sessions HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\n\r\n", server.bearer()),
        format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "SSH-2.0-OpenSSH_9.9\r\n\r\n".to_owned(),
    ] {
        let reply = server.plain(&request).await.expect("an answer");
        assert_eq!(reply.status, 400, "{request}");
        assert!(reply.header("location").is_none());
        assert!(String::from_utf8_lossy(&reply.body).contains("HTTPS"));
    }
}

#[tokio::test]
async fn slow_visitors_hold_up_nobody_and_are_let_go() {
    let server = Server::start_with(|config| config.limits.handshake = Duration::from_millis(800)).await;
    let mut silent = TcpStream::connect(server.address()).await.expect("connect");
    let mut half_hello = TcpStream::connect(server.address()).await.expect("connect");
    half_hello.write_all(&[0x16, 3, 1, 2]).await.expect("write");
    let mut half_plain = TcpStream::connect(server.address()).await.expect("connect");
    half_plain.write_all(b"GET / HTTP/1.1\r\nHost").await.expect("write");
    let mut half_head = server.connect().await;
    half_head.write_all(b"GET / HTTP/1.1\r\nHost: x").await.expect("write");
    let mut idle = server.connect().await;
    let started = Instant::now();
    assert_eq!(server.request("GET", "/health", &[], "").await.status, 200);
    assert!(started.elapsed() < Duration::from_millis(700), "{:?}", started.elapsed());
    let mut rest = Vec::new();
    let all_end = async {
        let _ = silent.read_to_end(&mut rest).await;
        let _ = half_hello.read_to_end(&mut rest).await;
        let _ = half_plain.read_to_end(&mut rest).await;
        let _ = half_head.read_to_end(&mut rest).await;
        let _ = idle.read_to_end(&mut rest).await;
    };
    tokio::time::timeout(Duration::from_secs(5), all_end).await.expect("all were let go");
}

#[tokio::test]
async fn a_body_must_be_whole_in_time_and_small() {
    let server = Server::start_with(|config| {
        config.limits.handshake = Duration::from_millis(500);
        config.limits.body_bytes = 1000;
        config.limits.body_with_images_bytes = 5000;
    })
    .await;
    let head = |path: &str, rest: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nContent-Type: application/json\r\nConnection: close\r\n{rest}",
            server.host(),
            server.bearer()
        )
    };
    let ask = async |path: &str, rest: String| server.raw(&head(path, &rest)).await.expect("an answer");
    let reply = ask("/api/sessions", "Content-Length: 1001\r\n\r\n".to_owned()).await;
    assert_eq!(reply.status, 413, "told by its length alone");
    let chunk = "x".repeat(900);
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n384\r\n{chunk}\r\n384\r\n{chunk}\r\n0\r\n\r\n");
    assert_eq!(ask("/api/sessions", chunked.clone()).await.status, 413);
    let messages = "/api/sessions/00000000-0000-4000-8000-000000000000/messages";
    assert_eq!(ask(messages, chunked).await.code(), "INVALID_JSON", "images may be larger");
    let started = Instant::now();
    let reply = ask("/api/sessions", "Content-Length: 10\r\n\r\n{".to_owned()).await;
    assert_eq!(reply.status, 400, "the rest never came");
    assert!(started.elapsed() < Duration::from_secs(3));
    let smuggled = "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned();
    assert!(ask("/api/sessions", smuggled).await.status >= 400);
}

#[tokio::test]
async fn heads_are_bounded() {
    let server = Server::start().await;
    let many: Vec<(String, String)> = (0..70).map(|n| (format!("x-h{n}"), "v".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(server.request("GET", "/", &many, "").await.status, 431);
    let huge = "x".repeat(100 * 1024);
    let reply = server.raw(&format!("GET / HTTP/1.1\r\nHost: {}\r\nx: {huge}\r\n\r\n", server.host())).await;
    assert!(reply.is_none_or(|reply| reply.status == 431));
    let reply = server.raw(&format!("GET /{huge} HTTP/1.1\r\nHost: {}\r\n\r\n", server.host())).await;
    assert!(reply.is_none_or(|reply| matches!(reply.status, 414 | 431)));
    assert_eq!(server.request("GET", &format!("/{}", "x".repeat(8192)), &[], "").await.status, 414);
    assert_eq!(server.request("GET", "/health", &[], "").await.status, 200, "still there");
}

#[tokio::test]
async fn connections_of_one_address_are_bounded_and_the_owner_still_gets_in() {
    let server = Server::start_with(|config| config.limits.connections_per_address = 3).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(server.connect().await);
    }
    let mut refused = TcpStream::connect(server.address()).await.expect("the kernel takes it");
    let mut rest = Vec::new();
    let _ = refused.write_all(&[0x16]).await;
    let ended = tokio::time::timeout(Duration::from_secs(2), refused.read_to_end(&mut rest)).await;
    assert!(ended.is_ok() && rest.is_empty());
    assert_eq!(server.control("GET", "/health", "").await.status, 200);
    held.pop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.request("GET", "/health", &[], "").await.status, 200);
}

#[tokio::test]
async fn garbage_does_not_hurt() {
    let server = Server::start().await;
    for garbage in
        ["\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"]
    {
        if let Some(reply) = server.raw(garbage).await {
            assert!(reply.status >= 400, "{garbage:?}: {reply:?}");
        }
    }
    assert_eq!(server.request("GET", "/health", &[], "").await.status, 200);
}
