//! Where turns begin and end.

use super::fields::{count, flag, list, number, string, text};
use super::{Decoded, Decoder};
use crate::protocol::{ChatEvent, McpServer, TurnOutcome, Usage};
use serde_json::Value;

fn mcp_server(value: &Value) -> Option<McpServer> {
    Some(McpServer { name: string(value, "name")?, status: string(value, "status").unwrap_or_default() })
}

/// `tool_progress`. For a shell command its own id is a placeholder and the tool call is the parent.
pub(super) fn tool_progress(line: &Value) -> ChatEvent {
    let id = string(line, "parent_tool_use_id").or_else(|| string(line, "tool_use_id"));
    ChatEvent::ToolProgress {
        tool_use_id: id.unwrap_or_default(),
        elapsed_seconds: number(line, "elapsed_time_seconds"),
    }
}

impl Decoder {
    /// `system/init`, which comes at the start of every turn.
    pub(super) fn turn_started(&mut self, line: &Value) -> Vec<Decoded> {
        let event = ChatEvent::TurnStarted {
            claude_session_id: string(line, "session_id").unwrap_or_default(),
            model: string(line, "model"),
            permission_mode: string(line, "permissionMode"),
            claude_version: string(line, "claude_code_version"),
            mcp_servers: list(line, "mcp_servers").iter().filter_map(mcp_server).collect(),
        };
        let context = self.gauge.model(text(line, "model"));
        [event].into_iter().chain(context).map(Decoded::Event).collect()
    }

    pub(super) fn turn_finished(&mut self, line: &Value) -> Vec<Decoded> {
        self.compact_error = None;
        let total_cost_usd = number(line, "total_cost_usd");
        let outcome = outcome(line);
        let finished = ChatEvent::TurnFinished {
            outcome,
            error: (outcome == TurnOutcome::Error).then(|| error_text(line)),
            usage: line.get("usage").map(usage).unwrap_or_default(),
            cost_usd: total_cost_usd.map(|total| self.cost_of_turn(total)),
            total_cost_usd,
            duration_ms: count(line, "duration_ms"),
            unsolicited: line.get("origin").and_then(|origin| text(origin, "kind")) == Some("task-notification"),
        };
        // Before the end, so that whoever looks at the end knows it.
        let context = self.gauge.turn_finished(line);
        self.stream.end().into_iter().chain(context).chain([finished]).map(Decoded::Event).collect()
    }

    /// The CLI counts over the life of its process.
    fn cost_of_turn(&mut self, total: f64) -> f64 {
        // Should the count ever start again, all of it is new.
        let turn = if total < self.cost_usd { total } else { total - self.cost_usd };
        self.cost_usd = total;
        // The difference of two sums carries noise far below anything billed.
        (turn * 1e9).round() / 1e9
    }
}

fn outcome(line: &Value) -> TurnOutcome {
    // An interrupted turn also calls itself an error, so the reason is asked first.
    if text(line, "terminal_reason").is_some_and(|reason| reason.starts_with("aborted")) {
        return TurnOutcome::Interrupted;
    }
    // A failed API request calls itself `success` with `is_error`.
    let failed = flag(line, "is_error") || text(line, "subtype").is_some_and(|subtype| subtype.starts_with("error"));
    if failed { TurnOutcome::Error } else { TurnOutcome::Success }
}

fn error_text(line: &Value) -> String {
    if let Some(result) = text(line, "result").filter(|result| !result.is_empty()) {
        return result.to_owned();
    }
    let errors: Vec<&str> = list(line, "errors").iter().filter_map(Value::as_str).collect();
    if errors.is_empty() { string(line, "subtype").unwrap_or_else(|| "error".into()) } else { errors.join("\n") }
}

fn usage(value: &Value) -> Usage {
    let tokens = |key| count(value, key).unwrap_or(0);
    Usage {
        input_tokens: tokens("input_tokens"),
        output_tokens: tokens("output_tokens"),
        cache_read_input_tokens: tokens("cache_read_input_tokens"),
        cache_creation_input_tokens: tokens("cache_creation_input_tokens"),
    }
}
