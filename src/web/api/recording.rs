//! `GET /api/sessions/{id}/recording`: what a terminal printed, as asciicast v2.

use super::session;
use crate::export::attachment;
use crate::protocol::ErrorCode;
use crate::web::ApiError;
use crate::web::context::Context;
use http::{HeaderValue, header};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;
use warp::Reply;
use warp::reply::Response;

/// Read from the file at once.
const PART_BYTES: usize = 64 * 1024;

/// The whole lines there are now; a running recording has more later.
pub(in crate::web) async fn recording(context: Context, id: String) -> Result<Response, ApiError> {
    let session = session(&context, &id)?;
    let not_found = |message| ApiError::new(ErrorCode::NotFound, message);
    let (path, bytes) = session.terminal()?.recording().ok_or_else(|| not_found("this terminal is not recorded"))?;
    let file = File::open(&path).await.map_err(|_| not_found("the recording is gone; old ones make room for new"))?;
    let parts = ReaderStream::with_capacity(file.take(bytes), PART_BYTES);
    let mut response = warp::reply::stream(parts).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-asciicast"));
    headers.insert(header::CONTENT_LENGTH, bytes.into());
    if let Ok(value) = HeaderValue::from_str(&attachment(&session.summary().title, "cast")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
