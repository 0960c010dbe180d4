//! Sessions through the API and the sockets, with a shell as the program.

use crate::support::{Seen, Server};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

async fn shell(server: &Server) -> Value {
    let request = json!({ "kind": "terminal", "program": "shell", "cwd": "project", "cols": 80, "rows": 24 });
    let created = server.api("POST", "/api/sessions", &request.to_string()).await;
    assert_eq!(created.status, 201, "{created:?}");
    let session = created.json();
    assert_eq!(created.header("location"), Some(format!("/api/sessions/{}", id(&session)).as_str()));
    session
}

fn id(session: &Value) -> String {
    session["id"].as_str().expect("id").to_owned()
}

#[tokio::test]
async fn a_session_is_listed_changed_and_killed() {
    let server = Server::start().await;
    let session = shell(&server).await;
    let path = format!("/api/sessions/{}", id(&session));
    let list = server.api("GET", "/api/sessions?kind=terminal&limit=10", "").await.json();
    assert_eq!((list["total"].as_u64(), list["sessions"][0]["id"].as_str()), (Some(1), session["id"].as_str()));
    assert_eq!(server.api("GET", "/api/sessions?kind=chat", "").await.json()["total"], 0);
    let changed = server.api("PATCH", &path, "{\"title\":\"Named\",\"keep\":true}").await;
    assert_eq!(changed.json()["title"], "Named");
    assert_eq!(server.api("PATCH", &path, "{\"nonsense\":1}").await.status, 422);
    assert_eq!(server.api("GET", &format!("{path}/stderr"), "").await.status, 200);
    let client = json!({ "client_id": "c1" }).to_string();
    assert_eq!(server.api("POST", &format!("{path}/interrupt"), &client).await.code(), "WRONG_SESSION_KIND");
    let killed = server.api("DELETE", &path, "").await;
    assert_eq!((killed.status, killed.json()["state"].as_str()), (200, Some("ended")), "{killed:?}");
    assert_eq!(killed.json()["end"]["reason"], "killed");
}

#[tokio::test]
async fn directories_outside_the_root_start_nothing() {
    let server = Server::start().await;
    for (cwd, status) in [("..", 403), ("/", 403), ("missing", 404)] {
        let request = json!({ "kind": "terminal", "program": "shell", "cwd": cwd }).to_string();
        assert_eq!(server.api("POST", "/api/sessions", &request).await.status, status, "{cwd}");
    }
}

#[tokio::test]
async fn the_events_socket_follows_the_list() {
    let server = Server::start().await;
    let mut events = server.signed_in("/api/events").await;
    let snapshot = events.text().await;
    assert_eq!((snapshot["type"].as_str(), snapshot["sessions"].as_array().map(Vec::len)), (Some("snapshot"), Some(0)));
    let session = shell(&server).await;
    loop {
        let event = events.text().await;
        if event["type"] == "session" && event["session"]["id"] == session["id"] {
            break;
        }
    }
}

