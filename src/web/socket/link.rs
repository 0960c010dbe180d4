//! Both halves of a socket, and what every kind of socket does alike: frames in, frames out, pings, and an orderly end.

use super::Close;
use super::budget::Budget;
use crate::auth::Principal;
use crate::config::Limits;
use crate::protocol::{ErrorCode, EventsServerMessage};
use crate::web::context::Context;
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{self, Error, Message, Utf8Bytes};

type Stream = WebSocketStream<Budget<TokioIo<Upgraded>>>;

/// How long a client may take to answer a close before the connection is dropped.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);
/// Frames that wait for the writer, besides what it pulls itself: acknowledgements and errors. A full queue makes the
/// reader wait, so a client that does not read its answers is not read from either.
const OUTGOING_FRAMES: usize = 64;

/// A socket.
pub(super) struct Link {
    pub(super) incoming: Reader,
    outgoing: SplitSink<Stream, Message>,
}

/// The reading half.
pub(super) struct Reader {
    stream: SplitStream<Stream>,
    /// Set when the server ends the socket: what the client still says is not taken any more.
    muted: Arc<AtomicBool>,
    /// Bytes that came, also of a message that is still on its way.
    heard: Arc<AtomicU64>,
}

/// What a client sent.
#[derive(Debug)]
pub(super) enum Incoming {
    Text(Utf8Bytes),
    Binary(Bytes),
    /// Ping, pong: the client lives.
    Alive,
    /// The client closed, or the connection broke: nothing is left to say.
    Gone,
    /// The client broke the protocol.
    Broken(Close),
}

/// What the writing half is told.
pub(super) enum Outgoing<S> {
    Frame(Message),
    /// Pull from this from now on, after sending the frame.
    Follow(Message, S),
}

/// Something the writing half pulls frames from at its own pace.
pub(super) trait Source: Send {
    /// The next frames, at least one; none when there will never be more. Cancel-safe.
    fn next(&mut self) -> impl Future<Output = Option<Vec<Message>>> + Send;
}

impl Link {
    pub(super) fn new(stream: Stream) -> Self {
        let heard = stream.get_ref().heard();
        let (outgoing, stream) = stream.split();
        Self { incoming: Reader { stream, muted: Arc::default(), heard }, outgoing }
    }

    pub(super) async fn send(&mut self, message: Message) -> Result<(), ()> {
        self.outgoing.send(message).await.map_err(drop)
    }

    /// Says why, waits a little for the answer, and lets go.
    pub(super) async fn close(self, close: Close) {
        let Self { mut incoming, mut outgoing } = self;
        let frame = CloseFrame { code: close.code.into(), reason: Utf8Bytes::from_static(close.reason) };
        let farewell = async {
            if outgoing.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = incoming.stream.next().await {}
            }
        };
        let _ = tokio::time::timeout(CLOSE_PATIENCE, farewell).await;
    }

    /// Runs a socket until something ends it. `read` gets the reading half and the queue to the writing half and
    /// returns when the client is gone or must go. The two halves never wait for each other, except through the queue.
    pub(super) async fn run<S, R, F>(self, context: &Context, principal: &Principal, source: Option<S>, read: R)
    where
        S: Source,
        R: FnOnce(Reader, mpsc::Sender<Outgoing<S>>) -> F,
        F: Future<Output = (Reader, Option<Close>)>,
    {
        let Self { incoming, mut outgoing } = self;
        let muted = Arc::clone(&incoming.muted);
        let (sender, receiver) = mpsc::channel(OUTGOING_FRAMES);
        let reading = read(incoming, sender);
        tokio::pin!(reading);
        let end = tokio::select! {
            biased;
            () = context.closing().cancelled() => Some(Close::RESTARTING),
            () = principal.ended().cancelled() => Some(Close::SIGNED_OUT),
            end = write(&mut outgoing, receiver, source, context.config().limits.ping) => end,
            (incoming, close) = &mut reading => {
                match close {
                    Some(close) => Self { incoming, outgoing }.close(close).await,
                    // Lets the answer to the client's own close go out.
                    None => drop(tokio::time::timeout(CLOSE_PATIENCE, outgoing.close()).await),
                }
                return;
            }
        };
        // The reading half stays with `read`, which now only waits for the client's answer to the close.
        muted.store(true, Ordering::Relaxed);
        if let Some(close) = end {
            let frame = CloseFrame { code: close.code.into(), reason: Utf8Bytes::from_static(close.reason) };
            let farewell = async {
                if outgoing.send(Message::Close(Some(frame))).await.is_ok() {
                    let _ = reading.await;
                }
            };
            let _ = tokio::time::timeout(CLOSE_PATIENCE, farewell).await;
        }
    }
}

