//! What every session has, whatever its kind: its summary, its stderr, its viewers, its place in the list.

use super::SessionError;
use super::replay::now_ms;
use super::stderr::StderrRing;
use crate::protocol::{EndReason, Session, SessionEnd, SessionId, SessionState, StderrLog};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Activity shows in the list at most this often; it would change with every chunk of output otherwise.
const ACTIVITY_RESOLUTION_MS: u64 = 2_000;

/// Sessions whose last change is remembered. A reader misses none unless it slept through changes of half as many.
const STAMPS_MAX: usize = 4096;

/// Stamps of list changes; readers compare with what they have seen.
#[derive(Debug)]
pub(crate) struct ListStamps {
    stamps: Mutex<HashMap<SessionId, u64>>,
    version: watch::Sender<u64>,
}

impl ListStamps {
    pub(crate) fn new() -> Self {
        Self { stamps: Mutex::default(), version: watch::Sender::new(0) }
    }

    pub(crate) fn touch(&self, id: SessionId) {
        let mut stamps = lock(&self.stamps);
        let next = *self.version.borrow() + 1;
        stamps.insert(id, next);
        if stamps.len() > STAMPS_MAX {
            let mut order: Vec<u64> = stamps.values().copied().collect();
            order.sort_unstable();
            stamps.retain(|_, stamp| *stamp >= order[STAMPS_MAX / 2]);
        }
        self.version.send_replace(next);
    }

    /// Watches the version.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Sessions stamped after `seen`, and the version up to which this is the truth.
    pub(crate) fn since(&self, seen: u64) -> (u64, Vec<SessionId>) {
        let stamps = lock(&self.stamps);
        let changed = stamps.iter().filter(|(_, stamp)| **stamp > seen).map(|(id, _)| *id).collect();
        (*self.version.borrow(), changed)
    }
}

/// What every session has.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) id: SessionId,
    summary: Mutex<Session>,
    stderr: Mutex<StderrRing>,
    /// Why the session is to end; the first reason stays.
    stop: watch::Sender<Option<EndReason>>,
    /// Skip every grace.
    pub(crate) hurry: CancellationToken,
    ended: watch::Sender<bool>,
    titled_by_user: AtomicBool,
    /// Viewers there ever were.
    visits: AtomicU64,
    list: Arc<ListStamps>,
}

impl Core {
    pub(crate) fn new(
        summary: Session,
        titled_by_user: bool,
        stderr_bytes: usize,
        list: Arc<ListStamps>,
        hurry: CancellationToken,
    ) -> Arc<Self> {
        let core = Arc::new(Self {
            id: summary.id,
            summary: Mutex::new(summary),
            stderr: Mutex::new(StderrRing::new(stderr_bytes)),
            stop: watch::Sender::new(None),
            hurry,
            ended: watch::Sender::new(false),
            titled_by_user: AtomicBool::new(titled_by_user),
            visits: AtomicU64::new(0),
            list,
        });
        core.list.touch(core.id);
        core
    }

    /// The session now.
    pub(crate) fn summary(&self) -> Session {
        lock(&self.summary).clone()
    }

