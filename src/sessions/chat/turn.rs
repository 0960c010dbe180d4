//! Whether Claude works: what the CLI says about itself, and the messages it has not taken yet.

use crate::claude::codec::Lifecycle;
use crate::protocol::{ChatEvent, ClientId, PendingKind, SessionState};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// A message the CLI did not echo within this time after it went idle will not be echoed (local commands are not).
const ECHO_WAIT: Duration = Duration::from_millis(1500);

/// Of messages the CLI was never heard of, so many are remembered: it may still echo them.
const OVERDUE_MAX: usize = 100;

/// A message handed to the CLI that has not entered a turn yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub uuid: Uuid,
    pub client_id: ClientId,
    sent: Instant,
    /// The CLI has begun to work since.
    begun: bool,
    /// And it is done with that: commands it carries out itself are not echoed.
    worked: bool,
    /// Nothing was heard of it in time; it no longer counts as work.
    overdue: bool,
}

impl Waiting {
    /// What everybody is told once the CLI has it.
    pub(super) fn delivered(self) -> ChatEvent {
        ChatEvent::UserMessageDelivered { message_id: self.uuid.to_string(), client_id: Some(self.client_id) }
    }

    /// What everybody is told when it will not be handed over.
    pub(super) fn cancelled(self) -> ChatEvent {
        ChatEvent::UserMessageCancelled { message_id: self.uuid.to_string(), client_id: Some(self.client_id) }
    }
}

/// Whether Claude works.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// The CLI answered `initialize`, or started a turn.
    ready: bool,
    running: bool,
    /// The CLI reports its own state; otherwise turns are told by their start and result.
    reports_state: bool,
    waiting: Vec<Waiting>,
}

impl Turn {
    pub(super) fn ready(&mut self) {
        if !self.ready {
            // Only now does it begin to read what was sent.
            let now = Instant::now();
            self.waiting.iter_mut().for_each(|waiting| waiting.sent = now);
        }
        self.ready = true;
    }

    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    pub(super) fn sent(&mut self, uuid: Uuid, client_id: ClientId) {
        let sent = Instant::now();
        self.waiting.push(Waiting { uuid, client_id, sent, begun: false, worked: false, overdue: false });
    }

    /// The CLI echoed this message, or gave it back; it no longer waits.
    pub(super) fn taken(&mut self, uuid: Uuid) -> Option<Waiting> {
        let at = self.waiting.iter().position(|waiting| waiting.uuid == uuid)?;
        Some(self.waiting.remove(at))
    }

    /// Gives up on all of them.
    pub(super) fn take_waiting(&mut self) -> Vec<Waiting> {
        std::mem::take(&mut self.waiting)
    }

    pub(super) fn waiting(&self) -> &[Waiting] {
        &self.waiting
    }

    /// Messages that may still be taken; those that are overdue hold up nothing.
    pub(super) fn in_hand(&self) -> usize {
        self.waiting.iter().filter(|waiting| !waiting.overdue).count()
    }

    pub(super) fn lifecycle(&mut self, lifecycle: Lifecycle) {
        self.reports_state = true;
        match lifecycle {
            Lifecycle::Running => self.started(),
            Lifecycle::Idle => self.stopped(),
            Lifecycle::RequiresAction => {}
        }
    }

    pub(super) fn started(&mut self) {
        self.ready = true;
        self.running = true;
        self.waiting.iter_mut().for_each(|waiting| waiting.begun = true);
    }

    pub(super) fn finished(&mut self) {
        if !self.reports_state {
            self.stopped();
        }
    }

    fn stopped(&mut self) {
        self.running = false;
        self.waiting.iter_mut().for_each(|waiting| waiting.worked = waiting.begun);
    }

    /// Whether something runs or is about to.
    pub(super) fn is_busy(&self) -> bool {
        self.running || self.waiting.iter().any(|waiting| !waiting.overdue)
    }

    /// The same, but for one message that was just handed over.
    pub(super) fn is_busy_besides(&self, client_id: &ClientId) -> bool {
        self.running || self.waiting.iter().any(|waiting| !waiting.overdue && waiting.client_id != *client_id)
    }

    /// When to stop waiting for echoes that may never come.
    pub(super) fn settles_at(&self) -> Option<Instant> {
        if self.running || !self.ready {
            return None;
        }
        let open = self.waiting.iter().filter(|waiting| waiting.worked || !waiting.overdue);
        open.map(|waiting| waiting.sent + ECHO_WAIT).max()
    }

