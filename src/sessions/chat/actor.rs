//! The task that owns one chat's child: it alone writes to it, reads from it, and appends to the log.

mod answers;
mod commands;
mod decoded;
mod ending;
mod queue;
mod recall;

use super::asking::AnswerTo;
use super::input::Input;
use super::once::Once;
use super::queue::Queue;
use super::tasks::TaskFiles;
use super::turn::Turn;
use super::{Chat, Order, Reply, Shared};
use crate::claude::codec::Decoder;
use crate::claude::trusted::TrustPlace;
use crate::claude::{encode, tools};
use crate::protocol::{
    ChatEvent, ClientId, ContextReport, Effort, EndReason, ModelName, RewindReport, RewindRequest, UnixMs,
};
use crate::sessions::SessionError;
use crate::sessions::child::{Child, Phase, Pipes};
use crate::sessions::core::{Core, lock};
use crate::sessions::lines::{Line, Lines};
use crate::sessions::prompts::Prompts;
use crate::sessions::replay::EventLog;
use crate::sessions::trust::RuleMemory;
use ending::Stage;
use recall::Standing;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::unix::pipe;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// Orders waiting for the actor; senders wait when it is full.
const ORDERS_MAX: usize = 64;
/// Lines of stderr repeated in the conversation; the rest is in the stderr log, so that a flood there does not push
/// the conversation out of its own log.
const STDERR_EVENTS_MAX: u32 = 200;
/// Control requests the CLI has not answered; one that answers none takes no more of them.
const CONTROLS_MAX: usize = 512;
/// How long looking up the directory's trust may take; nothing else is done meanwhile.
const TRUST_PATIENCE: Duration = Duration::from_millis(500);
/// A line of stderr is cut later; this only bounds the buffer.
const STDERR_LINE_BYTES: usize = 64 << 10;

/// What the actor needs to know besides its child.
#[derive(Debug, Clone)]
pub(crate) struct ChatSettings {
    /// Mode `bypassPermissions` may be set.
    pub allow_bypass: bool,
    /// Bytes of the log.
    pub log_bytes: usize,
    /// Bytes of one stdout line.
    pub line_bytes: usize,
    /// Time between TERM and KILL.
    pub term_grace: Duration,
    /// Where to look whether Claude Code trusts the directory.
    pub trust_place: TrustPlace,
    /// Told what answers have stored.
    pub rules: RuleMemory,
}

/// Starts the actor of a running child. `before` is what was said in its conversation so far.
pub(crate) fn start(
    core: Arc<Core>,
    child: Child,
    pipes: Pipes,
    settings: ChatSettings,
    before: &[(UnixMs, ChatEvent)],
    tracker: &TaskTracker,
) -> Chat {
    let (orders, queue) = mpsc::channel(ORDERS_MAX);
    let shared = Arc::new(Shared {
        core,
        log: EventLog::new(settings.log_bytes),
        prompts: Mutex::new(Prompts::default()),
        tasks: Mutex::new(TaskFiles::default()),
        recall: Notify::new(),
        orders,
    });
    before.iter().for_each(|(at, event)| shared.log.push_at(*at, event));
    let actor = Actor {
        input: Some(Input::new(pipes.stdin, tracker)),
        stdout: Lines::new(pipes.stdout, settings.line_bytes),
        stderr: Lines::new(pipes.stderr, STDERR_LINE_BYTES),
        stdout_open: true,
        stderr_open: true,
        stderr_events: 0,
        stage: Stage::Running,
        decoder: Decoder::default(),
        turn: Turn::default(),
        queue: Queue::default(),
        hand_over_failed: false,
        once: Once::default(),
        controls: HashMap::new(),
        control_number: 0,
        project_trusted: false,
        standing: Standing::default(),
        child,
        settings,
        shared: Arc::clone(&shared),
    };
    tracker.spawn(actor.run(queue));
    Chat { shared }
}

