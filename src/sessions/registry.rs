//! All sessions of this server.

mod binary;
mod history;
mod launch;

use super::child::{ServerMark, adopt_orphans, guard_program, sweep_orphans};
use super::core::{Core, ListStamps, lock};
use super::handle::Actor;
use super::starts::Starts;
use super::trust::TrustAnswers;
use super::{SessionError, SessionHandle, keeper};
use crate::config::Config;
use crate::paths::Root;
use crate::protocol::{ClaudeStatus, CreateSession, EndReason, Session, SessionId, SessionState};
use binary::ClaudeBinary;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use uuid::Uuid;

/// Ended sessions kept in the list, for reading and resuming.
const ENDED_MAX: usize = 50;
/// Bytes the logs of ended sessions may hold together.
const ENDED_BYTES_MAX: usize = 64 << 20;

/// What the registry needs from the composition root.
#[derive(Debug)]
pub struct Settings {
    /// Limits, policies, directories.
    pub config: Arc<Config>,
    /// The opened root.
    pub root: Root,
    /// This program, to be run again as the guard of each session.
    pub guard_program: PathBuf,
}

/// All sessions of this server; cheap to clone.
#[derive(Debug, Clone)]
pub struct Registry {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Arc<Config>,
    root: Root,
    guard_program: PathBuf,
    server_mark: ServerMark,
    /// The environment `serve` was started with.
    environment: Vec<(OsString, OsString)>,
    sessions: Mutex<Sessions>,
    list: Arc<ListStamps>,
    /// How many follow the list; a session is not alone while somebody does.
    watchers: Arc<AtomicUsize>,
    starts: Mutex<Starts>,
    trust: Arc<TrustAnswers>,
    claude: ClaudeBinary,
    tracker: TaskTracker,
    /// Ends the registry's own background tasks.
    background: CancellationToken,
    /// Skip every grace, of sessions that are just being started, too.
    hurry: CancellationToken,
}

#[derive(Debug, Default)]
struct Sessions {
    all: HashMap<SessionId, SessionHandle>,
    /// Slots taken by sessions that are being started.
    starting: usize,
    /// Conversations that sessions being started resume.
    resuming: HashSet<Uuid>,
    shutting_down: bool,
}

impl Sessions {
    fn live(&self) -> usize {
        self.all.values().filter(|handle| !handle.core.has_ended()).count() + self.starting
    }

    /// Two writers would split a conversation.
    fn check_not_open(&self, conversation: Uuid) -> Result<(), SessionError> {
        let id = conversation.to_string();
        let open = self.all.values().map(SessionHandle::summary).find(|session| {
            session.state != SessionState::Ended && session.claude_session_id.as_deref() == Some(id.as_str())
        });
        let by = match open {
            Some(open) => format!("already open as session {} ({})", open.id, open.title),
            None if self.resuming.contains(&conversation) => "being opened by another request".to_owned(),
            None => return Ok(()),
        };
        Err(SessionError::Invalid { message: format!("the conversation {id} is {by}; two writers would split it") })
    }

    /// A start is over, one way or the other.
    fn start_over(&mut self, resumes: Option<Uuid>) {
        self.starting -= 1;
        if let Some(conversation) = resumes {
            self.resuming.remove(&conversation);
        }
    }
}

