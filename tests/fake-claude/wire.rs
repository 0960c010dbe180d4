//! Frames as Claude Code 2.1.197 writes them.

use serde_json::{Value, json};
use std::io::Write;
use uuid::Uuid;

pub(crate) const MODEL: &str = "claude-fake-1";
pub(crate) const VERSION: &str = "2.1.197";

/// Writes a frame to stdout. A host that is gone is not our problem: the end of stdin tells.
pub(crate) fn send(frame: &Value) {
    let mut text = frame.to_string();
    text.push('\n');
    raw(text.as_bytes());
}

pub(crate) fn raw(bytes: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(bytes).and_then(|()| stdout.flush());
}

/// Adds what every message but a control frame carries.
pub(crate) fn send_message(session: &str, mut frame: Value) {
    frame["session_id"] = session.into();
    if frame.get("uuid").is_none() {
        frame["uuid"] = Uuid::new_v4().to_string().into();
    }
    send(&frame);
}

pub(crate) fn reply(request_id: &str, response: Option<Value>) {
    let mut body = json!({ "subtype": "success", "request_id": request_id });
    if let Some(response) = response {
        body["response"] = response;
    }
    send(&json!({ "type": "control_response", "response": body }));
}

pub(crate) fn reply_error(request_id: &str, error: &str) {
    let body = json!({ "subtype": "error", "request_id": request_id, "error": error });
    send(&json!({ "type": "control_response", "response": body }));
}

pub(crate) fn initialized() -> Value {
    json!({
        "commands": [
            { "name": "clear", "description": "Start anew", "argumentHint": "" },
            { "name": "compact", "description": "Summarise", "argumentHint": "<instructions>" },
        ],
        "agents": [{ "name": "Explore", "description": "Looks around", "model": "haiku" }],
        "output_style": "default",
        "models": [
            { "value": "default", "displayName": "Default (recommended)", "description": "Fake", "supportsEffort": true },
            { "value": "opus", "displayName": "Opus", "description": "Fake, larger" },
            { "value": "haiku", "displayName": "Haiku", "description": "Fake, smaller" },
        ],
        "account": { "tokenSource": "none" },
        "pid": std::process::id(),
    })
}

pub(crate) fn init(model: &str, mode: &str) -> Value {
    json!({
        "type": "system", "subtype": "init",
        "cwd": std::env::current_dir().map(|path| path.display().to_string()).unwrap_or_default(),
        "tools": ["Bash", "Read", "Write", "AskUserQuestion", "ExitPlanMode"],
        "mcp_servers": [],
        "model": model, "permissionMode": mode,
        "slash_commands": ["clear", "compact"],
        "claude_code_version": VERSION,
    })
}

pub(crate) fn stream(event: Value) -> Value {
    json!({ "type": "stream_event", "event": event, "parent_tool_use_id": null })
}

pub(crate) fn assistant(message_id: &str, model: &str, block: Value) -> Value {
    json!({
        "type": "assistant",
        "message": {
            "id": message_id, "type": "message", "role": "assistant", "model": model, "content": [block],
            "stop_reason": null, "usage": { "input_tokens": 100, "output_tokens": 1 },
        },
        "parent_tool_use_id": null,
    })
}

pub(crate) fn tool_result(tool_use_id: &str, content: &str, is_error: bool, structured: Value) -> Value {
    json!({
        "type": "user",
        "message": { "role": "user", "content": [
            { "type": "tool_result", "tool_use_id": tool_use_id, "content": content, "is_error": is_error },
        ] },
        "parent_tool_use_id": null,
        "tool_use_result": structured,
    })
}
