//! Request bodies: bounded in size and in time, and JSON.

use super::ApiError;
use crate::protocol::ErrorCode;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use std::time::Duration;

/// A body takes at most this many pauses of the longest allowed length; a slow phone sending an image needs a few.
const PAUSES_MAX: u32 = 12;

/// Reads a body of at most `max` bytes. No pause may be longer than `pause`, and all of it no longer than twelve.
pub(super) async fn read(mut incoming: Incoming, max: usize, pause: Duration) -> Result<Bytes, ApiError> {
    let too_large = || ApiError::new(ErrorCode::PayloadTooLarge, format!("the body is larger than {} KiB", max / 1024));
    let too_slow = || ApiError::bad_request("the body did not arrive in time");
    if incoming.size_hint().lower() > max as u64 {
        return Err(too_large());
    }
    let all = async {
        let mut bytes = BytesMut::new();
        while let Some(frame) = tokio::time::timeout(pause, incoming.frame()).await.map_err(|_| too_slow())? {
            let frame = frame.map_err(|_| ApiError::bad_request("the body ended early or is malformed"))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > max {
                return Err(too_large());
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes.freeze())
    };
    tokio::time::timeout(pause * PAUSES_MAX, all).await.map_err(|_| too_slow())?
}

/// Makes sure that there is no body.
pub(super) async fn none(incoming: Incoming) -> Result<Bytes, ApiError> {
    if incoming.is_end_stream() { Ok(Bytes::new()) } else { Err(ApiError::bad_request("this address takes no body")) }
}

/// Parses a body.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let code = match error.classify() {
            Category::Data => ErrorCode::ValidationFailed,
            Category::Syntax | Category::Eof | Category::Io => ErrorCode::InvalidJson,
        };
        ApiError::new(code, format!("the body is not what this address takes: {error}"))
    })
}