impl Registry {
    /// An empty registry. Looking for `claude` begins at once in the background.
    pub fn new(settings: Settings) -> Self {
        adopt_orphans();
        let config = settings.config;
        let environment: Vec<_> = std::env::vars_os().collect();
        let guard_program = guard_program(&settings.guard_program);
        let server_mark = ServerMark::own();
        let inner = Arc::new(Inner {
            starts: Mutex::new(Starts::new(config.limits.starts_burst, config.limits.starts_per_minute)),
            trust: Arc::new(TrustAnswers::load(&config.data_dir)),
            claude: ClaudeBinary::new(&config, guard_program.clone(), &server_mark, &environment),
            guard_program,
            server_mark,
            environment,
            root: settings.root,
            sessions: Mutex::default(),
            list: Arc::new(ListStamps::new()),
            watchers: Arc::default(),
            tracker: TaskTracker::new(),
            background: CancellationToken::new(),
            hurry: CancellationToken::new(),
            config,
        });
        let registry = Self { inner };
        registry.in_background({
            let inner = Arc::clone(&registry.inner);
            async move {
                // Side by side: a `claude` that does not answer must not keep the orphans alive.
                let (_, swept) =
                    tokio::join!(inner.claude.find(&inner.tracker), tokio::task::spawn_blocking(sweep_orphans));
                if let Ok(killed @ 1..) = swept {
                    tracing::warn!(killed, "killed processes that an earlier server left behind");
                }
            }
        });
        let sessions = Arc::downgrade(&registry.inner);
        let watchers = Arc::clone(&registry.inner.watchers);
        let config = Arc::clone(&registry.inner.config);
        let live = move || {
            let Some(inner) = sessions.upgrade() else { return Vec::new() };
            let sessions = lock(&inner.sessions);
            let live = sessions.all.values().filter(|handle| !handle.core.has_ended());
            live.map(|handle| Arc::clone(&handle.core)).collect()
        };
        registry.in_background(async move { keeper::keep(config, live, &watchers).await });
        registry
    }

    fn in_background(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stopped = self.inner.background.clone();
        self.inner.tracker.spawn(async move {
            tokio::select! {
                () = work => {}
                () = stopped.cancelled() => {}
            }
        });
    }

    /// Starts a session for `who`. Answers when the child is running (not when Claude is ready).
    pub async fn create(&self, request: CreateSession, who: &str) -> Result<Session, SessionError> {
        let plan = self.inner.plan(request)?;
        let slot = self.inner.take_slot(plan.resumes())?;
        let handle = self.inner.launch(plan).await?;
        let summary = handle.summary();
        tracing::info!(session = %summary.id, kind = ?summary.kind, cwd = summary.cwd, who, "started");
        slot.fill(handle);
        self.inner.forget_old_sessions();
        Ok(summary)
    }

    /// All sessions, newest first.
    pub fn sessions(&self) -> Vec<Session> {
        let mut all: Vec<Session> = lock(&self.inner.sessions).all.values().map(SessionHandle::summary).collect();
        all.sort_by_key(|session| (std::cmp::Reverse(session.created_at), session.id));
        all
    }

    /// One session.
    pub fn get(&self, id: SessionId) -> Result<SessionHandle, SessionError> {
        lock(&self.inner.sessions).all.get(&id).cloned().ok_or(SessionError::NotFound { id })
    }

    /// A cursor over changes of the list; its first change holds every session. Whoever holds one counts as present.
    pub fn follow(&self) -> ListCursor {
        self.inner.watchers.fetch_add(1, Ordering::Relaxed);
        ListCursor { inner: Arc::clone(&self.inner), version: self.inner.list.watch(), seen: None }
    }

    /// What is known about the CLI.
    pub fn claude_status(&self) -> ClaudeStatus {
        self.inner.claude.watch().borrow().clone()
    }

    /// Watches what is known about the CLI; its version comes a moment after the start.
    pub fn watch_claude(&self) -> watch::Receiver<ClaudeStatus> {
        self.inner.claude.watch()
    }

    /// Looks for the CLI again.
    pub async fn find_claude(&self) -> ClaudeStatus {
        self.inner.claude.find(&self.inner.tracker).await
    }

    /// Ends every session (end reason `shutdown`), politely unless `hurry` is cancelled; returns when all process
    /// trees are gone.
    pub async fn shutdown(&self, hurry: CancellationToken) {
        let live: Vec<SessionHandle> = {
            let mut sessions = lock(&self.inner.sessions);
            sessions.shutting_down = true;
            sessions.all.values().filter(|handle| !handle.core.has_ended()).cloned().collect()
        };
        self.inner.background.cancel();
        for handle in &live {
            handle.core.stop(EndReason::Shutdown);
        }
        // A session ends before its tasks do, and one that is being started holds a token until it is listed.
        self.inner.tracker.close();
        let all_gone = self.inner.tracker.wait();
        tokio::pin!(all_gone);
        tokio::select! {
            () = &mut all_gone => {}
            () = hurry.cancelled() => {
                self.inner.hurry.cancel();
                all_gone.await;
            }
        }
    }
}

