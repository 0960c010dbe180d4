//! Tools that ask first.
//!
//! `ask-bash CMD` gives `answer: {…}` with the host's whole answer when it was allowed (nothing is
//! run), and what Claude Code gives in every other case. `parallel-asks N` asks for N reads at once.
//! `withdraw` asks and takes it back after 200 ms. In `bypassPermissions` nothing is asked, in
//! `dontAsk` everything is refused.

use super::{Stop, finish, start_message, stop_message};
use crate::host::Host;
use crate::wire;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const STOPPED: &str = "The user doesn't want to proceed with this tool use. The tool use was rejected.";

struct Call {
    tool_use_id: String,
    request_id: String,
    tool: &'static str,
    input: Value,
}

pub(super) fn perform(host: &mut Host, word: &str, rest: &str) -> Result<(), Stop> {
    let calls: Vec<Call> = match word {
        "ask-bash" => vec![call("Bash", json!({ "command": rest, "description": "Fake" }))],
        "ask-question" => vec![call("AskUserQuestion", questions())],
        "ask-plan" => {
            vec![call("ExitPlanMode", json!({ "plan": "# The plan\n\n1. Do it.", "planFilePath": "/w/plan.md" }))]
        }
        "withdraw" => vec![call("Bash", json!({ "command": "withdrawn", "description": "Fake" }))],
        _ => (0..rest.trim().parse().unwrap_or(2))
            .map(|n| call("Read", json!({ "file_path": format!("/etc/fake-{n}") })))
            .collect(),
    };
    let message = start_message(host);
    for (index, call) in calls.iter().enumerate() {
        let block = json!({ "type": "tool_use", "id": call.tool_use_id, "name": call.tool, "input": {} });
        host.message(wire::stream(json!({ "type": "content_block_start", "index": index, "content_block": block })));
        let block = json!({ "type": "tool_use", "id": call.tool_use_id, "name": call.tool, "input": call.input });
        finish(host, &message, index, block);
    }
    stop_message(host, "tool_use");
    if !ask(host, &calls) {
        return Ok(());
    }
    if word == "withdraw" {
        host.pump(Duration::from_millis(200))?;
        for id in std::mem::take(&mut host.open) {
            wire::send(&json!({ "type": "control_cancel_request", "request_id": id }));
            host.answers.insert(
                id,
                json!({ "subtype": "success",
                "response": { "behavior": "allow", "updatedInput": { "command": "withdrawn" } } }),
            );
        }
    }
    wait(host, calls)
}

fn call(tool: &'static str, input: Value) -> Call {
    let tool_use_id = format!("toolu_{}", Uuid::new_v4().simple());
    Call { tool_use_id, request_id: Uuid::new_v4().to_string(), tool, input }
}

fn questions() -> Value {
    json!({ "questions": [
        { "question": "Which color?", "header": "Color", "multiSelect": false,
          "options": [{ "label": "Red", "description": "r" }, { "label": "Blue", "description": "b" }] },
        { "question": "Which features?", "header": "Features", "multiSelect": true,
          "options": [{ "label": "A", "description": "a" }, { "label": "B", "description": "b" }] },
    ] })
}

/// Sends the requests, or settles the calls at once; whether there is something to wait for.
fn ask(host: &mut Host, calls: &[Call]) -> bool {
    for call in calls {
        // Leaving plan mode is always asked.
        if host.mode == "bypassPermissions" && call.tool != "ExitPlanMode" {
            host.message(wire::tool_result(&call.tool_use_id, "ran without asking", false, Value::Null));
        } else if host.mode == "dontAsk" || !host.asks_host {
            let message = format!("Permission to use {} has been denied.", call.tool);
            host.message(json!({ "type": "system", "subtype": "permission_denied", "tool_name": call.tool,
                "tool_use_id": call.tool_use_id, "decision_reason_type": "mode", "message": message }));
            host.message(wire::tool_result(&call.tool_use_id, &message, true, Value::Null));
        } else {
            request(call);
            host.open.push(call.request_id.clone());
        }
    }
    if !host.open.is_empty() {
        host.state("requires_action");
    }
    !host.open.is_empty()
}

