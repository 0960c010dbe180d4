//! The chat socket: commands in, numbered events out.

use super::link::{Incoming, Link, Outgoing, Pace, Reader, Source, error, malformed, text};
use super::{Arrival, Close, upgrade};
use crate::auth::Principal;
use crate::protocol::{AckStatus, ChatClientMessage, ChatServerMessage, ClientId, ErrorCode};
use crate::sessions::{Chat, ChatAction, ChatOutput, ChatReader, SessionError, SessionHandle};
use crate::web::ApiError;
use crate::web::api::session_id;
use crate::web::context::Context;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use warp::reply::Response;

/// Frames of one client, sustained; nobody types that fast.
pub(super) const FRAMES_PER_SECOND: u32 = 200;
/// Frames at once: a tab that was offline sends what it has queued.
pub(super) const FRAMES_BURST: u32 = 400;
/// Commands of one socket that wait for the session; the next one fails as overloaded, so the reader never waits.
const COMMANDS_WAITING: usize = 64;

/// A page parses so much in a few milliseconds.
const BATCH_BYTES: usize = 128 * 1024;
const BATCH_BEGIN: &[u8] = br#"{"type":"events","events":["#;
const BATCH_END: &[u8] = b"]}";

type Sender = mpsc::Sender<Outgoing<Events>>;

pub(in crate::web) fn chat(id: String, arrival: Arrival) -> Result<Response, ApiError> {
    let message_bytes = arrival.context.config().limits.chat_message_bytes;
    upgrade::accept(arrival, message_bytes, |context, principal, link| async move {
        let handle = session_id(&id).ok().and_then(|id| context.registry().get(id).ok());
        let Some(handle) = handle else { return link.close(Close::NO_SESSION).await };
        match handle.chat() {
            Ok(chat) => run(&context, &principal, link, &handle, chat).await,
            Err(reason) => refuse(link, reason.into()).await,
        }
    })
}

/// Says what is wrong in a frame, because a close reason has no code.
pub(super) async fn refuse(mut link: Link, reason: ApiError) {
    let _ = link.send(error(reason.code(), reason.message())).await;
    link.close(Close::policy("wrong kind of session")).await;
}

async fn run(context: &Context, principal: &Principal, link: Link, handle: &SessionHandle, chat: Chat) {
    let _viewer = handle.view();
    let limits = &context.config().limits;
    let who = principal.name();
    let read = |mut reader: Reader, out: Sender| async move {
        let (commands, queue) = mpsc::channel(COMMANDS_WAITING);
        let reading = async {
            let mut client = Client { handle, chat: &chat, commands, attached: false };
            let mut pace = Pace::new(FRAMES_PER_SECOND, FRAMES_BURST);
            loop {
                let answer = match reader.frame(limits, &mut pace).await {
                    Err(close) => return close,
                    Ok(Incoming::Text(frame)) => client.take(&frame),
                    Ok(Incoming::Binary(_)) => {
                        Some(Outgoing::Frame(error(ErrorCode::BadRequest, "this socket takes text frames only")))
                    }
                    Ok(_) => None,
                };
                if let Some(answer) = answer
                    && out.send(answer).await.is_err()
                {
                    return None;
                }
            }
        };
        let close = tokio::select! {
            close = reading => close,
            () = carry_out(&chat, who, queue, &out) => None,
        };
        (reader, close)
    };
    link.run(context, principal, None, read).await;
}

/// What one socket has said so far.
struct Client<'a> {
    handle: &'a SessionHandle,
    chat: &'a Chat,
    commands: mpsc::Sender<(ClientId, ChatAction)>,
    attached: bool,
}

impl Client<'_> {
    /// Takes a frame; the answer, if there is one at once.
    fn take(&mut self, frame: &str) -> Option<Outgoing<Events>> {
        let message = match serde_json::from_str(frame) {
            Ok(message) => message,
            Err(reason) => return Some(Outgoing::Frame(malformed(&reason))),
        };
        let (client_id, action) = match message {
            ChatClientMessage::Auth { .. } => return None,
            ChatClientMessage::Attach { .. } if self.attached => {
                return Some(Outgoing::Frame(error(ErrorCode::BadRequest, "this socket is attached already")));
            }
            ChatClientMessage::Attach { epoch, after, batched } => {
                self.attached = true;
                let reader = self.chat.read(epoch, after);
                let summary = self.handle.summary();
                let attached = ChatServerMessage::Attached {
                    epoch: reader.epoch(),
                    head: reader.head(),
                    resumed: reader.resumed(),
                    state: summary.state,
                    summary,
                };
                return Some(Outgoing::Follow(text(&attached), Events { reader, batched }));
            }
            ChatClientMessage::Send { client_id, content, when } => (client_id, ChatAction::Send { content, when }),
            ChatClientMessage::Queue { client_id, change } => (client_id, ChatAction::Queue { change }),
            ChatClientMessage::Task { client_id, action } => (client_id, ChatAction::Task { action }),
            ChatClientMessage::Interrupt { client_id } => (client_id, ChatAction::Interrupt),
            ChatClientMessage::Answer { client_id, request_id, decision } => {
                (client_id, ChatAction::Answer { request_id, decision })
            }
            ChatClientMessage::Set { client_id, permission_mode, model, effort } => {
                (client_id, ChatAction::Set { permission_mode, model, effort })
            }
        };
        if !self.attached {
            let code = ErrorCode::BadRequest;
            return Some(Outgoing::Frame(failed(client_id, code, "attach to the session first".to_owned())));
        }
        match self.commands.try_send((client_id, action)) {
            Ok(()) => None,
            Err(
                mpsc::error::TrySendError::Full((client_id, _)) | mpsc::error::TrySendError::Closed((client_id, _)),
            ) => {
                let message = "too many commands wait for this session; try again".to_owned();
                Some(Outgoing::Frame(failed(client_id, ErrorCode::Overloaded, message)))
            }
        }
    }
}

