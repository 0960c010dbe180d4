//! What a chat tells of the work in it: tasks, context, effort, files set back, long results, what is odd.

use crate::support::{Talk, with_fake_claude, with_fake_claude_env};
use claude_web::protocol::{AckStatus, ContextUse, Effort, RewindRequest, TaskAction};
use claude_web::sessions::{ChatAction, SessionError};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_background_command_can_be_read_and_stopped() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.until_state("idle").await;
    let background = || ChatAction::Task { action: TaskAction::Background { tool_use_id: None } };
    let refused = talk.act(background()).await;
    assert!(matches!(refused, Err(SessionError::Invalid { .. })), "nothing runs: {refused:?}");
    talk.say("background sleep 600").await;
    let started = talk.until_type("task_started").await;
    let task = started["task_id"].as_str().expect("id").to_owned();
    let updated = talk.until_type("task_updated").await;
    assert_eq!((&updated["backgrounded"], &updated["status"]), (&json!(true), &json!(null)));
    talk.until_state("idle").await;
    let file = talk.chat.task_output_path(&task).expect("named by the CLI");
    let id = talk.handle.summary().id;
    assert_eq!(file.to_str(), Some(format!("/tmp/claude-0/-fake/{id}/tasks/{task}.output").as_str()));
    assert_eq!(talk.chat.task_output_path("nope"), None);
    assert_eq!(talk.act(background()).await.expect("something runs"), AckStatus::Delivered);
    let stop = ChatAction::Task { action: TaskAction::Stop { task_id: task.clone() } };
    assert_eq!(talk.act(stop).await.expect("stop"), AckStatus::Delivered);
    let updated = talk.until_type("task_updated").await;
    assert_eq!(updated["status"], "stopped");
    assert_eq!(talk.until_type("task_finished").await["status"], "stopped");
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_context_window_is_gauged_and_reported() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("usage 1000").await;
    let first = talk.until_type("context").await;
    assert_eq!((&first["used_tokens"], &first["window_tokens"]), (&json!(1025), &json!(null)));
    let second = talk.until_type("context").await;
    assert_eq!((&second["used_tokens"], &second["window_tokens"]), (&json!(1025), &json!(200_000)));
    talk.until_state("idle").await;
    let shown = talk.handle.summary().context;
    assert_eq!(shown, Some(ContextUse { used_tokens: 1025, window_tokens: Some(200_000) }));
    let report = talk.chat.context_report().await.expect("report");
    assert_eq!((report.used_tokens, report.window_tokens, report.auto_compact_at), (42, 200_000, Some(180_000)));
    assert_eq!(report.categories.len(), 1);
    talk.handle.kill("test").await;
    assert!(matches!(talk.chat.context_report().await, Err(SessionError::Ended)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_effort_changes_while_the_session_runs() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    let set = ChatAction::Set { permission_mode: None, model: None, effort: Some(Effort::Max) };
    talk.act(set).await.expect("set");
    assert_eq!(talk.until_type("effort").await["effort"], "max");
    assert_eq!(talk.handle.summary().effort, Some(Effort::Max));
    talk.say("effort").await;
    talk.until_type("turn_finished").await;
    assert_eq!(talk.texts(), ["max"]);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_set_back_only_when_that_is_meant_and_possible() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("say hi").await;
    let message = talk.until_type("user_message").await;
    let message_id = message["message_id"].as_str().and_then(|id| id.parse().ok()).expect("uuid");
    talk.until_state("idle").await;
    let dry = talk.chat.rewind(RewindRequest { message_id, dry_run: true }, "phone").await.expect("dry");
    assert_eq!((dry.can_rewind, dry.insertions, dry.deletions), (true, 1, 2));
    let none = uuid::Uuid::nil();
    let unknown = talk.chat.rewind(RewindRequest { message_id: none, dry_run: false }, "phone").await.expect("told");
    assert!(!unknown.can_rewind && unknown.error.is_some_and(|why| why.contains("No file checkpoint")));
    let real = talk.chat.rewind(RewindRequest { message_id, dry_run: false }, "phone").await.expect("real");
    assert_eq!((real.can_rewind, real.files.as_slice()), (true, ["/w/a.txt".to_owned()].as_slice()));
    let told = talk.until_type("rewound").await;
    assert_eq!((&told["files"], &told["by"]), (&json!(["/w/a.txt"]), &json!("phone")));
    assert_eq!(talk.count("rewound"), 1);
    talk.say("slow 600").await;
    talk.until_type("turn_started").await;
    let busy = talk.chat.rewind(RewindRequest { message_id, dry_run: false }, "phone").await;
    assert!(matches!(busy, Err(SessionError::Invalid { .. })), "{busy:?}");
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_result_is_cut_in_the_middle() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("big-result 1000000").await;
    let result = talk.until_type("tool_result").await;
    assert_eq!(result["cut_bytes"], (1_000_000 - (512 << 10)) * 2);
    assert!(result.to_string().len() < (1 << 20) + 2000);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_odd_is_counted_and_shown() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("odd-tool").await;
    talk.until_state("idle").await;
    assert_eq!(talk.handle.summary().warnings, 1, "a tool nobody knows");
    talk.say("deep 100000").await;
    let warning = talk.until_type("warning").await;
    assert_eq!(warning["code"], "garbage_line");
    talk.until_state("idle").await;
    assert_eq!(talk.handle.summary().warnings, 2);
    assert!(talk.texts().contains(&"After the deep.".to_owned()), "{:?}", talk.texts());
    talk.say("garbage").await;
    talk.until_state("idle").await;
    assert!(talk.handle.summary().warnings > 3);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_directory_is_told() {
    let home = tempfile::tempdir().expect("tempdir");
    let there = with_fake_claude(|config| config.claude_config_dir = Some(home.path().to_owned()));
    let trusts = |talk: serde_json::Value| talk["project_trusted"].clone();
    let mut talk = Talk::start(&there).await;
    assert_eq!(trusts(talk.until_type("capabilities").await), false);
    talk.handle.kill("test").await;
    let root = there.root().canonicalize().expect("real");
    let settings = json!({ "projects": { root.to_str().expect("utf-8"): { "hasTrustDialogAccepted": true } } });
    std::fs::write(home.path().join(".claude.json"), settings.to_string()).expect("write");
    let mut talk = Talk::start(&there).await;
    assert_eq!(trusts(talk.until_type("capabilities").await), true);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_kept_for_rewinding() {
    let there = with_fake_claude_env(&[]);
    let mut talk = Talk::start(&there).await;
    talk.say("echo-env CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING").await;
    talk.until_type("turn_finished").await;
    assert_eq!(talk.texts(), ["true"]);
    talk.handle.kill("test").await;
}
