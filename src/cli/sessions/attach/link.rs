//! One connection to a terminal: the WebSocket of the page, over the control socket.

use crate::cli::client::Client;
use crate::cli::exit::CliError;
use crate::protocol::{SessionId, TerminalClientMessage, TerminalServerMessage};
use anyhow::anyhow;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// The server is on this machine.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(5);
/// The server pings each 20 s, so one that was silent for so long is stuck.
const SILENCE_LIMIT: Duration = Duration::from_secs(60);
/// Frames between the connection and whoever draws; full, the server waits.
const FRAMES: usize = 16;
/// The server has no such session, or no longer.
const NO_SESSION: u16 = 4404;
/// The server is going.
const RESTARTING: u16 = 1012;

/// What a connection brings.
#[derive(Debug)]
pub(super) enum Event {
    /// It is there; what is sent here goes out. Capacity 16: the sender waits.
    Open(mpsc::Sender<Message>),
    Said(TerminalServerMessage),
    Bytes(Bytes),
    /// It ended; nothing follows.
    Down(Down),
}

/// Why a connection ended.
#[derive(Debug)]
pub(super) enum Down {
    /// It may work at the next try.
    Broken(String),
    /// It will not.
    Over(CliError),
}

/// Connects in the background. Dropping the receiver ends the connection.
pub(super) fn connect(client: &Client, id: SessionId) -> mpsc::Receiver<Event> {
    let (events, receiver) = mpsc::channel(FRAMES);
    let client = client.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends with the receiver, and nothing is lost when the process ends"
    )]
    tokio::spawn(async move {
        let run = async {
            let down = match open(&client, id).await {
                Ok(stream) => run(stream, &events).await,
                Err(down) => down,
            };
            let _ = events.send(Event::Down(down)).await;
        };
        tokio::select! {
            () = run => {}
            () = events.closed() => {}
        }
    });
    receiver
}

/// A message as a frame.
pub(super) fn text(message: &TerminalClientMessage) -> Message {
    Message::text(serde_json::to_string(message).unwrap_or_default())
}

async fn open(client: &Client, id: SessionId) -> Result<WebSocketStream<UnixStream>, Down> {
    let stream = client.connect().await.map_err(|error| match error {
        CliError::NoServer(_) => Down::Over(error),
        other => Down::Broken(reason(&other)),
    })?;
    let address = format!("ws://localhost/api/sessions/{id}/terminal");
    let opened = timeout(HANDSHAKE_LIMIT, tokio_tungstenite::client_async(address, stream)).await;
    match opened {
        Ok(Ok((stream, _))) => Ok(stream),
        Ok(Err(error)) => Err(Down::Broken(error.to_string())),
        Err(_) => Err(Down::Broken("the server does not answer".to_owned())),
    }
}

fn reason(error: &CliError) -> String {
    match error {
        CliError::Failed(error) => format!("{error:#}"),
        other => format!("{other:?}"),
    }
}

async fn run(stream: WebSocketStream<UnixStream>, events: &mpsc::Sender<Event>) -> Down {
    let (mut sink, mut stream) = stream.split();
    let (sender, mut queue) = mpsc::channel::<Message>(FRAMES);
    if events.send(Event::Open(sender)).await.is_err() {
        return Down::Broken(String::new());
    }
    let writing = async {
        while let Some(message) = queue.recv().await {
            if let Err(error) = sink.send(message).await {
                return Down::Broken(error.to_string());
            }
        }
        std::future::pending().await
    };
    let reading = async {
        loop {
            let message = match timeout(SILENCE_LIMIT, stream.next()).await {
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(error))) => return Down::Broken(error.to_string()),
                Ok(None) => return Down::Broken("the connection ended".to_owned()),
                Err(_) => return Down::Broken("the server was silent for too long".to_owned()),
            };
            let event = match message {
                Message::Binary(bytes) => Event::Bytes(bytes),
                Message::Text(text) => match serde_json::from_str(&text) {
                    Ok(message) => Event::Said(message),
                    // A newer server may say more.
                    Err(_) => continue,
                },
                Message::Close(frame) => {
                    let (code, said) =
                        frame.map_or((0, String::new()), |frame| (frame.code.into(), frame.reason.to_string()));
                    return match code {
                        NO_SESSION => Down::Over(CliError::NoSession(String::new())),
                        RESTARTING => Down::Over(anyhow!("the server is stopping").into()),
                        _ => Down::Broken(said),
                    };
                }
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            };
            if events.send(event).await.is_err() {
                return Down::Broken(String::new());
            }
        }
    };
    // What came before the end is read even when writing has failed already.
    tokio::pin!(reading);
    tokio::select! {
        down = &mut reading => down,
        down = writing => timeout(Duration::from_secs(1), reading).await.unwrap_or(down),
    }
}
