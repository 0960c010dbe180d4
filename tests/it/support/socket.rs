//! A WebSocket client that says what it sees.

use super::{Server, Stream};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::UnixStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

const PATIENCE: Duration = Duration::from_secs(10);

/// A socket.
pub(crate) struct Socket<S = Stream>(pub(crate) WebSocketStream<S>);

/// What came.
#[derive(Debug, PartialEq)]
pub(crate) enum Seen {
    Text(Value),
    Binary(Vec<u8>),
    Closed(u16),
    /// Ended without a close frame.
    Cut,
}

impl Server {
    /// Opens a socket with the given Origin; the HTTP status when it is refused.
    pub(crate) async fn socket_from(&self, path: &str, origin: Option<&str>) -> Result<Socket, u16> {
        let url = format!("wss://{}{path}", self.host());
        let mut request = url.into_client_request().expect("request");
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().expect("origin"));
        }
        match tokio_tungstenite::client_async(request, self.connect().await).await {
            Ok((stream, _)) => Ok(Socket(stream)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{path}: {other}"),
        }
    }

    pub(crate) async fn socket(&self, path: &str) -> Socket {
        self.socket_from(path, Some(&self.origin())).await.expect("an upgrade")
    }

    /// A socket that has signed in.
    pub(crate) async fn signed_in(&self, path: &str) -> Socket {
        let mut socket = self.socket(path).await;
        socket.send(&json!({ "type": "auth", "token": self.ready.token, "device": "test" })).await;
        assert_eq!(socket.text().await, json!({ "type": "auth_ok", "principal": "test" }));
        socket
    }

    /// A signed-in socket through something at `address`; none when it did not hold long enough.
    pub(crate) async fn signed_in_at(&self, address: SocketAddr, path: &str) -> Option<Socket> {
        let mut request = format!("wss://{}{path}", self.host()).into_client_request().expect("request");
        request.headers_mut().insert("origin", self.origin().parse().expect("origin"));
        let stream = self.connect_at(address).await.ok()?;
        let mut socket = Socket(tokio_tungstenite::client_async(request, stream).await.ok()?.0);
        socket.send(&json!({ "type": "auth", "token": self.ready.token, "device": "test" })).await;
        matches!(socket.next().await, Seen::Text(answer) if answer["type"] == "auth_ok").then_some(socket)
    }

    /// A socket over the control socket.
    pub(crate) async fn owner_socket(&self, path: &str) -> Socket<UnixStream> {
        let stream = UnixStream::connect(&self.ready.control_socket).await.expect("control socket");
        let url = format!("ws://claude-web{path}");
        Socket(tokio_tungstenite::client_async(url, stream).await.expect("an upgrade").0)
    }
}

impl<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin> Socket<S> {
    pub(crate) async fn send(&mut self, message: &Value) {
        self.send_raw(Message::text(message.to_string())).await;
    }

    pub(crate) async fn send_raw(&mut self, message: Message) {
        // A server that has closed is seen by the next read.
        let _ = self.0.send(message).await;
    }

    /// The next frame that is not a ping.
    pub(crate) async fn next(&mut self) -> Seen {
        self.next_within(PATIENCE).await
    }

    pub(crate) async fn next_within(&mut self, patience: Duration) -> Seen {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let next = tokio::time::timeout_at(deadline, self.0.next()).await.expect("a frame in time");
            return match next {
                Some(Ok(Message::Text(text))) => Seen::Text(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Binary(bytes))) => Seen::Binary(bytes.to_vec()),
                Some(Ok(Message::Close(frame))) => Seen::Closed(frame.map_or(1005, |f| f.code.into())),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => Seen::Cut,
            };
        }
    }

    pub(crate) async fn text(&mut self) -> Value {
        match self.next().await {
            Seen::Text(value) => value,
            other => panic!("no text: {other:?}"),
        }
    }

    /// Reads until the end and gives the close code.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match self.next().await {
                Seen::Closed(code) => return code,
                Seen::Cut => panic!("cut without a close frame"),
                Seen::Text(_) | Seen::Binary(_) => {}
            }
        }
    }
}
