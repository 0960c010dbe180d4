//! A line of a transcript in the words of the live protocol.

use super::lines;
use super::thread::open;
use crate::claude::codec::fields::{count, flag, list, string, text};
use crate::claude::codec::gauge;
use crate::protocol::{ChatEvent, Content, MessageOrigin, TaskStatus, UnixMs};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Subagents of one conversation whose files are looked for.
const SUBAGENTS_MAX: usize = 2000;
/// A subagent's file is left out when it is larger; its result is in the conversation anyway.
const SUBAGENT_BYTES_MAX: u64 = 4 << 20;
/// All of them together.
const SUBAGENTS_BYTES_MAX: u64 = 16 << 20;
/// A file that describes a subagent.
const META_BYTES_MAX: u64 = 64 << 10;
/// Letters kept of each thing it says, for as long as the conversation is read.
const META_CHARS_MAX: usize = 500;

/// A line in the words of the live protocol.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) value: Value,
    /// A person said it.
    pub(super) by_person: bool,
}

/// What a line says, as the live process would have said it. Noise says nothing.
pub(super) fn frame(line: &Value, parent: Option<&str>) -> Option<Frame> {
    match text(line, "type").unwrap_or_default() {
        "assistant" => Some(wire(assistant(line, parent))),
        "user" => user(line, parent),
        "attachment" => queued(line),
        "system" => system(line),
        _ => None,
    }
}

/// What is in the context window after an answer of Claude's.
pub(super) fn used_tokens(frame: &Value) -> Option<u64> {
    gauge::answered(frame.get("message")?.get("usage")?)
}

/// When a line was written.
pub(super) fn time(line: &Value) -> Option<UnixMs> {
    unix_ms(OffsetDateTime::parse(text(line, "timestamp")?, &Rfc3339).ok()?)
}

pub(super) fn now() -> UnixMs {
    unix_ms(OffsetDateTime::now_utc()).unwrap_or(0)
}

fn unix_ms(at: OffsetDateTime) -> Option<UnixMs> {
    u64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}

fn wire(value: Value) -> Frame {
    Frame { value, by_person: false }
}

fn assistant(line: &Value, parent: Option<&str>) -> Value {
    json!({
        "type": "assistant",
        "uuid": line.get("uuid"),
        "message": line.get("message"),
        "error": line.get("error"),
        "parent_tool_use_id": parent,
    })
}

fn user(line: &Value, parent: Option<&str>) -> Option<Frame> {
    if flag(line, "isMeta") {
        return None;
    }
    let message = line.get("message")?;
    let mut value = json!({
        "type": "user",
        "uuid": line.get("uuid"),
        "message": message,
        "tool_use_result": line.get("toolUseResult"),
        "parent_tool_use_id": parent,
    });
    let words = only_words(message);
    if let Some(command) = words.and_then(typed_command) {
        value["message"] = json!({ "role": "user", "content": command });
        return Some(Frame { value, by_person: true });
    }
    if words.is_some_and(|words| words.trim_start().starts_with("<local-command-")) {
        // The live decoder takes the markup off.
        value["isReplay"] = true.into();
        return Some(wire(value));
    }
    if line.get("origin").and_then(|origin| text(origin, "kind")) == Some("task-notification") {
        let words = words.unwrap_or_default();
        value["message"] = json!({ "role": "user", "content": between(words, "summary").unwrap_or(words) });
        return Some(wire(value));
    }
    let by_person = parent.is_none() && !flag(line, "isCompactSummary");
    Some(Frame { value, by_person })
}

/// A message that was taken into a running turn.
fn queued(line: &Value) -> Option<Frame> {
    let attachment = line.get("attachment").filter(|attachment| text(attachment, "type") == Some("queued_command"))?;
    let by_person = text(attachment, "commandMode").is_none_or(|mode| mode == "prompt");
    let prompt = attachment.get("prompt")?;
    let content = match (by_person, prompt.as_str()) {
        (false, Some(words)) => between(words, "summary").unwrap_or(words).into(),
        _ => prompt.clone(),
    };
    let uuid = attachment.get("source_uuid").or(line.get("uuid"));
    let value = json!({ "type": "user", "uuid": uuid, "message": { "role": "user", "content": content } });
    Some(Frame { value, by_person })
}

