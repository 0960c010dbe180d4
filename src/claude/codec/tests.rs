//! Tables: lines in, meaning out.

mod hostile;
mod recorded;

use super::*;
use crate::protocol::{Block, Content, MessageOrigin, TaskStatus, TurnOutcome};
use serde_json::json;

fn decode(decoder: &mut Decoder, lines: &[Value]) -> Vec<Decoded> {
    lines.iter().flat_map(|line| decoder.line(line.to_string().as_bytes())).collect()
}

/// The events of `lines` as JSON without what is null, which reads better than the types.
fn events(lines: &[Value]) -> Vec<Value> {
    decode(&mut Decoder::default(), lines)
        .into_iter()
        .map(|decoded| match decoded {
            Decoded::Event(event) => {
                let mut value = serde_json::to_value(event).unwrap();
                value.as_object_mut().unwrap().retain(|_, field| !field.is_null());
                value
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

fn stream(event: Value) -> Value {
    json!({ "type": "stream_event", "event": event, "parent_tool_use_id": null })
}

fn start(id: &str) -> Value {
    stream(json!({ "type": "message_start", "message": { "id": id } }))
}

fn block_start(index: u32, block: Value) -> Value {
    stream(json!({ "type": "content_block_start", "index": index, "content_block": block }))
}

fn delta(index: u32, text: &str) -> Value {
    stream(json!({ "type": "content_block_delta", "index": index, "delta": { "type": "text_delta", "text": text } }))
}

fn assistant(id: &str, block: Value) -> Value {
    json!({ "type": "assistant", "message": { "id": id, "content": [block] } })
}

fn text_block(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn message(id: &str, index: u32, text: &str) -> Value {
    json!({ "type": "message", "message_id": id, "index": index, "block": text_block(text), "synthetic": false })
}

fn text_delta(id: &str, index: u32, text: &str) -> Value {
    json!({ "type": "text_delta", "message_id": id, "index": index, "text": text })
}

#[test]
fn a_finished_block_takes_the_index_of_the_open_one() {
    let lines = [
        start("m"),
        block_start(0, json!({ "type": "thinking", "thinking": "" })),
        assistant("m", json!({ "type": "thinking", "thinking": "hm" })),
        block_start(1, text_block("")),
        delta(1, "a"),
        assistant("m", text_block("ab")),
        stream(json!({ "type": "content_block_stop", "index": 1 })),
        block_start(2, json!({ "type": "tool_use", "id": "t", "name": "Bash" })),
        assistant("m", json!({ "type": "tool_use", "id": "t", "name": "Bash", "input": { "command": "ls" } })),
        stream(json!({ "type": "message_stop" })),
        start("n"),
    ];
    assert_eq!(
        events(&lines),
        [
            json!({ "type": "message", "message_id": "m", "index": 0, "synthetic": false,
                    "block": { "type": "thinking", "text": "hm" } }),
            text_delta("m", 1, "a"),
            message("m", 1, "ab"),
            json!({ "type": "tool_use_started", "tool_use_id": "t", "name": "Bash", "message_id": "m" }),
            json!({ "type": "tool_use", "tool_use_id": "t", "name": "Bash", "message_id": "m",
                    "input": { "command": "ls" } }),
        ]
    );
}

#[test]
fn a_message_that_was_not_streamed_counts_its_blocks() {
    let both = json!({ "type": "assistant", "message": { "id": "m", "model": "<synthetic>",
        "content": [text_block("a"), text_block("b")] }, "error": "rate_limit" });
    let found = events(&[both, assistant("m", text_block("c"))]);
    let indexes: Vec<_> = found.iter().map(|event| event["index"].as_u64().unwrap()).collect();
    assert_eq!(indexes, [0, 1, 2]);
    assert_eq!((&found[0]["synthetic"], &found[0]["error"]), (&json!(true), &json!("rate_limit")));
    assert_eq!(found[2]["synthetic"], false);
}

#[test]
fn what_never_finishes_is_discarded_once() {
    let discarded = json!({ "type": "message_discarded", "message_id": "m" });
    let begun = [start("m"), block_start(0, text_block("")), delta(0, "a")];
    let result = json!({ "type": "result", "subtype": "success" });
    for end in [start("n"), start("m"), assistant("n", text_block("x")), result.clone()] {
        let lines: Vec<_> = begun.iter().cloned().chain([end, result.clone()]).collect();
        let found = events(&lines);
        assert_eq!(found[0], text_delta("m", 0, "a"));
        assert_eq!(found[1], discarded, "{lines:?}");
        assert_eq!(found.iter().filter(|event| **event == discarded).count(), 1);
    }
    let tool = [start("m"), block_start(0, json!({ "type": "tool_use", "id": "t", "name": "Bash" })), start("n")];
    assert_eq!(events(&tool)[1], discarded);
}

#[test]
fn what_was_never_shown_or_is_a_subagents_discards_nothing() {
    let unseen = [start("m"), block_start(0, text_block("")), start("n")];
    assert_eq!(events(&unseen), [] as [Value; 0]);
    let mut subagent = assistant("s", text_block("x"));
    subagent["parent_tool_use_id"] = "t".into();
    let lines = [start("m"), delta(0, "a"), subagent, delta(0, "b"), assistant("m", text_block("ab"))];
    let found = events(&lines);
    assert_eq!(found[1]["parent_tool_use_id"], "t");
    assert_eq!(found[2..], [text_delta("m", 0, "b"), message("m", 0, "ab")]);
}

#[test]
fn empty_blocks_say_nothing_unless_something_was_shown() {
    assert_eq!(events(&[start("m"), block_start(0, text_block("")), assistant("m", text_block(""))]), [] as [Value; 0]);
    let shown = [start("m"), delta(0, "a"), assistant("m", text_block(""))];
    assert_eq!(events(&shown)[1], message("m", 0, ""));
    let redacted = assistant("m", json!({ "type": "redacted_thinking", "data": "x" }));
    assert_eq!(events(&[redacted])[0]["block"], json!({ "type": "thinking", "text": "" }));
}

#[test]
fn many_subagent_messages_do_not_push_out_the_streamed_one() {
    let mut lines = vec![start("m"), delta(0, "a")];
    for n in 0..200 {
        let mut line = assistant(&format!("s{n}"), text_block("x"));
        line["parent_tool_use_id"] = "t".into();
        lines.push(line);
    }
    lines.push(assistant("m", text_block("ab")));
    assert_eq!(events(&lines).last().unwrap(), &message("m", 0, "ab"));
}

#[test]
fn a_tool_result_keeps_text_images_and_the_structured_form() {
    let block = json!({ "type": "tool_result", "tool_use_id": "t", "is_error": true, "content": [
        text_block("a"),
        { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AA" } },
        { "type": "image", "source": { "type": "url", "url": "https://example.com/x.png" } },
    ] });
    let line = json!({ "type": "user", "message": { "content": [block] }, "tool_use_result": { "stdout": "a" } });
    let [Decoded::Event(ChatEvent::ToolResult { tool_use_id, is_error, content, structured, .. })] =
        &decode(&mut Decoder::default(), &[line])[..]
    else {
        panic!("one tool result");
    };
    assert_eq!((tool_use_id.as_str(), *is_error), ("t", true));
    assert_eq!(structured, &Some(json!({ "stdout": "a" })));
    assert!(matches!(&content[..], [Content::Text { .. }, Content::Image { .. }, Content::Other { .. }]));
}

#[test]
fn two_results_in_one_line_share_no_structured_form() {
    let results = ["a", "b"].map(|id| json!({ "type": "tool_result", "tool_use_id": id, "content": "x" }));
    let line = json!({ "type": "user", "message": { "content": results }, "tool_use_result": {} });
    let found = events(&[line]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|event| event.get("structured").is_none()));
}

#[test]
fn user_lines_say_who_speaks() {
    let line = |content: Value, more: Value| {
        let mut line = json!({ "type": "user", "message": { "content": content }, "uuid": "u" });
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    let said = |text: &str, origin: MessageOrigin, parent: Option<&str>| {
        Decoded::Event(ChatEvent::UserMessage {
            client_id: None,
            message_id: Some("u".into()),
            content: vec![Content::Text { text: text.into() }],
            origin,
            by: None,
            parent_tool_use_id: parent.map(str::to_owned),
        })
    };
    let replayed = Decoded::Replayed { uuid: "u".into() };
    let cases = [
        (line(json!([text_block("hi")]), json!({ "isReplay": true })), vec![replayed.clone()]),
        (
            line(json!("<local-command-stdout>Set model\n</local-command-stdout>"), json!({ "isReplay": true })),
            vec![replayed.clone(), said("Set model", MessageOrigin::Cli, None)],
        ),
        (line(json!("<local-command-stderr></local-command-stderr>"), json!({ "isReplay": true })), vec![replayed]),
        (line(json!("A summary"), json!({ "isSynthetic": true })), vec![said("A summary", MessageOrigin::Cli, None)]),
        (
            line(json!([text_block("do it")]), json!({ "parent_tool_use_id": "t" })),
            vec![said("do it", MessageOrigin::Subagent, Some("t"))],
        ),
        (line(json!([text_block("[Request interrupted by user for tool use]")]), json!({})), vec![]),
        (line(json!([]), json!({})), vec![]),
    ];
    for (line, wanted) in cases {
        assert_eq!(decode(&mut Decoder::default(), std::slice::from_ref(&line)), wanted, "{line}");
    }
}

#[test]
fn the_outcome_of_a_turn() {
    let cases = [
        (json!({ "subtype": "success", "is_error": false, "result": "x" }), TurnOutcome::Success, None),
        (
            json!({ "subtype": "success", "is_error": true, "result": "API Error" }),
            TurnOutcome::Error,
            Some("API Error"),
        ),
        (
            json!({ "subtype": "error_during_execution", "is_error": true, "errors": ["[noise]"],
                    "terminal_reason": "aborted_tools" }),
            TurnOutcome::Interrupted,
            None,
        ),
        (json!({ "subtype": "success", "terminal_reason": "aborted_streaming" }), TurnOutcome::Interrupted, None),
        (json!({ "subtype": "error_during_execution", "errors": ["a", "b"] }), TurnOutcome::Error, Some("a\nb")),
        (json!({ "subtype": "error_max_turns", "is_error": true }), TurnOutcome::Error, Some("error_max_turns")),
        (json!({}), TurnOutcome::Success, None),
    ];
    for (mut line, wanted, text) in cases {
        line["type"] = "result".into();
        let [Decoded::Event(ChatEvent::TurnFinished { outcome, error, .. })] =
            &decode(&mut Decoder::default(), std::slice::from_ref(&line))[..]
        else {
            panic!("{line}");
        };
        assert_eq!((*outcome, error.as_deref()), (wanted, text), "{line}");
    }
}

#[test]
fn a_turn_costs_the_difference() {
    let result = |total: f64| json!({ "type": "result", "total_cost_usd": total, "duration_ms": 12.6 });
    let found = events(&[result(0.001265), result(0.00253), result(0.00253), result(0.001)]);
    let costs: Vec<_> = found.iter().map(|event| event["cost_usd"].as_f64().unwrap()).collect();
    assert_eq!(costs, [0.001265, 0.001265, 0.0, 0.001]);
    assert_eq!(found[0]["duration_ms"], 13);
    let unsolicited = json!({ "type": "result", "origin": { "kind": "task-notification" } });
    assert_eq!(events(&[unsolicited])[0]["unsolicited"], true);
}

#[test]
fn what_the_cli_tells_about_itself() {
    let cases = [
        (json!({ "subtype": "status", "status": "requesting" }), json!([])),
        (
            json!({ "subtype": "status", "permissionMode": "plan" }),
            json!([{ "type": "mode", "permission_mode": "plan" }]),
        ),
        (
            json!({ "subtype": "status", "status": "compacting" }),
            json!([{ "type": "activity", "status": "compacting" }]),
        ),
        (
            json!({ "subtype": "status", "status": null, "compact_error": "no" }),
            json!([{ "type": "warning", "code": "compact_failed", "message": "no" }]),
        ),
        (json!({ "subtype": "thinking_tokens", "estimated_tokens": 1 }), json!([])),
        (
            json!({ "subtype": "api_retry", "attempt": 1, "max_retries": 10, "retry_delay_ms": 506.5, "error": "x" }),
            json!([{ "type": "api_retry", "attempt": 1, "max_retries": 10, "retry_delay_ms": 507, "error": "x" }]),
        ),
        (
            json!({ "subtype": "hook_response", "hook_name": "Stop", "stdout": "a", "stderr": "b", "exit_code": 2 }),
            json!([{ "type": "hook", "name": "Stop", "exit_code": 2, "output": "ab" }]),
        ),
        (
            json!({ "subtype": "permission_denied", "tool_name": "Bash", "tool_use_id": "t", "message": "rule" }),
            json!([{ "type": "permission_denied", "tool_name": "Bash", "tool_use_id": "t", "message": "rule" }]),
        ),
    ];
    for (mut line, wanted) in cases {
        line["type"] = "system".into();
        assert_eq!(json!(events(std::slice::from_ref(&line))), wanted, "{line}");
    }
    for (word, status) in
        [("completed", TaskStatus::Completed), ("failed", TaskStatus::Failed), ("killed", TaskStatus::Stopped)]
    {
        let line = json!({ "type": "system", "subtype": "task_notification", "task_id": "b", "status": word });
        assert_eq!(events(&[line])[0]["status"], serde_json::to_value(status).unwrap());
    }
}

#[test]
fn an_activity_ends_when_another_status_comes() {
    let status = |word: Value| json!({ "type": "system", "subtype": "status", "status": word });
    let lines =
        [status(json!("compacting")), status(json!("compacting")), status(json!("requesting")), status(Value::Null)];
    assert_eq!(events(&lines), [json!({ "type": "activity", "status": "compacting" }), json!({ "type": "activity" })]);
}

#[test]
fn tools_ask_and_withdraw() {
    let ask = |tool: &str, input: Value| {
        let line = json!({ "type": "control_request", "request_id": "r-1", "request": { "subtype": "can_use_tool",
            "tool_name": tool, "input": input, "tool_use_id": "t", "permission_suggestions": [{ "type": "x" }] } });
        match decode(&mut Decoder::default(), &[line]).remove(0) {
            Decoded::Ask(ask) => ask,
            other => panic!("{other:?}"),
        }
    };
    let question = json!({ "questions": [{ "question": "Which?" }] });
    for (tool, input) in [
        ("Bash", json!({ "command": "ls" })),
        ("AskUserQuestion", question),
        ("ExitPlanMode", json!({ "plan": "# P", "planFilePath": "p.md" })),
        ("AskUserQuestion", json!({})),
    ] {
        let ask = ask(tool, input.clone());
        assert_eq!((ask.raw_input(), ask.request_id().as_str()), (&input, "r-1"));
        match (&ask, tool) {
            (PromptAsk::Approval(request), _) => assert_eq!(request.suggestions.len(), 1),
            (PromptAsk::Question(request, _), "AskUserQuestion") => assert_eq!(request.questions, input["questions"]),
            (PromptAsk::Plan(request, _), "ExitPlanMode") => assert_eq!(request.plan.as_deref(), Some("# P")),
            other => panic!("{other:?}"),
        }
    }
    let cancel = json!({ "type": "control_cancel_request", "request_id": "r-1" });
    assert_eq!(
        decode(&mut Decoder::default(), &[cancel]),
        [Decoded::AskWithdrawn { request_id: "r-1".parse().unwrap() }]
    );
}

#[test]
fn requests_nobody_can_answer_are_named() {
    let mut decoder = Decoder::default();
    for (id, subtype) in [("r", "hook_callback"), ("not an id", "can_use_tool"), ("r", "")] {
        let line = json!({ "type": "control_request", "request_id": id, "request": { "subtype": subtype } });
        let wanted = Decoded::UnknownControl { request_id: id.into(), subtype: subtype.into() };
        assert_eq!(decode(&mut decoder, &[line]), [wanted]);
    }
    assert_eq!(decoder.unknown_count(), 3);
}

#[test]
fn replies_carry_the_answer_or_the_error() {
    let mut decoder = Decoder::default();
    let mut reply = |response: Value| {
        let line = json!({ "type": "control_response", "response": response });
        match decode(&mut decoder, &[line]).remove(0) {
            Decoded::ControlReply { reply, .. } => reply,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(reply(json!({ "subtype": "success", "request_id": "r" })), Ok(Value::Null));
    assert_eq!(reply(json!({ "subtype": "error", "request_id": "r", "error": "no" })), Err("no".into()));
    let initialized = json!({ "commands": [{ "name": "c" }, "…(+22 more)"], "models": [{ "value": "opus" }] });
    assert_eq!(
        reply(json!({ "subtype": "success", "request_id": "r", "response": initialized })),
        Ok(initialized.clone())
    );
    let ChatEvent::Capabilities { commands, models, .. } = capabilities(&initialized) else { panic!("capabilities") };
    assert_eq!((commands.len(), models.len()), (1, 1));
    assert_eq!(models[0].display_name, "opus");
    let changed = json!({ "type": "system", "subtype": "commands_changed", "commands": [] });
    let wanted = ChatEvent::Capabilities { commands: vec![], models, agents: vec![], project_trusted: false };
    assert_eq!(decode(&mut decoder, &[changed]), [Decoded::Event(wanted)], "models are remembered");
}

#[test]
fn the_conversations_id_is_followed() {
    let idle =
        |id: &str| json!({ "type": "system", "subtype": "session_state_changed", "state": "idle", "session_id": id });
    let found = decode(&mut Decoder::default(), &[idle("a"), idle("a"), idle("b"), idle("")]);
    let ids: Vec<_> = found
        .iter()
        .filter_map(|decoded| match decoded {
            Decoded::ClaudeSession { id } => Some(id.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(found.len(), 6);
}

#[test]
fn thinking_and_text_are_told_apart() {
    let thinking = stream(json!({ "type": "content_block_delta", "index": 0,
        "delta": { "type": "thinking_delta", "thinking": "hm" } }));
    let found = events(&[start("m"), thinking, assistant("m", json!({ "type": "thinking", "thinking": "hm!" }))]);
    assert_eq!(found[0]["type"], "thinking_delta");
    assert_eq!(found[1]["block"], serde_json::to_value(Block::Thinking { text: "hm!".into() }).unwrap());
}
