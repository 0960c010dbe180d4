//! What the CLI said, applied to the session.

use super::answers::refused;
use super::{Actor, Control};
use crate::claude::codec::{Decoded, capabilities};
use crate::claude::{encode, report};
use crate::protocol::{AckStatus, ChatEvent, ContextUse, TurnOutcome};
use crate::sessions::core::lock;
use serde_json::Value;
use uuid::Uuid;

impl Actor {
    pub(super) fn on_decoded(&mut self, decoded: Decoded) {
        match decoded {
            Decoded::Event(event) => self.on_event(event),
            Decoded::Ask(ask) => {
                let event = lock(&self.shared.prompts).ask(ask);
                if let Some(event) = event {
                    self.push(event);
                }
                self.show_state();
            }
            Decoded::AskWithdrawn { request_id } => {
                let event = lock(&self.shared.prompts).withdraw(&request_id);
                if let Some(event) = event {
                    self.push(event);
                }
                self.show_state();
            }
            Decoded::ControlReply { request_id, reply } => self.on_control_reply(&request_id, reply),
            Decoded::Replayed { uuid } => self.on_replayed(&uuid),
            Decoded::ClaudeSession { id } => {
                lock(&self.shared.tasks).conversation(&id);
                self.core().update(|session| session.claude_session_id = Some(id));
            }
            Decoded::TaskFile { task_id, path } => lock(&self.shared.tasks).remember(&task_id, path),
            Decoded::Lifecycle(lifecycle) => {
                self.turn.lifecycle(lifecycle);
                self.show_state();
                self.stop_goes_on();
            }
            Decoded::UnknownControl { request_id, subtype } => {
                let message = format!("claude-web does not offer {subtype}");
                // A child that takes nothing any more does not wait for this either.
                let _ = self.write(encode::control_error(&request_id, &message));
                self.push(ChatEvent::Warning {
                    code: "unknown_control_request".to_owned(),
                    message: format!("Claude Code asked for `{subtype}`, which this version of claude-web does not know; it was refused."),
                });
            }
        }
    }

    fn on_event(&mut self, mut event: ChatEvent) {
        if let ChatEvent::Capabilities { project_trusted, .. } = &mut event {
            *project_trusted = self.project_trusted;
        }
        self.standing.notice(&event);
        match &event {
            ChatEvent::TurnStarted { model, permission_mode, .. } => {
                self.turn.started();
                let model = model.as_deref().and_then(|model| model.parse().ok());
                self.core().update(|session| {
                    session.model = model.or(session.model.take());
                    session.permission_mode = permission_mode.clone().or(session.permission_mode.take());
                });
            }
            ChatEvent::TurnFinished { total_cost_usd, outcome, .. } => {
                self.turn.finished();
                // What failed once, for a limit or a login, would fail for each message that waits.
                if *outcome == TurnOutcome::Error {
                    self.pause_queue();
                }
                let moot = lock(&self.shared.prompts).cancel_of_turn();
                for event in moot {
                    self.push(event);
                }
                if let Some(total) = total_cost_usd {
                    self.core().update(|session| session.cost_usd = Some(*total));
                }
            }
            ChatEvent::Context { used_tokens, window_tokens } => {
                let context = ContextUse { used_tokens: *used_tokens, window_tokens: *window_tokens };
                self.core().update(|session| session.context = Some(context));
            }
            ChatEvent::Mode { permission_mode } => {
                self.core().update(|session| session.permission_mode = Some(permission_mode.clone()));
            }
            _ => {}
        }
        let may_change_state = matches!(event, ChatEvent::TurnStarted { .. } | ChatEvent::TurnFinished { .. });
        self.push(event);
        if may_change_state {
            self.show_state();
            self.stop_goes_on();
        }
    }

    fn on_replayed(&mut self, uuid: &str) {
        let Some(waiting) = uuid.parse().ok().and_then(|uuid: Uuid| self.turn.taken(uuid)) else { return };
        self.push(waiting.delivered());
        self.show_state();
    }

    fn on_control_reply(&mut self, request_id: &str, reply: Result<Value, String>) {
        let Some(control) = self.controls.remove(request_id) else { return };
        match (control, reply) {
            (Control::Initialize, Ok(reply)) => {
                self.turn.ready();
                self.on_event(capabilities(&reply));
                self.show_state();
            }
            (Control::Initialize, Err(error)) => {
                self.turn.ready();
                self.push(ChatEvent::Warning { code: "initialize_failed".to_owned(), message: error });
                self.show_state();
            }
            (Control::Reply(client_id, reply, then), answer) => {
                let result = answer.map_err(|error| refused(&error)).and_then(|answer| self.carried_out(then, &answer));
                self.settle(&client_id, reply, result.map(|()| AckStatus::Delivered));
            }
            (Control::CancelMessage(uuid), Ok(reply)) => {
                if reply.get("cancelled").and_then(Value::as_bool) == Some(true)
                    && let Some(waiting) = self.turn.taken(uuid)
                {
                    self.push(waiting.cancelled());
                    self.show_state();
                }
            }
            (Control::Context(answer), reply) => {
                let unreadable = || refused("its answer does not say how full the context is");
                let report = reply.map_err(|error| refused(&error));
                let _ = answer.send(report.and_then(|reply| report::context(&reply).ok_or_else(unreadable)));
            }
            (Control::WouldRewind(answer), reply) => drop(answer.send(Ok(report::rewind(reply)))),
            (Control::Rewind(request, rehearsed, who, answer), reply) => {
                let report = self.on_rewound(&request, *rehearsed, who, reply);
                let _ = answer.send(Ok(report));
            }
            (Control::CancelMessage(_) | Control::Ignore, _) => {}
        }
    }
}
