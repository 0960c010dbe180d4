//! The table of sessions.

use super::*;
use serde_json::json;

fn session(over: serde_json::Value) -> Session {
    let mut session = json!({
        "id": "0f5b1c2d-0000-4000-8000-000000000001", "kind": "chat", "program": null, "title": "Fix the parser",
        "cwd": "projects/parser", "state": "idle", "state_since": 0, "model": null, "permission_mode": null,
        "effort": null, "claude_session_id": null, "pid": 7, "keep": false, "viewers": 1, "created_at": 1_000,
        "last_activity_at": 0, "cost_usd": null, "pending": [], "end": null,
    });
    for (key, value) in over.as_object().unwrap() {
        session[key] = value.clone();
    }
    serde_json::from_value(session).unwrap()
}

fn two() -> Vec<Session> {
    let asks = json!([{
        "request_id": "r1", "kind": "approval", "tool_name": "Bash", "since": 0,
        "summary": "cargo test --workspace --all-features --no-fail-fast",
    }]);
    vec![
        session(json!({})),
        session(json!({
            "id": "aabbccdd-0000-4000-8000-000000000002", "kind": "terminal", "state": "needs_approval",
            "title": "\u{1b}[31mRed\u{1b}[0m\nand a title that goes on", "cwd": "a/very/long/way/down/to/the/directory",
            "created_at": 0, "pending": asks,
        })),
    ]
}

#[test]
fn a_pipe_gets_everything_aligned() {
    let wanted = "\
ID        STATE           KIND      TITLE                         DIRECTORY                              AGE  LATEST
0f5b1c2d  idle            chat      Fix the parser                projects/parser                        2m
aabbccdd  needs approval  terminal  Red and a title that goes on  a/very/long/way/down/to/the/directory  2m   Bash: cargo test --workspace --all-features --no-fail-fast
";
    assert_eq!(table(&two(), 122_000, None), wanted);
}

#[test]
fn a_terminal_gets_what_fits() {
    let wanted = "\
ID        STATE           KIND      TITLE         DIRECTORY                 AGE  LATEST
0f5b1c2d  idle            chat      Fix the par…  projects/parser           2m
aabbccdd  needs approval  terminal  Red and a t…  a/very/l…o/the/directory  2m   Bash: carg…
";
    assert_eq!(table(&two(), 122_000, Some(92)), wanted);
}

#[test]
fn a_running_terminal_shows_its_last_line() {
    let line = json!({ "kind": "terminal", "last_line": "12 passed\u{1b}[2J" });
    assert!(table(&[session(line.clone())], 1_000, None).contains("12 passed"));
    assert!(!table(&[session(line.clone())], 1_000, None).contains('\u{1b}'));
    let mut ended = line;
    ended["state"] = json!("ended");
    assert!(!table(&[session(ended)], 1_000, None).contains("12 passed"));
}

#[test]
fn ages_are_short() {
    for (seconds, said) in [(0, "0s"), (59, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86_400, "1d")] {
        assert_eq!(age(seconds * 1000), said);
    }
}
