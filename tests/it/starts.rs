//! How many sessions may be started, and how fast; and that memory is private.

use crate::support::Server;
use serde_json::json;

fn shell() -> String {
    json!({ "kind": "terminal", "program": "shell", "cwd": "project", "keep": true }).to_string()
}

#[tokio::test]
async fn one_session_too_many_is_409_and_names_the_limit() {
    let server = Server::start_with(|config| config.max_sessions = 2).await;
    for _ in 0..2 {
        assert_eq!(server.api("POST", "/api/sessions", &shell()).await.status, 201);
    }
    let refused = server.api("POST", "/api/sessions", &shell()).await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "SESSION_LIMIT"));
    assert!(refused.json()["error"]["message"].as_str().expect("message").contains("2 sessions"), "{refused:?}");
}

#[tokio::test]
async fn sessions_started_too_fast_are_429_and_told_when_to_come_back() {
    let server = Server::start_with(|config| config.limits.starts_burst = 2).await;
    for _ in 0..2 {
        assert_eq!(server.api("POST", "/api/sessions", &shell()).await.status, 201);
    }
    // A refused directory takes no start away.
    let bad = json!({ "kind": "terminal", "program": "shell", "cwd": "../outside" }).to_string();
    assert_eq!(server.api("POST", "/api/sessions", &bad).await.status, 403);
    let refused = server.api("POST", "/api/sessions", &shell()).await;
    assert_eq!((refused.status, refused.code().as_str()), (429, "RATE_LIMITED"));
    let seconds: u64 = refused.header("retry-after").expect("header").parse().expect("seconds");
    assert!((1..=6).contains(&seconds), "{seconds}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_of_the_server_is_not_for_its_sessions_to_read() {
    let _server = Server::start().await;
    let behaviour = rustix::process::dumpable_behavior().expect("prctl");
    assert_eq!(behaviour, rustix::process::DumpableBehavior::NotDumpable);
}