    /// Looks at the session without copying it.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Session) -> T) -> T {
        look(&lock(&self.summary))
    }

    /// Changes the summary; the list learns of it when something really changed.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Session)) {
        let mut summary = lock(&self.summary);
        let before = summary.clone();
        change(&mut summary);
        if *summary != before {
            drop(summary);
            self.list.touch(self.id);
        }
    }

    /// A viewer came.
    pub(crate) fn enter_viewer(&self) {
        self.visits.fetch_add(1, Ordering::Relaxed);
        self.update(|session| session.viewers += 1);
    }

    /// A viewer left.
    pub(crate) fn leave_viewer(&self) {
        self.update(|session| session.viewers = session.viewers.saturating_sub(1));
    }

    /// How many viewers there ever were, so that a visit shorter than a look is seen, too.
    pub(crate) fn visits(&self) -> u64 {
        self.visits.load(Ordering::Relaxed)
    }

    /// Something was said or printed.
    pub(crate) fn touch_activity(&self) {
        let now = now_ms();
        if now.saturating_sub(self.look(|session| session.last_activity_at)) >= ACTIVITY_RESOLUTION_MS {
            self.update(|session| session.last_activity_at = now);
        }
    }

    /// Moves to `state`; tells whether that is a change.
    pub(crate) fn set_state(&self, state: SessionState) -> bool {
        let mut changed = false;
        self.update(|session| {
            if session.state != state {
                session.state = state;
                session.state_since = now_ms();
                session.last_activity_at = session.state_since;
                changed = true;
            }
        });
        changed
    }

    /// Gives the conversation's own title unless the user gave one; tells whether it changed.
    pub(crate) fn suggest_title(&self, title: &str) -> bool {
        if self.titled_by_user.swap(true, Ordering::Relaxed) {
            return false;
        }
        self.update(|session| session.title = title.to_owned());
        true
    }

    /// The user gives a title. Errors when it is empty or too long.
    pub(crate) fn rename(&self, title: &str) -> Result<String, SessionError> {
        let title = clean_title(title)?;
        self.titled_by_user.store(true, Ordering::Relaxed);
        self.update(|session| session.title = title.clone());
        Ok(title)
    }

    pub(crate) fn push_stderr(&self, line: &[u8]) -> String {
        lock(&self.stderr).push(line)
    }

    pub(crate) fn stderr(&self) -> StderrLog {
        lock(&self.stderr).log()
    }

    pub(crate) fn stderr_tail(&self) -> Vec<String> {
        lock(&self.stderr).tail()
    }

    /// Asks the session to end; the first reason stays.
    pub(crate) fn stop(&self, reason: EndReason) {
        self.stop.send_if_modified(|stop| {
            let first = stop.is_none();
            if first {
                *stop = Some(reason);
            }
            first
        });
    }

    /// Waits until the session is asked to end.
    pub(crate) async fn stop_asked(&self) -> EndReason {
        let mut stop = self.stop.subscribe();
        match stop.wait_for(Option::is_some).await {
            Ok(reason) => reason.unwrap_or(EndReason::Killed),
            Err(_) => EndReason::Killed,
        }
    }

    /// Why the session was asked to end, if it was.
    pub(crate) fn stop_reason(&self) -> Option<EndReason> {
        *self.stop.borrow()
    }

    /// The process tree is gone.
    pub(crate) fn end(&self, end: SessionEnd) {
        self.update(|session| {
            session.state = SessionState::Ended;
            session.state_since = end.at;
            session.last_activity_at = end.at;
            session.pid = None;
            session.pending.clear();
            session.end = Some(end);
        });
        self.ended.send_replace(true);
    }

    /// Whether the process tree is gone.
    pub(crate) fn has_ended(&self) -> bool {
        *self.ended.borrow()
    }

    /// Waits until the process tree is gone.
    pub(crate) async fn wait_ended(&self) {
        // The sender lives as long as `self`, so an error cannot happen.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }
}

/// One line, 1 to 200 characters, without control characters.
pub(crate) fn clean_title(title: &str) -> Result<String, SessionError> {
    let title: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = title.trim();
    if title.is_empty() || title.chars().count() > 200 {
        return Err(SessionError::Invalid { message: "a title has 1 to 200 characters".to_owned() });
    }
    Ok(title.to_owned())
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Critical sections here only replace whole values, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_sessions_long_forgotten_are_not_remembered_for_ever() {
        let list = ListStamps::new();
        let ids: Vec<SessionId> = (0..20_000_u128).map(|n| SessionId(uuid::Uuid::from_u128(n))).collect();
        let mut seen = 0;
        for part in ids.chunks(1000) {
            part.iter().for_each(|id| list.touch(*id));
            let (now, changed) = list.since(seen);
            seen = now;
            assert_eq!(changed.len(), part.len(), "a reader that follows sees each");
            assert!(lock(&list.stamps).len() <= STAMPS_MAX);
        }
    }
}
