//! The terminal socket: binary frames are bytes, text frames are control.

use super::chat::refuse;
use super::link::{Incoming, Link, Outgoing, Pace, Reader, Source, error, malformed, text};
use super::{Arrival, Close, upgrade};
use crate::auth::Principal;
use crate::protocol::{ErrorCode, TerminalClientMessage};
use crate::sessions::{AttachTerminal, SessionHandle, Terminal, TerminalInput, TerminalOutput, TerminalReader};
use crate::web::ApiError;
use crate::web::api::session_id;
use crate::web::context::Context;
use bytes::Bytes;
use futures_util::FutureExt;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_tungstenite::tungstenite::Message;
use warp::reply::Response;

/// Frames of one client, sustained: every chunk of output is acknowledged and every key is a frame.
const FRAMES_PER_SECOND: u32 = 2_000;
const FRAMES_BURST: u32 = 4_000;
/// Input that waits for a program that does not read. Acknowledgements come behind it on the same connection, so as long
/// as it fits, output flows: a paste of 10 MiB must. Beyond it the client is not read from.
const INPUT_BYTES_WAITING: usize = 12 * 1024 * 1024;
/// Input frames that wait; the bytes fill up first unless frames are tiny.
const INPUT_FRAMES_WAITING: usize = 4_096;

/// Frames of output that are written before anything else is looked at.
const FRAMES_AT_ONCE: usize = 3;

type Sender = mpsc::Sender<Outgoing<Output>>;
type Input = (Bytes, OwnedSemaphorePermit);

pub(in crate::web) fn terminal(id: String, arrival: Arrival) -> Result<Response, ApiError> {
    let message_bytes = arrival.context.config().limits.terminal_message_bytes;
    upgrade::accept(arrival, message_bytes, |context, principal, link| async move {
        let handle = session_id(&id).ok().and_then(|id| context.registry().get(id).ok());
        let Some(handle) = handle else { return link.close(Close::NO_SESSION).await };
        match handle.terminal() {
            Ok(terminal) => run(&context, &principal, link, &handle, terminal).await,
            Err(reason) => refuse(link, reason.into()).await,
        }
    })
}

async fn run(context: &Context, principal: &Principal, link: Link, handle: &SessionHandle, terminal: Terminal) {
    let _viewer = handle.view();
    let limits = &context.config().limits;
    let who = principal.name();
    let read = |mut reader: Reader, out: Sender| async move {
        let (input, queue) = mpsc::channel(INPUT_FRAMES_WAITING);
        let (attach, attached) = tokio::sync::oneshot::channel();
        let reading = async {
            let mut client = Client {
                terminal: &terminal,
                who,
                input: None,
                attach: Some(attach),
                queue: input,
                room: Arc::new(Semaphore::new(INPUT_BYTES_WAITING)),
            };
            let mut pace = Pace::new(FRAMES_PER_SECOND, FRAMES_BURST);
            loop {
                let answer = match reader.frame(limits, &mut pace).await {
                    Err(close) => return close,
                    Ok(Incoming::Text(frame)) => client.control(&frame),
                    Ok(Incoming::Binary(bytes)) => client.bytes(bytes).await,
                    Ok(_) => None,
                };
                if let Some(answer) = answer
                    && out.send(answer).await.is_err()
                {
                    return None;
                }
            }
        };
        let typing = async {
            match attached.await {
                Ok(input) => type_in(input, queue, &out).await,
                Err(_) => std::future::pending().await,
            }
        };
        let close = tokio::select! {
            close = reading => close,
            () = typing => None,
        };
        (reader, close)
    };
    link.run(context, principal, None, read).await;
}

/// What one socket has said so far.
struct Client<'a> {
    terminal: &'a Terminal,
    who: &'a str,
    input: Option<TerminalInput>,
    attach: Option<tokio::sync::oneshot::Sender<TerminalInput>>,
    queue: mpsc::Sender<Input>,
    room: Arc<Semaphore>,
}

impl Client<'_> {
    /// Takes a text frame; the answer, if there is one.
    fn control(&mut self, frame: &str) -> Option<Outgoing<Output>> {
        let message = match serde_json::from_str(frame) {
            Ok(message) => message,
            Err(reason) => return Some(Outgoing::Frame(malformed(&reason))),
        };
        match (message, &self.input) {
            (TerminalClientMessage::Auth { .. }, _) => None,
            (TerminalClientMessage::Attach { epoch, offset, input_id, input_offset }, None) => {
                let wanted = AttachTerminal { epoch, offset, input_id, input_offset };
                let (viewer, attached) = self.terminal.attach(wanted, self.who);
                if let Some(attach) = self.attach.take() {
                    let _ = attach.send(viewer.input.clone());
                }
                self.input = Some(viewer.input);
                Some(Outgoing::Follow(text(&attached), Output(viewer.output)))
            }
            (TerminalClientMessage::Attach { .. }, Some(_)) => {
                Some(Outgoing::Frame(error(ErrorCode::BadRequest, "this socket is attached already")))
            }
            (_, None) => Some(Outgoing::Frame(not_attached())),
            (TerminalClientMessage::Resize { cols, rows }, Some(input)) => {
                input.resize(cols, rows);
                None
            }
            (TerminalClientMessage::Drive {}, Some(input)) => {
                input.drive();
                None
            }
            (TerminalClientMessage::Ack { offset }, Some(input)) => {
                let refused = ApiError::from(input.ack(offset).err()?);
                Some(Outgoing::Frame(error(refused.code(), refused.message())))
            }
        }
    }

    /// Queues input; waits when too much is queued.
    async fn bytes(&self, bytes: Bytes) -> Option<Outgoing<Output>> {
        if self.input.is_none() {
            return Some(Outgoing::Frame(not_attached()));
        }
        let size = u32::try_from(bytes.len().min(INPUT_BYTES_WAITING)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(size).await.ok()?;
        let _ = self.queue.send((bytes, room)).await;
        None
    }
}

fn not_attached() -> Message {
    error(ErrorCode::BadRequest, "attach to the session first")
}

/// Hands input to the terminal in order; the terminal waits while its program does not read.
async fn type_in(input: TerminalInput, mut queue: mpsc::Receiver<Input>, out: &Sender) {
    while let Some((bytes, _room)) = queue.recv().await {
        if let Err(reason) = input.bytes(bytes).await {
            let reason = ApiError::from(reason);
            if out.send(Outgoing::Frame(error(reason.code(), reason.message()))).await.is_err() {
                return;
            }
        }
    }
    // The reading half holds the other end, so this is never the reason for an end.
    std::future::pending().await
}

/// The terminal's output as frames.
struct Output(TerminalReader);

impl Source for Output {
    async fn next(&mut self) -> Option<Vec<Message>> {
        let mut frames = vec![frame(self.0.next().await?)];
        // What else is there goes out with it.
        while frames.len() < FRAMES_AT_ONCE
            && let Some(Some(output)) = self.0.next().now_or_never()
        {
            frames.push(frame(output));
        }
        Some(frames)
    }
}

fn frame(output: TerminalOutput) -> Message {
    match output {
        TerminalOutput::Bytes(bytes) => Message::Binary(bytes),
        TerminalOutput::Control(message) => text(&message),
    }
}
