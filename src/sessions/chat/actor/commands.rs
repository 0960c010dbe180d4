//! What clients ask of a chat, carried out once each.

use super::super::{ChatAction, Command, Reply};
use super::ending::Stage;
use super::{Actor, Control, Then};
use crate::claude::encode;
use crate::protocol::{
    AckStatus, ChatEvent, ClientId, Decision, Effort, ModelName, PermissionMode, PromptId, TaskAction,
};
use crate::sessions::SessionError;
use crate::sessions::core::lock;

impl Actor {
    pub(super) fn on_command(&mut self, command: Command) {
        let Command { client_id, action, who, reply } = command;
        if self.once.has(&client_id) || self.queue.holds(&client_id) {
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
            ChatAction::Send { content, when } => self.send(&client_id, content, when, &who),
            ChatAction::Queue { change } => self.change_queue(change, &who),
            ChatAction::Task { action } => return self.act_on_task(client_id, reply, &action),
            ChatAction::Answer { request_id, decision } => self.answer(&request_id, &decision, &who),
            ChatAction::Interrupt => {
                self.ask_back_waiting_messages();
                self.pause_queue();
                return self.control_for(client_id, reply, Then::Nothing, encode::interrupt);
            }
            ChatAction::Set { permission_mode, model, effort } => {
                return self.set(client_id, reply, permission_mode, model, effort);
            }
        };
        self.settle(&client_id, reply, result);
    }

    /// Answers whoever asked; what failed may be sent again under the same id.
    pub(super) fn settle(&mut self, client_id: &ClientId, reply: Reply, result: Result<AckStatus, SessionError>) {
        if result.is_err() {
            self.once.forget(client_id);
        }
        // Whoever asked may be gone.
        let _ = reply.send(result);
    }

    fn answer(&mut self, request_id: &PromptId, decision: &Decision, who: &str) -> Result<AckStatus, SessionError> {
        let input = self.input.as_ref().ok_or(SessionError::Ended)?;
        let write = |line| input.write(line);
        let answered =
            lock(&self.shared.prompts).answer(request_id, decision, who, self.settings.allow_bypass, write)?;
        if let ChatEvent::ApprovalResolved { rules, .. } = &answered.event {
            self.settings.rules.remember(rules);
        }
        self.push(answered.event);
        if answered.interrupts {
            self.ask_back_waiting_messages();
            self.pause_queue();
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
                self.control_for(client_id, reply, Then::Nothing, |id| encode::set_permission_mode(id, mode));
            }
            (None, Some(model), None) => {
                self.control_for(client_id, reply, Then::Model(model.clone()), |id| encode::set_model(id, &model));
            }
            (None, None, Some(effort)) => {
                self.control_for(client_id, reply, Then::Effort(effort), |id| encode::set_effort(id, effort));
            }
            _ => {
                let message = "set exactly one of permission_mode, model and effort".to_owned();
                self.settle(&client_id, reply, Err(SessionError::Invalid { message }));
            }
        }
    }

    fn act_on_task(&mut self, client_id: ClientId, reply: Reply, action: &TaskAction) {
        match action {
            // What became of it is told by the task itself.
            TaskAction::Stop { task_id } => {
                self.control_for(client_id, reply, Then::Nothing, |id| encode::stop_task(id, task_id));
            }
            TaskAction::Background { tool_use_id } => {
                let line = |id: &str| encode::background_tasks(id, tool_use_id.as_deref());
                self.control_for(client_id, reply, Then::Background, line);
            }
        }
    }

    /// A control request whose answer settles the command.
    fn control_for(&mut self, client_id: ClientId, reply: Reply, then: Then, line: impl FnOnce(&str) -> String) {
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
