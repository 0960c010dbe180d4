//! Which session an id means, and what a socket that does not answer means.

use super::*;

fn sessions(ids: &[&str]) -> Vec<Session> {
    let make = |id: &&str| {
        serde_json::from_value(serde_json::json!({
            "id": id, "kind": "chat", "program": null, "title": "", "cwd": ".", "state": "idle", "state_since": 0,
            "model": null, "permission_mode": null, "effort": null, "claude_session_id": null, "pid": null,
            "keep": false, "viewers": 0, "created_at": 0, "last_activity_at": 0, "cost_usd": null, "pending": [],
            "end": null,
        }))
        .unwrap()
    };
    ids.iter().map(make).collect()
}

#[test]
fn an_id_may_be_the_beginning_of_one() {
    let all = sessions(&["0f5b1c2d-0000-4000-8000-000000000001", "0f5b1c2d-0000-4000-8000-000000000002"]);
    assert!(matches!(find(&all, "0f5b"), Err(CliError::Ambiguous(_, several)) if several.len() == 2));
    assert!(matches!(find(&all, "0f5c"), Err(CliError::NoSession(_))));
    assert!(matches!(find(&all, "--resume"), Err(CliError::NoSession(_))));
    let whole = "0F5B1C2D-0000-4000-8000-000000000002";
    assert_eq!(find(&all, whole).unwrap(), all[1].id);
    assert_eq!(find(&all[..1], "0f5b1").unwrap(), all[0].id);
}

#[tokio::test]
async fn a_socket_left_behind_is_no_server() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = [dir.path().join("run"), dir.path().join("missing"), dir.path().join("file")];
    std::fs::create_dir(&runtime[0]).unwrap();
    std::fs::write(&runtime[2], "").unwrap();
    drop(std::os::unix::net::UnixListener::bind(runtime[0].join("control.sock")).unwrap());
    let outcome = Client::new(&runtime).get::<serde_json::Value>("/health").await;
    assert!(matches!(outcome, Err(CliError::NoServer(looked)) if looked.len() == 3));
}

#[tokio::test]
async fn a_server_that_hangs_up_is_a_failure_and_not_a_hang() {
    let dir = tempfile::tempdir().unwrap();
    let listener = tokio::net::UnixListener::bind(dir.path().join("control.sock")).unwrap();
    let client = Client::new(&[dir.path().to_owned()]);
    let (outcome, _) =
        tokio::join!(client.get::<serde_json::Value>("/health"), async { drop(listener.accept().await) });
    assert!(matches!(outcome, Err(CliError::Failed(_))));
}
