//! The handlers of the HTTP API.

pub(super) mod chat;
pub(super) mod export;
pub(super) mod files;
pub(super) mod query;
pub(super) mod recording;
pub(super) mod sessions;
pub(super) mod tasks;

use super::context::{Caller, Context};
use super::{ApiError, body};
use crate::protocol::{Health, ReplaceToken, SessionId, SessionState, TokenIssued};
use crate::sessions::SessionHandle;
use serde::Serialize;
use serde_json::json;
use warp::Reply;
use warp::reply::Response;

/// `GET /health`: one word for anyone, everything for whoever proved who they are.
pub(super) fn health(context: &Context, caller: &Caller) -> Response {
    if caller.principal.is_none() {
        return json_reply(&json!({ "status": "healthy" }));
    }
    let config = context.config();
    let live = context.registry().sessions().iter().filter(|s| s.state != SessionState::Ended).count();
    json_reply(&Health {
        status: "healthy".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        uptime_ms: u64::try_from(context.started().elapsed().as_millis()).unwrap_or(u64::MAX),
        host_name: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        root: context.root().path().display().to_string(),
        live_sessions: live,
        max_sessions: config.max_sessions,
        on_disconnect: config.on_disconnect.as_str().to_owned(),
        disconnect_grace_ms: u64::try_from(config.disconnect_grace.as_millis()).unwrap_or(u64::MAX),
        allow_bypass: config.allow_bypass,
        claude: context.registry().claude_status(),
    })
}

/// `POST /api/claude/find`: looks for the CLI again.
pub(super) async fn find_claude(context: Context) -> Result<Response, ApiError> {
    Ok(json_reply(&context.registry().find_claude().await))
}

/// `POST /api/token`: a new access token, beside or instead of the others.
pub(super) fn token(context: &Context, bytes: &[u8]) -> Result<Response, ApiError> {
    let request: ReplaceToken = if bytes.is_empty() { ReplaceToken::default() } else { body::json(bytes)? };
    let token = if request.replace {
        context.tokens().replace_all()
    } else {
        context.tokens().issue().map_err(|error| ApiError::invalid(error.to_string()))?
    };
    let urls = context.names().urls(&token);
    Ok(json_reply(&TokenIssued { token, urls }))
}

/// The session an address names; what is no id names no session.
fn session(context: &Context, id: &str) -> Result<SessionHandle, ApiError> {
    Ok(context.registry().get(session_id(id)?)?)
}

/// A session id from an address.
pub(super) fn session_id(id: &str) -> Result<SessionId, ApiError> {
    let unknown = || ApiError::new(crate::protocol::ErrorCode::SessionNotFound, "there is no such session");
    id.parse().map_err(|_| unknown())
}

fn json_reply<T: Serialize>(value: &T) -> Response {
    warp::reply::json(value).into_response()
}
