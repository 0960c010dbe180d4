//! What was asked, and what was decided.

use super::{Fold, TITLE_CHARS};
use crate::export::clean;
use crate::export::document::{Kind, Part};
use crate::export::words;
use crate::protocol::{ApprovalRequest, ChatEvent, PlanRequest, QuestionRequest, UnixMs};

impl Fold {
    pub(super) fn prompt(&mut self, at: UnixMs, event: ChatEvent) {
        match event {
            ChatEvent::ApprovalRequested { request } => self.approval(at, request),
            ChatEvent::ApprovalResolved { request_id, outcome, by, message, updated_input, rules } => {
                let mut parts = vec![Part::Remark(words::outcome(outcome, by.as_deref(), "Allowed"))];
                parts
                    .extend(message.map(|message| Part::Remark(format!("Claude was told: {}", clean::line(&message)))));
                if let Some(input) = updated_input {
                    parts.push(Part::Remark("It ran with this instead:".to_owned()));
                    parts.push(words::json(&input));
                }
                if !rules.is_empty() {
                    parts.push(Part::Remark("Rules stored with it:".to_owned()));
                    parts.extend(rules.iter().map(words::json));
                }
                self.settle(request_id.as_str(), parts);
            }
            ChatEvent::QuestionRequested { request: QuestionRequest { request_id, questions, .. } } => {
                let parts = words::questions(&questions);
                let index = self.add(None, at, Kind::Prompt, "Claude asked".to_owned(), parts);
                self.prompts.insert(request_id.into(), index);
            }
            ChatEvent::QuestionResolved { request_id, outcome, by, answers, response, message } => {
                let mut parts = vec![Part::Remark(words::outcome(outcome, by.as_deref(), "Answered"))];
                for (question, answer) in answers.into_iter().flatten() {
                    parts.push(Part::Text(format!("{} → {}", clean::line(&question), clean::line(&answer))));
                }
                parts.extend(response.into_iter().chain(message).map(Part::Text));
                self.settle(request_id.as_str(), parts);
            }
            ChatEvent::PlanRequested { request: PlanRequest { request_id, plan, .. } } => {
                let parts = plan.map(Part::Prose).into_iter().collect();
                let index = self.add(None, at, Kind::Prompt, "Claude’s plan".to_owned(), parts);
                self.prompts.insert(request_id.into(), index);
            }
            ChatEvent::PlanResolved { request_id, outcome, by, message, permission_mode, edited } => {
                let mut said = vec![words::outcome(outcome, by.as_deref(), "Approved")];
                said.extend(edited.then(|| "edited before".to_owned()));
                said.extend(permission_mode.map(|mode| format!("goes on in mode {}", mode.as_str())));
                let mut parts = vec![Part::Remark(said.join(" · "))];
                parts.extend(message.map(Part::Text));
                self.settle(request_id.as_str(), parts);
            }
            ChatEvent::PermissionDenied { tool_name, message, .. } => {
                let title = format!("{} was refused by a rule", clean::short(&tool_name, TITLE_CHARS));
                self.notice(at, title, vec![Part::Text(message)]);
            }
            other => self.turn(at, other),
        }
    }

    /// Told at the tool call it belongs to, once that is known.
    fn approval(&mut self, at: UnixMs, request: ApprovalRequest) {
        let known = request.tool_use_id.as_ref().and_then(|id| self.tools.get(id).copied());
        let index = known.unwrap_or_else(|| {
            let title = format!("Asked to run: {}", words::tool_title(&request.tool_name, &request.input));
            let parts = words::tool_input(&request.tool_name, &request.input);
            self.add(None, at, Kind::Prompt, title, parts)
        });
        let reason = request.decision_reason.or(request.description).map(|text| clean::short(&text, 200));
        self.remark(
            index,
            format!("Claude Code asked for permission{}", reason.map(|text| format!(": {text}")).unwrap_or_default()),
        );
        self.prompts.insert(request.request_id.into(), index);
    }

    fn settle(&mut self, request_id: &str, parts: Vec<Part>) {
        if let Some(index) = self.prompts.remove(request_id) {
            self.document.entries[index].parts.extend(parts);
        }
    }
}
