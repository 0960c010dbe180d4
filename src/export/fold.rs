//! Numbered events into a document, one at a time.

mod prompts;
mod turns;

use super::clean;
use super::document::{Document, Entry, Kind, Part, moment};
use super::words;
use crate::protocol::{Block, ChatEvent, Content, MessageOrigin, Session, TaskStatus, UnixMs};
use std::collections::HashMap;
use turns::Totals;

/// Longest part of a title that comes from elsewhere, in characters.
const TITLE_CHARS: usize = 120;

/// Takes events, gives a document.
#[derive(Debug, Default)]
pub struct Fold {
    document: Document,
    tools: HashMap<String, usize>,
    /// Blocks of messages that are not finished: message, index, whether it is thinking.
    open: HashMap<(String, u32), usize>,
    /// Messages of people by either of their ids.
    messages: HashMap<String, usize>,
    /// Messages that wait, with their words.
    queued: Vec<(String, UnixMs, Vec<Content>)>,
    prompts: HashMap<String, usize>,
    tasks: HashMap<String, usize>,
    totals: Totals,
}

impl Fold {
    /// A document about `session`. `oldest` is the number of the first event that is still there.
    pub fn new(session: &Session, oldest: u64) -> Self {
        let mut fold = Self::default();
        let document = &mut fold.document;
        document.title = clean::line(&session.title);
        let mut fact =
            |name, value: Option<String>| document.facts.extend(value.map(|value| (name, clean::line(&value))));
        fact("Directory", Some(session.cwd.clone()));
        fact("Model", session.model.as_ref().map(ToString::to_string));
        fact("Permission mode", session.permission_mode.clone());
        fact("Claude session", session.claude_session_id.clone());
        fact("Started", Some(moment(session.created_at)));
        fact("Ended", session.end.as_ref().map(|end| moment(end.at)));
        if oldest > 1 {
            let gone = oldest - 1;
            document.caveats.push(format!("The first {gone} events are no longer kept and are missing here."));
        }
        fold
    }

    /// The document, once all events are in it.
    pub fn finish(mut self) -> Document {
        for (_, at, content) in std::mem::take(&mut self.queued) {
            let parts = words::contents(content, true);
            self.add(None, at, Kind::Person, "You (waiting, not handed to Claude)".to_owned(), parts);
        }
        self.document.totals = self.totals.lines();
        self.document
    }

    /// The next event.
    pub fn event(&mut self, at: UnixMs, event: ChatEvent) {
        match event {
            ChatEvent::UserMessage { client_id, message_id, content, origin, by, parent_tool_use_id } => {
                let ids: Vec<String> = client_id.map(String::from).into_iter().chain(message_id).collect();
                self.said(at, ids, content, origin, by, parent_tool_use_id);
            }
            ChatEvent::UserMessageQueued { client_id, content, .. } => {
                let id = String::from(client_id);
                self.queued.retain(|(known, ..)| *known != id);
                self.queued.push((id, at, content));
            }
            ChatEvent::UserMessageCancelled { message_id, client_id } => {
                let ids: Vec<String> = client_id.map(String::from).into_iter().chain([message_id]).collect();
                self.queued.retain(|(known, ..)| !ids.contains(known));
                if let Some(index) = ids.iter().find_map(|id| self.messages.get(id)) {
                    self.remark(*index, "Taken back before Claude had it".to_owned());
                }
            }
            ChatEvent::TextDelta { message_id, index, text } => self.delta(at, message_id, index, &text, false),
            ChatEvent::ThinkingDelta { message_id, index, text } => self.delta(at, message_id, index, &text, true),
            ChatEvent::Message { message_id, index, block, error, parent_tool_use_id, .. } => {
                self.message(at, (message_id, index), block, error, parent_tool_use_id);
            }
            ChatEvent::MessageDiscarded { message_id } => self.discard(&message_id),
            ChatEvent::ToolUse { tool_use_id, name, input, parent_tool_use_id, .. } => {
                let title = words::tool_title(&name, &input);
                let parts = words::tool_input(&name, &input);
                let index = self.add(parent_tool_use_id, at, Kind::Tool, title, parts);
                self.tools.insert(tool_use_id, index);
            }
            ChatEvent::ToolResult { tool_use_id, is_error, content, structured, cut_bytes, .. } => {
                self.result(at, &tool_use_id, is_error, content, structured.as_ref(), cut_bytes);
            }
            ChatEvent::TaskStarted { task_id, tool_use_id, description, .. } => {
                let known = tool_use_id.and_then(|id| self.tools.get(&id).copied());
                let index = known.unwrap_or_else(|| {
                    let title = format!("Background task: {}", clean::short(&description, TITLE_CHARS));
                    self.add(None, at, Kind::Notice, title, Vec::new())
                });
                self.tasks.insert(task_id, index);
            }
            ChatEvent::TaskFinished { task_id, status, summary, total_tokens, tool_uses, duration_ms } => {
                let mut said = vec![task_word(status).to_owned()];
                said.extend(summary.map(|summary| clean::short(&summary, 200)));
                said.extend(tool_uses.map(|uses| format!("{uses} tool calls")));
                said.extend(total_tokens.map(|tokens| format!("{tokens} tokens")));
                said.extend(duration_ms.map(turns::duration));
                if let Some(index) = self.tasks.get(&task_id) {
                    self.remark(*index, format!("Task {}", said.join(" · ")));
                }
            }
            other => self.prompt(at, other),
        }
    }

