//! What went wrong, as HTTP says it: one status per code, one code per cause.

use super::Body;
use crate::paths::PathError;
use crate::protocol::{ErrorBody, ErrorCode, ErrorEnvelope};
use crate::sessions::SessionError;
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    code: ErrorCode,
    message: String,
    details: Value,
    retry_after: Option<Duration>,
    allow: Option<String>,
    status: StatusCode,
}

impl ApiError {
    /// An error with the status of its code.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: json!({}),
            retry_after: None,
            allow: None,
            status: status_of(code),
        }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message)
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::ValidationFailed, message)
    }

    pub(super) fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "an access token is needed; `claude-web url` prints one")
    }

    pub(super) fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "there is nothing at this address")
    }

    pub(super) fn method_not_allowed(allow: &str) -> Self {
        let mut error = Self::new(ErrorCode::MethodNotAllowed, "this address does not take that method");
        error.allow = Some(allow.to_owned());
        error
    }

    pub(super) fn rate_limited(message: &str, wait: Duration) -> Self {
        let mut error = Self::new(ErrorCode::RateLimited, format!("{message}; try again in {} s", seconds(wait)));
        error.retry_after = Some(wait);
        error
    }

    /// Too many or too long headers: the code of an address that is too long, with the status made for headers.
    pub(super) fn headers_too_large() -> Self {
        let mut error = Self::new(ErrorCode::UriTooLong, "the request's headers are too large");
        error.status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        error
    }

    /// A fault of this server: `cause` goes to the log, the client gets the request id only.
    pub(super) fn internal(cause: &str) -> Self {
        tracing::error!(cause, "internal error");
        Self::new(ErrorCode::Internal, "something went wrong in this server; its log has more under the request id")
    }

    /// The fixed word.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn render(self, request_id: &str) -> Response<Body> {
        if self.code == ErrorCode::Internal {
            tracing::error!(request_id, "answered with an internal error");
        }
        let envelope = ErrorEnvelope {
            error: ErrorBody {
                code: self.code,
                message: self.message,
                details: self.details,
                timestamp: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
                request_id: request_id.to_owned(),
            },
        };
        let text = serde_json::to_vec(&envelope).expect("an envelope serializes");
        let mut response = Response::new(Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds(wait)));
        }
        if let Some(allow) = self.allow.and_then(|allow| HeaderValue::from_str(&allow).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

/// Whole seconds, rounded up: a client that waits so long is not refused again.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0).max(u64::from(wait.is_zero()))
}

impl warp::Reply for ApiError {
    /// The envelope is written where the request id is known; until then the error travels as an extension.
    fn into_response(self) -> warp::reply::Response {
        let mut response = warp::reply::Response::default();
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

/// The status of a code.
fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadRequest | ErrorCode::InvalidJson => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::OriginRefused | ErrorCode::PathOutsideRoot | ErrorCode::PathDenied => {
            StatusCode::FORBIDDEN
        }
        ErrorCode::NotFound | ErrorCode::SessionNotFound | ErrorCode::PromptNotFound | ErrorCode::PathNotFound => {
            StatusCode::NOT_FOUND
        }
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::SessionLimit
        | ErrorCode::SessionEnded
        | ErrorCode::WrongSessionKind
        | ErrorCode::AlreadyAnswered
        | ErrorCode::TrustRequired => StatusCode::CONFLICT,
        ErrorCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UriTooLong => StatusCode::URI_TOO_LONG,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::HostRefused => StatusCode::MISDIRECTED_REQUEST,
        ErrorCode::ValidationFailed | ErrorCode::NotADirectory => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::ClaudeNotFound | ErrorCode::StartFailed | ErrorCode::Overloaded | ErrorCode::ShuttingDown => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        let message = error.to_string();
        match error {
            SessionError::NotFound { .. } => Self::new(ErrorCode::SessionNotFound, message),
            SessionError::Ended => Self::new(ErrorCode::SessionEnded, message),
            SessionError::WrongKind { .. } => Self::new(ErrorCode::WrongSessionKind, message),
            SessionError::Limit { max } => {
                Self { details: json!({ "max": max }), ..Self::new(ErrorCode::SessionLimit, message) }
            }
            SessionError::StartsLimited { retry_after } => {
                Self { retry_after: Some(retry_after), ..Self::new(ErrorCode::RateLimited, message) }
            }
            SessionError::Path(error) => error.into(),
            SessionError::TrustRequired(question) => {
                let details = serde_json::to_value(&*question).unwrap_or_default();
                Self { details, ..Self::new(ErrorCode::TrustRequired, message) }
            }
            SessionError::ClaudeNotFound { .. } => Self::new(ErrorCode::ClaudeNotFound, message),
            SessionError::StartFailed { .. } => Self::new(ErrorCode::StartFailed, message),
            SessionError::Invalid { .. } => Self::new(ErrorCode::ValidationFailed, message),
            SessionError::AlreadyAnswered { by, outcome } => Self {
                details: json!({ "by": by, "outcome": outcome }),
                ..Self::new(ErrorCode::AlreadyAnswered, message)
            },
            SessionError::PromptNotFound { .. } => Self::new(ErrorCode::PromptNotFound, message),
            SessionError::Overloaded | SessionError::Unanswered { .. } => Self::new(ErrorCode::Overloaded, message),
            SessionError::ShuttingDown => Self::new(ErrorCode::ShuttingDown, message),
        }
    }
}

impl From<PathError> for ApiError {
    fn from(error: PathError) -> Self {
        let code = match &error {
            PathError::OutsideRoot { .. } => ErrorCode::PathOutsideRoot,
            PathError::NotFound { .. } => ErrorCode::PathNotFound,
            PathError::NotADirectory { .. } => ErrorCode::NotADirectory,
            PathError::Malformed { .. } => ErrorCode::ValidationFailed,
            PathError::Denied { .. } => ErrorCode::PathDenied,
        };
        Self::new(code, error.to_string())
    }
}
