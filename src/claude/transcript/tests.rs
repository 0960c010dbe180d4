//! Transcripts of the real CLI (2.1.197), and broken ones.

use super::*;
use crate::protocol::{Block, Content, MessageOrigin, TaskStatus};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

const MIB: usize = 1 << 20;

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/transcript/conversation.jsonl")
}

/// One line for each event, enough to see what it is.
fn told(history: &History) -> Vec<String> {
    history.events.iter().map(|(_, event)| short(event)).collect()
}

fn short(event: &ChatEvent) -> String {
    let words = |content: &[Content]| -> String {
        let part = |part: &Content| match part {
            Content::Text { text } => text.chars().take(24).collect(),
            Content::Image { media_type, .. } => format!("({media_type})"),
            other => format!("{other:?}"),
        };
        content.iter().map(part).collect::<Vec<_>>().join(" ")
    };
    match event {
        ChatEvent::UserMessage { content, origin, .. } => format!("{origin:?}: {}", words(content)),
        ChatEvent::Message { block: Block::Text { text }, .. } => {
            format!("Claude: {}", text.chars().take(24).collect::<String>())
        }
        ChatEvent::Message { block: Block::Thinking { text }, .. } => format!("thinks: {text}"),
        ChatEvent::ToolUse { name, parent_tool_use_id, .. } => {
            format!("{name}{}", if parent_tool_use_id.is_some() { " (sub)" } else { "" })
        }
        ChatEvent::ToolResult { is_error, structured, .. } => {
            format!(
                "result {}{}",
                if *is_error { "failed" } else { "ok" },
                if structured.is_some() { " structured" } else { "" }
            )
        }
        ChatEvent::TaskStarted { description, .. } => format!("task {description}"),
        ChatEvent::TaskFinished { status, total_tokens, .. } => format!("task {status:?} {total_tokens:?}"),
        ChatEvent::Compacted { pre_tokens, post_tokens, .. } => format!("compacted {pre_tokens:?} {post_tokens:?}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_recorded_conversation_is_told_as_it_was() {
    let history = read(&recorded(), None, 8 * MIB).expect("read");
    assert_eq!((history.cut, history.bad_lines), (false, 0));
    let told: Vec<_> = told(&history).into_iter().filter(|event| !event.starts_with("UserMessageDelivered")).collect();
    let wanted = [
        "User: first [[think hm]]+[[say",
        "thinks: hm",
        "Claude: **hello**",
        "User: second [[write notes.md:",
        "Write",
        "result ok structured",
        "Edit",
        "result ok structured",
        "Bash",
        "result failed structured",
        "Claude: Result was: Exit code 1\n",
        "User: (image/png) third with picture [[wri",
        "Write",
        "result failed structured",
        "Claude: Result was: no thanks",
        "User: agent [[agent do ((bash ",
        "Agent",
        "task A side task",
        "Subagent: do [[bash echo sub]] [[s",
        "Bash (sub)",
        "result ok",
        "Claude: sub done",
        "result ok structured",
        "task Completed Some(212)",
        "Claude: Result was: sub done\nage",
        "User: [[ask many]]",
        "AskUserQuestion",
        "result ok structured",
        "Claude: Result was: Your questio",
        "compacted Some(212) Some(1347)",
        "Cli: This session is being co",
        "User: /compact",
        "Cli: Compacted",
        "User: after compact [[say afte",
        "Claude: after",
        "User: bg [[background sleep 1;",
        "Bash",
        "result ok structured",
        "Claude: Result was: Command runn",
        "Cli: Background command \"Run ",
        "Claude: The background task is d",
    ];
    assert_eq!(told, wanted);
    assert_eq!(history.title.as_deref(), Some("first [[think hm]]+[[say **hello**]]"));
    assert_eq!(history.used_tokens, Some(212));
    let times: Vec<u64> = history.events.iter().map(|(at, _)| *at).collect();
    assert!((1_795_000_000_000..1_796_000_000_000).contains(&times[0]), "{}", times[0]);
    let uuids = history.events.iter().filter(|(_, event)| matches!(event, ChatEvent::Message { uuid: Some(_), .. }));
    assert_eq!(uuids.count(), 10, "each block can be gone back to");
}

#[test]
fn whoever_was_delivered_once_is_delivered_still() {
    let history = read(&recorded(), None, 8 * MIB).expect("read");
    let mut waiting: Vec<&str> = Vec::new();
    for (_, event) in &history.events {
        match event {
            ChatEvent::UserMessage { origin: MessageOrigin::User, message_id: Some(id), .. } => waiting.push(id),
            ChatEvent::UserMessageDelivered { message_id, .. } => waiting.retain(|id| id != message_id),
            _ => {}
        }
    }
    assert!(waiting.is_empty(), "{waiting:?}");
}

#[test]
fn little_room_keeps_the_newest_and_says_so() {
    let all = read(&recorded(), None, 8 * MIB).expect("read");
    for room in [0, 1, 1000, 5000, 20_000] {
        let part = read(&recorded(), None, room).expect("read");
        assert!(part.cut, "{room}");
        // What is left out may have raised the times of what followed it.
        let said = |events: &[(UnixMs, ChatEvent)]| events.iter().map(|(_, event)| event.clone()).collect::<Vec<_>>();
        assert_eq!(said(&part.events), said(&all.events[all.events.len() - part.events.len()..]), "{room}");
        assert!(part.events.iter().map(|(_, event)| weight(event)).sum::<usize>() <= room);
        assert_eq!(part.title, None);
    }
}

/// A conversation of one's own making.
struct Made {
    dir: tempfile::TempDir,
    text: Vec<u8>,
}

impl Made {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("tempdir"), text: Vec::new() }
    }

    fn line(&mut self, value: &Value) {
        self.text.extend(serde_json::to_vec(value).expect("json"));
        self.text.push(b'\n');
    }

    fn read(&self, at: Option<Uuid>) -> Result<History, TranscriptError> {
        let path = self.dir.path().join("c.jsonl");
        fs::write(&path, &self.text).expect("write");
        super::read(&path, at, 8 * MIB)
    }
}

