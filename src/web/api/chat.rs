//! The chat socket's commands as requests, for scripts.

use super::{json_reply, session};
use crate::protocol::{ChatServerMessage, ClientId, Content, Decision, PromptId, SendWhen};
use crate::sessions::ChatAction;
use crate::web::context::{Caller, Context};
use crate::web::{ApiError, body};
use bytes::Bytes;
use serde::Deserialize;
use warp::reply::Response;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SendRequest {
    client_id: ClientId,
    content: Vec<Content>,
    #[serde(default)]
    when: SendWhen,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InterruptRequest {
    client_id: ClientId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerRequest {
    client_id: ClientId,
    request_id: PromptId,
    decision: Decision,
}

pub(in crate::web) async fn send(
    id: String,
    context: Context,
    caller: Caller,
    bytes: Bytes,
) -> Result<Response, ApiError> {
    let SendRequest { client_id, content, when } = body::json(&bytes)?;
    command(&id, &context, &caller, client_id, ChatAction::Send { content, when }).await
}

pub(in crate::web) async fn interrupt(
    id: String,
    context: Context,
    caller: Caller,
    bytes: Bytes,
) -> Result<Response, ApiError> {
    let InterruptRequest { client_id } = body::json(&bytes)?;
    command(&id, &context, &caller, client_id, ChatAction::Interrupt).await
}

pub(in crate::web) async fn answer(
    id: String,
    context: Context,
    caller: Caller,
    bytes: Bytes,
) -> Result<Response, ApiError> {
    let AnswerRequest { client_id, request_id, decision } = body::json(&bytes)?;
    command(&id, &context, &caller, client_id, ChatAction::Answer { request_id, decision }).await
}

/// Answers with the same acknowledgement the socket gives; a failure is an error envelope.
async fn command(
    id: &str,
    context: &Context,
    caller: &Caller,
    client_id: ClientId,
    action: ChatAction,
) -> Result<Response, ApiError> {
    let chat = session(context, id)?.chat()?;
    let status = chat.command(client_id.clone(), action, caller.proved()?.name()).await?;
    Ok(json_reply(&ChatServerMessage::Ack { client_id, status, error: None, code: None }))
}
