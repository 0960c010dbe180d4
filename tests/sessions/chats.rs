//! Chats against a scripted Claude: turns, prompts, interrupts, garbage, early deaths.

use crate::support::{Talk, ended, request, running, with_fake_claude, with_fake_claude_env};
use claude_web::protocol::{AckStatus, EndReason, SendWhen, SessionKind, SessionState};
use claude_web::sessions::{ChatAction, SessionError};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_streams_ends_and_the_next_one_follows() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.until_type("capabilities").await;
    talk.say("say hello world").await;
    talk.until_type("text_delta").await;
    let finished = talk.until_type("turn_finished").await;
    assert_eq!(finished["outcome"], "success");
    talk.until_state("idle").await;
    assert!(talk.texts().iter().any(|text| text.contains("hello world")), "{:?}", talk.texts());
    assert_eq!(talk.count("user_message_delivered"), 1);
    talk.say("say again").await;
    talk.until_type("turn_finished").await;
    let summary = talk.handle.summary();
    assert_eq!(summary.title, "say hello world");
    assert_eq!(summary.claude_session_id, Some(summary.id.to_string()));
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_sent_twice_runs_once() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    let id = talk.next_id();
    let send = || ChatAction::Send {
        content: vec![claude_web::protocol::Content::Text { text: "say once".into() }],
        when: SendWhen::Steer,
    };
    assert_eq!(talk.chat.command(id.clone(), send(), "a").await.expect("first"), AckStatus::Accepted);
    assert_eq!(talk.chat.command(id, send(), "b").await.expect("second"), AckStatus::Duplicate);
    talk.until_type("turn_finished").await;
    talk.until_state("idle").await;
    assert_eq!((talk.count("user_message"), talk.count("turn_finished")), (1, 1));
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_answered_once_and_claude_gets_the_answer() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("ask-bash echo hi").await;
    let asked = talk.until_type("approval_requested").await;
    let id = asked["request"]["request_id"].as_str().expect("id").to_owned();
    assert_eq!(asked["request"]["input"]["command"], "echo hi");
    talk.until_state("needs_approval").await;
    let pending = talk.handle.summary().pending;
    assert_eq!((pending.len(), pending[0].summary.as_str()), (1, "echo hi"));
    assert_eq!(
        talk.answer(&id, json!({"behavior": "allow", "suggestions": [0]})).await.expect("allow"),
        AckStatus::Delivered
    );
    let late = talk.answer(&id, json!({"behavior": "deny"})).await;
    assert!(matches!(late, Err(SessionError::AlreadyAnswered { ref by, .. }) if by == "tester"), "{late:?}");
    let result = talk.until_type("tool_result").await;
    let answer = &result["structured"]["answer"];
    assert_eq!(answer["updatedInput"]["command"], "echo hi");
    assert_eq!(answer["updatedPermissions"][0]["type"], "addRules");
    talk.until_type("turn_finished").await;
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_reaches_claude_with_its_message() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("ask-bash rm -rf /").await;
    let asked = talk.until_type("approval_requested").await;
    let id = asked["request"]["request_id"].as_str().expect("id").to_owned();
    talk.answer(&id, json!({"behavior": "deny", "message": "use trash instead"})).await.expect("deny");
    let result = talk.until_type("tool_result").await;
    assert_eq!(result["is_error"], true);
    assert!(result["content"].to_string().contains("use trash instead"), "{result}");
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_and_plans_are_answered() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("ask-question").await;
    let asked = talk.until_type("question_requested").await;
    talk.until_state("needs_answer").await;
    let id = asked["request"]["request_id"].as_str().expect("id").to_owned();
    assert!(talk.answer(&id, json!({"behavior": "allow"})).await.is_err(), "a question needs answers");
    let answers = json!({"Which color?": "Blue", "Which features?": "A, B"});
    talk.answer(&id, json!({"behavior": "allow", "answers": answers})).await.expect("answer");
    let result = talk.until_type("tool_result").await;
    assert!(result["content"].to_string().contains("Blue"), "{result}");
    talk.until_state("idle").await;
    talk.say("ask-plan").await;
    let asked = talk.until_type("plan_requested").await;
    assert!(asked["request"]["plan"].as_str().expect("plan").starts_with("# The plan"));
    let id = asked["request"]["request_id"].as_str().expect("id").to_owned();
    talk.answer(&id, json!({"behavior": "allow", "permission_mode": "acceptEdits"})).await.expect("approve");
    talk.until(|event| event["type"] == "mode" && event["permission_mode"] == "acceptEdits").await;
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_stops_the_turn_and_drops_what_was_queued() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("slow 600").await;
    talk.until_type("turn_started").await;
    talk.say("say never").await;
    assert_eq!(talk.act(ChatAction::Interrupt).await.expect("interrupt"), AckStatus::Delivered);
    let finished = talk.until_type("turn_finished").await;
    assert_eq!(finished["outcome"], "interrupted");
    talk.until_state("idle").await;
    assert_eq!(talk.count("user_message_cancelled"), 1);
    assert!(!talk.texts().iter().any(|text| text.contains("never")));
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_cancels_open_prompts_for_everybody() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("parallel-asks 3").await;
    for _ in 0..3 {
        talk.until_type("approval_requested").await;
    }
    talk.act(ChatAction::Interrupt).await.expect("interrupt");
    talk.until_type("turn_finished").await;
    talk.until_state("idle").await;
    let resolved: Vec<_> = talk.events.iter().filter(|event| event["type"] == "approval_resolved").collect();
    assert_eq!(resolved.len(), 3);
    assert!(resolved.iter().all(|event| event["outcome"] == "cancelled"));
    assert!(talk.handle.summary().pending.is_empty());
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_the_cli_takes_back_disappears() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("withdraw").await;
    talk.until_type("approval_requested").await;
    let resolved = talk.until_type("approval_resolved").await;
    assert_eq!(resolved["outcome"], "cancelled");
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn death_while_a_prompt_is_open_cancels_it_and_never_allows_it() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("ask-bash sleep 1").await;
    talk.until_type("approval_requested").await;
    talk.handle.kill("test").await;
    let resolved = talk.until_type("approval_resolved").await;
    assert_eq!(resolved["outcome"], "cancelled");
    let end = talk.until_type("ended").await;
    assert_eq!(end["reason"], "killed");
    assert!(talk.reader.next().await.is_none(), "the log is closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_is_shown_and_the_next_line_parses() {
    let there = with_fake_claude(|config| config.limits.line_bytes = 1 << 20);
    let mut talk = Talk::start(&there).await;
    talk.say("garbage").await;
    talk.until_type("turn_finished").await;
    assert!(talk.count("warning") >= 1);
    talk.until_state("idle").await;
    talk.say("big-line 3000000").await;
    let warning = talk.until(|event| event["code"] == "line_too_long").await;
    assert!(warning["message"].as_str().expect("message").contains("1048576"), "{warning}");
    talk.until_type("turn_finished").await;
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_death_shows_exit_code_and_last_stderr() {
    let there = with_fake_claude_env(&[("FAKE_CLAUDE_START", "die:3:no licence for this moon")]);
    let talk = Talk::start(&there).await;
    let end = ended(&talk.handle).await.end.expect("end");
    assert_eq!((end.reason, end.code), (EndReason::FailedToStart, Some(3)));
    assert_eq!(end.stderr_tail, ["no licence for this moon"]);
    assert_eq!(talk.handle.stderr().lines.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cli_that_never_answers_is_told_as_such_and_killed_all_the_same() {
    let there = with_fake_claude_env(&[("FAKE_CLAUDE_START", "hang")]);
    let talk = Talk::start(&there).await;
    assert_eq!(talk.handle.summary().state, SessionState::Starting);
    let mut talk = talk;
    let interrupt = talk.act(ChatAction::Interrupt).await;
    assert!(matches!(interrupt, Err(SessionError::Unanswered { .. })), "{interrupt:?}");
    let session = talk.handle.kill("test").await;
    assert_eq!(session.end.expect("end").reason, EndReason::Killed);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_descendants_of_a_chat_end_with_it() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("ignore-term").await;
    talk.until_type("turn_finished").await;
    talk.say("grandchildren").await;
    talk.until_type("turn_finished").await;
    assert!(!running("--fake-descendant").is_empty());
    talk.handle.kill("test").await;
    let own: Vec<_> = running("--fake-descendant");
    assert!(own.is_empty(), "{own:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_hold_checked_values_and_prompts_travel_on_stdin() {
    let record = tempfile::tempdir().expect("tempdir");
    let file = record.path().join("record.json");
    let there = with_fake_claude_env(&[("FAKE_CLAUDE_RECORD", file.to_str().expect("utf-8"))]);
    let mut wanted = request(SessionKind::Chat);
    wanted.resume = Some("3c2f9a9e-8a2f-4f0e-9d5e-0d6a1f6f2b11".parse().expect("uuid"));
    wanted.model = Some("opus".parse().expect("model"));
    let mut talk = Talk::with(&there, wanted).await;
    talk.say("say --settings={} -p").await;
    talk.until_type("turn_finished").await;
    let record: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).expect("record")).expect("json");
    let argv = record["argv"].to_string();
    assert!(argv.contains("--resume=3c2f9a9e-8a2f-4f0e-9d5e-0d6a1f6f2b11") && argv.contains("--model=opus"), "{argv}");
    assert!(!argv.contains("--settings"), "{argv}");
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_live_sessions_is_told_and_failed_starts_give_their_place_back() {
    let there = with_fake_claude(|config| config.max_sessions = 1);
    let mut bad = request(SessionKind::Chat);
    bad.cwd = "../".into();
    assert!(matches!(there.registry.create(bad, "t").await, Err(SessionError::Path(_))));
    let talk = Talk::start(&there).await;
    let second = there.registry.create(request(SessionKind::Chat), "t").await;
    assert!(matches!(second, Err(SessionError::Limit { max: 1 })), "{second:?}");
    talk.handle.kill("test").await;
    Talk::start(&there).await.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_could_run_code_is_asked_about_until_it_changes() {
    let there = with_fake_claude(|_| {});
    let settings = there.root().join(".claude/settings.json");
    std::fs::create_dir_all(settings.parent().expect("parent")).expect("mkdir");
    let hook = |command: &str| {
        json!({"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": command}]}]}}).to_string()
    };
    std::fs::write(&settings, hook("touch /tmp/owned")).expect("write");
    let asked = there.registry.create(request(SessionKind::Chat), "t").await;
    let Err(SessionError::TrustRequired(question)) = asked else { panic!("{asked:?}") };
    assert!(question.items.iter().any(|item| item.detail.contains("touch /tmp/owned")), "{question:?}");
    let mut yes = request(SessionKind::Chat);
    yes.trust = Some("wrong".into());
    assert!(matches!(there.registry.create(yes.clone(), "t").await, Err(SessionError::TrustRequired(_))));
    yes.trust = Some(question.hash);
    Talk::with(&there, yes).await.handle.kill("test").await;
    Talk::start(&there).await.handle.kill("test").await;
    std::fs::write(&settings, hook("touch /tmp/owned-again")).expect("write");
    assert!(matches!(
        there.registry.create(request(SessionKind::Chat), "t").await,
        Err(SessionError::TrustRequired(_))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_an_answer_has_stored_is_not_asked_about() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    talk.say("ask-bash echo hi").await;
    let asked = talk.until_type("approval_requested").await;
    let id = asked["request"]["request_id"].as_str().expect("id").to_owned();
    talk.answer(&id, json!({"behavior": "allow", "suggestions": [0]})).await.expect("answer");
    talk.until_state("idle").await;
    let settings = there.root().join(".claude/settings.local.json");
    std::fs::create_dir_all(settings.parent().expect("parent")).expect("mkdir");
    let store = |rules: serde_json::Value| {
        std::fs::write(&settings, json!({"permissions": {"allow": rules}}).to_string()).expect("write");
    };
    store(json!(["Bash(echo hi)"]));
    Talk::start(&there).await.handle.kill("test").await;
    crate::support::eventually("the next server knows it, too", || {
        let kept = std::fs::read_to_string(there.dir.path().join("data/trust.json")).ok()?;
        kept.contains("allow: Bash(echo hi)").then_some(())
    })
    .await;
    store(json!(["Bash(echo hi)", "Bash(echo ho)"]));
    let asked = there.registry.create(request(SessionKind::Chat), "t").await;
    let Err(SessionError::TrustRequired(question)) = asked else { panic!("{asked:?}") };
    assert_eq!(question.items.iter().map(|item| item.detail.as_str()).collect::<Vec<_>>(), ["allow: Bash(echo ho)"]);
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_turn_cancels_what_it_asked_but_not_what_an_agent_in_the_background_asks() {
    let ask = |id: &str, more: &str| {
        format!(
            r#"echo '{{"type":"control_request","request_id":"{id}","request":{{"subtype":"can_use_tool","tool_name":"Bash","input":{{"command":"ls"}}{more}}}}}'"#
        )
    };
    let there = crate::support::with_claude_script(&format!(
        "read -r line\n{}\n{}\n{}\ncat >answers\n",
        ask("of-turn", ""),
        ask("of-agent", r#","agent_id":"a1""#),
        r#"echo '{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"","total_cost_usd":0,"usage":{}}'"#,
    ));
    let mut talk = Talk::start(&there).await;
    let resolved = talk.until_type("approval_resolved").await;
    assert_eq!((&resolved["request_id"], &resolved["outcome"]), (&json!("of-turn"), &json!("cancelled")));
    let late = talk.answer("of-turn", json!({"behavior": "allow"})).await;
    assert!(matches!(late, Err(SessionError::AlreadyAnswered { .. })), "{late:?}");
    let pending = talk.handle.summary().pending;
    assert_eq!((pending.len(), pending[0].request_id.to_string().as_str()), (1, "of-agent"));
    talk.answer("of-agent", json!({"behavior": "deny"})).await.expect("deny");
    let answers = crate::support::eventually("the answer arrives", || {
        std::fs::read_to_string(there.root().join("answers")).ok().filter(|answers| answers.contains("of-agent"))
    })
    .await;
    assert!(!answers.contains("of-turn"), "{answers}");
    talk.handle.kill("test").await;
}
