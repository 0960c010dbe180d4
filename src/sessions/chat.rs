//! Chat sessions: the handle, and the reader of a chat's log. The child belongs to the [`actor`].

mod actor;
mod asking;
mod content;
mod input;
mod once;
mod queue;
mod tasks;
mod turn;

pub(crate) use actor::{ChatSettings, start};

use super::SessionError;
use super::core::Core;
use super::prompts::Prompts;
use super::replay::{EventLog, EventRead};
use crate::protocol::{
    AckStatus, ClientId, Content, Decision, Effort, Epoch, ModelName, PermissionMode, PromptId, QueueChange, SendWhen,
    TaskAction,
};
use asking::Question;
use bytes::Bytes;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tasks::TaskFiles;
use tokio::sync::{mpsc, oneshot};

/// How long a command waits for the CLI, which answers within milliseconds when it is well.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);

/// What a client can ask of a chat.
#[derive(Debug, Clone, PartialEq)]
pub enum ChatAction {
    /// Send a user message.
    Send {
        /// What it says.
        content: Vec<Content>,
        /// What to do while Claude works.
        when: SendWhen,
    },
    /// Change the queue of waiting messages.
    Queue {
        /// How.
        change: QueueChange,
    },
    /// Act on what runs.
    Task {
        /// How.
        action: TaskAction,
    },
    /// Stop the running turn.
    Interrupt,
    /// Answer a prompt.
    Answer {
        /// Which.
        request_id: PromptId,
        /// How.
        decision: Decision,
    },
    /// Change one of mode, model, effort.
    Set {
        /// New mode.
        permission_mode: Option<PermissionMode>,
        /// New model.
        model: Option<ModelName>,
        /// New effort.
        effort: Option<Effort>,
    },
}

/// A chat session; cheap to clone.
#[derive(Debug, Clone)]
pub struct Chat {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    core: Arc<Core>,
    log: EventLog,
    /// What is waited for. The actor alone changes it; others look.
    prompts: Mutex<Prompts>,
    /// Where background tasks write.
    tasks: Mutex<TaskFiles>,
    /// Capacity 64; sockets and API calls send; when full they wait, which is back-pressure on that client alone.
    orders: mpsc::Sender<Order>,
}

#[derive(Debug)]
enum Order {
    Command(Box<Command>),
    Rename(String),
    Ask(Question),
}

#[derive(Debug)]
struct Command {
    client_id: ClientId,
    action: ChatAction,
    who: String,
    reply: Reply,
}

type Reply = oneshot::Sender<Result<AckStatus, SessionError>>;

impl Chat {
    /// Carries out `action` once per `client_id`; answers when the server has taken it (`Accepted`), the CLI has it
    /// (`Delivered`), or it was done before (`Duplicate`).
    pub async fn command(&self, client_id: ClientId, action: ChatAction, who: &str) -> Result<AckStatus, SessionError> {
        self.submit(client_id, action, who).await?.await
    }

    /// Like [`Chat::command`], in two steps: this one keeps the order of commands, the future it gives waits for the
    /// answer, which for an interrupt is as long as the CLI takes, at most 10 s.
    pub async fn submit(
        &self,
        client_id: ClientId,
        action: ChatAction,
        who: &str,
    ) -> Result<impl Future<Output = Result<AckStatus, SessionError>> + Send + use<>, SessionError> {
        let (reply, answer) = oneshot::channel();
        let order = Order::Command(Box::new(Command { client_id, action, who: who.to_owned(), reply }));
        self.shared.orders.send(order).await.map_err(|_| SessionError::Ended)?;
        Ok(async move {
            match tokio::time::timeout(ANSWER_PATIENCE, answer).await {
                Ok(answered) => answered.map_err(|_| SessionError::Ended)?,
                Err(_) => Err(SessionError::Unanswered { after: ANSWER_PATIENCE }),
            }
        })
    }

    /// Tells Claude Code the title the user gave, so that its own resume picker shows it.
    pub(crate) async fn rename(&self, title: String) {
        // An ended session has nobody to tell.
        let _ = self.shared.orders.send(Order::Rename(title)).await;
    }

    /// A reader that starts after `after` if `epoch` is this log's, else at the oldest event kept.
    pub fn read(&self, epoch: Option<Epoch>, after: Option<u64>) -> ChatReader {
        let head = self.shared.log.watch().borrow().seq;
        let cursor = match (epoch, after) {
            (Some(epoch), Some(after)) if epoch == *self.shared.log.epoch() && after <= head => Some(after),
            _ => None,
        };
        ChatReader { shared: Arc::clone(&self.shared), next: cursor.unwrap_or(0) + 1, resumed: cursor.is_some() }
    }

    /// Bytes the log holds.
    pub(crate) fn weight_bytes(&self) -> usize {
        self.shared.log.weight_bytes()
    }
}

/// What a reader gets.
#[derive(Debug)]
pub enum ChatOutput {
    /// Serialized `ChatServerMessage::Event` frames, in order; at least one.
    Events(Vec<Bytes>),
    /// Events before `oldest` are gone; the stream goes on there.
    Gap {
        /// The next event's number.
        oldest: u64,
    },
}

/// Reads a chat's log at its own pace.
#[derive(Debug)]
pub struct ChatReader {
    shared: Arc<Shared>,
    next: u64,
    resumed: bool,
}

impl ChatReader {
    /// Epoch of the log.
    pub fn epoch(&self) -> Epoch {
        self.shared.log.epoch().clone()
    }

    /// Number of the newest event.
    pub fn head(&self) -> u64 {
        self.shared.log.watch().borrow().seq
    }

    /// Whether the cursor was honoured.
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// Waits for output; `None` when the session has ended and everything was read. Cancel-safe.
    pub async fn next(&mut self) -> Option<ChatOutput> {
        let mut head = self.shared.log.watch();
        loop {
            // Taken before reading: what is written after this is seen as a change.
            let closed = head.borrow_and_update().closed;
            match self.shared.log.read(self.next) {
                EventRead::Frames(frames) => {
                    self.next += frames.len() as u64;
                    return Some(ChatOutput::Events(frames));
                }
                EventRead::Gap { oldest } => {
                    self.next = oldest;
                    return Some(ChatOutput::Gap { oldest });
                }
                EventRead::UpToDate if closed => return None,
                EventRead::UpToDate => head.changed().await.ok()?,
            }
        }
    }
}