fn id(n: u64) -> String {
    Uuid::from_u128(n.into()).to_string()
}

fn said(n: u64, parent: Option<u64>, words: &str) -> Value {
    json!({ "type": "user", "uuid": id(n), "parentUuid": parent.map(id), "timestamp": "2026-11-21T12:00:00.000Z",
            "message": { "role": "user", "content": words } })
}

fn answered(n: u64, parent: u64, words: &str) -> Value {
    json!({ "type": "assistant", "uuid": id(n), "parentUuid": id(parent), "timestamp": "2026-11-21T12:00:01.500Z",
            "message": { "id": format!("m{n}"), "content": [{ "type": "text", "text": words }] } })
}

fn words_of(history: &History) -> Vec<String> {
    told(history).into_iter().filter(|event| !event.starts_with("UserMessageDelivered")).collect()
}

#[test]
fn only_the_thread_that_goes_on_is_told() {
    let mut made = Made::new();
    made.line(&said(1, None, "one"));
    made.line(&answered(2, 1, "two"));
    made.line(&said(3, Some(2), "left behind"));
    made.line(&answered(4, 3, "left behind, too"));
    made.line(&json!({ "type": "user", "uuid": id(9), "isSidechain": true, "message": { "content": "beside" } }));
    made.line(&said(5, Some(2), "five"));
    made.line(&answered(6, 5, "six"));
    let wanted = ["User: one", "Claude: two", "User: five", "Claude: six"];
    assert_eq!(words_of(&made.read(None).expect("read")), wanted);
    assert_eq!(words_of(&made.read(Some(Uuid::from_u128(2))).expect("read")), wanted[..2]);
    for gone in [4, 77] {
        let refused = made.read(Some(Uuid::from_u128(gone)));
        assert!(matches!(refused, Err(TranscriptError::NoSuchMessage(_))), "{refused:?}");
    }
}