fn system(line: &Value) -> Option<Frame> {
    match text(line, "subtype")? {
        "compact_boundary" => {
            let metadata = line.get("compactMetadata").cloned().unwrap_or_default();
            Some(wire(json!({
                "type": "system",
                "subtype": "compact_boundary",
                "compact_metadata": {
                    "trigger": metadata.get("trigger"),
                    "pre_tokens": metadata.get("preTokens"),
                    "post_tokens": metadata.get("postTokens"),
                },
            })))
        }
        "local_command" => {
            let words = text(line, "content")?;
            let value = |content: &str, is_replay: bool| {
                json!({ "type": "user", "uuid": line.get("uuid"), "isReplay": is_replay,
                        "message": { "role": "user", "content": content } })
            };
            Some(match typed_command(words) {
                Some(command) => Frame { value: value(&command, false), by_person: true },
                None if words.starts_with('/') => Frame { value: value(words, false), by_person: true },
                None => wire(value(words, true)),
            })
        }
        // Retries that are over, timings, summaries of hooks.
        _ => None,
    }
}

/// The text of a message that is nothing but text.
fn only_words(message: &Value) -> Option<&str> {
    match message.get("content")? {
        Value::String(words) => Some(words),
        _ => match list(message, "content") {
            [block] if text(block, "type") == Some("text") => text(block, "text"),
            _ => None,
        },
    }
}

/// What the user typed to make the CLI write down a command.
fn typed_command(words: &str) -> Option<String> {
    if !words.trim_start().starts_with("<command-") {
        return None;
    }
    let name = between(words, "command-name")?;
    let arguments = between(words, "command-args").unwrap_or_default();
    Some(format!("{name} {arguments}").trim().to_owned())
}

/// What stands between `<tag>` and `</tag>`.
fn between<'a>(words: &'a str, tag: &str) -> Option<&'a str> {
    let (_, rest) = words.split_once(&format!("<{tag}>"))?;
    rest.split_once(&format!("</{tag}>")).map(|(inner, _)| inner.trim()).filter(|inner| !inner.is_empty())
}

/// The decoder takes every message for the CLI's own, because live ones of a person are told by the server.
pub(super) fn said_by_person(event: ChatEvent) -> ChatEvent {
    match event {
        ChatEvent::UserMessage { client_id, message_id, content, by, parent_tool_use_id, .. } => {
            let content = content.into_iter().map(document).collect();
            ChatEvent::UserMessage {
                client_id,
                message_id,
                content,
                origin: MessageOrigin::User,
                by,
                parent_tool_use_id,
            }
        }
        other => other,
    }
}

/// Documents come back as they were sent.
fn document(part: Content) -> Content {
    let Content::Other { raw } = &part else { return part };
    let Some(source) = raw.get("source").filter(|_| text(raw, "type") == Some("document")) else { return part };
    let name = string(raw, "title");
    let known = match (text(source, "type"), string(source, "data")) {
        (Some("base64"), Some(data)) => {
            let media_type = string(source, "media_type").unwrap_or_default();
            Some(Content::Document { media_type, data, name })
        }
        (Some("text"), Some(text)) => Some(Content::TextFile { name: name.unwrap_or_default(), text }),
        _ => None,
    };
    known.unwrap_or(part)
}

/// What is in the transcript has reached Claude.
pub(super) fn delivered(event: &ChatEvent) -> Option<ChatEvent> {
    match event {
        ChatEvent::UserMessage { message_id: Some(id), origin: MessageOrigin::User, .. } => {
            Some(ChatEvent::UserMessageDelivered { message_id: id.clone(), client_id: None })
        }
        _ => None,
    }
}

/// Subagents that have begun, by the tool call that began them.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<String, String>);

impl Known {
    pub(super) fn started(&mut self, event: &ChatEvent) {
        if let ChatEvent::TaskStarted { task_id, tool_use_id: Some(tool_use_id), .. } = event {
            self.0.insert(tool_use_id.clone(), task_id.clone());
        }
    }