/// Hands commands to the session in the order they came, and acknowledges each when it is settled: an interrupt that
/// the CLI does not answer holds up nothing that comes after it.
async fn carry_out(chat: &Chat, who: &str, mut queue: mpsc::Receiver<(ClientId, ChatAction)>, out: &Sender) {
    let mut unsettled = FuturesUnordered::new();
    loop {
        let ack = tokio::select! {
            command = queue.recv(), if unsettled.len() < COMMANDS_WAITING => {
                // The reading half holds the other end, so there is always a next one.
                let Some((client_id, action)) = command else { return std::future::pending().await };
                match chat.submit(client_id.clone(), action, who).await {
                    Ok(answer) => {
                        unsettled.push(async move { (client_id, answer.await) });
                        continue;
                    }
                    Err(reason) => acknowledge(client_id, Err(reason)),
                }
            }
            Some((client_id, answer)) = unsettled.next(), if !unsettled.is_empty() => acknowledge(client_id, answer),
        };
        if out.send(Outgoing::Frame(ack)).await.is_err() {
            return;
        }
    }
}

fn acknowledge(client_id: ClientId, answer: Result<AckStatus, SessionError>) -> Message {
    match answer {
        Ok(status) => text(&ChatServerMessage::Ack { client_id, status, error: None, code: None }),
        Err(reason) => {
            let reason = ApiError::from(reason);
            failed(client_id, reason.code(), reason.message().to_owned())
        }
    }
}

fn failed(client_id: ClientId, code: ErrorCode, message: String) -> Message {
    text(&ChatServerMessage::Ack { client_id, status: AckStatus::Failed, error: Some(message), code: Some(code) })
}

/// The log as frames.
struct Events {
    reader: ChatReader,
    batched: bool,
}

impl Source for Events {
    async fn next(&mut self) -> Option<Vec<Message>> {
        match self.reader.next().await? {
            ChatOutput::Events(events) if self.batched => Some(batches(&events)),
            // Sent as they are: they were serialized once, for every viewer.
            ChatOutput::Events(events) => Some(events.into_iter().filter_map(frame).collect()),
            ChatOutput::Gap { oldest } => Some(vec![text(&ChatServerMessage::Gap { oldest })]),
        }
    }
}

fn frame(event: Bytes) -> Option<Message> {
    Utf8Bytes::try_from(event).ok().map(Message::Text)
}

/// Puts serialized events together in `events` frames; one that would be alone stays as it is.
fn batches(events: &[Bytes]) -> Vec<Message> {
    let mut frames = Vec::new();
    let mut rest = events;
    while let Some(first) = rest.first() {
        let mut bytes = first.len();
        let more = rest[1..].iter().take_while(|event| {
            bytes += event.len();
            bytes <= BATCH_BYTES
        });
        let (now, later) = rest.split_at(1 + more.count());
        rest = later;
        frames.extend(if now.len() == 1 { frame(first.clone()) } else { frame(batch(now)) });
    }
    frames
}

fn batch(events: &[Bytes]) -> Bytes {
    [BATCH_BEGIN, &events.join(&b',')[..], BATCH_END].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: u64, text: usize) -> Bytes {
        format!(r#"{{"seq":{seq},"text":"{}"}}"#, "x".repeat(text)).into()
    }

    fn seqs(frame: &Message) -> Vec<u64> {
        let value: serde_json::Value = serde_json::from_str(frame.to_text().expect("text")).expect("JSON");
        match value["events"].as_array() {
            Some(events) => events.iter().map(|event| event["seq"].as_u64().expect("a number")).collect(),
            None => vec![value["seq"].as_u64().expect("a number")],
        }
    }

    #[test]
    fn a_batch_is_bounded_and_in_order_and_one_event_stays_alone() {
        let events = [event(1, 10), event(2, 10), event(3, BATCH_BYTES * 2), event(4, 10), event(5, BATCH_BYTES)];
        let frames: Vec<_> = batches(&events).iter().map(seqs).collect();
        assert_eq!(frames, [vec![1, 2], vec![3], vec![4], vec![5]]);
    }
}
