//! What reaches Claude of an answer, and what everybody is told of it.

use crate::support::{Talk, with_fake_claude};
use claude_web::protocol::OpenPrompt;
use serde_json::{Value, json};

/// Lets Claude ask, answers, and gives what Claude got and what everybody was told.
async fn answered(talk: &mut Talk, prompt: &str, kind: &str, decision: Value) -> (Value, Value) {
    talk.say(prompt).await;
    let asked = talk.until_type(&format!("{kind}_requested")).await;
    let id = asked["request"]["request_id"].as_str().expect("id").to_owned();
    talk.answer(&id, decision).await.expect("answer");
    let told = talk.until_type(&format!("{kind}_resolved")).await;
    let got = talk.until_type("tool_result").await["structured"]["answer"].clone();
    talk.until_state("idle").await;
    (got, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_input_and_a_rule_for_elsewhere_reach_claude() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    let decision = json!({"behavior": "allow", "suggestions": [0], "destination": "session",
                          "updated_input": {"command": "echo safe", "description": "Fake"}});
    let (got, told) = answered(&mut talk, "ask-bash echo hi", "approval", decision).await;
    assert_eq!(got["updatedInput"]["command"], "echo safe");
    assert_eq!(got["updatedPermissions"][0]["destination"], "session");
    assert_eq!(got["updatedPermissions"][0]["rules"][0]["ruleContent"], "echo hi");
    assert_eq!(told["rules"], got["updatedPermissions"]);
    assert_eq!(told["updated_input"]["command"], "echo safe");
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_and_words_instead_of_a_choice_reach_claude() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    let decision = json!({"behavior": "allow", "answers": {"Which color?": "Blue"},
                          "annotations": {"Which color?": {"notes": "like the sea"}}});
    let (got, _) = answered(&mut talk, "ask-question", "question", decision).await;
    assert_eq!(got["updatedInput"]["annotations"]["Which color?"]["notes"], "like the sea");
    assert_eq!(got["updatedInput"]["questions"].as_array().map(Vec::len), Some(2), "the questions stay");
    let decision = json!({"behavior": "allow", "response": "I would rather talk"});
    let (got, told) = answered(&mut talk, "ask-question", "question", decision).await;
    assert_eq!(got["updatedInput"]["response"], "I would rather talk");
    assert_eq!((&told["response"], &told["outcome"]), (&json!("I would rather talk"), &json!("allowed")));
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_plan_reaches_claude_and_is_told_as_edited() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    let decision =
        json!({"behavior": "allow", "updated_input": {"plan": "# Better"}, "permission_mode": "acceptEdits"});
    let (got, told) = answered(&mut talk, "ask-plan", "plan", decision).await;
    assert_eq!(got["updatedInput"], json!({"plan": "# Better", "planFilePath": "/w/plan.md"}));
    assert_eq!((&told["edited"], &told["permission_mode"]), (&json!(true), &json!("acceptEdits")));
    talk.handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_prompts_can_be_asked_for_whole() {
    let there = with_fake_claude(|_| {});
    let mut talk = Talk::start(&there).await;
    assert!(talk.chat.prompts().is_empty());
    talk.say("parallel-asks 2").await;
    talk.until_type("approval_requested").await;
    talk.until_type("approval_requested").await;
    let open = talk.chat.prompts();
    let files: Vec<_> = open
        .iter()
        .map(|prompt| match prompt {
            OpenPrompt::Approval { request } => request.input["file_path"].clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(files, ["/etc/fake-0", "/etc/fake-1"]);
    talk.handle.kill("test").await;
    assert!(talk.chat.prompts().is_empty(), "nothing is asked any more");
}
