//! Messages that wait until Claude is done.

use crate::support::{Box, Talk, with_claude_script_and, with_fake_claude};
use claude_web::protocol::{AckStatus, ClientId, Content, QueueChange, SendWhen};
use claude_web::sessions::{ChatAction, SessionError};
use serde_json::{Value, json};

fn text(text: &str) -> Vec<Content> {
    vec![Content::Text { text: text.into() }]
}

fn queued(text: &str) -> ChatAction {
    ChatAction::Send { content: self::text(text), when: SendWhen::Queue }
}

fn id(id: &str) -> ClientId {
    id.parse().expect("id")
}

async fn send(talk: &Talk, name: &str, text: &str) {
    let taken = talk.chat.command(id(name), queued(text), "tester").await.expect("send");
    assert_eq!(taken, AckStatus::Accepted, "{name}");
}

async fn change(talk: &mut Talk, change: QueueChange) -> Result<AckStatus, SessionError> {
    talk.act(ChatAction::Queue { change }).await
}

/// A chat whose Claude is busy for a while, with three messages behind it.
async fn busy_with_three(there: &Box, busy: &str) -> Talk {
    let mut talk = Talk::start(there).await;
    talk.until_state("idle").await;
    talk.say(busy).await;
    talk.until_type("turn_started").await;
    for name in ["one", "two", "three"] {
        send(&talk, name, &format!("say {name}")).await;
    }
    talk.until(|event| event["type"] == "queue" && event["order"] == json!(["one", "two", "three"])).await;
    talk
}

/// What was said, by whom it was asked for.
fn handed_over(talk: &Talk) -> Vec<&str> {
    talk.events
        .iter()
        .filter(|event| event["type"] == "user_message")
        .filter_map(|event| event["client_id"].as_str())
        .collect()
}

fn is_queue(order: Value, paused: bool) -> impl Fn(&Value) -> bool {
    move |event| event["type"] == "queue" && event["order"] == order && event["paused"] == paused
}

