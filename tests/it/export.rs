//! Chats as files.

use crate::support::{Reply, Server};
use serde_json::{Value, json};
use std::fs;

const CONVERSATION: &str = "11111111-1111-4111-8111-111111111111";
const EVIL: &str = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>";

fn line(n: u32, kind: &str, content: Value) -> String {
    let id = |n: u32| format!("00000000-0000-4000-8000-{n:012}");
    let parent = (n > 1).then(|| id(n - 1));
    let line = json!({ "type": kind, "uuid": id(n), "parentUuid": parent, "timestamp": "2026-11-21T12:00:00.000Z",
        "message": { "id": format!("m{n}"), "role": kind, "content": content } });
    format!("{line}\n")
}

/// A chat that goes on after a conversation full of hostile text; and its address.
async fn chat(title: &str) -> (Server, String) {
    let server = Server::start_with(|config| {
        config.claude = Some(env!("CARGO_BIN_EXE_fake-claude").into());
        config.claude_config_dir = Some(config.data_dir.with_file_name("claude"));
    })
    .await;
    let folder = server.dir.path().join("claude/projects/-anywhere");
    fs::create_dir_all(&folder).expect("mkdir");
    let tool = json!([{ "type": "tool_use", "id": "t1", "name": EVIL, "input": { "command": EVIL } }]);
    let result = json!([{ "type": "tool_result", "tool_use_id": "t1", "content": EVIL }]);
    let text = [
        line(1, "user", EVIL.into()),
        line(2, "assistant", json!([{ "type": "text", "text": format!("# Heading\n\n{EVIL}") }])),
        line(3, "assistant", tool),
        line(4, "user", result),
    ];
    fs::write(folder.join(format!("{CONVERSATION}.jsonl")), text.concat()).expect("write");
    let request = json!({ "kind": "chat", "cwd": "project", "resume": CONVERSATION, "title": title }).to_string();
    let created = server.api("POST", "/api/sessions", &request).await;
    assert_eq!(created.status, 201, "{created:?}");
    let path = format!("/api/sessions/{}", created.json()["id"].as_str().expect("id"));
    (server, path)
}

/// The body, whichever way it was sent.
fn body(reply: &Reply) -> String {
    let mut rest = reply.body.as_slice();
    let mut whole = Vec::new();
    if reply.header("transfer-encoding") != Some("chunked") {
        whole.extend(rest);
        rest = &[];
    }
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&rest[..end]).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let length = length.expect("a chunk");
        whole.extend(&rest[end + 2..end + 2 + length]);
        rest = &rest[(end + 4 + length).min(rest.len())..];
    }
    String::from_utf8(whole).expect("text")
}

#[tokio::test]
async fn a_chat_is_exported_in_every_format_alive_or_ended() {
    let (server, path) = chat("Größe <b>").await;
    for ended in [false, true] {
        for (format, media_type, wanted) in [
            ("md", "text/markdown; charset=utf-8", "The conversation goes on here"),
            ("html", "text/html; charset=utf-8", "The conversation goes on here"),
            ("json", "application/json; charset=utf-8", "\"resumed\""),
            ("jsonl", "application/x-ndjson; charset=utf-8", "\"resumed\""),
        ] {
            let reply = server.api("GET", &format!("{path}/export?format={format}"), "").await;
            assert_eq!((reply.status, reply.header("content-type")), (200, Some(media_type)), "{reply:?}");
            let name =
                format!("attachment; filename=\"Gr-e-b.{format}\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20-b.{format}");
            assert_eq!(reply.header("content-disposition"), Some(name.as_str()));
            assert!(reply.header("content-security-policy").is_some_and(|policy| policy.ends_with("sandbox")));
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            let text = body(&reply);
            assert!(text.contains(wanted), "{format}: {text}");
            assert_eq!(text.contains("\"ended\"") || text.contains("The session ended"), ended, "{format}");
        }
        assert_eq!(server.api("DELETE", &path, "").await.status, 200);
    }
    assert_eq!(
        body(&server.api("GET", &format!("{path}/export"), "").await).split_once('\n').map(|(head, _)| head),
        Some("# Größe \\<b\\>")
    );
    for bad in ["format=pdf", "format=", "format=md&format=md", "as=md"] {
        assert_eq!(server.api("GET", &format!("{path}/export?{bad}"), "").await.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn json_is_the_session_with_the_frames_of_the_socket() {
    let (server, path) = chat("x").await;
    let json: Value =
        serde_json::from_str(&body(&server.api("GET", &format!("{path}/export?format=json"), "").await)).expect("json");
    assert_eq!(path.split('/').next_back(), json["session"]["id"].as_str());
    let events = json["events"].as_array().expect("events");
    assert_eq!(
        (json["oldest"].as_u64(), events[0]["seq"].as_u64(), events[0]["type"].as_str()),
        (Some(1), Some(1), Some("event"))
    );
    assert_eq!(events[0]["event"]["content"][0]["text"], EVIL);
    let lines = body(&server.api("GET", &format!("{path}/export?format=jsonl"), "").await);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(lines[..4], events[..4]);
}

#[tokio::test]
async fn hostile_text_is_text_in_every_document() {
    let (server, path) = chat(EVIL).await;
    let html = body(&server.api("GET", &format!("{path}/export?format=html"), "").await).to_lowercase();
    for never in ["<script", "<img", "href=\"javascript:"] {
        assert!(!html.contains(never), "{never}: {html}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("default-src 'none'"));
    let markdown = body(&server.api("GET", &format!("{path}/export?format=md"), "").await);
    assert!(markdown.contains("\\<script\\>") && markdown.contains("\\[x\\](javascript:alert(1))"), "{markdown}");
}

#[tokio::test]
async fn what_is_no_chat_cannot_be_exported() {
    let server = Server::start().await;
    let request = json!({ "kind": "terminal", "program": "shell", "cwd": "project" }).to_string();
    let id = server.api("POST", "/api/sessions", &request).await.json()["id"].as_str().expect("id").to_owned();
    assert_eq!(server.api("GET", &format!("/api/sessions/{id}/export"), "").await.code(), "WRONG_SESSION_KIND");
    let nobody = "/api/sessions/00000000-0000-4000-8000-000000000000/export";
    assert_eq!(server.api("GET", nobody, "").await.code(), "SESSION_NOT_FOUND");
}
