//! What clients ask of a chat, carried out once each.

use super::super::{ChatAction, Command, Reply};
use super::ending::Stage;
use super::{Actor, Control};
use crate::claude::encode;
use crate::protocol::{
    AckStatus, ChatEvent, ClientId, Content, Decision, Effort, MessageOrigin, ModelName, PermissionMode, PromptId,
};
use crate::sessions::SessionError;
use crate::sessions::core::lock;
use base64::Engine;

/// A conversation without a title takes this much of its first prompt.
const TITLE_CHARS: usize = 60;
/// Messages the CLI has not taken into a turn yet. Fewer than the lines stdin queues, so that asking all of them back
/// leaves room for the interrupt behind it.
const WAITING_MAX: usize = 100;

impl Actor {
    pub(super) fn on_command(&mut self, command: Command) {
        let Command { client_id, action, who, reply } = command;
        if self.once.has(&client_id) {
            let _ = reply.send(Ok(AckStatus::Duplicate));
            return;
        }
        if self.stage != Stage::Running {
            // It would be taken, and then nobody would carry it out.
            let _ = reply.send(Err(SessionError::Ended));
            return;
        }
        self.once.remember(client_id.clone());
        let result = match action {
            ChatAction::Send { content, .. } => self.send(&client_id, content, &who),
            ChatAction::Queue { .. } | ChatAction::Task { .. } => {
                Err(SessionError::Invalid { message: "not offered yet".to_owned() })
            }
            ChatAction::Answer { request_id, decision } => self.answer(&request_id, &decision, &who),
            ChatAction::Interrupt => {
                self.ask_back_waiting_messages();
                return self.control_for(client_id, reply, None, encode::interrupt);
            }
            ChatAction::Set { permission_mode, model, effort } => {
                return self.set(client_id, reply, permission_mode, model, effort);
            }
        };
        self.settle(&client_id, reply, result);
    }

    /// Answers whoever asked; what failed may be sent again under the same id.
    fn settle(&mut self, client_id: &ClientId, reply: Reply, result: Result<AckStatus, SessionError>) {
        if result.is_err() {
            self.once.forget(client_id);
        }
        // Whoever asked may be gone.
        let _ = reply.send(result);
    }

    fn send(&mut self, client_id: &ClientId, content: Vec<Content>, who: &str) -> Result<AckStatus, SessionError> {
        check_content(&content)?;
        if self.turn.waiting().len() >= WAITING_MAX {
            return Err(SessionError::Overloaded);
        }
        let uuid = encode::message_uuid(&self.core().id, client_id);
        self.write(encode::user_message(uuid, &content))?;
        self.turn.sent(uuid, client_id.clone());
        if let Some(title) = title_from(&content)
            && self.core().suggest_title(&title)
        {
            self.push(ChatEvent::Title { title });
        }
        self.push(ChatEvent::UserMessage {
            client_id: Some(client_id.clone()),
            message_id: Some(uuid.to_string()),
            content,
            origin: MessageOrigin::User,
            by: Some(who.to_owned()),
            parent_tool_use_id: None,
        });
        self.core().touch_activity();
        self.show_state();
        Ok(AckStatus::Accepted)
    }

    fn answer(&mut self, request_id: &PromptId, decision: &Decision, who: &str) -> Result<AckStatus, SessionError> {
        let input = self.input.as_ref().ok_or(SessionError::Ended)?;
        let write = |line| input.write(line);
        let answered =
            lock(&self.shared.prompts).answer(request_id, decision, who, self.settings.allow_bypass, write)?;
        self.push(answered.event);
        if answered.interrupts {
            self.ask_back_waiting_messages();
        }
        self.show_state();
        Ok(AckStatus::Delivered)
    }

    fn set(
        &mut self,
        client_id: ClientId,
        reply: Reply,
        mode: Option<PermissionMode>,
        model: Option<ModelName>,
        effort: Option<Effort>,
    ) {
        match (mode, model, effort) {
            (Some(PermissionMode::BypassPermissions), None, None) if !self.settings.allow_bypass => {
                let message = "mode bypassPermissions needs a server started with --allow-bypass".to_owned();
                self.settle(&client_id, reply, Err(SessionError::Invalid { message }));
            }
            (Some(mode), None, None) => {
                // The CLI reports the new mode itself.
                self.control_for(client_id, reply, None, |id| encode::set_permission_mode(id, mode));
            }
            (None, Some(model), None) => {
                self.control_for(client_id, reply, Some(model.clone()), |id| encode::set_model(id, &model));
            }
            (None, None, Some(_)) => {
                let message =
                    "Claude Code takes the effort only when a session starts; resume this one with another effort"
                        .to_owned();
                self.settle(&client_id, reply, Err(SessionError::Invalid { message }));
            }
            _ => {
                let message = "set exactly one of permission_mode, model and effort".to_owned();
                self.settle(&client_id, reply, Err(SessionError::Invalid { message }));
            }
        }
    }

    /// A control request whose answer settles the command.
    fn control_for(
        &mut self,
        client_id: ClientId,
        reply: Reply,
        then: Option<ModelName>,
        line: impl FnOnce(&str) -> String,
    ) {
        match self.ask(line) {
            Ok(id) => drop(self.controls.insert(id, Control::Reply(client_id, reply, then))),
            Err(error) => self.settle(&client_id, reply, Err(error)),
        }
    }

    /// Messages the CLI has queued would start a new turn right after an interrupt.
    pub(super) fn ask_back_waiting_messages(&mut self) {
        let asked = |uuid| {
            self.controls.values().any(|control| matches!(control, Control::CancelMessage(known) if *known == uuid))
        };
        let waiting: Vec<_> =
            self.turn.waiting().iter().map(|waiting| waiting.uuid).filter(|uuid| !asked(*uuid)).collect();
        for uuid in waiting {
            self.control(Control::CancelMessage(uuid), |id| encode::cancel_async_message(id, uuid));
        }
    }
}

/// An empty message would still be an API call, and broken base64 an API error.
fn check_content(content: &[Content]) -> Result<(), SessionError> {
    let invalid = |message: &str| Err(SessionError::Invalid { message: message.to_owned() });
    let mut says_something = false;
    for part in content {
        match part {
            Content::Text { text } => says_something |= !text.trim().is_empty(),
            Content::Image { media_type, data } => {
                says_something = true;
                if !["image/png", "image/jpeg", "image/gif", "image/webp"].contains(&media_type.as_str()) {
                    return invalid("an image must be image/png, image/jpeg, image/gif or image/webp");
                }
                if data.is_empty() || base64::engine::general_purpose::STANDARD.decode(data).is_err() {
                    return invalid("an image's data must be base64");
                }
            }
            Content::Document { .. } | Content::TextFile { .. } => says_something = true,
            Content::Other { .. } => return invalid("a message is made of text and images"),
        }
    }
    if says_something { Ok(()) } else { invalid("a message must say something") }
}

/// The first line of the first text that is not a slash command.
fn title_from(content: &[Content]) -> Option<String> {
    let text = content.iter().find_map(|part| match part {
        Content::Text { text } => text.lines().map(str::trim).find(|line| !line.is_empty()),
        _ => None,
    })?;
    if text.starts_with('/') {
        return None;
    }
    let mut title: String = text.chars().filter(|c| !c.is_control()).take(TITLE_CHARS).collect();
    if text.chars().count() > TITLE_CHARS {
        title.push('…');
    }
    Some(title)
}
