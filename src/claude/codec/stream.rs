//! Keeps the books of messages that are being written: which blocks were begun, shown, finished.
//!
//! The CLI's finished `assistant` line carries no block index. It comes, one per block, while that
//! block is still open; so the index is that of the first unfinished block of the same kind.

use super::fields::{count, string, text};
use super::{Decoded, Decoder, unknown};
use crate::protocol::ChatEvent;
use serde_json::Value;
use std::collections::VecDeque;

/// Messages remembered: the one being streamed and those of subagents, which interleave with it.
const MAX_MESSAGES: usize = 64;

/// The messages of one process that may still change.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    messages: VecDeque<Message>,
    /// Id of the message being streamed.
    current: Option<String>,
}

#[derive(Debug)]
struct Message {
    id: String,
    blocks: Vec<OpenBlock>,
}

#[derive(Debug)]
struct OpenBlock {
    index: u32,
    kind: BlockKind,
    /// Browsers have heard of it.
    shown: bool,
    finished: bool,
}

/// What a block is, as far as finding it again needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BlockKind {
    Text,
    Thinking,
    /// With the tool call's id.
    Tool(String),
    Other,
}

impl Assembly {
    /// Marks a block as finished and gives its index, and whether any of it was shown before.
    pub(super) fn finish(&mut self, message_id: &str, kind: &BlockKind) -> (u32, bool) {
        let blocks = &mut self.message(message_id).blocks;
        if let Some(block) = blocks.iter_mut().find(|block| !block.finished && block.kind == *kind) {
            block.finished = true;
            return (block.index, block.shown);
        }
        let index = blocks.iter().map(|block| block.index.saturating_add(1)).max().unwrap_or(0);
        blocks.push(OpenBlock { index, kind: kind.clone(), shown: false, finished: true });
        (index, false)
    }

    /// Another message takes the place of the one being streamed.
    pub(super) fn superseded_by(&mut self, message_id: &str) -> Option<ChatEvent> {
        if self.current.as_deref() == Some(message_id) { None } else { self.discard() }
    }

    /// Nothing more will come for the message being streamed.
    pub(super) fn end(&mut self) -> Option<ChatEvent> {
        let discarded = self.discard();
        self.current = None;
        discarded
    }

    /// Voids what was shown of the streamed message but never finished.
    fn discard(&mut self) -> Option<ChatEvent> {
        let id = self.current.clone()?;
        let blocks = &mut self.message(&id).blocks;
        let unfinished = blocks.iter().any(|block| block.shown && !block.finished);
        blocks.retain(|block| block.finished);
        unfinished.then_some(ChatEvent::MessageDiscarded { message_id: id })
    }

    fn start(&mut self, id: &str) -> Option<ChatEvent> {
        // Also when the id is the same: a message that starts again has lost what was unfinished.
        let discarded = self.end();
        self.message(id);
        self.current = Some(id.to_owned());
        discarded
    }

    fn message(&mut self, id: &str) -> &mut Message {
        let at = match self.messages.iter().position(|message| message.id == id) {
            Some(at) => at,
            None => {
                if self.messages.len() >= MAX_MESSAGES {
                    let current = self.current.as_deref();
                    let oldest = self.messages.iter().position(|message| current != Some(&message.id));
                    self.messages.remove(oldest.unwrap_or(0));
                }
                self.messages.push_back(Message { id: id.to_owned(), blocks: Vec::new() });
                self.messages.len() - 1
            }
        };
        &mut self.messages[at]
    }

    /// The open block of the streamed message at `index`, begun now if its start was missed.
    fn block(&mut self, index: u32, kind: BlockKind) -> Option<(&str, &mut OpenBlock)> {
        let id = self.current.clone()?;
        let message = self.message(&id);
        let at = message.blocks.iter().position(|block| block.index == index).unwrap_or_else(|| {
            message.blocks.push(OpenBlock { index, kind, shown: false, finished: false });
            message.blocks.len() - 1
        });
        Some((&message.id, &mut message.blocks[at]))
    }

    fn begin_block(&mut self, index: u32, block: &Value) -> Option<ChatEvent> {
        let (kind, first) = match text(block, "type")? {
            "text" => (BlockKind::Text, text(block, "text")),
            "thinking" => (BlockKind::Thinking, text(block, "thinking")),
            "tool_use" | "server_tool_use" | "mcp_tool_use" => (BlockKind::Tool(string(block, "id")?), None),
            _ => (BlockKind::Other, None),
        };
        if let BlockKind::Tool(tool_use_id) = &kind {
            let (message_id, begun) = self.block(index, kind.clone())?;
            begun.shown = true;
            return Some(ChatEvent::ToolUseStarted {
                tool_use_id: tool_use_id.clone(),
                name: string(block, "name").unwrap_or_default(),
                message_id: message_id.to_owned(),
            });
        }
        self.append(index, kind, first.unwrap_or_default())
    }

    /// Text for a block; an empty one begins the block but shows nothing.
    fn append(&mut self, index: u32, kind: BlockKind, more: &str) -> Option<ChatEvent> {
        let thinking = kind == BlockKind::Thinking;
        let (message_id, block) = self.block(index, kind)?;
        if more.is_empty() || block.finished {
            return None;
        }
        block.shown = true;
        let (message_id, text) = (message_id.to_owned(), more.to_owned());
        Some(match thinking {
            true => ChatEvent::ThinkingDelta { message_id, index, text },
            false => ChatEvent::TextDelta { message_id, index, text },
        })
    }

    fn delta(&mut self, index: u32, delta: &Value) -> Option<ChatEvent> {
        match text(delta, "type")? {
            "text_delta" => self.append(index, BlockKind::Text, text(delta, "text")?),
            "thinking_delta" => self.append(index, BlockKind::Thinking, text(delta, "thinking")?),
            // The input of a tool comes whole with `tool_use`; signatures and citations are not shown.
            _ => None,
        }
    }
}

impl Decoder {
    pub(super) fn stream_event(&mut self, line: Value) -> Vec<Decoded> {
        // Never seen: subagents do not stream. Their deltas could not be told from the main thread's;
        // the finished blocks follow anyway.
        if text(&line, "parent_tool_use_id").is_some() {
            return Vec::new();
        }
        let Some(event) = line.get("event") else { return unknown(line) };
        let index = count(event, "index").and_then(|index| u32::try_from(index).ok());
        let decoded = match (text(event, "type").unwrap_or_default(), index) {
            ("message_start", _) => event.get("message").and_then(|message| {
                self.gauge.message_start(message);
                self.stream.start(text(message, "id")?)
            }),
            ("message_delta", _) => self.gauge.message_delta(event),
            ("content_block_start", Some(index)) => {
                event.get("content_block").and_then(|block| self.stream.begin_block(index, block))
            }
            ("content_block_delta", Some(index)) => {
                event.get("delta").and_then(|delta| self.stream.delta(index, delta))
            }
            // A block is finished by its `assistant` line, the stop reason comes with the result.
            ("content_block_stop" | "message_stop" | "ping", _) => None,
            _ => return unknown(line),
        };
        decoded.map(Decoded::Event).into_iter().collect()
    }
}
