//! Headless mode: turns, one after another, until stdin ends.

use crate::args::Args;
use crate::host::{Host, UserMessage};
use crate::turn::{self, Stop};
use crate::{Exit, say_on_stderr, script, wire};
use serde_json::json;
use uuid::Uuid;

/// Resuming this conversation fails as with an id Claude Code does not know.
const UNKNOWN_CONVERSATION: &str = "00000000-0000-0000-0000-000000000000";

pub(crate) fn run(args: &Args) -> Result<(), Exit> {
    let session = session_id(args)?;
    let mut host = Host::new(args, session);
    if let Ok(path) = std::env::var("FAKE_CLAUDE_SCRIPT") {
        return script::run(&mut host, &path);
    }
    loop {
        let batch = host.next_messages()?;
        if batch.is_empty() {
            return if host.last_failed { Err(Exit(1)) } else { Ok(()) };
        }
        take_turn(&mut host, batch)?;
        if host.queue.is_empty() {
            host.state("idle");
        }
    }
}

fn session_id(args: &Args) -> Result<String, Exit> {
    if let Some(id) = args.value("--session-id") {
        return match Uuid::try_parse(id) {
            Ok(id) => Ok(id.to_string()),
            Err(_) => {
                say_on_stderr("Error: Invalid session ID. Must be a valid UUID.");
                Err(Exit(1))
            }
        };
    }
    match args.value("--resume") {
        Some(UNKNOWN_CONVERSATION) => {
            let error = format!("No conversation found with session ID: {UNKNOWN_CONVERSATION}");
            wire::send_message(
                UNKNOWN_CONVERSATION,
                json!({ "type": "result", "subtype": "error_during_execution", "is_error": true, "num_turns": 0,
                        "errors": [error], "total_cost_usd": 0, "usage": {} }),
            );
            say_on_stderr(&error);
            Err(Exit(1))
        }
        Some(id) if !args.has("--fork-session") => Ok(id.to_owned()),
        _ => Ok(Uuid::new_v4().to_string()),
    }
}

/// One turn for messages that waited together: all but the last enter it at once.
fn take_turn(host: &mut Host, mut batch: Vec<UserMessage>) -> Result<(), Exit> {
    host.state("running");
    let last = batch.len() - 1;
    for message in &batch[..last] {
        host.replay(message);
    }
    let merged: Vec<_> = batch.iter().flat_map(|message| message.content.clone()).collect();
    let texts: Vec<String> = batch.iter().map(|message| message.text.clone()).collect();
    batch[last].content = merged;
    host.to_replay = batch.pop();
    host.in_turn = true;
    host.interrupted = false;
    let outcome = turn::run(host, texts);
    host.replay_now();
    host.in_turn = false;
    match outcome {
        Ok(answer) => {
            host.result(&answer, json!({ "subtype": "success", "is_error": false, "terminal_reason": "completed" }))
        }
        Err(Stop::Failed(error)) => host.result(&error, json!({ "subtype": "success", "is_error": true })),
        Err(Stop::Interrupted { by_tool }) => {
            let marker =
                if by_tool { "[Request interrupted by user for tool use]" } else { "[Request interrupted by user]" };
            host.message(json!({ "type": "user", "parent_tool_use_id": null,
                "message": { "role": "user", "content": [{ "type": "text", "text": marker }] } }));
            let reason = if by_tool { "aborted_tools" } else { "aborted_streaming" };
            host.result(
                "",
                json!({ "subtype": "error_during_execution", "is_error": true, "terminal_reason": reason,
                "errors": ["[ede_diagnostic] result_type=user"] }),
            );
        }
        Err(Stop::Exit(exit)) => return Err(exit),
    }
    Ok(())
}
