//! What cannot be provoked from outside.

use super::*;
use crate::auth::{Names, Tokens};
use crate::config::{Config, Limits, OnDisconnect};
use crate::paths::Root;
use crate::sessions::{Registry, Settings};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

fn web(dir: &Path) -> Web {
    let root = Root::open(dir).expect("root");
    let config = Arc::new(Config {
        root: dir.to_owned(),
        port: 0,
        lan: false,
        bind: Vec::new(),
        hosts: Vec::new(),
        tls: None,
        claude: None,
        claude_config_dir: None,
        shell: "/bin/sh".into(),
        data_dir: dir.to_owned(),
        runtime_dir: dir.to_owned(),
        max_sessions: 1,
        on_disconnect: OnDisconnect::Kill,
        disconnect_grace: Duration::from_secs(1),
        idle_timeout: Duration::from_secs(1),
        allow_bypass: false,
        clean_env: false,
        env: Vec::new(),
        limits: Limits::default(),
    });
    let settings = Settings { config: Arc::clone(&config), root: root.clone(), guard_program: "/bin/false".into() };
    Web::new(Parts {
        config,
        root,
        registry: Registry::new(settings),
        tokens: Arc::new(Tokens::new()),
        names: Arc::new(Names::new(["localhost".to_owned()], 8443)),
        tracker: TaskTracker::new(),
        closing: CancellationToken::new(),
    })
}

#[tokio::test]
async fn a_panicking_handler_answers_500_with_an_id_and_the_connection_lives() {
    let dir = tempfile::tempdir().expect("tempdir");
    let mut web = web(dir.path());
    web.handlers = Arc::new(|_| Box::pin(async { panic!("a secret in a panic message") }));
    let (mut near, far) = tokio::io::duplex(64 * 1024);
    let service = service_fn(move |request: Request<Incoming>| {
        let web = web.clone();
        async move { Ok::<_, Infallible>(web.answer(request, Peer::Control).await) }
    });
    let serve = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(far), service);
    let ask = async move {
        let find = "POST /api/claude/find HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n";
        let requests = format!("GET /health HTTP/1.1\r\nHost: x\r\n\r\n{find}Connection: close\r\n\r\n");
        near.write_all(requests.as_bytes()).await.expect("write");
        let mut text = String::new();
        near.read_to_string(&mut text).await.expect("read");
        text
    };
    let (served, text) = tokio::join!(serve, ask);
    served.expect("served");
    assert_eq!(text.matches("HTTP/1.1 500").count(), 2, "{text}");
    assert_eq!(text.matches("content-security-policy").count(), 2);
    assert_eq!(text.matches("\"code\":\"INTERNAL\"").count(), 2);
    assert!(!text.contains("secret"), "{text}");
}
