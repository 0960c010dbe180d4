//! A viewer that does what the page does, without drawing: takes frames, acknowledges every 64 KiB it has drawn, types.

use crate::forwarder::DATA;
use crate::program::READY;
use anyhow::Context as _;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_util::either::Either;

pub(crate) type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// The page's, and that of ttyd's.
const ACK_BYTES: u64 = 64 << 10;
const TTYD_MARK_BYTES: u64 = 100_000;
const TTYD_MARKS_HIGH: u64 = 10;
const TTYD_MARKS_LOW: u64 = 4;

/// One socket.
pub(crate) struct Viewer {
    socket: WebSocketStream<Stream>,
    dialect: Dialect,
    /// The session, if it is ours.
    pub(crate) session: Option<String>,
    /// Offset after the last byte received.
    received: u64,
    acked: u64,
    snapshot_left: u64,
    paused: bool,
    /// What was received and is not drawn: when it will be, its length, and whether the mark ends in it.
    drawing: VecDeque<(Instant, u64, bool)>,
    /// The last bytes received, in which a mark may begin.
    tail: Vec<u8>,
    /// Bytes the server left out, because this was too slow.
    pub(crate) skipped: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Ours,
    /// Frames begin with a letter; `pause` and `resume` instead of acknowledgements.
    Ttyd,
}

