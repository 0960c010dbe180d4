//! `GET /api/files?path=DIR`.

use super::{json_reply, query};
use crate::web::ApiError;
use crate::web::context::Context;
use std::time::Duration;
use warp::reply::Response;

/// Most entries of one listing.
const ENTRIES_MAX: usize = 5000;
/// A directory on a dead network mount must not hold the request for ever.
const PATIENCE: Duration = Duration::from_secs(10);

pub(in crate::web) async fn list(context: Context, query: String) -> Result<Response, ApiError> {
    let pairs = query::pairs(&query, &["path"])?;
    let path = pairs.into_iter().next().map_or_else(|| ".".to_owned(), |(_, path)| path);
    let root = context.root().clone();
    let listing = context.tracker().spawn_blocking(move || root.list(&path, ENTRIES_MAX));
    let listing = tokio::time::timeout(PATIENCE, listing)
        .await
        .map_err(|_| ApiError::new(crate::protocol::ErrorCode::Overloaded, "the directory does not answer"))?
        .map_err(|_| ApiError::internal("listing a directory panicked"))?;
    Ok(json_reply(&listing?))
}
