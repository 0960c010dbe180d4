//! The permission state machine: what Claude waits for, who answered, and that every prompt is answered exactly once.
//!
//! A prompt leaves the open list in one of three ways: answered (first answer wins), withdrawn by the CLI, or
//! cancelled because the turn or the session ended. None is ever allowed by itself.

mod reply;

use super::SessionError;
use super::replay::now_ms;
use crate::claude::codec::PromptAsk;
use crate::claude::describe;
use crate::protocol::{ChatEvent, Decision, OpenPrompt, Outcome, Pending, PendingKind, PromptId};
use std::collections::VecDeque;

/// Settled prompts remembered, so that a late second answer learns who was first.
const SETTLED_MAX: usize = 256;

/// The prompts of one session.
#[derive(Debug, Default)]
pub(crate) struct Prompts {
    open: Vec<Open>,
    settled: VecDeque<(PromptId, String, Outcome)>,
}

#[derive(Debug)]
struct Open {
    ask: PromptAsk,
    pending: Pending,
}

/// An answer that was handed over.
#[derive(Debug)]
pub(crate) struct Answered {
    /// What everybody is told.
    pub event: ChatEvent,
    /// The answer also ends the turn.
    pub interrupts: bool,
}

impl Prompts {
    /// Opens a prompt; gives the event that shows it. A repeated request id replaces nothing and gives none.
    pub(crate) fn ask(&mut self, ask: PromptAsk) -> Option<ChatEvent> {
        let pending = pending_of(&ask);
        if self.open.iter().any(|open| open.pending.request_id == pending.request_id) {
            return None;
        }
        let event = match &ask {
            PromptAsk::Approval(request) => ChatEvent::ApprovalRequested { request: request.clone() },
            PromptAsk::Question(request, _) => ChatEvent::QuestionRequested { request: request.clone() },
            PromptAsk::Plan(request, _) => ChatEvent::PlanRequested { request: request.clone() },
        };
        self.open.push(Open { ask, pending });
        Some(event)
    }

    /// Answers a prompt for `by`: hands the CLI's line to `write`; the prompt stays open when that fails.
    pub(crate) fn answer(
        &mut self,
        request_id: &PromptId,
        decision: &Decision,
        by: &str,
        allow_bypass: bool,
        write: impl FnOnce(String) -> Result<(), SessionError>,
    ) -> Result<Answered, SessionError> {
        let Some(at) = self.open.iter().position(|open| open.pending.request_id == *request_id) else {
            return Err(self.refusal(request_id));
        };
        let reply = reply::reply(&self.open[at].ask, decision, by, allow_bypass)?;
        write(reply.line)?;
        self.open.remove(at);
        let (outcome, interrupts) = match decision {
            Decision::Allow { .. } => (Outcome::Allowed, false),
            Decision::Deny { interrupt, .. } => (Outcome::Denied, *interrupt),
        };
        self.remember(request_id.clone(), by.to_owned(), outcome);
        Ok(Answered { event: reply.event, interrupts })
    }

    /// The CLI takes a prompt back.
    pub(crate) fn withdraw(&mut self, request_id: &PromptId) -> Option<ChatEvent> {
        let at = self.open.iter().position(|open| open.pending.request_id == *request_id)?;
        let open = self.open.remove(at);
        self.remember(request_id.clone(), "Claude Code".to_owned(), Outcome::Cancelled);
        Some(resolved(&open.ask, Outcome::Cancelled, None, None))
    }

    /// The turn has ended, and with it whatever asked in it. An agent in the background may still wait for its answer.
    pub(crate) fn cancel_of_turn(&mut self) -> Vec<ChatEvent> {
        let of_agent = |open: &Open| matches!(&open.ask, PromptAsk::Approval(request) if request.agent_id.is_some());
        self.cancel("the end of the turn", |open| !of_agent(open))
    }

    /// Nothing is waited for any more: the session ends.
    pub(crate) fn cancel_all(&mut self) -> Vec<ChatEvent> {
        self.cancel("the end of the session", |_| true)
    }

