//! The chat socket's commands as requests, for scripts, and what the socket does not tell.

use super::{json_reply, session};
use crate::protocol::{
    ChatServerMessage, ClientId, Content, Decision, PromptId, QueueChange, RewindRequest, SendWhen, TaskAction,
};
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueRequest {
    client_id: ClientId,
    change: QueueChange,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskRequest {
    client_id: ClientId,
    action: TaskAction,
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

pub(in crate::web) async fn queue(
    id: String,
    context: Context,
    caller: Caller,
    bytes: Bytes,
) -> Result<Response, ApiError> {
    let QueueRequest { client_id, change } = body::json(&bytes)?;
    command(&id, &context, &caller, client_id, ChatAction::Queue { change }).await
}

pub(in crate::web) async fn task(
    id: String,
    context: Context,
    caller: Caller,
    bytes: Bytes,
) -> Result<Response, ApiError> {
    let TaskRequest { client_id, action } = body::json(&bytes)?;
    command(&id, &context, &caller, client_id, ChatAction::Task { action }).await
}

/// Sets files back to what they were before a message. That it cannot be done is told in the report.
pub(in crate::web) async fn rewind(
    id: String,
    context: Context,
    caller: Caller,
    bytes: Bytes,
) -> Result<Response, ApiError> {
    let request: RewindRequest = body::json(&bytes)?;
    let chat = session(&context, &id)?.chat()?;
    Ok(json_reply(&chat.rewind(request, caller.proved()?.name()).await?))
}

/// What waits for an answer, complete.
pub(in crate::web) fn prompts(context: &Context, id: &str) -> Result<Response, ApiError> {
    Ok(json_reply(&session(context, id)?.chat()?.prompts()))
}

/// What fills the context window.
pub(in crate::web) async fn context_report(context: Context, id: String) -> Result<Response, ApiError> {
    let chat = session(&context, &id)?.chat()?;
    Ok(json_reply(&chat.context_report().await?))
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
