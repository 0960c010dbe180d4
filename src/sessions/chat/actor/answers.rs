//! Questions others have for the CLI, and what it answered.

use super::super::asking::{AnswerTo, Question};
use super::ending::Stage;
use super::{Actor, Control, Then};
use crate::claude::{encode, report};
use crate::protocol::{ChatEvent, RewindReport, RewindRequest};
use crate::sessions::SessionError;
use serde_json::Value;

impl Actor {
    pub(super) fn on_question(&mut self, question: Question) {
        match question {
            Question::Context(answer) => self.question(answer, Control::Context, encode::get_context_usage),
            Question::WouldRewind(request, answer) => {
                self.question(answer, Control::WouldRewind, |id| encode::rewind_files(id, request.message_id, true));
            }
            Question::Rewind(_, _, _, answer) if self.turn.is_busy() => {
                let message = "Claude is working on these files; stop it first, then rewind".to_owned();
                // Whoever asked may be gone, here and below.
                let _ = answer.send(Err(SessionError::Invalid { message }));
            }
            Question::Rewind(request, report, who, answer) => {
                let message_id = request.message_id;
                self.question(
                    answer,
                    |answer| Control::Rewind(request, report, who, answer),
                    |id| encode::rewind_files(id, message_id, false),
                );
            }
        }
    }

    fn question<T>(
        &mut self,
        answer: AnswerTo<T>,
        then: impl FnOnce(AnswerTo<T>) -> Control,
        line: impl FnOnce(&str) -> String,
    ) {
        let asked = if self.stage == Stage::Running { self.ask(line) } else { Err(SessionError::Ended) };
        match asked {
            Ok(id) => drop(self.controls.insert(id, then(answer))),
            Err(error) => drop(answer.send(Err(error))),
        }
    }

    /// The CLI did what a client asked for.
    pub(super) fn carried_out(&self, then: Then, answer: &Value) -> Result<(), SessionError> {
        match then {
            Then::Nothing => {}
            Then::Model(model) => {
                self.push(ChatEvent::Model { model: model.to_string() });
                self.core().update(|session| session.model = Some(model));
            }
            Then::Effort(effort) => {
                self.push(ChatEvent::Effort { effort });
                self.core().update(|session| session.effort = Some(effort));
            }
            Then::Background if answer.get("backgrounded").and_then(Value::as_bool) == Some(false) => {
                let message = "nothing runs that could go to the background; a command can after about three seconds";
                return Err(SessionError::Invalid { message: message.to_owned() });
            }
            Then::Background => {}
        }
        Ok(())
    }

    pub(super) fn on_rewound(
        &self,
        request: &RewindRequest,
        rehearsed: RewindReport,
        who: String,
        reply: Result<Value, String>,
    ) -> RewindReport {
        let done = report::rewind(reply);
        if !done.can_rewind {
            return done;
        }
        self.push(ChatEvent::Rewound {
            message_id: request.message_id.to_string(),
            files: rehearsed.files.clone(),
            by: Some(who),
        });
        rehearsed
    }
}

/// Why the CLI did not do it, in its own words.
pub(super) fn refused(error: &str) -> SessionError {
    SessionError::Invalid { message: format!("Claude Code refused: {error}") }
}