#[test]
fn results_of_several_calls_at_once_are_all_told() {
    let call = |n: u64, parent: u64| {
        json!({ "type": "assistant", "uuid": id(n), "parentUuid": id(parent),
                "message": { "id": "m", "content": [{ "type": "tool_use", "id": format!("t{n}"), "name": "Bash", "input": {} }] } })
    };
    let result = |n: u64, call: u64| {
        json!({ "type": "user", "uuid": id(n), "parentUuid": id(call), "sourceToolAssistantUUID": id(call),
                "message": { "content": [{ "type": "tool_result", "tool_use_id": format!("t{call}"), "content": "x" }] } })
    };
    let mut made = Made::new();
    for line in [said(1, None, "go"), call(2, 1), call(3, 2), result(4, 2), result(5, 3), answered(6, 5, "done")] {
        made.line(&line);
    }
    let wanted = ["User: go", "Bash", "Bash", "result ok", "result ok", "Claude: done"];
    assert_eq!(words_of(&made.read(None).expect("read")), wanted);
}

#[test]
fn what_went_before_a_compaction_is_told_but_cannot_be_gone_back_to() {
    let mut made = Made::new();
    made.line(&said(1, None, "early"));
    made.line(&answered(2, 1, "words"));
    made.line(&json!({ "type": "system", "subtype": "compact_boundary", "uuid": id(3), "parentUuid": null,
        "logicalParentUuid": id(2), "compactMetadata": { "trigger": "auto", "preTokens": 10 } }));
    made.line(&said(4, Some(3), "late"));
    let wanted = ["User: early", "Claude: words", "compacted Some(10) None", "User: late"];
    assert_eq!(words_of(&made.read(None).expect("read")), wanted);
    assert!(matches!(made.read(Some(Uuid::from_u128(2))), Err(TranscriptError::NoSuchMessage(_))));
    assert!(made.read(Some(Uuid::from_u128(4))).is_ok());
}

#[test]
fn messages_that_were_queued_and_commands_are_what_was_typed() {
    let mut made = Made::new();
    made.line(&said(1, None, "<command-name>/model</command-name>\n<command-args>opus</command-args>"));
    made.line(&said(2, Some(1), "<local-command-stdout>Set model</local-command-stdout>"));
    made.line(
        &json!({ "type": "attachment", "uuid": id(3), "parentUuid": id(2), "attachment": { "type": "queued_command",
        "prompt": [{ "type": "text", "text": "meanwhile" }], "source_uuid": id(30), "commandMode": "prompt" } }),
    );
    made.line(&json!({ "type": "attachment", "uuid": id(4), "parentUuid": id(3), "attachment": { "type": "queued_command",
        "prompt": "<task-notification><summary>it is done</summary></task-notification>", "commandMode": "task-notification" } }));
    made.line(&json!({ "type": "user", "uuid": id(5), "parentUuid": id(4), "isMeta": true, "message": { "content": "caveat" } }));
    made.line(
        &json!({ "type": "attachment", "uuid": id(6), "parentUuid": id(5), "attachment": { "type": "skill_listing" } }),
    );
    made.line(&json!({ "type": "user", "uuid": id(7), "parentUuid": id(6), "message": { "content": [
        { "type": "document", "source": { "type": "text", "media_type": "text/plain", "data": "plain" }, "title": "a.txt" }] } }));
    made.line(&json!({ "type": "ai-title", "aiTitle": "By the machine" }));
    made.line(&json!({ "type": "custom-title", "customTitle": "By hand" }));
    made.line(&json!({ "type": "ai-title", "aiTitle": "By the machine again" }));
    let history = made.read(None).expect("read");
    assert_eq!(history.title.as_deref(), Some("By hand"));
    let file = "User: TextFile { name: \"a.txt\", text: \"plain\" }";
    let wanted = ["User: /model opus", "Cli: Set model", "User: meanwhile", "Cli: it is done", file];
    assert_eq!(words_of(&history), wanted);
    let queued = history
        .events
        .iter()
        .any(|(_, event)| matches!(event, ChatEvent::UserMessageDelivered { message_id, .. } if *message_id == id(30)));
    assert!(queued, "under the id it was sent with");
}

