//! The least that shows a terminal in a browser: reads the PTY, sends each read as a frame, as ttyd names them. No TLS,
//! no replay, no acknowledgement, one program for each connection.

use crate::process;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

/// Of output and of input in ttyd's protocol.
pub(crate) const DATA: u8 = b'0';

pub(crate) fn run() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        process::say(&format!("{}\n", listener.local_addr()?.port()));
        loop {
            let (stream, _) = listener.accept().await?;
            tokio_util::task::TaskTracker::new().spawn(async move {
                // A client that goes away is the usual end.
                let _ = serve(stream).await;
            });
        }
    })
}

#[expect(clippy::result_large_err, reason = "the callback's type is not ours")]
async fn serve(stream: TcpStream) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let speak = |_: &Request, mut response: Response| {
        response.headers_mut().insert("sec-websocket-protocol", http::HeaderValue::from_static("tty"));
        Ok(response)
    };
    let (mut sink, mut stream) = tokio_tungstenite::accept_hdr_async(stream, speak).await?.split();
    let (pty, pts) = pty_process::open()?;
    pty.resize(pty_process::Size::new(24, 80))?;
    let command = pty_process::Command::new(std::env::current_exe()?).arg("program").kill_on_drop(true);
    let _child = command.spawn(pts)?;
    let (mut output, mut input) = pty.into_split();
    let send = async {
        loop {
            let mut frame = vec![DATA; 16 << 10];
            let length = output.read(&mut frame[1..]).await?;
            frame.truncate(length + 1);
            sink.send(Message::Binary(frame.into())).await?;
        }
    };
    let receive = async {
        while let Some(message) = stream.next().await {
            if let Message::Binary(bytes) = message?
                && let Some((&DATA, typed)) = bytes.split_first()
            {
                input.write_all(typed).await?;
            }
        }
        Ok(())
    };
    tokio::select! {
        ended = send => ended,
        ended = receive => ended,
    }
}