#[tokio::test(flavor = "multi_thread")]
async fn three_messages_are_delivered_one_per_turn_and_in_order_across_a_reconnect() {
    let there = with_fake_claude(|_| {});
    let mut talk = busy_with_three(&there, "slow 0.5").await;
    talk.until_type("turn_finished").await;
    talk.reconnect();
    for name in ["one", "two", "three"] {
        talk.until(|event| event["type"] == "user_message_delivered" && event["client_id"] == name).await;
        talk.until_type("turn_finished").await;
    }
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["c1", "one", "two", "three"]);
    assert_eq!(talk.count("turn_finished"), 4);
    assert_eq!(talk.count("user_message_queued"), 3);
    assert_eq!(talk.events.iter().filter(|event| event["state"] == "idle").count(), 2, "once ready, once done");
    let again = talk.chat.command(id("two"), queued("say two"), "other").await.expect("again");
    assert_eq!(again, AckStatus::Duplicate);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_message_of_a_session_goes_at_once_and_the_second_waits() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    send(&talk, "one", "slow 0.3").await;
    send(&talk, "two", "say two").await;
    talk.until(is_queue(json!(["two"]), false)).await;
    talk.until(is_queue(json!([]), false)).await;
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["one", "two"]);
    assert_eq!(talk.count("turn_finished"), 2);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_edited_reordered_and_shortened() {
    let there = with_fake_claude(|_| {});
    let mut talk = busy_with_three(&there, "slow 1").await;
    change(&mut talk, QueueChange::Move { target: id("three"), before: Some(id("one")) }).await.expect("move");
    talk.until(is_queue(json!(["three", "one", "two"]), false)).await;
    change(&mut talk, QueueChange::Remove { target: id("one") }).await.expect("remove");
    let cancelled = talk.until_type("user_message_cancelled").await;
    assert_eq!(cancelled["client_id"], "one");
    talk.until(is_queue(json!(["three", "two"]), false)).await;
    change(&mut talk, QueueChange::Edit { target: id("two"), content: text("say better") }).await.expect("edit");
    let edited = talk.until_type("user_message_queued").await;
    assert_eq!((&edited["client_id"], &edited["content"][0]["text"]), (&json!("two"), &json!("say better")));
    for bad in [
        QueueChange::Edit { target: id("two"), content: text(" ") },
        QueueChange::Edit { target: id("one"), content: text("say x") },
        QueueChange::Remove { target: id("one") },
        QueueChange::SendNow { target: id("one") },
        QueueChange::Move { target: id("two"), before: Some(id("one")) },
    ] {
        let refused = change(&mut talk, bad).await;
        assert!(matches!(refused, Err(SessionError::Invalid { .. })), "{refused:?}");
    }
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["c1", "three", "two"]);
    assert_eq!(talk.texts().last().map(String::as_str), Some("better"));
    assert_eq!(
        talk.chat.command(id("one"), queued("say one"), "x").await.expect("again"),
        AckStatus::Duplicate,
        "what was taken back does not come again by itself"
    );
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queued_message_sent_now_goes_before_everything() {
    let there = with_fake_claude(|_| {});
    let mut talk = busy_with_three(&there, "slow 0.5").await;
    change(&mut talk, QueueChange::SendNow { target: id("two") }).await.expect("send now");
    talk.until(is_queue(json!(["one", "three"]), false)).await;
    assert_eq!(talk.count("turn_finished"), 0);
    talk.until(is_queue(json!([]), false)).await;
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["c1", "two", "one", "three"]);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_holds_the_queue_until_someone_goes_on() {
    let there = with_fake_claude(|_| {});
    let mut talk = busy_with_three(&there, "slow 600").await;
    talk.act(ChatAction::Interrupt).await.expect("interrupt");
    talk.until(is_queue(json!(["one", "two", "three"]), true)).await;
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["c1"]);
    change(&mut talk, QueueChange::Resume).await.expect("resume");
    talk.until(is_queue(json!(["one", "two", "three"]), false)).await;
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["c1", "one", "two", "three"]);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_turn_holds_the_queue_for_the_next_would_fail_too() {
    let there = with_fake_claude(|_| {});
    let mut talk = busy_with_three(&there, "slow-error 1").await;
    talk.until(is_queue(json!(["one", "two", "three"]), true)).await;
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["c1"]);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_after_a_stop_goes_first_and_the_queue_follows() {
    let there = with_fake_claude(|_| {});
    let mut talk = busy_with_three(&there, "slow 600").await;
    talk.act(ChatAction::Interrupt).await.expect("interrupt");
    talk.until_state("idle").await;
    send(&talk, "new", "say new").await;
    talk.until(is_queue(json!(["one", "two", "three"]), false)).await;
    talk.until(is_queue(json!([]), false)).await;
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["c1", "new", "one", "two", "three"]);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_written_while_a_prompt_is_open_waits_for_the_end_of_the_turn() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("ask-bash echo hi").await;
    let asked = talk.until_type("approval_requested").await;
    send(&talk, "one", "say one").await;
    talk.until(is_queue(json!(["one"]), false)).await;
    let request = asked["request"]["request_id"].as_str().expect("id");
    talk.answer(request, json!({"behavior": "deny", "message": "no", "interrupt": true})).await.expect("deny and stop");
    talk.until(is_queue(json!(["one"]), true)).await;
    talk.until_state("idle").await;
    assert_eq!(handed_over(&talk), ["c1"]);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_session_cancels_what_waits() {
    let there = with_fake_claude(|_| {});
    let mut talk = busy_with_three(&there, "slow 600").await;
    talk.handle.kill("test").await;
    for name in ["one", "two", "three"] {
        talk.until(|event| event["type"] == "user_message_cancelled" && event["client_id"] == name).await;
    }
    talk.until(is_queue(json!([]), false)).await;
    talk.until_type("ended").await;
    assert_eq!(handed_over(&talk), ["c1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_steering_message_does_not_wait() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("slow 0.3").await;
    talk.until_type("turn_started").await;
    talk.say("say steered").await;
    talk.until(|event| event["type"] == "user_message" && event["client_id"] == "c2").await;
    assert_eq!((talk.count("user_message_queued"), talk.count("turn_finished")), (0, 0));
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_handed_over_stays_and_that_is_said_once() {
    let there = with_claude_script_and(
        r#"read -r line
echo '{"type":"control_response","response":{"subtype":"success","request_id":"cw-1","response":{}}}'
exec sleep 600
"#,
        |config| config.limits.chat_log_bytes = 128 << 20,
    );
    let mut talk = Talk::start(&there).await;
    talk.until_state("idle").await;
    talk.say("first").await;
    send(&talk, "one", "say one").await;
    // Claude reads nothing, and this fills what waits for it: as JSON it is six times as long.
    let large = ChatAction::Send { content: text(&"\u{1}".repeat(6 << 20)), when: SendWhen::Steer };
    // Not waited for: a busy machine takes its time over so much.
    let _taken = talk.chat.submit(id("large"), large, "tester").await.expect("submitted");
    let warning = talk.until_type("warning").await;
    assert_eq!(warning["code"], "queue_stuck");
    let edit = QueueChange::Edit { target: id("one"), content: text("say two") };
    change(&mut talk, edit).await.expect("it still waits");
    talk.until_type("user_message_queued").await;
    let refused = change(&mut talk, QueueChange::SendNow { target: id("one") }).await;
    assert!(matches!(refused, Err(SessionError::Overloaded)), "{refused:?}");
    change(&mut talk, QueueChange::Remove { target: id("one") }).await.expect("it still waits");
    talk.until(is_queue(json!([]), false)).await;
    assert_eq!(talk.count("warning"), 1);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_checked_before_they_wait() {
    let there = with_fake_claude(|_| {});
    let mut talk = busy_with_three(&there, "slow 600").await;
    let pdf = |data: &str| {
        let document = Content::Document { media_type: "application/pdf".into(), data: data.into(), name: None };
        ChatAction::Send { content: vec![document], when: SendWhen::Queue }
    };
    assert!(matches!(talk.act(pdf("not base64")).await, Err(SessionError::Invalid { .. })));
    talk.act(pdf("JVBERi0xLjQ=")).await.expect("a document");
    let queued = talk.until(|event| event["content"][0]["type"] == "document").await;
    assert_eq!(queued["type"], "user_message_queued");
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_late_still_learns_what_waits_and_what_can_be_done() {
    let there = with_fake_claude(|config| config.limits.chat_log_bytes = 64 << 10);
    let mut talk = busy_with_three(&there, "ask-bash echo hi").await;
    for n in 0..400 {
        let title = Some(format!("{n} {}", "x".repeat(150)));
        let change = claude_web::protocol::ChangeSession { title, ..Default::default() };
        talk.handle.change(change, "test").await.expect("rename");
    }
    talk.read_from_the_beginning_kept().await;
    talk.until_type("capabilities").await;
    for name in ["one", "two", "three"] {
        talk.until(|event| event["type"] == "user_message_queued" && event["client_id"] == name).await;
    }
    talk.until(is_queue(json!(["one", "two", "three"]), false)).await;
    talk.handle.kill("test").await;
}