#[tokio::test]
async fn a_terminal_takes_input_acknowledges_it_and_exits() {
    let server = Server::start().await;
    let session = shell(&server).await;
    let mut socket = server.signed_in(&format!("/api/sessions/{}/terminal", id(&session))).await;
    socket.send_raw(Message::binary(b"early".to_vec())).await;
    assert_eq!(socket.text().await["type"], "error", "attach comes first");
    socket.send(&json!({ "type": "attach", "input_id": "i1", "input_offset": 0 })).await;
    let attached = socket.text().await;
    assert_eq!(attached["type"], "attached", "{attached}");
    let line = b"echo hello-$((40+2)); exit 3\n";
    socket.send_raw(Message::binary(line.to_vec())).await;
    let (mut output, mut acknowledged) = (Vec::new(), 0);
    let exit = loop {
        match socket.next().await {
            Seen::Binary(bytes) => output.extend(bytes),
            Seen::Text(text) if text["type"] == "input_ack" => acknowledged = text["offset"].as_u64().expect("offset"),
            Seen::Text(text) if text["type"] == "exit" => break text,
            Seen::Text(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(String::from_utf8_lossy(&output).contains("hello-42"));
    assert_eq!(acknowledged, line.len() as u64);
    assert_eq!(exit["code"], 3);
}

#[tokio::test]
async fn the_wrong_kind_of_socket_is_refused_with_a_code() {
    let server = Server::start().await;
    let session = shell(&server).await;
    let mut socket = server.signed_in(&format!("/api/sessions/{}/chat", id(&session))).await;
    assert_eq!(socket.text().await["code"], "WRONG_SESSION_KIND");
    assert_eq!(socket.closed().await, 1008);
}

#[tokio::test]
async fn a_socket_counts_as_a_viewer_while_it_is_open() {
    let server = Server::start().await;
    let session = shell(&server).await;
    let path = format!("/api/sessions/{}", id(&session));
    let socket = server.signed_in(&format!("{path}/terminal")).await;
    let viewers = async |wanted: u64| {
        for _ in 0..50 {
            if server.api("GET", &path, "").await.json()["viewers"] == wanted {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        false
    };
    assert!(viewers(1).await);
    drop(socket);
    assert!(viewers(0).await);
}

/// Chats need a program that speaks stream-json.
#[cfg(feature = "test-support")]
mod chats {
    use crate::support::{Server, socket::Socket};
    use serde_json::{Value, json};

    async fn with_chat() -> (Server, String) {
        let server = Server::start_with(|config| config.claude = Some(env!("CARGO_BIN_EXE_fake-claude").into())).await;
        let request = json!({ "kind": "chat", "cwd": "project" }).to_string();
        let created = server.api("POST", "/api/sessions", &request).await;
        assert_eq!(created.status, 201, "{created:?}");
        let id = super::id(&created.json());
        (server, id)
    }

    fn send(client_id: &str) -> Value {
        json!({ "type": "send", "client_id": client_id, "content": [{ "type": "text", "text": "hello" }] })
    }

    /// Reads until a frame is as wanted; gives the events seen on the way and the frame.
    async fn until(socket: &mut Socket, wanted: impl Fn(&Value) -> bool) -> (Vec<Value>, Value) {
        let mut events = Vec::new();
        loop {
            let frame = socket.text().await;
            if wanted(&frame) {
                return (events, frame);
            }
            if frame["type"] == "event" {
                events.push(frame);
            }
        }
    }

    #[tokio::test]
    async fn a_turn_goes_round_and_a_reconnect_goes_on_where_it_was() {
        let (server, id) = with_chat().await;
        let path = format!("/api/sessions/{id}/chat");
        let mut socket = server.signed_in(&path).await;
        socket.send(&send("early")).await;
        let refused = socket.text().await;
        assert_eq!((refused["type"].as_str(), refused["status"].as_str()), (Some("ack"), Some("failed")));
        socket.send(&json!({ "type": "attach" })).await;
        let attached = socket.text().await;
        assert_eq!(
            (attached["type"].as_str(), attached["summary"]["id"].as_str()),
            (Some("attached"), Some(id.as_str()))
        );
        socket.send(&send("c1")).await;
        let finished = |frame: &Value| frame["event"]["type"] == "turn_finished";
        let (events, last) = until(&mut socket, finished).await;
        let echo = events.iter().filter(|e| e["event"]["type"] == "user_message" && e["event"]["client_id"] == "c1");
        assert_eq!(echo.count(), 1, "{events:?}");
        socket.send(&send("c1")).await;
        let (_, ack) = until(&mut socket, |frame| frame["type"] == "ack" && frame["client_id"] == "c1").await;
        assert_eq!(ack["status"], "duplicate");
        drop(socket);
        let mut again = server.signed_in(&path).await;
        again.send(&json!({ "type": "attach", "epoch": attached["epoch"], "after": last["seq"] })).await;
        assert_eq!(again.text().await["resumed"], true);
        again.send(&send("c2")).await;
        let (events, _) = until(&mut again, finished).await;
        let first = events.first().expect("events")["seq"].as_u64();
        assert_eq!(first, last["seq"].as_u64().map(|seq| seq + 1), "nothing twice, nothing lost");
    }

    #[tokio::test]
    async fn scripts_can_do_what_the_socket_does() {
        let (server, id) = with_chat().await;
        let path = format!("/api/sessions/{id}");
        let body = json!({ "client_id": "c1", "content": [{ "type": "text", "text": "hello" }] }).to_string();
        let first = server.api("POST", &format!("{path}/messages"), &body).await;
        assert_eq!((first.status, first.json()["type"].as_str()), (200, Some("ack")), "{first:?}");
        let again = server.api("POST", &format!("{path}/messages"), &body).await;
        assert_eq!(again.json()["status"], "duplicate");
        let answer =
            json!({ "client_id": "c2", "request_id": "nothing", "decision": { "behavior": "allow" } }).to_string();
        assert_eq!(server.api("POST", &format!("{path}/answers"), &answer).await.code(), "PROMPT_NOT_FOUND");
        assert_eq!(server.api("DELETE", &path, "").await.json()["state"], "ended");
    }

    #[tokio::test]
    async fn frames_that_are_no_commands_leave_the_socket_open() {
        let (server, id) = with_chat().await;
        let mut socket = server.signed_in(&format!("/api/sessions/{id}/chat")).await;
        socket.send(&json!({ "type": "attach" })).await;
        for bad in [
            json!({ "type": "nonsense" }),
            json!({ "type": "send" }),
            json!({ "type": "send", "client_id": "-flag", "content": [] }),
            json!({ "type": "interrupt", "client_id": "c", "extra": true }),
            json!({ "type": "attach" }),
        ] {
            socket.send(&bad).await;
            let (_, error) = until(&mut socket, |frame| frame["type"] == "error").await;
            assert!(error["code"].is_string() && error["message"].is_string(), "{bad}");
        }
        socket.send(&send("c1")).await;
        until(&mut socket, |frame| frame["event"]["type"] == "turn_finished").await;
    }
}