    fn cancel(&mut self, by: &str, which: impl FnMut(&Open) -> bool) -> Vec<ChatEvent> {
        let (moot, open): (Vec<_>, Vec<_>) = std::mem::take(&mut self.open).into_iter().partition(which);
        self.open = open;
        for prompt in &moot {
            self.remember(prompt.pending.request_id.clone(), by.to_owned(), Outcome::Cancelled);
        }
        moot.iter().map(|prompt| resolved(&prompt.ask, Outcome::Cancelled, None, None)).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// What is waited for, oldest first.
    pub(crate) fn pending(&self) -> Vec<Pending> {
        self.open.iter().map(|open| open.pending.clone()).collect()
    }

    /// The same, complete.
    pub(crate) fn open(&self) -> Vec<OpenPrompt> {
        let open = |open: &Open| match &open.ask {
            PromptAsk::Approval(request) => OpenPrompt::Approval { request: request.clone() },
            PromptAsk::Question(request, _) => OpenPrompt::Question { request: request.clone() },
            PromptAsk::Plan(request, _) => OpenPrompt::Plan { request: request.clone() },
        };
        self.open.iter().map(open).collect()
    }

    fn refusal(&self, request_id: &PromptId) -> SessionError {
        match self.settled.iter().find(|(id, ..)| id == request_id) {
            Some((_, by, outcome)) => SessionError::AlreadyAnswered { by: by.clone(), outcome: *outcome },
            None => SessionError::PromptNotFound { request_id: request_id.to_string() },
        }
    }

    fn remember(&mut self, id: PromptId, by: String, outcome: Outcome) {
        if self.settled.len() == SETTLED_MAX {
            self.settled.pop_front();
        }
        self.settled.push_back((id, by, outcome));
    }
}

fn pending_of(ask: &PromptAsk) -> Pending {
    let (request_id, kind, tool_name, summary) = match ask {
        PromptAsk::Approval(request) => (
            &request.request_id,
            PendingKind::Approval,
            request.tool_name.clone(),
            describe::summary(&request.tool_name, &request.input),
        ),
        PromptAsk::Question(request, input) => (
            &request.request_id,
            PendingKind::Question,
            "AskUserQuestion".to_owned(),
            describe::summary("AskUserQuestion", input),
        ),
        PromptAsk::Plan(request, input) => (
            &request.request_id,
            PendingKind::Plan,
            "ExitPlanMode".to_owned(),
            describe::summary("ExitPlanMode", input),
        ),
    };
    Pending { request_id: request_id.clone(), kind, tool_name, summary, since: now_ms() }
}

/// What everybody is told about a prompt that was not allowed.
fn resolved(ask: &PromptAsk, outcome: Outcome, by: Option<&str>, message: Option<String>) -> ChatEvent {
    let request_id = ask.request_id().clone();
    let by = by.map(str::to_owned);
    match ask {
        PromptAsk::Approval(_) => {
            ChatEvent::ApprovalResolved { request_id, outcome, by, message, updated_input: None, rules: Vec::new() }
        }
        PromptAsk::Question(..) => {
            ChatEvent::QuestionResolved { request_id, outcome, by, answers: None, response: None, message }
        }
        PromptAsk::Plan(..) => {
            ChatEvent::PlanResolved { request_id, outcome, by, message, permission_mode: None, edited: false }
        }
    }
}

fn invalid(message: &str) -> SessionError {
    SessionError::Invalid { message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ApprovalRequest, QuestionRequest};
    use serde_json::json;

    fn approval(id: &str) -> PromptAsk {
        PromptAsk::Approval(ApprovalRequest {
            request_id: id.parse().expect("id"),
            tool_use_id: None,
            tool_name: "Bash".into(),
            input: json!({"command": "ls"}),
            description: None,
            suggestions: vec![json!({"type": "addRules"})],
            blocked_path: None,
            decision_reason: None,
            agent_id: None,
        })
    }

    fn allow() -> Decision {
        Decision::Allow {
            updated_input: None,
            suggestions: vec![],
            answers: None,
            permission_mode: None,
            destination: None,
            annotations: None,
            response: None,
        }
    }

    fn id(text: &str) -> PromptId {
        text.parse().expect("id")
    }

    #[test]
    fn the_first_answer_wins_and_the_second_learns_who_it_was() {
        let mut prompts = Prompts::default();
        assert!(prompts.ask(approval("r1")).is_some());
        assert!(prompts.ask(approval("r1")).is_none(), "a repeated ask opens nothing");
        let full = |_| Err(SessionError::Overloaded);
        assert!(matches!(prompts.answer(&id("r1"), &allow(), "phone", false, full), Err(SessionError::Overloaded)));
        let mut line = String::new();
        let keep = |text| {
            line = text;
            Ok(())
        };
        prompts.answer(&id("r1"), &allow(), "phone", false, keep).expect("first");
        assert!(line.contains(r#""behavior":"allow""#) && line.contains(r#""command":"ls""#));
        let deny = Decision::Deny { message: None, interrupt: false };
        match prompts.answer(&id("r1"), &deny, "laptop", false, |_| Ok(())) {
            Err(SessionError::AlreadyAnswered { by, outcome }) => {
                assert_eq!((by.as_str(), outcome), ("phone", Outcome::Allowed))
            }
            other => panic!("{other:?}"),
        }
        assert!(prompts.pending().is_empty());
    }

    #[test]
    fn a_bad_answer_leaves_the_prompt_open() {
        let mut prompts = Prompts::default();
        prompts.ask(approval("r1"));
        let bad = serde_json::from_value(json!({"behavior": "allow", "suggestions": [1]})).expect("decision");
        assert!(matches!(prompts.answer(&id("r1"), &bad, "x", false, |_| Ok(())), Err(SessionError::Invalid { .. })));
        assert_eq!(prompts.pending().len(), 1);
        assert!(matches!(
            prompts.answer(&id("nope"), &allow(), "x", false, |_| Ok(())),
            Err(SessionError::PromptNotFound { .. })
        ));
    }

    #[test]
    fn the_end_cancels_everything_and_never_allows() {
        let mut prompts = Prompts::default();
        prompts.ask(approval("r1"));
        prompts.ask(PromptAsk::Question(
            QuestionRequest { request_id: id("r2"), tool_use_id: None, questions: json!([]) },
            json!({"questions": []}),
        ));
        let events = prompts.cancel_all();
        assert_eq!(events.len(), 2);
        for event in events {
            let text = serde_json::to_string(&event).expect("json");
            assert!(text.contains(r#""outcome":"cancelled""#), "{text}");
        }
        assert!(matches!(
            prompts.answer(&id("r1"), &allow(), "x", false, |_| Ok(())),
            Err(SessionError::AlreadyAnswered { .. })
        ));
    }
}
