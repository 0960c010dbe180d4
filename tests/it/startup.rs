//! Starting, refusing to start, and stopping.

use crate::support::Server;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream, UnixListener};

#[tokio::test]
async fn ready_says_where_to_go() {
    let server = Server::start().await;
    let ready = &server.ready;
    assert!(ready.url.starts_with("https://cw-") && ready.url.ends_with(&format!("/#token={}", ready.token)));
    assert_eq!(ready.urls[0], ready.url);
    assert_eq!(ready.token.len(), 43);
    assert_eq!(ready.pid, std::process::id());
}

#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused_by_pid() {
    let server = Server::start().await;
    let refused = Server::try_start(Arc::clone(&server.dir), |_| {}).await.err().expect("refused").to_string();
    assert!(refused.contains(&format!("pid {}", std::process::id())), "{refused}");
    let dir = Arc::clone(&server.dir);
    server.stop().await;
    Server::try_start(dir, |_| {}).await.expect("free again").stop().await;
}

#[tokio::test]
async fn a_second_server_on_the_same_control_socket_is_refused() {
    let server = Server::start().await;
    let run = server.dir.path().join("run");
    let other = Arc::new(tempfile::tempdir().expect("tempdir"));
    let refused = Server::try_start(other, |config| config.runtime_dir = run).await.err().expect("refused");
    assert!(refused.to_string().contains("another claude-web"), "{refused}");
    assert_eq!(server.control("GET", "/health", "").await.status, 200, "the first is untouched");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let holder = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = holder.local_addr().expect("address").port();
    let dir = Arc::new(tempfile::tempdir().expect("tempdir"));
    let refused = Server::try_start(dir, |config| config.port = port).await.err().expect("refused").to_string();
    assert!(refused.contains(&port.to_string()), "{refused}");
}

#[tokio::test]
async fn a_stale_control_socket_is_replaced_and_anything_else_is_not() {
    let dir = Arc::new(tempfile::tempdir().expect("tempdir"));
    let run = dir.path().join("run");
    std::fs::create_dir_all(&run).expect("run");
    drop(UnixListener::bind(run.join("control.sock")).expect("bind"));
    assert!(run.join("control.sock").exists(), "left behind");
    let server = Server::try_start(Arc::clone(&dir), |_| {}).await.expect("start");
    assert_eq!(server.control("GET", "/api/sessions", "").await.status, 200);
    assert_eq!(std::fs::metadata(&server.ready.control_socket).expect("metadata").mode() & 0o777, 0o600);
    server.stop().await;
    assert!(!run.join("control.sock").exists(), "taken along");
    std::fs::write(run.join("control.sock"), "precious").expect("write");
    assert!(Server::try_start(Arc::clone(&dir), |_| {}).await.is_err());
    assert_eq!(std::fs::read(run.join("control.sock")).expect("still there"), b"precious");
}

#[tokio::test]
async fn a_missing_root_and_an_impossible_name_are_refused() {
    let dir = || Arc::new(tempfile::tempdir().expect("tempdir"));
    let refused = Server::try_start(dir(), |config| config.root.push("missing")).await.err().expect("refused");
    assert!(refused.to_string().contains("missing"), "{refused}");
    let refused = Server::try_start(dir(), |config| config.hosts.push("a b".to_owned())).await.err().expect("refused");
    assert!(refused.to_string().contains("a b"), "{refused}");
}

#[tokio::test]
async fn lan_listens_everywhere_and_answers_to_its_addresses_only() {
    let server = Server::start_with(|config| config.lan = true).await;
    let port = server.ready.port;
    assert!(server.ready.names.contains(&"localhost".to_owned()));
    let names = server.ready.names.iter().filter(|name| !name.contains(':'));
    for name in names {
        let request = format!("GET /health HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n");
        assert_eq!(server.raw(&request).await.expect("an answer").status, 200, "{name}");
    }
    let request = format!("GET /health HTTP/1.1\r\nHost: 0.0.0.0:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(server.raw(&request).await.expect("an answer").status, 421);
}

#[tokio::test]
async fn tokens_are_issued_and_replaced_through_the_control_socket() {
    let server = Server::start().await;
    let issued = server.control("POST", "/api/token", "{}").await;
    assert_eq!(issued.status, 200);
    let token = issued.json()["token"].as_str().expect("token").to_owned();
    assert!(issued.json()["urls"][0].as_str().expect("url").ends_with(&format!("#token={token}")));
    assert_eq!(server.api("GET", "/api/sessions", "").await.status, 200, "the first still counts");
    let replaced = server.control("POST", "/api/token", "{\"replace\":true}").await;
    assert_eq!(replaced.status, 200);
    assert_eq!(server.api("GET", "/api/sessions", "").await.status, 401);
    assert_eq!(server.control("POST", "/api/token", "{\"nonsense\":true}").await.status, 422);
}

#[tokio::test]
async fn stopping_takes_no_new_connections_and_tells_sockets() {
    let server = Server::start().await;
    let address = server.address();
    let mut socket = server.signed_in("/api/events").await;
    let mut waiting = server.socket("/api/events").await;
    let idle = server.connect().await;
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    assert_eq!(socket.closed().await, 1012);
    assert_eq!(waiting.closed().await, 1012);
    assert!(TcpStream::connect(address).await.is_err());
    drop(idle);
}
