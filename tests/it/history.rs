//! Conversations that go on: what was said before is in front of what is said now.

use crate::support::Server;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const CONVERSATION: &str = "11111111-1111-4111-8111-111111111111";
/// Of an answer after the last compaction, and of one before it.
const LATE: &str = "after";
const EARLY: &str = "**hello**";

fn fixture() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/transcript/conversation.jsonl");
    fs::read_to_string(path).expect("fixture")
}

/// The uuid of the answer that says this.
fn answer(words: &str) -> String {
    let lines = fixture();
    let mut lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("json"));
    let line = lines.find(|line| line["message"]["content"][0]["text"] == words).expect(words);
    line["uuid"].as_str().expect("uuid").to_owned()
}

async fn server(transcript: Option<&str>) -> Server {
    let server = Server::start_with(|config| {
        config.claude = Some(env!("CARGO_BIN_EXE_fake-claude").into());
        config.claude_config_dir = Some(config.data_dir.with_file_name("claude"));
    })
    .await;
    if let Some(text) = transcript {
        let project = server.dir.path().join("root/project").canonicalize().expect("project");
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let folder: String = project.display().to_string().chars().map(plain).collect();
        let folder = server.dir.path().join("claude/projects").join(folder);
        fs::create_dir_all(&folder).expect("mkdir");
        fs::write(folder.join(format!("{CONVERSATION}.jsonl")), text).expect("write");
    }
    server
}

async fn create(server: &Server, more: Value) -> Result<Value, (u16, String)> {
    let mut request = json!({ "kind": "chat", "cwd": "project", "resume": CONVERSATION });
    request.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
    let reply = server.api("POST", "/api/sessions", &request.to_string()).await;
    if reply.status == 201 {
        Ok(reply.json())
    } else {
        Err((reply.status, reply.json()["error"]["message"].as_str().expect("message").to_owned()))
    }
}

/// Events up to the one that says where the session itself begins.
async fn before(server: &Server, session: &Value) -> (Vec<Value>, Value) {
    let id = session["id"].as_str().expect("id");
    let mut socket = server.signed_in(&format!("/api/sessions/{id}/chat")).await;
    socket.send(&json!({ "type": "attach" })).await;
    assert_eq!(socket.text().await["type"], "attached");
    let mut events = Vec::new();
    loop {
        let frame = socket.text().await;
        if frame["event"]["type"] == "resumed" {
            return (events, frame);
        }
        events.push(frame);
    }
}

#[tokio::test]
async fn a_resumed_chat_begins_with_what_was_said_before() {
    let server = server(Some(&fixture())).await;
    let session = create(&server, json!({})).await.expect("created");
    assert_eq!(session["title"], "first [[think hm]]+[[say **hello**]]");
    assert_eq!(session["claude_session_id"], CONVERSATION);
    let (events, resumed) = before(&server, &session).await;
    assert_eq!((events[0]["seq"].as_u64(), events[0]["event"]["type"].as_str()), (Some(1), Some("user_message")));
    assert!(events[0]["at"].as_u64() < resumed["at"].as_u64(), "in its own time");
    let wanted = json!({ "type": "resumed", "claude_session_id": CONVERSATION, "forked": false, "cut": false });
    assert_eq!(resumed["event"], wanted);
    assert!(events.iter().any(|frame| frame["event"]["block"]["text"] == "The background task is done."));
    let nested = |frame: &&Value| frame["event"]["parent_tool_use_id"] == "toolu_script000008x0";
    assert_eq!(events.iter().filter(nested).count(), 0, "the files of subagents were not copied");

    let twice = create(&server, json!({})).await.expect_err("two writers");
    assert!(twice.1.contains("two writers"), "{twice:?}");
}

#[tokio::test]
async fn a_copy_can_begin_at_an_earlier_message_but_not_before_a_compaction() {
    let server = server(Some(&fixture())).await;
    let copy =
        create(&server, json!({ "fork": true, "resume_at": answer(LATE), "title": "A copy" })).await.expect("ok");
    assert_eq!((copy["title"].as_str(), copy["claude_session_id"].is_null()), (Some("A copy"), true));
    let (events, resumed) = before(&server, &copy).await;
    assert_eq!(resumed["event"]["forked"], true);
    assert_eq!(events.last().expect("events")["event"]["block"]["text"], LATE);
    for at in [answer(EARLY), CONVERSATION.to_owned()] {
        let (status, message) = create(&server, json!({ "fork": true, "resume_at": at })).await.expect_err("refused");
        assert_eq!(status, 422);
        assert!(message.contains("cannot go back to it"), "{message}");
    }
}

#[tokio::test]
async fn without_a_transcript_a_chat_goes_on_and_says_what_is_missing() {
    let server = server(None).await;
    let session = create(&server, json!({})).await.expect("created");
    let (events, resumed) = before(&server, &session).await;
    assert_eq!(events[0]["event"]["code"], "history_missing");
    assert_eq!(resumed["event"]["cut"], true);
    assert_eq!(session["title"], "project");
}

#[tokio::test]
async fn a_damaged_transcript_gives_what_is_left_of_it() {
    let damaged = format!("\0\0\0\n{{\"type\":\"user\",\n{}{{\"type\":\"assis", fixture());
    let server = server(Some(&damaged)).await;
    let session = create(&server, json!({})).await.expect("created");
    let (events, _) = before(&server, &session).await;
    assert_eq!(events[0]["event"]["type"], "user_message");
    let warned = &events.last().expect("events")["event"];
    assert_eq!(warned["code"], "history_damaged");
    assert!(warned["message"].as_str().is_some_and(|message| message.starts_with("3 lines")), "{warned}");
}

#[tokio::test]
async fn going_back_needs_a_conversation_and_a_chat() {
    let server = server(None).await;
    let at = json!({ "kind": "chat", "cwd": "project", "resume_at": CONVERSATION }).to_string();
    assert_eq!(server.api("POST", "/api/sessions", &at).await.status, 422);
    let terminal =
        create(&server, json!({ "kind": "terminal", "resume_at": CONVERSATION })).await.expect_err("refused");
    assert_eq!(terminal.0, 422);
}
