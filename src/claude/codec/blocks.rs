//! Content blocks: of assistant messages, of tool results, of user messages.

use super::fields::{flag, list, string, text};
use super::stream::BlockKind;
use super::{Decoded, Decoder, cut};
use crate::protocol::{Block, ChatEvent, Content};
use serde_json::Value;

/// `message.model` of what the CLI says itself.
const SYNTHETIC_MODEL: &str = "<synthetic>";

impl Decoder {
    /// An `assistant` line: one finished block, or all of a message that was not streamed.
    pub(super) fn assistant(&mut self, line: &Value) -> Vec<Decoded> {
        let none = Value::Null;
        let message = line.get("message").unwrap_or(&none);
        let origin = Origin {
            uuid: string(line, "uuid"),
            message_id: string(message, "id").or_else(|| string(line, "uuid")).unwrap_or_default(),
            synthetic: text(message, "model") == Some(SYNTHETIC_MODEL),
            error: string(line, "error"),
            parent_tool_use_id: string(line, "parent_tool_use_id"),
        };
        let mut out = Vec::new();
        if origin.parent_tool_use_id.is_none() {
            // A stream that broke off is taken up by a message with another id, without any notice.
            out.extend(self.stream.superseded_by(&origin.message_id));
        }
        match message.get("content") {
            Some(Value::String(words)) => out.extend(self.text_block(&origin, words)),
            _ => out.extend(list(message, "content").iter().filter_map(|block| self.block(&origin, block))),
        }
        out.into_iter().map(Decoded::Event).collect()
    }

    fn block(&mut self, origin: &Origin, block: &Value) -> Option<ChatEvent> {
        match text(block, "type").unwrap_or_default() {
            "text" => self.text_block(origin, text(block, "text").unwrap_or_default()),
            "thinking" => Some(self.thinking_block(origin, text(block, "thinking").unwrap_or_default())),
            "redacted_thinking" => Some(self.thinking_block(origin, "")),
            "tool_use" | "server_tool_use" | "mcp_tool_use" => {
                let tool_use_id = string(block, "id").unwrap_or_default();
                self.stream.finish(&origin.message_id, &BlockKind::Tool(tool_use_id.clone()));
                Some(ChatEvent::ToolUse {
                    tool_use_id,
                    name: string(block, "name").unwrap_or_default(),
                    input: block.get("input").cloned().unwrap_or_default(),
                    message_id: origin.message_id.clone(),
                    parent_tool_use_id: origin.parent_tool_use_id.clone(),
                })
            }
            kind if kind.ends_with("_tool_result") => {
                self.stream.finish(&origin.message_id, &BlockKind::Other);
                Some(tool_result(block, None, origin.parent_tool_use_id.clone()))
            }
            _ => {
                self.stream.finish(&origin.message_id, &BlockKind::Other);
                Some(ChatEvent::Unknown { raw: block.clone() })
            }
        }
    }

    /// None for an empty block of which nothing was shown.
    fn text_block(&mut self, origin: &Origin, words: &str) -> Option<ChatEvent> {
        let was_told = |error: &String| !error.trim().is_empty() && words.trim_end().ends_with(error.trim_end());
        if origin.synthetic && self.compact_error.as_ref().is_some_and(was_told) {
            return None;
        }
        let (index, shown) = self.stream.finish(&origin.message_id, &BlockKind::Text);
        (shown || !words.is_empty()).then(|| origin.message(index, Block::Text { text: words.to_owned() }))
    }

    /// Also when empty: that the model thought is worth showing.
    fn thinking_block(&mut self, origin: &Origin, words: &str) -> ChatEvent {
        let (index, _) = self.stream.finish(&origin.message_id, &BlockKind::Thinking);
        origin.message(index, Block::Thinking { text: words.to_owned() })
    }
}

/// What all blocks of an assistant line share.
struct Origin {
    message_id: String,
    uuid: Option<String>,
    synthetic: bool,
    error: Option<String>,
    parent_tool_use_id: Option<String>,
}

impl Origin {
    fn message(&self, index: u32, block: Block) -> ChatEvent {
        ChatEvent::Message {
            message_id: self.message_id.clone(),
            index,
            block,
            uuid: self.uuid.clone(),
            synthetic: self.synthetic,
            error: self.error.clone(),
            parent_tool_use_id: self.parent_tool_use_id.clone(),
        }
    }
}

/// A block that says what a tool gave.
pub(super) fn tool_result(
    block: &Value,
    mut structured: Option<Value>,
    parent_tool_use_id: Option<String>,
) -> ChatEvent {
    let mut content = content(block.get("content"));
    let cut_bytes = cut::result(&mut content, structured.as_mut());
    ChatEvent::ToolResult {
        tool_use_id: string(block, "tool_use_id").unwrap_or_default(),
        is_error: flag(block, "is_error"),
        content,
        structured,
        cut_bytes,
        parent_tool_use_id,
    }
}

/// Content that may be a string, a list of blocks, or one block.
pub(super) fn content(value: Option<&Value>) -> Vec<Content> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(words)) if words.is_empty() => Vec::new(),
        Some(Value::String(words)) => vec![Content::Text { text: words.clone() }],
        Some(Value::Array(blocks)) => blocks.iter().map(part).collect(),
        Some(other) => vec![part(other)],
    }
}

fn part(block: &Value) -> Content {
    let known = match text(block, "type").unwrap_or_default() {
        "text" => string(block, "text").map(|text| Content::Text { text }),
        "image" => block.get("source").and_then(image),
        _ => None,
    };
    known.unwrap_or_else(|| Content::Other { raw: block.clone() })
}

fn image(source: &Value) -> Option<Content> {
    // Others name a file or an address, which a browser of ours may not fetch.
    (text(source, "type")? == "base64").then_some(())?;
    Some(Content::Image { media_type: string(source, "media_type")?, data: string(source, "data")? })
}
