//! `system` lines: everything the CLI tells about itself.

use super::fields::{count, string, text};
use super::{Decoded, Decoder, Lifecycle, control, notices, tasks, unknown};
use crate::protocol::ChatEvent;
use serde_json::Value;

impl Decoder {
    pub(super) fn system(&mut self, line: Value) -> Vec<Decoded> {
        let event = match text(&line, "subtype").unwrap_or_default() {
            "init" => return self.turn_started(&line),
            "status" => return self.status(&line),
            "session_state_changed" => return lifecycle(line),
            "api_retry" => api_retry(&line),
            "compact_boundary" => return self.compacted(&line),
            "task_started" => tasks::started(&line),
            "task_progress" => tasks::progress(&line),
            "task_updated" => return tasks::updated(&line),
            "task_notification" => return tasks::finished(&line),
            "hook_response" => hook(&line),
            "permission_denied" => permission_denied(&line),
            "commands_changed" => control::capabilities_of(&line, self.models.clone()),
            "notification" => return notices::notification(line),
            "informational" => return notices::informational(line),
            "local_command_output" => return notices::local_command_output(line),
            "files_persisted" => return notices::files_persisted(&line),
            // Noise: a heartbeat per delta; a hook's start and progress, whose end follows and repeats it; a refusal,
            // which a message of the CLI's own explains next.
            "thinking_tokens" | "hook_started" | "hook_progress" | "model_refusal_no_fallback" => return Vec::new(),
            _ => return unknown(line),
        };
        vec![Decoded::Event(event)]
    }

    fn compacted(&mut self, line: &Value) -> Vec<Decoded> {
        let none = Value::Null;
        let metadata = line.get("compact_metadata").unwrap_or(&none);
        let post_tokens = count(metadata, "post_tokens");
        let event = ChatEvent::Compacted {
            trigger: string(metadata, "trigger"),
            pre_tokens: count(metadata, "pre_tokens"),
            post_tokens,
        };
        let context = self.gauge.shrunk_to(post_tokens);
        [event].into_iter().chain(context).map(Decoded::Event).collect()
    }

    fn status(&mut self, line: &Value) -> Vec<Decoded> {
        let mut events = Vec::new();
        if let Some(mode) = string(line, "permissionMode") {
            events.push(ChatEvent::Mode { permission_mode: mode });
        }
        if let Some(message) = string(line, "compact_error") {
            self.compact_error = Some(message.clone());
            events.push(ChatEvent::Warning { code: "compact_failed".into(), message });
        }
        // Waiting for the model is no activity of its own; it is most of every turn.
        let activity = string(line, "status").filter(|status| status != "requesting");
        if activity != self.activity {
            self.activity.clone_from(&activity);
            events.push(ChatEvent::Activity { status: activity });
        }
        events.into_iter().map(Decoded::Event).collect()
    }
}

fn lifecycle(line: Value) -> Vec<Decoded> {
    let state = match text(&line, "state").unwrap_or_default() {
        "running" => Lifecycle::Running,
        "requires_action" => Lifecycle::RequiresAction,
        "idle" => Lifecycle::Idle,
        _ => return unknown(line),
    };
    vec![Decoded::Lifecycle(state)]
}

fn api_retry(line: &Value) -> ChatEvent {
    let small = |key| count(line, key).and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    ChatEvent::ApiRetry {
        attempt: small("attempt"),
        max_retries: small("max_retries"),
        retry_delay_ms: count(line, "retry_delay_ms").unwrap_or(0),
        error_status: count(line, "error_status").and_then(|status| u16::try_from(status).ok()),
        error: string(line, "error").unwrap_or_default(),
    }
}

fn hook(line: &Value) -> ChatEvent {
    let printed = string(line, "output").filter(|output| !output.is_empty()).unwrap_or_else(|| {
        [text(line, "stdout"), text(line, "stderr")].into_iter().flatten().collect::<Vec<_>>().concat()
    });
    ChatEvent::Hook {
        name: string(line, "hook_name").unwrap_or_default(),
        outcome: string(line, "outcome"),
        exit_code: line.get("exit_code").and_then(Value::as_i64).and_then(|code| i32::try_from(code).ok()),
        output: printed,
    }
}

fn permission_denied(line: &Value) -> ChatEvent {
    ChatEvent::PermissionDenied {
        tool_name: string(line, "tool_name").unwrap_or_default(),
        tool_use_id: string(line, "tool_use_id"),
        message: string(line, "message").or_else(|| string(line, "decision_reason_type")).unwrap_or_default(),
    }
}