#[derive(Debug)]
struct Actor {
    shared: Arc<Shared>,
    settings: ChatSettings,
    child: Child,
    /// Gone once stdin was closed.
    input: Option<Input>,
    stdout: Lines<pipe::Receiver>,
    stderr: Lines<pipe::Receiver>,
    stdout_open: bool,
    stderr_open: bool,
    stderr_events: u32,
    stage: Stage,
    decoder: Decoder,
    turn: Turn,
    queue: Queue,
    /// The first message of the queue could not be handed over, and that was told.
    hand_over_failed: bool,
    once: Once,
    /// Control requests of ours that the CLI has not answered.
    controls: HashMap<String, Control>,
    control_number: u64,
    /// Claude Code honours rules stored in the directory.
    project_trusted: bool,
    standing: Standing,
}

/// What to do with the CLI's answer to a control request.
#[derive(Debug)]
enum Control {
    Initialize,
    /// Tell whoever asked, and everybody what is new then.
    Reply(ClientId, Reply, Then),
    /// A queued message was asked back.
    CancelMessage(Uuid),
    Context(AnswerTo<ContextReport>),
    WouldRewind(AnswerTo<RewindReport>),
    Rewind(RewindRequest, Box<RewindReport>, String, AnswerTo<RewindReport>),
    Ignore,
}

/// What a request of a client's changes once the CLI has carried it out.
#[derive(Debug)]
enum Then {
    /// Nothing, or the CLI tells it by itself.
    Nothing,
    Model(ModelName),
    Effort(Effort),
    /// Its answer says whether there was something to put into the background.
    Background,
}

