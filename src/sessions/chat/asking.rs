//! What others may ask about a chat besides its events: open prompts, files of tasks, context, rewinding.

use super::{ANSWER_PATIENCE, Chat, Order};
use crate::protocol::{ContextReport, OpenPrompt, RewindReport, RewindRequest};
use crate::sessions::SessionError;
use crate::sessions::core::lock;
use std::path::PathBuf;
use tokio::sync::oneshot;

/// Where an answer goes.
pub(super) type AnswerTo<T> = oneshot::Sender<Result<T, SessionError>>;

/// A question to the CLI that changes nothing anybody is told about, or is answered with more than "done".
#[derive(Debug)]
pub(super) enum Question {
    /// What fills the context window.
    Context(AnswerTo<ContextReport>),
    /// What going back would change.
    WouldRewind(RewindRequest, AnswerTo<RewindReport>),
    /// Go back; with what that was said to change, and who wants it.
    Rewind(RewindRequest, Box<RewindReport>, String, AnswerTo<RewindReport>),
}

impl Chat {
    /// The open prompts, complete, oldest first; none once the session has ended.
    pub fn prompts(&self) -> Vec<OpenPrompt> {
        lock(&self.shared.prompts).open()
    }

    /// The file a background task writes what it prints to. It may not exist yet, or no longer.
    pub fn task_output_path(&self, task_id: &str) -> Option<PathBuf> {
        lock(&self.shared.tasks).path(task_id)
    }

    /// What fills the context window, as the CLI counts it now.
    pub async fn context_report(&self) -> Result<ContextReport, SessionError> {
        self.ask(Question::Context).await
    }

    /// Sets files back to what they were before a message, or only says what that would change. That it cannot be
    /// done is told in the report; then nothing was changed.
    pub async fn rewind(&self, request: RewindRequest, who: &str) -> Result<RewindReport, SessionError> {
        let dry_run = request.dry_run;
        // Only the rehearsal names the files.
        let report = self.ask(|answer| Question::WouldRewind(request.clone(), answer)).await?;
        if dry_run || !report.can_rewind {
            return Ok(report);
        }
        self.ask(|answer| Question::Rewind(request, Box::new(report), who.to_owned(), answer)).await
    }

    async fn ask<T>(&self, question: impl FnOnce(AnswerTo<T>) -> Question) -> Result<T, SessionError> {
        let (answer, answered) = oneshot::channel();
        self.shared.orders.send(Order::Ask(question(answer))).await.map_err(|_| SessionError::Ended)?;
        match tokio::time::timeout(ANSWER_PATIENCE, answered).await {
            Ok(answered) => answered.map_err(|_| SessionError::Ended)?,
            Err(_) => Err(SessionError::Unanswered { after: ANSWER_PATIENCE }),
        }
    }
}
