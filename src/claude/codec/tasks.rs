//! Subagents and background commands: what the CLI tells of them, and where they write.

use super::Decoded;
use super::fields::{count, list, string, text};
use crate::protocol::{ChatEvent, TaskStatus};
use serde_json::Value;
use std::path::PathBuf;

pub(super) fn started(line: &Value) -> ChatEvent {
    ChatEvent::TaskStarted {
        task_id: string(line, "task_id").unwrap_or_default(),
        tool_use_id: string(line, "tool_use_id"),
        task_type: string(line, "task_type").unwrap_or_default(),
        description: string(line, "description").unwrap_or_default(),
        subagent_type: string(line, "subagent_type"),
        prompt: string(line, "prompt"),
    }
}

/// Nothing when the patch says nothing that is shown.
pub(super) fn updated(line: &Value) -> Vec<Decoded> {
    let none = Value::Null;
    let patch = line.get("patch").unwrap_or(&none);
    let status = text(patch, "status").and_then(status);
    let backgrounded = patch.get("is_backgrounded").and_then(Value::as_bool);
    if status.is_none() && backgrounded.is_none() {
        return Vec::new();
    }
    let task_id = string(line, "task_id").unwrap_or_default();
    vec![Decoded::Event(ChatEvent::TaskUpdated { task_id, status, backgrounded })]
}

fn status(word: &str) -> Option<TaskStatus> {
    Some(match word {
        "running" => TaskStatus::Running,
        "completed" => TaskStatus::Completed,
        "failed" => TaskStatus::Failed,
        "killed" | "stopped" => TaskStatus::Stopped,
        _ => return None,
    })
}

pub(super) fn progress(line: &Value) -> ChatEvent {
    let none = Value::Null;
    let usage = line.get("usage").unwrap_or(&none);
    ChatEvent::TaskProgress {
        task_id: string(line, "task_id").unwrap_or_default(),
        description: string(line, "description"),
        last_tool_name: string(line, "last_tool_name"),
        total_tokens: count(usage, "total_tokens"),
        tool_uses: count(usage, "tool_uses"),
        duration_ms: count(usage, "duration_ms"),
    }
}

pub(super) fn finished(line: &Value) -> Vec<Decoded> {
    let none = Value::Null;
    let usage = line.get("usage").unwrap_or(&none);
    let task_id = string(line, "task_id").unwrap_or_default();
    let event = ChatEvent::TaskFinished {
        total_tokens: count(usage, "total_tokens"),
        tool_uses: count(usage, "tool_uses"),
        duration_ms: count(usage, "duration_ms"),
        task_id: task_id.clone(),
        // "stopped", and whatever else ended it.
        status: text(line, "status").and_then(status).unwrap_or(TaskStatus::Stopped),
        summary: string(line, "summary"),
    };
    let file = text(line, "output_file").and_then(|path| file(&task_id, path));
    [Decoded::Event(event)].into_iter().chain(file).collect()
}

/// Where the tool call behind this result goes on writing, if it went to the background: a subagent's result has a
/// field for it, a command's says it in the sentence the CLI gives the model.
pub(super) fn file_of_result(block: &Value, structured: &Value) -> Option<Decoded> {
    if let (Some(agent), Some(path)) = (text(structured, "agentId"), text(structured, "outputFile")) {
        return file(agent, path);
    }
    let task_id = text(structured, "backgroundTaskId")?;
    let end = format!("/tasks/{task_id}.output");
    let sentences = [text(block, "content")].into_iter().flatten();
    let parts = list(block, "content").iter().filter_map(|part| text(part, "text"));
    sentences.chain(parts).find_map(|said| {
        let named = &said[..said.find(&end)? + end.len()];
        file(task_id, &named[named.rfind(": /")? + 2..])
    })
}

fn file(task_id: &str, path: &str) -> Option<Decoded> {
    (!path.is_empty()).then(|| Decoded::TaskFile { task_id: task_id.to_owned(), path: PathBuf::from(path) })
}