    fn said(
        &mut self,
        at: UnixMs,
        ids: Vec<String>,
        content: Vec<Content>,
        origin: MessageOrigin,
        by: Option<String>,
        parent: Option<String>,
    ) {
        self.queued.retain(|(known, ..)| !ids.contains(known));
        let known = ids.iter().find_map(|id| self.messages.get(id).copied());
        let parts = words::contents(content, true);
        let index = match known {
            Some(index) => {
                self.document.entries[index].parts = parts;
                index
            }
            None => {
                let (kind, title) = match origin {
                    MessageOrigin::User => (Kind::Person, by.map_or("You".to_owned(), |by| clean::short(&by, 64))),
                    MessageOrigin::Cli => (Kind::Notice, "Claude Code".to_owned()),
                    MessageOrigin::Subagent => (Kind::Person, "Task for the subagent".to_owned()),
                };
                self.add(parent, at, kind, title, parts)
            }
        };
        self.messages.extend(ids.into_iter().map(|id| (id, index)));
    }

    fn delta(&mut self, at: UnixMs, message: String, index: u32, more: &str, thinking: bool) {
        let key = (message, index);
        let entry = match self.open.get(&key) {
            Some(entry) => *entry,
            None => {
                let (kind, title) = if thinking { (Kind::Thinking, "Thinking") } else { (Kind::Claude, "Claude") };
                let entry = self.add(None, at, kind, title.to_owned(), vec![Part::Prose(String::new())]);
                self.open.insert(key, entry);
                entry
            }
        };
        if let Some(Part::Prose(text)) = self.document.entries[entry].parts.first_mut() {
            text.push_str(more);
        }
    }

    fn message(&mut self, at: UnixMs, key: (String, u32), block: Block, error: Option<String>, parent: Option<String>) {
        let (kind, title, text) = match block {
            Block::Text { text } => (Kind::Claude, "Claude", text),
            Block::Thinking { text } if text.is_empty() => (Kind::Thinking, "Thinking (not shown by the model)", text),
            Block::Thinking { text } => (Kind::Thinking, "Thinking", text),
        };
        let mut parts = vec![Part::Prose(text)];
        parts.extend(error.map(|error| Part::Remark(format!("Error: {}", clean::short(&error, TITLE_CHARS)))));
        match self.open.remove(&key).filter(|_| parent.is_none()) {
            Some(index) => self.document.entries[index].parts = parts,
            None => drop(self.add(parent, at, kind, title.to_owned(), parts)),
        }
    }

    /// What was shown of a message that never got finished is void.
    fn discard(&mut self, message: &str) {
        let document = &mut self.document;
        self.open.retain(|(id, _), index| {
            let void = id == message;
            if void {
                document.top.retain(|top| top != index);
            }
            !void
        });
    }

    fn result(
        &mut self,
        at: UnixMs,
        tool_use_id: &str,
        is_error: bool,
        content: Vec<Content>,
        structured: Option<&serde_json::Value>,
        cut_bytes: Option<u64>,
    ) {
        let (parts, is_patch) = words::tool_result(content, structured, is_error);
        let index = match self.tools.get(tool_use_id) {
            Some(index) => *index,
            None => self.add(None, at, Kind::Tool, "Result of an earlier tool call".to_owned(), Vec::new()),
        };
        let entry = &mut self.document.entries[index];
        if is_patch {
            // It says the same, and where.
            entry.parts.retain(|part| !matches!(part, Part::Code { .. }));
        }
        if is_error {
            entry.title.push_str(" — failed");
        }
        entry.parts.extend(parts);
        entry.parts.extend(cut_bytes.map(|bytes| Part::Remark(format!("{bytes} bytes were left out"))));
    }

    fn add(&mut self, parent: Option<String>, at: UnixMs, kind: Kind, title: String, parts: Vec<Part>) -> usize {
        let parent = parent.and_then(|id| self.tools.get(&id).copied());
        self.document.add(parent, Entry { at, kind, title, parts, children: Vec::new(), depth: 0 })
    }

    fn notice(&mut self, at: UnixMs, title: impl Into<String>, parts: Vec<Part>) {
        self.add(None, at, Kind::Notice, title.into(), parts);
    }

    fn remark(&mut self, index: usize, text: String) {
        self.document.entries[index].parts.push(Part::Remark(text));
    }
}

fn task_word(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Running => "running",
        TaskStatus::Completed => "completed",
        TaskStatus::Failed => "failed",
        TaskStatus::Stopped => "stopped",
    }
}