#[test]
fn a_tree_that_bites_its_tail_ends() {
    let mut made = Made::new();
    made.line(&said(1, Some(3), "one"));
    made.line(&answered(2, 1, "two"));
    made.line(&said(3, Some(2), "three"));
    made.line(&said(4, Some(4), "four"));
    assert_eq!(words_of(&made.read(None).expect("read")).len(), 4);
}

#[test]
fn what_is_no_file_is_an_error_in_words() {
    let dir = tempfile::tempdir().expect("tempdir");
    for path in [dir.path().join("gone"), dir.path().to_owned()] {
        let error = read(&path, None, MIB).expect_err("no file").to_string();
        assert!(error.starts_with("cannot read the transcript"), "{error}");
    }
    fs::write(dir.path().join("empty"), "").expect("write");
    assert_eq!(read(&dir.path().join("empty"), None, MIB).expect("empty"), History::default());
}

#[test]
fn a_failed_subagent_says_so() {
    let mut known = Known::default();
    known.started(&ChatEvent::TaskStarted {
        task_id: "a1".into(),
        tool_use_id: Some("t1".into()),
        task_type: "local_agent".into(),
        description: String::new(),
        subagent_type: None,
        prompt: None,
    });
    let result = ChatEvent::ToolResult {
        tool_use_id: "t1".into(),
        is_error: true,
        content: Vec::new(),
        structured: None,
        cut_bytes: None,
        parent_tool_use_id: None,
    };
    let finished = known.finished(&result);
    assert!(matches!(finished, Some(ChatEvent::TaskFinished { status: TaskStatus::Failed, .. })), "{finished:?}");
    assert_eq!(known.finished(&result), None);
}

/// What can stand between the lines of a conversation.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>().prop_filter("one line", |byte| *byte != b'\n'), 0..60),
        Just(b"{\"type\":\"user\",\"uuid\":\"not one\",\"message\":7}".to_vec()),
        Just(b"{\"type\":\"system\",\"subtype\":\"turn_duration\"}".to_vec()),
        Just(vec![0; 40]),
        Just(b"{\"type\":\"user\",\"uuid\":\"00000000-0000-0000-0000-0000000000ff\",\"messa".to_vec()),
        Just(b"[[[[[[[[[[".repeat(50)),
    ]
}

proptest! {
    /// Whatever stands between them, and whichever lines are lost, each line that is whole is told in its order.
    #[test]
    fn every_whole_line_is_kept(
        lines in proptest::collection::vec((any::<bool>(), proptest::collection::vec(noise(), 0..3)), 1..20),
    ) {
        let mut made = Made::new();
        let mut wanted = Vec::new();
        for (n, (lost, around)) in (1_u64..).zip(&lines) {
            for part in around {
                made.text.extend(part);
                made.text.push(b'\n');
            }
            // The first one lost would be the root, and the newest the leaf.
            let line = said(n, (n > 1).then(|| n - 1), &format!("line {n}"));
            if *lost {
                let whole = serde_json::to_vec(&line).expect("json");
                made.text.extend(&whole[..whole.len() / 2]);
                made.text.push(b'\n');
            } else {
                made.line(&line);
                wanted.push(format!("User: line {n}"));
            }
        }
        let history = made.read(None).expect("read");
        prop_assert_eq!(words_of(&history), wanted);
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in any::<u128>()) {
        let mut made = Made::new();
        made.text = bytes;
        let _ = made.read(None).expect("read");
        prop_assert!(made.read(Some(Uuid::from_u128(at))).is_err());
    }

    /// Fields of the right names with anything in them.
    #[test]
    fn odd_fields_do_not_stop_the_reading(
        fields in proptest::collection::vec((0usize..14, 0usize..9), 0..30),
    ) {
        let names = ["type", "uuid", "parentUuid", "message", "timestamp", "attachment", "subtype", "isMeta", "origin",
            "toolUseResult", "isSidechain", "compactMetadata", "sourceToolAssistantUUID", "content"];
        let values = [json!(null), json!(7), json!("user"), json!(id(1)), json!([{ "type": "text" }]), json!({}),
            json!({ "content": [{ "type": "tool_result" }, 5] }), json!("queued_command"), json!({ "type": "queued_command", "prompt": {} })];
        let mut made = Made::new();
        for part in fields.chunks(5) {
            let line: serde_json::Map<String, Value> =
                part.iter().map(|(name, value)| (names[*name].to_owned(), values[*value].clone())).collect();
            made.line(&Value::Object(line));
        }
        let _ = made.read(None).expect("read");
    }
}

