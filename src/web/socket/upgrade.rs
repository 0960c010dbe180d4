//! From an HTTP request to a WebSocket. `warp::ws` is not used because it cannot bound what is read before the
//! credential, gives every socket a 128 KiB read buffer, copies each text frame, and spawns outside the tracker.

use super::budget::Budget;
use super::link::Link;
use super::{Arrival, Close, auth};
use crate::auth::Principal;
use crate::protocol::ErrorCode;
use crate::web::ApiError;
use crate::web::context::{Context, Peer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use warp::reply::Response;

/// Small, because a thousand idle sockets are a thousand of these.
const READ_BUFFER_BYTES: usize = 8 * 1024;
/// Frames are collected up to this before they are written: what TLS takes at once.
const WRITE_BUFFER_BYTES: usize = 64 * 1024;
/// Must hold one event made of the longest line a child may print, escaped.
const WRITE_BUFFER_BYTES_MAX: usize = 128 * 1024 * 1024;

/// Answers 101 and runs `session` once the client has signed in. The close it returns is sent.
pub(super) fn accept<F, S>(arrival: Arrival, message_bytes: usize, session: S) -> Result<Response, ApiError>
where
    S: FnOnce(Context, Principal, Link) -> F + Send + 'static,
    F: Future<Output = ()> + Send,
{
    let Arrival { context, caller, headers, on_upgrade } = arrival;
    let key = handshake_key(&headers)?;
    let on_upgrade = on_upgrade.ok_or_else(|| ApiError::bad_request("this connection cannot become a socket"))?;
    let place = match &caller.peer {
        Peer::Control => None,
        Peer::Network { address, .. } => {
            let place = context.unauthenticated_sockets().take(*address);
            let full = || ApiError::rate_limited("too many sockets wait for a credential", Duration::from_secs(1));
            Some(place.ok_or_else(full)?)
        }
    };
    let tracker = context.tracker().clone();
    tracker.spawn(async move {
        let patience = context.config().limits.handshake;
        let Ok(Ok(upgraded)) = tokio::time::timeout(patience, on_upgrade).await else { return };
        let (budget, lift) = Budget::new(TokioIo::new(upgraded), auth::FIRST_FRAME_BYTES_MAX);
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
            .max_message_size(Some(message_bytes))
            .max_frame_size(Some(message_bytes));
        let stream = WebSocketStream::from_raw_socket(budget, Role::Server, Some(config)).await;
        let mut link = Link::new(stream);
        let closing = context.closing().clone();
        let signed_in = tokio::select! {
            biased;
            () = closing.cancelled() => Err(Close::RESTARTING),
            signed_in = auth::sign_in(&context, &caller, &mut link) => signed_in,
        };
        match signed_in {
            Ok(principal) => {
                lift.lift();
                drop(place);
                session(context, principal, link).await;
            }
            Err(close) => link.close(close).await,
        }
        // Only now is the connection's slot free again.
        drop(caller);
    });
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let out = response.headers_mut();
    out.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    out.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(answer) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        out.insert(header::SEC_WEBSOCKET_ACCEPT, answer);
    }
    Ok(response)
}

/// The key of a well-formed handshake.
fn handshake_key(headers: &HeaderMap) -> Result<&str, ApiError> {
    let refused = |message: &str| ApiError::new(ErrorCode::BadRequest, message);
    let has = |name: header::HeaderName, wanted: &str| {
        let values = headers.get_all(name);
        let mut tokens = values.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
        tokens.any(|token| token.trim().eq_ignore_ascii_case(wanted))
    };
    if !has(header::CONNECTION, "upgrade") || !has(header::UPGRADE, "websocket") {
        return Err(refused("this address speaks WebSocket"));
    }
    let mut versions = headers.get_all(header::SEC_WEBSOCKET_VERSION).iter();
    if versions.next().is_none_or(|version| version != "13") || versions.next().is_some() {
        return Err(refused("only WebSocket version 13 is spoken here"));
    }
    let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).iter();
    let key = keys.next().and_then(|key| key.to_str().ok()).filter(|_| keys.next().is_none());
    key.filter(|key| STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16))
        .ok_or_else(|| refused("the WebSocket key is missing or malformed"))
}
