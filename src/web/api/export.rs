//! `GET /api/sessions/{id}/export?format=F`: a chat as a file.

use super::{query, session};
use crate::export::{Fold, Format, disposition};
use crate::protocol::{ChatServerMessage, Session};
use crate::web::ApiError;
use crate::web::context::Context;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, header};
use std::convert::Infallible;
use warp::Reply;
use warp::reply::Response;

pub(in crate::web) async fn export(context: Context, id: String, query: String) -> Result<Response, ApiError> {
    let format = match query::pairs(&query, &["format"])?.into_iter().next() {
        None => Format::Markdown,
        Some((key, word)) => word.parse().map_err(|known| ApiError::invalid(format!("`{key}` must be {known}")))?,
    };
    let session = session(&context, &id)?;
    let (summary, (oldest, frames)) = (session.summary(), session.chat()?.kept());
    let disposition = disposition(&summary.title, format);
    let mut response = match format {
        Format::Json => streamed(json(&summary, oldest, frames)),
        Format::JsonLines => streamed(lines(oldest, frames)),
        Format::Markdown | Format::Html => {
            let folding = context.tracker().spawn_blocking(move || fold(&summary, oldest, frames).finish());
            let document = folding.await.map_err(|_| ApiError::internal("making a document panicked"))?;
            streamed(document.parts(format).map(Bytes::from))
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Each part is made when the connection takes it.
fn streamed(parts: impl Iterator<Item = Bytes> + Send + Sync + 'static) -> Response {
    warp::reply::stream(stream::iter(parts.map(Ok::<_, Infallible>))).into_response()
}

fn fold(session: &Session, oldest: u64, frames: Vec<Bytes>) -> Fold {
    let mut fold = Fold::new(session, oldest);
    for frame in frames {
        // Our own words, so that they always parse; one that did not would only be missing.
        if let Ok(ChatServerMessage::Event { at, event, .. }) = serde_json::from_slice(&frame) {
            fold.event(at, event);
        }
    }
    fold
}

/// The frames of the chat socket; what is missing before them is said as the socket says it.
fn lines(oldest: u64, frames: Vec<Bytes>) -> impl Iterator<Item = Bytes> + Send + Sync + use<> {
    let gap = (oldest > 1).then(|| serde_json::to_vec(&ChatServerMessage::Gap { oldest }).unwrap_or_default().into());
    let end = Bytes::from_static(b"\n");
    gap.into_iter().chain(frames).flat_map(move |frame| [frame, end.clone()])
}

fn json(session: &Session, oldest: u64, frames: Vec<Bytes>) -> impl Iterator<Item = Bytes> + Send + Sync + use<> {
    let session = serde_json::to_string(session).unwrap_or_default();
    let head = format!("{{\"session\":{session},\"oldest\":{oldest},\"events\":[\n");
    let separators = std::iter::once("").chain(std::iter::repeat(",\n"));
    let events =
        separators.zip(frames).flat_map(|(separator, frame)| [Bytes::from_static(separator.as_bytes()), frame]);
    std::iter::once(Bytes::from(head)).chain(events).chain(std::iter::once(Bytes::from_static(b"\n]}\n")))
}
