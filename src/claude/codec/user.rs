//! `user` lines: tool results, echoes of our messages, and what the CLI says in the user's place.

use super::blocks::{content, tool_result};
use super::fields::{flag, list, string, text};
use super::{Decoded, tasks};
use crate::protocol::{ChatEvent, Content, MessageOrigin};
use serde_json::Value;

/// How the CLI marks an interrupted turn in the conversation. There is no field that says so.
const INTERRUPT_MARKER: &str = "[Request interrupted by user";
const LOCAL_OUTPUT: [&str; 2] = ["local-command-stdout", "local-command-stderr"];

pub(super) fn decode(line: &Value) -> Vec<Decoded> {
    let none = Value::Null;
    let message = line.get("message").unwrap_or(&none);
    if flag(line, "isReplay") {
        return replay(line, message);
    }
    let (results, said): (Vec<&Value>, Vec<&Value>) =
        list(message, "content").iter().partition(|block| text(block, "type") == Some("tool_result"));
    let parent = string(line, "parent_tool_use_id");
    // The structured result has no id of its own, so it can belong only to a single one.
    let structured = line.get("tool_use_result").filter(|result| results.len() == 1 && !result.is_null());
    let mut out: Vec<Decoded> =
        results.iter().map(|block| Decoded::Event(tool_result(block, structured.cloned(), parent.clone()))).collect();

    if let (Some(structured), [result]) = (structured, results.as_slice()) {
        out.extend(tasks::file_of_result(result, structured));
    }
    let said = match message.get("content") {
        Some(Value::String(words)) => content(Some(&Value::String(words.clone()))),
        _ => said.iter().flat_map(|block| content(Some(block))).collect(),
    };
    if said.is_empty() || is_interrupt_marker(&said) {
        return out;
    }
    let origin = if parent.is_some() { MessageOrigin::Subagent } else { MessageOrigin::Cli };
    out.push(Decoded::Event(user_message(line, said, origin, parent)));
    out
}

/// An echo, of a message of ours or of what a local command printed.
fn replay(line: &Value, message: &Value) -> Vec<Decoded> {
    let mut out = Vec::new();
    if let Some(uuid) = string(line, "uuid") {
        out.push(Decoded::Replayed { uuid });
    }
    let printed: Vec<Content> = content(message.get("content"))
        .into_iter()
        .filter_map(|part| match part {
            Content::Text { text } => local_output(&text).map(|text| Content::Text { text: text.to_owned() }),
            _ => None,
        })
        .collect();
    if !printed.is_empty() {
        out.push(Decoded::Event(user_message(line, printed, MessageOrigin::Cli, None)));
    }
    out
}

/// What a local command printed, without the CLI's markup around it; none if that is nothing.
fn local_output(words: &str) -> Option<&str> {
    let words = words.trim();
    let inner = LOCAL_OUTPUT.iter().find_map(|tag| {
        let inner = words.strip_prefix('<')?.strip_prefix(tag)?.strip_prefix('>')?;
        let close = inner.strip_suffix('>').and_then(|rest| rest.strip_suffix(tag)?.strip_suffix("</"));
        Some(close.unwrap_or(inner).trim())
    })?;
    (!inner.is_empty()).then_some(inner)
}

fn is_interrupt_marker(said: &[Content]) -> bool {
    matches!(said, [Content::Text { text }] if text.starts_with(INTERRUPT_MARKER))
}

fn user_message(line: &Value, said: Vec<Content>, origin: MessageOrigin, parent: Option<String>) -> ChatEvent {
    ChatEvent::UserMessage {
        client_id: None,
        message_id: string(line, "uuid"),
        content: said,
        origin,
        by: None,
        parent_tool_use_id: parent,
    }
}