    /// Gives up on echoes that are overdue; gives the messages the CLI had all the same.
    pub(super) fn settle(&mut self) -> Vec<Waiting> {
        if self.settles_at().is_none_or(|at| at > Instant::now()) {
            return Vec::new();
        }
        let (had, silent) = std::mem::take(&mut self.waiting).into_iter().partition(|waiting| waiting.worked);
        self.waiting = silent;
        self.waiting.iter_mut().for_each(|waiting| waiting.overdue = true);
        self.waiting.drain(..self.waiting.len().saturating_sub(OVERDUE_MAX));
        had
    }

    /// The session's state, with what it waits for.
    pub(super) fn state(&self, pending: impl Iterator<Item = PendingKind>) -> SessionState {
        let mut question = false;
        for kind in pending {
            match kind {
                PendingKind::Approval | PendingKind::Plan => return SessionState::NeedsApproval,
                PendingKind::Question => question = true,
            }
        }
        if question {
            SessionState::NeedsAnswer
        } else if self.is_busy() {
            SessionState::Working
        } else if self.ready {
            SessionState::Idle
        } else {
            SessionState::Starting
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> std::iter::Empty<PendingKind> {
        std::iter::empty()
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_keeps_the_session_working_from_the_moment_it_is_sent() {
        let mut turn = Turn::default();
        assert_eq!(turn.state(none()), SessionState::Starting);
        turn.ready();
        assert_eq!(turn.state(none()), SessionState::Idle);
        turn.sent(Uuid::nil(), "a".parse().expect("id"));
        // The idle of the turn before may still arrive now.
        turn.lifecycle(Lifecycle::Idle);
        assert_eq!(turn.state(none()), SessionState::Working);
        turn.lifecycle(Lifecycle::Running);
        assert!(turn.taken(Uuid::nil()).is_some());
        assert_eq!(turn.state(none()), SessionState::Working);
        turn.finished();
        assert_eq!(turn.state(none()), SessionState::Working, "only idle ends the work of a CLI that reports it");
        turn.lifecycle(Lifecycle::Idle);
        assert_eq!(turn.state(none()), SessionState::Idle);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_is_never_echoed_does_not_keep_it_working() {
        let mut turn = Turn::default();
        turn.ready();
        turn.sent(Uuid::nil(), "a".parse().expect("id"));
        let at = turn.settles_at().expect("waits");
        assert_eq!(turn.settle(), []);
        assert!(turn.is_busy());
        tokio::time::sleep_until(at).await;
        assert_eq!(turn.settle(), [], "nobody knows whether it was read");
        assert!(!turn.is_busy());
        assert_eq!(turn.settles_at(), None);
        turn.lifecycle(Lifecycle::Running);
        assert_eq!(turn.taken(Uuid::nil()).map(|waiting| waiting.uuid), Some(Uuid::nil()), "a late echo");
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_the_cli_carried_out_itself_was_delivered() {
        let mut turn = Turn::default();
        turn.lifecycle(Lifecycle::Running);
        turn.sent(Uuid::nil(), "a".parse().expect("id"));
        // Of the turn before.
        turn.lifecycle(Lifecycle::Idle);
        assert!(!turn.waiting()[0].worked);
        turn.lifecycle(Lifecycle::Running);
        turn.lifecycle(Lifecycle::Idle);
        assert!(turn.is_busy(), "an echo may follow");
        tokio::time::sleep_until(turn.settles_at().expect("waits")).await;
        assert_eq!(turn.settle().iter().map(|waiting| waiting.uuid).collect::<Vec<_>>(), [Uuid::nil()]);
        assert!(!turn.is_busy() && turn.waiting().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_program_that_starts_slowly_still_gets_its_time_to_echo() {
        let mut turn = Turn::default();
        turn.sent(Uuid::nil(), "a".parse().expect("id"));
        assert_eq!(turn.settles_at(), None);
        tokio::time::sleep(ECHO_WAIT * 3).await;
        turn.ready();
        turn.settle();
        assert!(turn.is_busy());
    }

    #[test]
    fn prompts_outrank_work() {
        let mut turn = Turn::default();
        turn.started();
        assert_eq!(turn.state([PendingKind::Question].into_iter()), SessionState::NeedsAnswer);
        assert_eq!(turn.state([PendingKind::Question, PendingKind::Plan].into_iter()), SessionState::NeedsApproval);
    }
}
