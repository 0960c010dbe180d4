//! Lines of Claude Code's stream-json output → what this server understands.
//!
//! Total: no line makes it fail. What is not JSON becomes a warning, what is JSON but not known is
//! handed on raw and counted, and a known message with odd or missing fields gives the best event
//! it can. The CLI's order is kept except that nothing waits: each line is decoded by itself, with
//! only the memory named in `Decoder`.

mod blocks;
mod control;
mod cut;
pub(super) mod fields;
pub(super) mod gauge;
mod mend;
mod notices;
mod stream;
mod system;
mod tasks;
#[cfg(test)]
mod tests;
mod turn;
mod user;

pub use control::capabilities;

use crate::protocol::{ApprovalRequest, ChatEvent, ModelChoice, PlanRequest, PromptId, QuestionRequest};
use serde_json::Value;
use std::path::PathBuf;

/// What one line meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Decoded {
    /// Something for the chat's log.
    Event(ChatEvent),
    /// The CLI waits for an answer.
    Ask(PromptAsk),
    /// The CLI no longer waits for this answer.
    AskWithdrawn {
        /// Which.
        request_id: PromptId,
    },
    /// The answer to a control request of ours.
    ControlReply {
        /// The request's id.
        request_id: String,
        /// What the CLI gave (null when it gave nothing), or its error.
        reply: Result<Value, String>,
    },
    /// A user message entered a turn.
    Replayed {
        /// Its uuid; not necessarily one of ours.
        uuid: String,
    },
    /// The conversation now has this id.
    ClaudeSession {
        /// The id.
        id: String,
    },
    /// What the CLI says of its own state.
    Lifecycle(Lifecycle),
    /// A background task writes to this file, as the CLI says.
    TaskFile {
        /// Task.
        task_id: String,
        /// Where it says; to be judged before it is opened.
        path: PathBuf,
    },
    /// The CLI asks for something this server does not offer; it waits until told so by an error.
    UnknownControl {
        /// The request's id.
        request_id: String,
        /// What was asked for.
        subtype: String,
    },
}

/// Something a person must answer. The raw input goes back to the CLI with the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum PromptAsk {
    /// A tool wants to run.
    Approval(ApprovalRequest),
    /// Claude asks; with the tool's raw input.
    Question(QuestionRequest, Value),
    /// Claude wants to leave plan mode; with the tool's raw input.
    Plan(PlanRequest, Value),
}

impl PromptAsk {
    /// The id to answer.
    pub fn request_id(&self) -> &PromptId {
        match self {
            Self::Approval(request) => &request.request_id,
            Self::Question(request, _) => &request.request_id,
            Self::Plan(request, _) => &request.request_id,
        }
    }

    /// The tool's input as the CLI sent it.
    pub fn raw_input(&self) -> &Value {
        match self {
            Self::Approval(request) => &request.input,
            Self::Question(_, raw_input) | Self::Plan(_, raw_input) => raw_input,
        }
    }
}

/// What the CLI says of its own state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifecycle {
    /// It works.
    Running,
    /// It waits for an answer.
    RequiresAction,
    /// It is done and nothing is queued. Background tasks may still run.
    Idle,
}

/// Decodes the lines of one process. A new process needs a new decoder.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Messages being written.
    stream: stream::Assembly,
    /// Last session id seen.
    session: Option<String>,
    /// What the process had cost at the end of the last turn.
    cost_usd: f64,
    /// Activity last announced.
    activity: Option<String>,
    /// Why compacting failed in this turn; the CLI says it once as its state and once more as a message.
    compact_error: Option<String>,
    /// Models last offered; a later change of the commands does not repeat them.
    models: Vec<ModelChoice>,
    /// How full the context window is.
    gauge: gauge::Gauge,
    unknown: u64,
}

impl Decoder {
    /// Decodes one line, with or without its end.
    pub fn line(&mut self, line: &[u8]) -> Vec<Decoded> {
        if line.trim_ascii().is_empty() {
            return Vec::new();
        }
        let Some(value) = mend::value(line) else {
            return vec![Decoded::Event(garbage(line))];
        };
        let mut out = Vec::new();
        if let Some(id) = fields::text(&value, "session_id").filter(|id| !id.is_empty())
            && self.session.as_deref() != Some(id)
        {
            self.session = Some(id.to_owned());
            out.push(Decoded::ClaudeSession { id: id.to_owned() });
            out.extend(self.gauge.emptied().map(Decoded::Event));
        }
        out.extend(self.message(value));
        self.unknown += out.iter().filter(|decoded| is_unknown(decoded)).count() as u64;
        out
    }

    /// How many messages were not understood.
    pub fn unknown_count(&self) -> u64 {
        self.unknown
    }

    fn message(&mut self, value: Value) -> Vec<Decoded> {
        match fields::text(&value, "type").unwrap_or_default() {
            "stream_event" => self.stream_event(value),
            "assistant" => self.assistant(&value),
            "user" => user::decode(&value),
            "result" => self.turn_finished(&value),
            "system" => self.system(value),
            "control_request" => control::request(value),
            "control_response" => self.control_response(value),
            "control_cancel_request" => control::withdrawn(value),
            "tool_progress" => vec![Decoded::Event(turn::tool_progress(&value))],
            "rate_limit_event" => vec![Decoded::Event(ChatEvent::RateLimit { raw: value })],
            "auth_status" => notices::auth_status(&value),
            // A summary repeats what the tools' own results say; suggestions are not asked for.
            "keep_alive" | "tool_use_summary" | "prompt_suggestion" => Vec::new(),
            _ => unknown(value),
        }
    }
}

fn unknown(raw: Value) -> Vec<Decoded> {
    vec![Decoded::Event(ChatEvent::Unknown { raw })]
}

fn is_unknown(decoded: &Decoded) -> bool {
    matches!(decoded, Decoded::Event(ChatEvent::Unknown { .. }) | Decoded::UnknownControl { .. })
}

fn garbage(line: &[u8]) -> ChatEvent {
    // Cut before it is decoded: a line can be 32 MiB, and a character takes at most four bytes.
    let head = String::from_utf8_lossy(&line[..line.len().min(GARBAGE_SHOWN_CHARS * 4)]);
    let shown: String = head.trim_end().chars().take(GARBAGE_SHOWN_CHARS).flat_map(char::escape_debug).collect();
    ChatEvent::Warning {
        code: "garbage_line".into(),
        message: format!("Claude Code wrote a line of {} bytes that is not JSON: {shown}", line.len()),
    }
}

const GARBAGE_SHOWN_CHARS: usize = 200;