    /// The end of a subagent whose result this is.
    pub(super) fn finished(&mut self, event: &ChatEvent) -> Option<ChatEvent> {
        let ChatEvent::ToolResult { tool_use_id, is_error, structured, .. } = event else { return None };
        let task_id = self.0.remove(tool_use_id)?;
        let none = Value::Null;
        let result = structured.as_ref().unwrap_or(&none);
        let status = match (is_error, text(result, "status")) {
            (true, _) => TaskStatus::Failed,
            // Sent into the background; nothing here says how it ended.
            (false, Some("async_launched")) => return None,
            (false, _) => TaskStatus::Completed,
        };
        Some(ChatEvent::TaskFinished {
            task_id,
            status,
            summary: None,
            total_tokens: count(result, "totalTokens"),
            tool_uses: count(result, "totalToolUseCount"),
            duration_ms: count(result, "totalDurationMs"),
        })
    }
}

/// The files of subagents, by the tool call that began each.
#[derive(Debug, Default)]
pub(super) struct Subagents {
    files: HashMap<String, (PathBuf, Meta)>,
    bytes: u64,
}

/// What is said of a subagent. Whatever else its file says is not held.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    tool_use_id: String,
    #[serde(default, deserialize_with = "few_words")]
    description: Option<String>,
    #[serde(default, deserialize_with = "few_words")]
    agent_type: Option<String>,
}

/// A text, cut; none when it is something else.
fn few_words<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(value.as_str().map(|text| text.chars().take(META_CHARS_MAX).collect()))
}

impl Subagents {
    /// Those of the conversation in this file.
    pub(super) fn beside(transcript: &Path) -> Self {
        let mut found = Self::default();
        let folder = transcript.with_extension("").join("subagents");
        let Ok(entries) = fs::read_dir(folder) else { return found };
        for entry in entries.flatten().take(2 * SUBAGENTS_MAX) {
            let path = entry.path();
            let Some(stem) = path.to_str().and_then(|path| path.strip_suffix(".meta.json")) else { continue };
            let meta = open(&path).ok().filter(|file| file.metadata().is_ok_and(|meta| meta.len() <= META_BYTES_MAX));
            let meta: Option<Meta> = meta.and_then(|file| serde_json::from_reader(file.take(META_BYTES_MAX)).ok());
            if let Some(meta) = meta.filter(|meta| meta.tool_use_id.len() <= META_CHARS_MAX) {
                found.files.insert(meta.tool_use_id.clone(), (PathBuf::from(format!("{stem}.jsonl")), meta));
            }
        }
        found
    }

    /// The subagent this tool call began, and the lines of its own transcript. Each is given once.
    pub(super) fn called_by(&mut self, tool_use_id: &str) -> Option<(ChatEvent, Vec<Value>)> {
        let (path, meta) = self.files.remove(tool_use_id)?;
        let stem = path.file_stem()?.to_string_lossy().into_owned();
        let lines = self.lines(&path).unwrap_or_default();
        let started = ChatEvent::TaskStarted {
            task_id: stem.strip_prefix("agent-").unwrap_or(&stem).to_owned(),
            tool_use_id: Some(tool_use_id.to_owned()),
            task_type: "local_agent".to_owned(),
            description: meta.description.unwrap_or_default(),
            subagent_type: meta.agent_type,
            prompt: None,
        };
        Some((started, lines))
    }

    fn lines(&mut self, path: &Path) -> Option<Vec<Value>> {
        let file = open(path).ok()?;
        let length = file.metadata().ok()?.len();
        if length > SUBAGENT_BYTES_MAX || self.bytes + length > SUBAGENTS_BYTES_MAX {
            return None;
        }
        self.bytes += length;
        let (mut reader, mut offset, mut found) = (BufReader::new(file), 0, Vec::new());
        while let Ok(Some(line)) = lines::next(&mut reader, &mut offset)
            && offset <= SUBAGENT_BYTES_MAX
        {
            found.extend(line.bytes.and_then(|bytes| lines::parsed::<Value>(&bytes)));
        }
        Some(found)
    }
}