impl Actor {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        self.control(Control::Initialize, encode::initialize);
        self.project_trusted = is_trusted(self.settings.trust_place.clone()).await;
        let mut phase = self.child.phase();
        let shared = Arc::clone(&self.shared);
        let core = &shared.core;
        while *phase.borrow() == Phase::Running {
            let deadline = self.stage.deadline();
            // A message that a dying program left behind is told as such, not taken for a silent command.
            let settles_at = self.turn.settles_at().filter(|_| self.stage == Stage::Running);
            tokio::select! {
                line = self.stdout.next(), if self.stdout_open => self.on_stdout(line),
                line = self.stderr.next(), if self.stderr_open => self.on_stderr(line),
                Some(order) = orders.recv() => self.on_order(order),
                () = shared.recall.notified() => self.recall(),
                () = closed(self.input.as_ref()), if self.stage == Stage::Running => self.pipe_closed(),
                reason = core.stop_asked(), if self.stage == Stage::Running => self.begin_stop(reason).await,
                () = core.hurry.cancelled(), if self.stage != Stage::Killing => self.kill_now().await,
                () = until(deadline) => self.next_stage().await,
                () = until(settles_at) => {
                    for waiting in self.turn.settle() {
                        self.push(waiting.delivered());
                    }
                    self.show_state();
                }
                // An error means that the child's follower is gone, which only happens when it said "gone".
                _ = phase.changed() => {}
            }
        }
        orders.close();
        self.finish().await;
    }

    fn on_stdout(&mut self, line: Option<Line>) {
        match line {
            Some(Line::Whole(line)) if line.trim_ascii().is_empty() => {}
            Some(Line::Whole(line)) => {
                self.core().touch_activity();
                for decoded in self.decoder.line(&line) {
                    self.on_decoded(decoded);
                }
            }
            Some(Line::TooLong { bytes }) => self.push(ChatEvent::Warning {
                code: "line_too_long".to_owned(),
                message: format!(
                    "Claude Code printed a line of {bytes} bytes; the limit is {}. It was skipped.",
                    self.settings.line_bytes
                ),
            }),
            None => {
                self.stdout_open = false;
                self.pipe_closed();
            }
        }
    }

    fn on_stderr(&mut self, line: Option<Line>) {
        let text = match line {
            Some(Line::Whole(line)) => self.core().push_stderr(&line),
            Some(Line::TooLong { bytes }) => {
                self.core().push_stderr(format!("(a line of {bytes} bytes was skipped)").as_bytes())
            }
            None => {
                self.stderr_open = false;
                return;
            }
        };
        self.stderr_events += 1;
        match self.stderr_events.cmp(&STDERR_EVENTS_MAX) {
            std::cmp::Ordering::Less => self.push(ChatEvent::Stderr { line: text }),
            std::cmp::Ordering::Equal => self.push(ChatEvent::Warning {
                code: "more_stderr".to_owned(),
                message: "Claude Code keeps writing to stderr; further lines are only in the stderr log.".to_owned(),
            }),
            std::cmp::Ordering::Greater => {}
        }
    }

    fn on_order(&mut self, order: Order) {
        match order {
            Order::Command(command) => self.on_command(*command),
            Order::Ask(question) => self.on_question(question),
            Order::Rename(title) => {
                self.push(ChatEvent::Title { title: title.clone() });
                self.control(Control::Ignore, |id| encode::rename_session(id, &title));
            }
        }
    }

    /// Sends a control request; one that cannot be queued is left out.
    fn control(&mut self, then: Control, line: impl FnOnce(&str) -> String) {
        if let Ok(id) = self.ask(line) {
            self.controls.insert(id, then);
        }
    }

    /// Sends a control request; gives its id.
    fn ask(&mut self, line: impl FnOnce(&str) -> String) -> Result<String, SessionError> {
        if self.controls.len() >= CONTROLS_MAX {
            return Err(SessionError::Overloaded);
        }
        self.control_number += 1;
        let id = format!("cw-{}", self.control_number);
        self.write(line(&id))?;
        Ok(id)
    }

    fn write(&self, line: String) -> Result<(), SessionError> {
        self.input.as_ref().map_or(Err(SessionError::Ended), |input| input.write(line))
    }

    fn core(&self) -> &Core {
        &self.shared.core
    }

    fn push(&self, event: ChatEvent) {
        let odd = match &event {
            // Too little to compact is an answer, understood in full.
            ChatEvent::Warning { code, .. } => code != "compact_failed",
            ChatEvent::Unknown { .. } => true,
            ChatEvent::ToolUse { name, .. } => !tools::is_known(name),
            _ => false,
        };
        if odd {
            self.core().update(|session| session.warnings = session.warnings.saturating_add(1));
        }
        self.shared.log.push(&event);
    }

    fn warn(&self, code: &str, message: String) {
        self.push(ChatEvent::Warning { code: code.to_owned(), message });
    }

    /// Goes on with the queue if it can, and brings summary and log in line with what is known now. In this order, so
    /// that nobody takes the moment between two queued messages for the end of the work.
    fn show_state(&mut self) {
        self.hand_over_next();
        let pending = lock(&self.shared.prompts).pending();
        let state = self.turn.state(pending.iter().map(|pending| pending.kind));
        self.core().update(|session| session.pending = pending);
        if self.core().set_state(state) {
            self.push(ChatEvent::State { state });
        }
    }

    /// Why the session ends, once its program has.
    fn end_reason(&self, code: Option<i32>) -> EndReason {
        match self.core().stop_reason() {
            Some(reason) => reason,
            None if !self.turn.is_ready() => EndReason::FailedToStart,
            None if code == Some(0) => EndReason::Exited,
            None => EndReason::Crashed,
        }
    }
}

/// A file system that does not answer leaves the directory untrusted.
async fn is_trusted(place: TrustPlace) -> bool {
    let looking = tokio::task::spawn_blocking(move || place.is_trusted());
    matches!(tokio::time::timeout(TRUST_PATIENCE, looking).await, Ok(Ok(true)))
}

/// Waits until the child takes no more input, or forever when stdin was closed by us.
async fn closed(input: Option<&Input>) {
    match input {
        Some(input) => input.closed().await,
        None => std::future::pending().await,
    }
}

/// Sleeps until `at`, or forever when there is none.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