impl Reader {
    pub(super) async fn next(&mut self) -> Incoming {
        let message = self.stream.next().await;
        match message {
            Some(Ok(_)) if self.muted.load(Ordering::Relaxed) => {
                while let Some(Ok(_)) = self.stream.next().await {}
                Incoming::Gone
            }
            None | Some(Ok(Message::Close(_))) => Incoming::Gone,
            Some(Ok(Message::Text(text))) => Incoming::Text(text),
            Some(Ok(Message::Binary(bytes))) => Incoming::Binary(bytes),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Incoming::Alive,
            Some(Err(Error::Capacity(_))) => Incoming::Broken(Close::TOO_BIG),
            Some(Err(Error::Utf8(_))) => Incoming::Broken(Close::NOT_UTF8),
            Some(Err(Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake))) => {
                Incoming::Gone
            }
            Some(Err(Error::Protocol(_))) => Incoming::Broken(Close::PROTOCOL),
            Some(Err(_)) => Incoming::Gone,
        }
    }

    /// The next frame, with everything that ends a socket taken care of: silence, floods, broken frames.
    pub(super) async fn frame(&mut self, limits: &Limits, pace: &mut Pace) -> Result<Incoming, Option<Close>> {
        let frame = loop {
            // A large message over a slow line takes longer than any answer to a ping, which must wait behind it.
            let heard = self.heard.load(Ordering::Relaxed);
            let frame = tokio::time::timeout(limits.dead, self.next()).await;
            if frame.is_ok() || self.heard.load(Ordering::Relaxed) == heard {
                break frame;
            }
        };
        match frame {
            Err(_) => Err(Some(Close::policy("no sign of life"))),
            Ok(Incoming::Gone) => Err(None),
            Ok(Incoming::Broken(close)) => Err(Some(close)),
            Ok(frame) if pace.allows() => Ok(frame),
            Ok(_) => Err(Some(Close::policy("too many frames"))),
        }
    }
}

/// Sends what is queued and what `source` gives, and pings. Ends with nothing to say when the client is gone.
async fn write<S: Source>(
    sink: &mut SplitSink<Stream, Message>,
    mut queue: mpsc::Receiver<Outgoing<S>>,
    mut source: Option<S>,
    every: Duration,
) -> Option<Close> {
    let mut ping = tokio::time::interval_at(Instant::now() + every, every);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let sent = tokio::select! {
            queued = queue.recv() => match queued {
                Some(Outgoing::Frame(frame)) => sink.send(frame).await,
                Some(Outgoing::Follow(frame, next)) => {
                    source = Some(next);
                    sink.send(frame).await
                }
                // The reading half ended; its own end is what counts.
                None => std::future::pending().await,
            },
            frames = pull(&mut source) => match frames {
                Some(frames) => feed(sink, frames).await,
                None => {
                    source = None;
                    Ok(())
                }
            },
            _ = ping.tick() => sink.send(Message::Ping(Bytes::new())).await,
        };
        if sent.is_err() {
            return None;
        }
    }
}

async fn pull<S: Source>(source: &mut Option<S>) -> Option<Vec<Message>> {
    match source {
        Some(source) => source.next().await,
        None => std::future::pending().await,
    }
}

async fn feed(sink: &mut SplitSink<Stream, Message>, frames: Vec<Message>) -> Result<(), Error> {
    for frame in frames {
        sink.feed(frame).await?;
    }
    sink.flush().await
}

/// How many frames a client may send.
pub(super) struct Pace {
    per_second: f64,
    burst: f64,
    left: f64,
    at: Instant,
}

impl Pace {
    pub(super) fn new(per_second: u32, burst: u32) -> Self {
        let burst = f64::from(burst);
        Self { per_second: f64::from(per_second), burst, left: burst, at: Instant::now() }
    }

    fn allows(&mut self) -> bool {
        let now = Instant::now();
        self.left = (self.left + now.duration_since(self.at).as_secs_f64() * self.per_second).min(self.burst);
        self.at = now;
        self.left -= 1.0;
        self.left >= 0.0
    }
}

/// A message of ours as a frame.
pub(super) fn text<T: Serialize>(message: &T) -> Message {
    Message::text(serde_json::to_string(message).expect("protocol types serialize"))
}

/// An `error` frame; it looks the same on every socket.
pub(super) fn error(code: ErrorCode, message: impl Into<String>) -> Message {
    text(&EventsServerMessage::Error { code, message: message.into() })
}

/// The `error` frame for text that is no message.
pub(super) fn malformed(error: &serde_json::Error) -> Message {
    let code = match error.classify() {
        serde_json::error::Category::Data => ErrorCode::ValidationFailed,
        _ => ErrorCode::InvalidJson,
    };
    self::error(code, format!("the frame is not what this socket takes: {error}"))
}
