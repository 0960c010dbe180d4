//! What the CLI would show around the conversation in its own terminal: banners, notes, the state of a login.
//!
//! None of these was seen from 2.1.197 without a terminal; their fields are those the CLI itself declares for them.

use super::fields::{flag, list, string, text};
use super::{Decoded, unknown};
use crate::protocol::{ChatEvent, Content, MessageOrigin};
use serde_json::Value;

/// `system/notification`.
pub(super) fn notification(line: Value) -> Vec<Decoded> {
    let Some(says) = string(&line, "text") else { return unknown(line) };
    match text(&line, "priority") {
        Some("high" | "immediate") => warning("notification", says),
        _ => said(&line, says),
    }
}

/// `system/informational`.
pub(super) fn informational(line: Value) -> Vec<Decoded> {
    let Some(says) = string(&line, "content") else { return unknown(line) };
    let stops = flag(&line, "prevent_continuation");
    match text(&line, "level") {
        Some("warning") => warning("informational", says),
        _ if stops => warning("informational", says),
        // Shown nowhere but in the CLI's own transcript view.
        Some("info") => Vec::new(),
        _ => said(&line, says),
    }
}

/// `system/local_command_output`.
pub(super) fn local_command_output(line: Value) -> Vec<Decoded> {
    match string(&line, "content") {
        Some(says) => said(&line, says),
        None => unknown(line),
    }
}

/// `system/files_persisted`: only what failed is news.
pub(super) fn files_persisted(line: &Value) -> Vec<Decoded> {
    let failed: Vec<String> = list(line, "failed")
        .iter()
        .filter_map(|file| Some(format!("{}: {}", text(file, "filename")?, text(file, "error").unwrap_or("no reason"))))
        .collect();
    if failed.is_empty() {
        return Vec::new();
    }
    warning("files_not_persisted", format!("Claude Code could not keep some files. {}", failed.join("; ")))
}

/// `auth_status`: a login under way, or one that failed.
pub(super) fn auth_status(line: &Value) -> Vec<Decoded> {
    if let Some(error) = string(line, "error") {
        return warning("auth_status", error);
    }
    let output: Vec<&str> = list(line, "output").iter().filter_map(Value::as_str).collect();
    if flag(line, "isAuthenticating") { said(line, output.join("\n")) } else { Vec::new() }
}

fn warning(code: &str, message: String) -> Vec<Decoded> {
    vec![Decoded::Event(ChatEvent::Warning { code: code.to_owned(), message })]
}

fn said(line: &Value, says: String) -> Vec<Decoded> {
    if says.trim().is_empty() {
        return Vec::new();
    }
    vec![Decoded::Event(ChatEvent::UserMessage {
        client_id: None,
        message_id: string(line, "uuid"),
        content: vec![Content::Text { text: says }],
        origin: MessageOrigin::Cli,
        by: None,
        parent_tool_use_id: None,
    })]
}

#[cfg(test)]
mod tests {
    use super::super::Decoder;
    use super::*;
    use serde_json::json;

    /// How a line is shown: `warning`, `user_message`, `unknown`, or not at all.
    fn face(line: &Value) -> String {
        let decoded = Decoder::default().line(line.to_string().as_bytes());
        let kinds = decoded.iter().map(|decoded| match decoded {
            Decoded::Event(event) => {
                let event = serde_json::to_value(event).unwrap();
                let words = event["message"].as_str().or_else(|| event["content"][0]["text"].as_str());
                format!("{} {}", event["type"].as_str().unwrap(), words.unwrap_or_default())
            }
            other => panic!("{other:?}"),
        });
        kinds.collect::<Vec<_>>().join(", ")
    }

    fn system(subtype: &str, more: Value) -> Value {
        let mut line = json!({ "type": "system", "subtype": subtype });
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    }

    #[test]
    fn notes_of_the_cli_have_a_face() {
        let cases = [
            (system("notification", json!({ "key": "k", "text": "Low", "priority": "low" })), "user_message Low"),
            (system("notification", json!({ "key": "k", "text": "Now", "priority": "immediate" })), "warning Now"),
            (system("informational", json!({ "content": "Hm", "level": "notice" })), "user_message Hm"),
            (system("informational", json!({ "content": "Hm", "level": "info" })), ""),
            (system("informational", json!({ "content": "Oh", "level": "warning" })), "warning Oh"),
            (
                system("informational", json!({ "content": "Halt", "level": "info", "prevent_continuation": true })),
                "warning Halt",
            ),
            (system("local_command_output", json!({ "content": "Usage: 5" })), "user_message Usage: 5"),
            (system("files_persisted", json!({ "files": [{ "filename": "a", "file_id": "1" }], "failed": [] })), ""),
            (
                system("files_persisted", json!({ "files": [], "failed": [{ "filename": "a", "error": "full" }] })),
                "warning Claude Code could not keep some files. a: full",
            ),
            (
                json!({ "type": "auth_status", "isAuthenticating": true, "output": ["Open", "this"] }),
                "user_message Open\nthis",
            ),
            (json!({ "type": "auth_status", "isAuthenticating": false, "output": [] }), ""),
            (json!({ "type": "auth_status", "isAuthenticating": false, "output": [], "error": "no" }), "warning no"),
            (json!({ "type": "tool_use_summary", "summary": "s", "preceding_tool_use_ids": [] }), ""),
            (json!({ "type": "prompt_suggestion", "suggestion": "s" }), ""),
            (system("hook_progress", json!({ "hook_name": "Stop", "output": "…" })), ""),
            (system("notification", json!({ "text": 5 })), "unknown "),
            (system("memory_recall", json!({})), "unknown "),
        ];
        for (line, wanted) in cases {
            assert_eq!(face(&line), wanted, "{line}");
        }
    }
}
