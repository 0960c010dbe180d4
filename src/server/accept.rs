//! From a connection to requests. Everything slow happens in the connection's own task.

use super::control::Control;
use super::plain_http;
use super::stall::StallGuard;
use crate::auth::{Names, Slots};
use crate::config::Config;
use crate::web::{Peer, Web};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// First byte of a TLS record that carries a handshake.
const TLS_HANDSHAKE: u8 = 0x16;
/// Bytes hyper may buffer for a head. Above the gate's 16 KiB, so that the gate answers, with an envelope; what is larger
/// still gets hyper's bare 431.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// A write a client does not take for so long ends its connection.
const STALL: Duration = Duration::from_secs(45);
/// Pause after the system refused a connection (out of descriptors), so that the loop does not spin.
const REFUSED_PAUSE: Duration = Duration::from_millis(100);

/// What every connection needs; cheap to clone.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) web: Web,
    pub(super) config: Arc<Config>,
    pub(super) names: Arc<Names>,
    pub(super) acceptor: TlsAcceptor,
    pub(super) slots: Slots,
    pub(super) tracker: TaskTracker,
    /// No new connections.
    pub(super) stop: CancellationToken,
    /// Requests in flight may end, then connections close.
    pub(super) closing: CancellationToken,
    /// Connections are dropped.
    pub(super) dropping: CancellationToken,
}

/// Accepts TCP connections until told to stop.
pub(super) async fn network(door: Door, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = door.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, address) = match accepted {
            Ok((stream, address)) => (stream, address.ip().to_canonical()),
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(REFUSED_PAUSE).await;
                continue;
            }
        };
        let Some(slot) = door.slots.take(address) else {
            tracing::debug!(%address, "too many connections");
            continue;
        };
        let peer = Peer::Network { address, slot: Arc::new(slot) };
        let task = tcp(door.clone(), stream, address, peer);
        door.tracker.spawn(unless_dropped(door.dropping.clone(), task));
    }
}

/// Accepts connections on the control socket until told to stop, and removes it.
pub(super) async fn control(door: Door, control: Control) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = door.stop.cancelled() => return,
            accepted = control.accept() => accepted,
        };
        match accepted {
            Ok(stream) => {
                let task = http(door.clone(), stream, Peer::Control);
                door.tracker.spawn(unless_dropped(door.dropping.clone(), task));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to the control socket was not accepted");
                tokio::time::sleep(REFUSED_PAUSE).await;
            }
        }
    }
}

async fn unless_dropped(dropping: CancellationToken, task: impl Future<Output = ()>) {
    tokio::select! {
        biased;
        () = dropping.cancelled() => {}
        () = task => {}
    }
}

async fn tcp(door: Door, stream: TcpStream, address: IpAddr, peer: Peer) {
    // Keys and small events must not wait for more of the same.
    let _ = stream.set_nodelay(true);
    let patience = door.config.limits.handshake;
    let mut first = [0];
    match tokio::time::timeout(patience, stream.peek(&mut first)).await {
        Ok(Ok(1)) if first[0] == TLS_HANDSHAKE => {}
        // Only tests/bench is ever built like this; see Cargo.toml.
        Ok(Ok(1)) if cfg!(feature = "bench-plain-http") => {
            return http(door, StallGuard::new(stream, STALL), peer).await;
        }
        Ok(Ok(1)) => return plain_http::answer(stream, &door.names, patience).await,
        _ => return,
    }
    let handshake = door.acceptor.accept(StallGuard::new(stream, STALL));
    match tokio::time::timeout(patience, handshake).await {
        Ok(Ok(stream)) => http(door, stream, peer).await,
        Ok(Err(error)) => tracing::debug!(%address, %error, "no TLS handshake"),
        Err(_) => tracing::debug!(%address, "the TLS handshake took too long"),
    }
}

async fn http<S>(door: Door, stream: S, peer: Peer)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let web = door.web.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (web, peer) = (web.clone(), peer.clone());
        async move { Ok::<Response<_>, Infallible>(web.answer(request, peer).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // Also the longest a connection may wait for its next request.
        .header_read_timeout(door.config.limits.handshake)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = door.closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        log_end(&error);
    }
}

fn log_end(error: &hyper::Error) {
    let source = std::error::Error::source(error).and_then(|e| e.downcast_ref::<io::Error>()).map(io::Error::kind);
    tracing::debug!(%error, ?source, "a connection ended early");
}
