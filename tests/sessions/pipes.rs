//! Programs that treat their pipes badly: close them, do not read them, flood them.

use crate::support::{Talk, ended, with_claude_script};
use claude_web::protocol::{Content, EndReason, SendWhen};
use claude_web::sessions::{ChatAction, SessionError};

/// Answers `initialize`, the first request of every session.
const GREET: &str = r#"[ "$1" = --version ] && { echo 2.1.197; exit; }
read -r line
echo '{"type":"control_response","response":{"subtype":"success","request_id":"cw-1","response":{}}}'
"#;

fn text(text: &str) -> ChatAction {
    ChatAction::Send { content: vec![Content::Text { text: text.into() }], when: SendWhen::Steer }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_closes_its_output_and_stays_does_not_stay() {
    let there = with_claude_script(&format!("{GREET}exec >&-\ntrap '' TERM\nwhile :; do sleep 1; done\n"));
    let mut talk = Talk::start(&there).await;
    let warning = talk.until(|event| event["code"] == "output_closed").await;
    assert!(warning["message"].as_str().is_some_and(|message| message.contains("output")), "{warning}");
    let end = ended(&talk.handle).await.end.expect("end");
    assert_eq!(end.reason, EndReason::Crashed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_closes_its_input_and_stays_does_not_stay_and_its_message_is_given_back() {
    let there = with_claude_script(&format!("{GREET}exec <&-\nwhile :; do sleep 1; done\n"));
    let mut talk = Talk::start(&there).await;
    talk.until_type("capabilities").await;
    // Until the pipe is closed messages are taken; each is heard of again.
    let mut taken = 0;
    while talk.act(text("say hello")).await.is_ok() {
        taken += 1;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        assert!(taken < 500, "a closed pipe takes messages");
    }
    talk.until(|event| event["code"] == "input_closed").await;
    let end = ended(&talk.handle).await.end.expect("end");
    assert_eq!(end.reason, EndReason::Crashed);
    talk.until_type("ended").await;
    assert_eq!(talk.count("user_message"), taken);
    assert_eq!(talk.count("user_message_cancelled"), taken);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_reads_nothing_and_floods_both_outputs_deadlocks_nobody() {
    let flood = "while :; do echo '{\"type\":\"noise\"}'; echo complaint >&2; done\n";
    let there = with_claude_script(&format!("{GREET}{flood}"));
    let mut talk = Talk::start(&there).await;
    talk.until_type("capabilities").await;
    let megabyte = "x".repeat(1 << 20);
    let mut refused = None;
    for _ in 0..64 {
        if let Err(error) = talk.act(text(&megabyte)).await {
            refused = Some(error);
            break;
        }
    }
    assert!(matches!(refused, Some(SessionError::Overloaded)), "{refused:?}");
    // A flood of complaints is in its own bounded log, and only its beginning in the conversation.
    talk.chat = talk.handle.chat().expect("chat");
    let bytes: usize = talk.handle.stderr().lines.iter().map(|line| line.line.len()).sum();
    assert!(bytes <= 256 << 10, "{bytes}");
    let begun = std::time::Instant::now();
    assert_eq!(talk.handle.kill("test").await.end.expect("end").reason, EndReason::Killed);
    assert!(begun.elapsed() < std::time::Duration::from_secs(6), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_waiting_messages_are_bounded_and_do_not_keep_an_interrupt_out() {
    // Reads everything and answers nothing.
    let there = with_claude_script(&format!(
        "{GREET}echo '{{\"type\":\"system\",\"subtype\":\"session_state_changed\",\"state\":\"running\"}}'\nsleep 600 & \
         while read -r line; do case $line in *interrupt*) echo \"$line\" >>interrupted;; esac; done\n"
    ));
    let mut talk = Talk::start(&there).await;
    talk.until_state("working").await;
    let mut taken = 0;
    let refused = loop {
        match talk.act(text("say again")).await {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
        assert!(taken < 1000, "messages wait without bound");
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    };
    assert!(matches!(refused, SessionError::Overloaded), "{refused:?}");
    let id = talk.next_id();
    let _answer = talk.chat.submit(id, ChatAction::Interrupt, "t").await.expect("submitted");
    crate::support::eventually("the interrupt arrives", || there.root().join("interrupted").exists().then_some(()))
        .await;
    talk.handle.kill("test").await;
}
