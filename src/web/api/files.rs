//! `GET /api/files?path=DIR` and `GET /api/files/find?cwd=DIR&q=TEXT&limit=N`.

use super::{json_reply, query};
use crate::paths::PathError;
use crate::web::ApiError;
use crate::web::context::Context;
use serde::Serialize;
use std::time::Duration;
use warp::reply::Response;

/// Most entries of one listing.
const ENTRIES_MAX: usize = 5000;
/// A directory on a dead network mount must not hold the request for ever.
const PATIENCE: Duration = Duration::from_secs(10);
/// Matches of one search, if the client does not say.
const MATCHES_DEFAULT: u64 = 20;
const MATCHES_MAX: u64 = 100;
/// Longest text to search for, in bytes.
const QUERY_BYTES_MAX: usize = 512;

pub(in crate::web) async fn list(context: Context, query: String) -> Result<Response, ApiError> {
    let pairs = query::pairs(&query, &["path"])?;
    let path = pairs.into_iter().next().map_or_else(|| ".".to_owned(), |(_, path)| path);
    let root = context.root().clone();
    read(&context, move || root.list(&path, ENTRIES_MAX)).await
}

pub(in crate::web) async fn find(context: Context, query: String) -> Result<Response, ApiError> {
    let (mut cwd, mut text, mut limit) = (".".to_owned(), String::new(), MATCHES_DEFAULT);
    for (key, value) in query::pairs(&query, &["cwd", "q", "limit"])? {
        match key {
            "cwd" => cwd = value,
            "q" => text = value,
            _ => limit = query::number(key, &value, 1, MATCHES_MAX)?,
        }
    }
    if text.len() > QUERY_BYTES_MAX {
        return Err(ApiError::invalid(format!("`q` is longer than {QUERY_BYTES_MAX} bytes")));
    }
    let (root, finder) = (context.root().clone(), context.finder());
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    read(&context, move || finder.find(&root, &cwd, &text, limit)).await
}

/// Answers with what `reading` finds on the disk.
async fn read<T: Serialize + Send + 'static>(
    context: &Context,
    reading: impl FnOnce() -> Result<T, PathError> + Send + 'static,
) -> Result<Response, ApiError> {
    let reading = context.tracker().spawn_blocking(reading);
    let found = tokio::time::timeout(PATIENCE, reading)
        .await
        .map_err(|_| ApiError::new(crate::protocol::ErrorCode::Overloaded, "the directory does not answer"))?
        .map_err(|_| ApiError::internal("reading a directory panicked"))?;
    Ok(json_reply(&found?))
}
