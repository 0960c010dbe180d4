//! `/api/sessions` and one session.

use super::{json_reply, query, session};
use crate::protocol::{ChangeSession, CreateSession, SessionKind, SessionPage, SessionState};
use crate::web::context::{Caller, Context};
use crate::web::{ApiError, body};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use warp::reply::Response;

const PAGE_DEFAULT: usize = 100;
const PAGE_MAX: u64 = 500;

pub(in crate::web) fn list(context: &Context, query: &str) -> Result<Response, ApiError> {
    let (mut limit, mut offset) = (PAGE_DEFAULT, 0);
    let (mut state, mut kind): (Option<SessionState>, Option<SessionKind>) = (None, None);
    for (key, value) in query::pairs(query, &["limit", "offset", "state", "kind"])? {
        match key {
            "limit" => limit = index(query::number(key, &value, 1, PAGE_MAX)?),
            "offset" => offset = index(query::number(key, &value, 0, u64::MAX)?),
            "state" => state = Some(word(key, value)?),
            _ => kind = Some(word(key, value)?),
        }
    }
    let mut sessions = context.registry().sessions();
    sessions.retain(|s| state.is_none_or(|state| s.state == state) && kind.is_none_or(|kind| s.kind == kind));
    let total = sessions.len();
    let sessions = sessions.into_iter().skip(offset).take(limit).collect();
    Ok(json_reply(&SessionPage { sessions, total }))
}

pub(in crate::web) async fn create(context: Context, caller: Caller, bytes: Bytes) -> Result<Response, ApiError> {
    let request: CreateSession = body::json(&bytes)?;
    let session = context.registry().create(request, caller.proved()?.name()).await?;
    let mut response = json_reply(&session);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&format!("/api/sessions/{}", session.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

pub(in crate::web) fn read(context: &Context, id: &str) -> Result<Response, ApiError> {
    Ok(json_reply(&session(context, id)?.summary()))
}

pub(in crate::web) async fn change(
    id: String,
    context: Context,
    caller: Caller,
    bytes: Bytes,
) -> Result<Response, ApiError> {
    let change: ChangeSession = body::json(&bytes)?;
    let session = session(&context, &id)?;
    Ok(json_reply(&session.change(change, caller.proved()?.name()).await?))
}

/// Answers when the process tree is gone.
pub(in crate::web) async fn kill(id: String, context: Context, caller: Caller) -> Result<Response, ApiError> {
    let session = session(&context, &id)?;
    Ok(json_reply(&session.kill(caller.proved()?.name()).await))
}

pub(in crate::web) fn stderr(context: &Context, id: &str) -> Result<Response, ApiError> {
    Ok(json_reply(&session(context, id)?.stderr()))
}

fn word<T: DeserializeOwned>(key: &str, value: String) -> Result<T, ApiError> {
    serde_json::from_value(Value::String(value)).map_err(|error| ApiError::invalid(format!("`{key}`: {error}")))
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