impl Viewer {
    /// Opens a socket; signs in where there is a token.
    pub(crate) async fn open(stream: Stream, host: &str, path: &str, token: Option<&str>) -> anyhow::Result<Self> {
        let scheme = if matches!(stream, Either::Left(_)) { "ws" } else { "wss" };
        let mut request = format!("{scheme}://{host}{path}").into_client_request()?;
        let (dialect, name, value) = match token {
            Some(_) => (Dialect::Ours, "origin", format!("https://{host}")),
            None => (Dialect::Ttyd, "sec-websocket-protocol", "tty".to_owned()),
        };
        request.headers_mut().insert(name, value.parse()?);
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await?;
        let mut viewer = Self {
            socket,
            dialect,
            session: None,
            received: 0,
            acked: 0,
            snapshot_left: 0,
            paused: false,
            drawing: VecDeque::new(),
            tail: Vec::new(),
            skipped: 0,
        };
        let first = match token {
            Some(token) => Message::text(json!({ "type": "auth", "token": token, "device": "bench" }).to_string()),
            None => Message::binary(r#"{"AuthToken":"","columns":80,"rows":24}"#),
        };
        viewer.socket.send(first).await?;
        if token.is_some() {
            viewer.control("auth_ok").await?;
        }
        Ok(viewer)
    }

    /// Begins to follow the session's output.
    pub(crate) async fn attach(&mut self) -> anyhow::Result<()> {
        static INPUTS: AtomicU64 = AtomicU64::new(0);
        let input_id = format!("bench-{}-{}", std::process::id(), INPUTS.fetch_add(1, Ordering::Relaxed));
        let attach = json!({ "type": "attach", "input_id": input_id, "input_offset": 0 });
        self.socket.send(Message::text(attach.to_string())).await?;
        let attached = self.control("attached").await?;
        self.restart(&attached)
    }

    /// The stream goes on from an offset, behind a snapshot.
    fn restart(&mut self, message: &Value) -> anyhow::Result<()> {
        self.received = message["offset"].as_u64().context("offset")?;
        self.acked = self.received;
        self.snapshot_left = message["snapshot_bytes"].as_u64().context("snapshot_bytes")?;
        Ok(())
    }

    /// Types.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let frame = match self.dialect {
            Dialect::Ours => Bytes::copy_from_slice(bytes),
            Dialect::Ttyd => [&[DATA], bytes].concat().into(),
        };
        Ok(self.socket.send(Message::Binary(frame)).await?)
    }

    /// Gives the program an order.
    pub(crate) async fn order(&mut self, order: &str) -> anyhow::Result<()> {
        self.send(format!("{order}\n").as_bytes()).await
    }

    /// The next output.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Bytes> {
        loop {
            let message = self.socket.next().await.context("the socket ended")??;
            match (self.dialect, message) {
                (Dialect::Ours, Message::Binary(bytes)) if self.snapshot_left > 0 => {
                    self.snapshot_left = self.snapshot_left.saturating_sub(bytes.len() as u64);
                    if self.snapshot_left == 0 {
                        self.acknowledge(self.received).await?;
                    }
                }
                (Dialect::Ours, Message::Binary(bytes)) => {
                    self.received += bytes.len() as u64;
                    return Ok(bytes);
                }
                (Dialect::Ttyd, Message::Binary(bytes)) if bytes.first() == Some(&DATA) => {
                    self.received += bytes.len() as u64 - 1;
                    return Ok(bytes.slice(1..));
                }
                (Dialect::Ours, Message::Text(text)) => {
                    let message: Value = serde_json::from_str(&text)?;
                    match message["type"].as_str() {
                        Some("skipped") => {
                            let before = self.received;
                            self.restart(&message)?;
                            self.skipped += self.received - before;
                        }
                        Some("error" | "exit") => anyhow::bail!("{text}"),
                        _ => {}
                    }
                }
                (_, Message::Close(reason)) => anyhow::bail!("closed: {reason:?}"),
                _ => {}
            }
        }
    }

    async fn acknowledge(&mut self, offset: u64) -> anyhow::Result<()> {
        self.acked = offset;
        Ok(self.socket.send(Message::text(format!(r#"{{"type":"ack","offset":{offset}}}"#))).await?)
    }

    /// Says that everything but the last `left` bytes is drawn, when that is due.
    pub(crate) async fn drawn(&mut self, left: u64) -> anyhow::Result<()> {
        let drawn = self.received - left;
        match self.dialect {
            Dialect::Ours if drawn >= self.acked + ACK_BYTES => {
                self.acknowledge(drawn).await?;
            }
            Dialect::Ttyd if !self.paused && left / TTYD_MARK_BYTES > TTYD_MARKS_HIGH => {
                self.paused = true;
                self.socket.send(Message::binary(&b"2"[..])).await?;
            }
            Dialect::Ttyd if self.paused && left / TTYD_MARK_BYTES < TTYD_MARKS_LOW => {
                self.paused = false;
                self.socket.send(Message::binary(&b"3"[..])).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads `bytes` of output, drawing as fast as it comes; skipped bytes count.
    pub(crate) async fn take(&mut self, bytes: u64) -> anyhow::Result<()> {
        let end = self.received + bytes;
        while self.received < end {
            self.next().await?;
            self.drawn(0).await?;
        }
        anyhow::ensure!(self.received == end, "{} bytes too many", self.received - end);
        Ok(())
    }

    /// Takes what comes for a while, drawing `rate` bytes a second; ends early when `mark` is drawn, and says so.
    pub(crate) async fn draw(&mut self, rate: u64, until: Instant, mark: &[u8]) -> anyhow::Result<bool> {
        let mut left = self.drawing.iter().map(|(_, length, _)| length).sum();
        while Instant::now() < until {
            let done = self.drawing.front().map_or(until, |(done, ..)| (*done).min(until));
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(done) => {}
                bytes = self.next() => {
                    let bytes = bytes?;
                    let length = bytes.len() as u64;
                    let begin = self.drawing.back().map_or_else(Instant::now, |(done, ..)| (*done).max(Instant::now()));
                    let done = begin + Duration::from_secs_f64(length as f64 / rate as f64);
                    // What follows a flood is the last thing that comes.
                    self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(mark.len())..]);
                    self.drawing.push_back((done, length, self.tail.ends_with(mark)));
                    self.tail.drain(..self.tail.len().saturating_sub(mark.len()));
                    left += length;
                }
            }
            while let Some((done, length, marked)) = self.drawing.front().copied()
                && done <= Instant::now()
            {
                self.drawing.pop_front();
                left -= length;
                if marked {
                    return Ok(true);
                }
            }
            self.drawn(left).await?;
        }
        Ok(false)
    }

    /// Types a byte and waits until it is shown.
    pub(crate) async fn echo(&mut self) -> anyhow::Result<Duration> {
        let start = Instant::now();
        self.send(b"x").await?;
        let shown = tokio::time::timeout(Duration::from_secs(5), self.next()).await.context("no echo")??;
        anyhow::ensure!(&shown[..] == b"x", "{shown:?} is no echo");
        let latency = start.elapsed();
        self.drawn(0).await?;
        Ok(latency)
    }

    /// Reads until the program takes orders.
    pub(crate) async fn until_ready(&mut self) -> anyhow::Result<()> {
        let mut seen = Vec::new();
        while !seen.ends_with(READY) {
            seen.extend_from_slice(&self.next().await?);
        }
        Ok(())
    }

    async fn control(&mut self, wanted: &str) -> anyhow::Result<Value> {
        loop {
            let message = self.socket.next().await.context("the socket ended")??;
            if let Message::Text(text) = message {
                let value: Value = serde_json::from_str(&text)?;
                anyhow::ensure!(value["type"] == wanted, "{wanted} was expected, not {text}");
                return Ok(value);
            }
        }
    }
}