#[test]
fn times_rise_and_none_lies_ahead() {
    let ordered = |times: &[u64], inner: &[Range<usize>]| {
        let event = |at: &u64| (*at, ChatEvent::Activity { status: None });
        let mut events: Vec<_> = times.iter().map(event).collect();
        in_order(&mut events, inner, 100);
        events.into_iter().map(|(at, _)| at).collect::<Vec<_>>()
    };
    assert_eq!(ordered(&[0, 0, 5, 3, 900, 7], &[]), [5, 5, 5, 5, 100, 100]);
    assert_eq!(ordered(&[0, 900], &[]), [100, 100]);
    assert_eq!(ordered(&[0], &[]), [100]);
    // Two agents of one message, and one in the background at the end.
    assert_eq!(ordered(&[10, 8, 50, 12, 30, 20, 90], &[1..3, 4..5, 6..7]), [10, 10, 12, 12, 20, 20, 90]);
    assert_eq!(ordered(&[10, 40, 20, 900], &[1..2, 3..4]), [10, 20, 20, 100]);
    // One right behind the other.
    assert_eq!(ordered(&[10, 60, 900, 20], &[1..2, 2..3]), [10, 20, 20, 20]);
}

#[test]
fn a_transcript_of_another_clock_is_told_in_order() {
    let dir = tempfile::tempdir().expect("tempdir");
    let path = dir.path().join("c.jsonl");
    let line = |uuid: u8, parent: Option<u8>, at: &str| {
        let id = |n: u8| format!("00000000-0000-4000-8000-0000000000{n:02}");
        json!({"type": "user", "uuid": id(uuid), "parentUuid": parent.map(id), "timestamp": at, "isSidechain": false,
            "userType": "external", "message": {"role": "user", "content": format!("line {uuid}")}})
        .to_string()
    };
    let lines = [
        line(1, None, "2020-01-01T00:00:02Z"),
        line(2, Some(1), "2020-01-01T00:00:01Z"),
        line(3, Some(2), "9000-01-01T00:00:00Z"),
    ];
    fs::write(&path, lines.join("\n")).expect("write");
    let history = read(&path, None, MIB).expect("read");
    let times: Vec<_> = history.events.iter().map(|(at, _)| *at).collect();
    assert!(times.len() >= 3 && times.is_sorted() && times.iter().all(|at| *at <= words::now()), "{times:?}");
}

#[test]
fn of_what_describes_a_subagent_only_what_is_told_is_held() {
    let dir = tempfile::tempdir().expect("tempdir");
    let folder = dir.path().join("c/subagents");
    fs::create_dir_all(&folder).expect("mkdir");
    let meta = |name: &str, meta: Value| {
        fs::write(folder.join(format!("agent-{name}.meta.json")), meta.to_string()).expect("write");
    };
    let much = "é".repeat(10_000);
    meta("a", json!({"toolUseId": "t1", "description": much, "agentType": 5, "else": [much]}));
    meta("b", json!({"toolUseId": much, "description": "x"}));
    let mut subagents = Subagents::beside(&dir.path().join("c.jsonl"));
    let Some((ChatEvent::TaskStarted { description, subagent_type, .. }, _)) = subagents.called_by("t1") else {
        panic!("{subagents:?}");
    };
    assert_eq!((description.chars().count(), subagent_type), (500, None));
    assert!(!format!("{subagents:?}").contains('é'), "nothing of what fits nowhere");
}
