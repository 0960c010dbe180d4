//! The web: one gate before everything, the route table, the API, the sockets, the embedded UI.

mod api;
mod assets;
mod body;
mod context;
mod error;
mod filters;
mod gate;
mod headers;
mod routes;
mod socket;

pub use context::{Context, Parts, Peer};
pub use error::ApiError;
pub use routes::{Access, ROUTES, Route, Takes};

use bytes::Bytes;
use context::Caller;
use futures_util::FutureExt;
use http::{Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use warp::Filter;

/// The body of every answer.
pub type Body = BoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// Answers one request after the other; cheap to clone.
#[derive(Clone)]
pub struct Web {
    context: Context,
    handlers: Handlers,
}

/// A future that gives a handler's answer; spelled out because warp's own type cannot be named.
type Answer = std::pin::Pin<Box<dyn Future<Output = warp::reply::Response> + Send>>;
type Handlers = Arc<dyn Fn(Request<Full<Bytes>>) -> Answer + Send + Sync>;

impl Web {
    /// The web over these parts.
    pub fn new(parts: Parts) -> Self {
        let context = Context::new(parts);
        // Unified and boxed, or the service's future is "not general enough".
        let service = TowerToHyperService::new(warp::service(filters::all(&context).boxed()));
        let handlers: Handlers = Arc::new(move |request| {
            let answer = service.call(request);
            Box::pin(async move {
                match answer.await {
                    Ok(response) => response,
                    Err(never) => match never {},
                }
            })
        });
        Self { context, handlers }
    }

    /// Answers a request. Never fails: every error, and every panic, becomes an envelope.
    pub async fn answer(&self, request: Request<Incoming>, peer: Peer) -> Response<Body> {
        let request_id = headers::new_request_id();
        let method = request.method().clone();
        let kind = headers::Kind::of_path(request.uri().path());
        let outcome = AssertUnwindSafe(self.pass(request, peer)).catch_unwind().await;
        let mut response = match outcome {
            Ok(Ok(response)) => render(response, &request_id),
            Ok(Err(error)) => error.render(&request_id),
            Err(_) => ApiError::internal("a handler panicked").render(&request_id),
        };
        headers::secure(&mut response, &request_id, kind);
        // The path is left out: a mistyped one could carry a secret.
        tracing::debug!(%method, status = response.status().as_u16(), request_id, "answered");
        response
    }

    async fn pass(&self, request: Request<Incoming>, peer: Peer) -> Result<warp::reply::Response, ApiError> {
        let admitted = gate::admit(&self.context, request, peer).await?;
        let Caller { principal, .. } = &admitted.caller;
        let ended = principal.as_ref().map(|principal| principal.ended().clone()).unwrap_or_default();
        let changes_something = admitted.changes_something;
        let answer = (self.handlers)(admitted.into_request());
        // What changes something is finished even when the client goes away in the middle of it.
        let answer = async move {
            if changes_something {
                let task = self.context.tracker().spawn(answer);
                task.await.map_err(|_| ApiError::internal("a handler panicked"))
            } else {
                Ok(answer.await)
            }
        };
        tokio::select! {
            biased;
            () = ended.cancelled() => Err(ApiError::unauthenticated()),
            answer = answer => answer,
        }
    }
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Web").finish_non_exhaustive()
    }
}

/// Gives a handler's answer its final body; errors get their envelope here, where the request id is known.
fn render(mut response: warp::reply::Response, request_id: &str) -> Response<Body> {
    match response.extensions_mut().remove::<ApiError>() {
        Some(error) => error.render(request_id),
        None => response.map(|body| body.map_err(Into::into).boxed()),
    }
}

#[cfg(test)]
mod tests;