impl Inner {
    /// Takes what a start needs: a place, the conversation it resumes, and a start from the rate.
    fn take_slot(self: &Arc<Self>, resumes: Option<Uuid>) -> Result<Slot, SessionError> {
        let mut sessions = lock(&self.sessions);
        if sessions.shutting_down {
            return Err(SessionError::ShuttingDown);
        }
        if sessions.live() >= self.config.max_sessions {
            return Err(SessionError::Limit { max: self.config.max_sessions });
        }
        if let Some(conversation) = resumes {
            sessions.check_not_open(conversation)?;
        }
        lock(&self.starts).take()?;
        sessions.starting += 1;
        sessions.resuming.extend(resumes);
        Ok(Slot { inner: Arc::clone(self), resumes, filled: false, _token: self.tracker.token() })
    }

    /// Drops the oldest ended sessions when there are too many, or their logs hold too much.
    fn forget_old_sessions(&self) {
        let mut sessions = lock(&self.sessions);
        let mut ended: Vec<(u64, SessionId, usize)> = sessions
            .all
            .values()
            .filter(|handle| handle.core.has_ended())
            .map(|handle| (handle.core.look(|session| session.state_since), handle.core.id, handle.weight_bytes()))
            .collect();
        ended.sort_unstable_by_key(|(since, ..)| std::cmp::Reverse(*since));
        let mut bytes = 0;
        for (place, (_, id, weight)) in ended.into_iter().enumerate() {
            bytes += weight;
            if place >= ENDED_MAX || bytes > ENDED_BYTES_MAX {
                sessions.all.remove(&id);
                self.list.touch(id);
            }
        }
    }
}

/// A place under `--max-sessions`, given back when the start fails.
#[derive(Debug)]
struct Slot {
    inner: Arc<Inner>,
    resumes: Option<Uuid>,
    filled: bool,
    /// Makes a shutdown wait.
    _token: TaskTrackerToken,
}

impl Slot {
    fn fill(mut self, handle: SessionHandle) {
        let mut sessions = lock(&self.inner.sessions);
        if sessions.shutting_down {
            // Started while the others were being stopped: it goes the same way.
            handle.core.stop(EndReason::Shutdown);
        }
        let id = handle.core.id;
        sessions.all.insert(id, handle);
        sessions.start_over(self.resumes);
        drop(sessions);
        self.filled = true;
        self.inner.list.touch(id);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if !self.filled {
            lock(&self.inner.sessions).start_over(self.resumes);
            lock(&self.inner.starts).give_back();
        }
    }
}

/// Changes of the list since the last one.
#[derive(Debug, Default)]
pub struct ListChange {
    /// New or changed.
    pub changed: Vec<Session>,
    /// Gone from the list.
    pub removed: Vec<SessionId>,
}

/// Reads changes of the list at its own pace; a slow reader sees the newest state once.
#[derive(Debug)]
pub struct ListCursor {
    inner: Arc<Inner>,
    version: watch::Receiver<u64>,
    seen: Option<u64>,
}

impl Drop for ListCursor {
    fn drop(&mut self) {
        self.inner.watchers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl ListCursor {
    /// Waits for the next change. Cancel-safe.
    pub async fn next(&mut self) -> ListChange {
        let Some(seen) = self.seen else {
            self.seen = Some(*self.version.borrow_and_update());
            let all = Registry { inner: Arc::clone(&self.inner) };
            return ListChange { changed: all.sessions(), removed: Vec::new() };
        };
        loop {
            self.version.borrow_and_update();
            let (now, touched) = self.inner.list.since(seen);
            if !touched.is_empty() {
                self.seen = Some(now);
                return self.collect(touched);
            }
            if self.version.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    fn collect(&self, touched: Vec<SessionId>) -> ListChange {
        let sessions = lock(&self.inner.sessions);
        let mut change = ListChange::default();
        for id in touched {
            match sessions.all.get(&id) {
                Some(handle) => change.changed.push(handle.summary()),
                None => change.removed.push(id),
            }
        }
        change.changed.sort_by_key(|session| (session.created_at, session.id));
        change
    }
}

/// The actor behind a session, by kind; named here because launching makes it.
pub(crate) type SessionActor = Actor;

/// What a launched session is made of.
fn handle(core: Arc<Core>, actor: SessionActor) -> SessionHandle {
    SessionHandle { core, actor }
}