fn request(call: &Call) {
    let mut request = json!({ "subtype": "can_use_tool", "tool_name": call.tool, "display_name": call.tool,
        "input": call.input, "tool_use_id": call.tool_use_id });
    if call.tool == "Bash" {
        let rule = json!({ "toolName": "Bash", "ruleContent": call.input["command"] });
        request["description"] = call.input["description"].clone();
        request["permission_suggestions"] = json!([
            { "type": "addRules", "rules": [rule], "behavior": "allow", "destination": "localSettings" },
            { "type": "setMode", "mode": "acceptEdits", "destination": "session" },
        ]);
    }
    wire::send(&json!({ "type": "control_request", "request_id": call.request_id, "request": request }));
}

/// Waits for all answers and gives each as soon as it is there.
fn wait(host: &mut Host, mut calls: Vec<Call>) -> Result<(), Stop> {
    while !calls.is_empty() {
        host.pump(Duration::from_millis(50))?;
        if host.interrupted {
            for call in &calls {
                host.message(wire::tool_result(&call.tool_use_id, STOPPED, true, json!("Error: interrupted")));
            }
            return Err(Stop::Interrupted { by_tool: true });
        }
        let mut waiting = Vec::new();
        for call in calls {
            match host.answers.remove(&call.request_id) {
                Some(answer) => settle(host, &call, &answer)?,
                None if host.ended => {
                    let closed =
                        "Tool permission request failed: Error: Tool permission stream closed before response received";
                    host.message(wire::tool_result(&call.tool_use_id, closed, true, Value::Null));
                }
                None => waiting.push(call),
            }
        }
        calls = waiting;
    }
    host.open.clear();
    host.state("running");
    Ok(())
}

fn settle(host: &mut Host, call: &Call, answer: &Value) -> Result<(), Stop> {
    let result = &answer["response"];
    let refuse = |host: &Host, why: &str| {
        host.message(wire::tool_result(&call.tool_use_id, why, true, json!(format!("Error: {why}"))));
    };
    match result["behavior"].as_str() {
        Some("deny") if result["interrupt"] == true => {
            refuse(host, STOPPED);
            return Err(Stop::Interrupted { by_tool: true });
        }
        Some("deny") => refuse(host, result["message"].as_str().unwrap_or("ZodError: message is required")),
        Some("allow") if result["updatedInput"].is_object() => {
            let said = allowed(call, result);
            host.message(wire::tool_result(
                &call.tool_use_id,
                &said,
                false,
                json!({ "stdout": said, "answer": result }),
            ));
            let updates = result["updatedPermissions"].as_array().cloned().unwrap_or_default();
            let chosen =
                updates.iter().find(|update| update["type"] == "setMode").and_then(|update| update["mode"].as_str());
            match chosen {
                Some(mode) => host.set_mode(mode),
                None if call.tool == "ExitPlanMode" && host.mode == "plan" => host.set_mode("default"),
                None => {}
            }
        }
        Some("allow") => refuse(host, "Tool permission request failed: ZodError: updatedInput is required"),
        _ => {
            let error = answer["error"].as_str().unwrap_or("malformed");
            refuse(host, &format!("Tool permission request failed: Error: {error}"));
        }
    }
    Ok(())
}

fn allowed(call: &Call, result: &Value) -> String {
    let input = &result["updatedInput"];
    match call.tool {
        "AskUserQuestion" => match input["answers"].as_object().filter(|answers| !answers.is_empty()) {
            Some(answers) => {
                let all: Vec<_> = answers.iter().map(|(question, answer)| format!("\"{question}\"={answer}")).collect();
                format!("Your questions have been answered: {}.", all.join(", "))
            }
            None => match input["response"].as_str() {
                Some(response) => format!("The user said instead: {response}"),
                None => "The user did not answer the questions.".into(),
            },
        },
        "ExitPlanMode" => format!("User has approved your plan: {}", input["plan"].as_str().unwrap_or_default()),
        _ => format!("answer: {result}"),
    }
}
