//! The gate: everything a request must show before any handler sees it. Default deny, the same for REST and sockets.

use super::context::{Caller, Context, Peer};
use super::routes::{self, Access, Found, Route, Takes};
use super::{ApiError, body};
use crate::protocol::ErrorCode;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Request, header, request};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::upgrade::OnUpgrade;

const URI_BYTES_MAX: usize = 8 * 1024;
const HEADER_BYTES_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;

/// Query keys that would carry a secret into histories and logs.
const SECRET_KEYS: &[&str] = &["token", "b", "access_token", "ticket"];

/// A request that may be handled.
pub(super) struct Admitted {
    head: request::Parts,
    body: Bytes,
    pub(super) caller: Caller,
    pub(super) changes_something: bool,
}

impl Admitted {
    pub(super) fn into_request(self) -> Request<Full<Bytes>> {
        let mut request = Request::from_parts(self.head, Full::new(self.body));
        request.extensions_mut().insert(self.caller);
        request
    }
}

/// Lets a request in, or says why not. The order is part of the design: what is cheap and tells nothing comes first.
pub(super) async fn admit(context: &Context, request: Request<Incoming>, peer: Peer) -> Result<Admitted, ApiError> {
    let (mut head, incoming) = request.into_parts();
    let on_upgrade = head.extensions.remove::<OnUpgrade>();
    size(&head)?;
    let network = matches!(peer, Peer::Network { .. });
    let host = if network { our_host(context, &head)? } else { String::new() };
    no_secret_in_query(&head)?;
    let path = head.uri.path();
    if !routes::known_method(head.method.as_str()) {
        return Err(ApiError::method_not_allowed("GET, HEAD, POST, PATCH, DELETE"));
    }
    let found = routes::find(head.method.as_str(), path);
    let route = match &found {
        Found::Route(route) => Some(*route),
        Found::OtherMethod(_) | Found::Nothing => None,
    };
    let in_api = routes::is_api(path);
    if network {
        same_origin(context, &head, route, &host)?;
        fetch_site(&head, route, in_api)?;
    }
    media_type(&head, &incoming)?;
    let principal = credential(context, &head, &peer, route, in_api)?;
    if let Some(principal) = &principal {
        context.count_request(principal)?;
    }
    let route = match found {
        Found::Route(_) if in_api && route.is_some_and(|route| route.access == Access::Public) => None,
        Found::Route(route) => Some(route),
        Found::OtherMethod(allow) => return Err(ApiError::method_not_allowed(&allow)),
        Found::Nothing => None,
    };
    let route = route.ok_or_else(ApiError::not_found)?;
    let limits = &context.config().limits;
    let body = match route.takes {
        Takes::Nothing => body::none(incoming).await?,
        Takes::Json => body::read(incoming, limits.body_bytes, limits.handshake).await?,
        Takes::JsonWithImages => body::read(incoming, limits.body_with_images_bytes, limits.handshake).await?,
    };
    if head.method == Method::HEAD {
        head.method = Method::GET;
    }
    if let (Access::Socket, Some(on_upgrade)) = (route.access, on_upgrade) {
        head.extensions.insert(on_upgrade);
    }
    let changes_something = head.method != Method::GET;
    Ok(Admitted { head, body, caller: Caller { principal, peer }, changes_something })
}

fn size(head: &request::Parts) -> Result<(), ApiError> {
    let uri_bytes = head.uri.path_and_query().map_or(0, |path| path.as_str().len());
    if uri_bytes > URI_BYTES_MAX {
        return Err(ApiError::new(ErrorCode::UriTooLong, "the address is longer than 8 KiB"));
    }
    let bytes: usize = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if head.headers.len() > HEADERS_MAX || bytes > HEADER_BYTES_MAX {
        return Err(ApiError::headers_too_large());
    }
    Ok(())
}

/// Exactly one Host, one of ours to the letter; an absolute address must say the same.
fn our_host(context: &Context, head: &request::Parts) -> Result<String, ApiError> {
    let refused = || ApiError::new(ErrorCode::HostRefused, "this server does not answer to that name");
    let host = only(&head.headers, &header::HOST).map_err(|_| refused())?.ok_or_else(refused)?;
    let authority_agrees = head.uri.authority().is_none_or(|authority| authority.as_str() == host);
    if authority_agrees && context.names().accepts_host(host) { Ok(host.to_owned()) } else { Err(refused()) }
}

fn no_secret_in_query(head: &request::Parts) -> Result<(), ApiError> {
    let query = head.uri.query().unwrap_or_default();
    let carries = query.split('&').any(|pair| {
        let key = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        SECRET_KEYS.contains(&key.as_str())
    });
    if carries {
        return Err(ApiError::bad_request(
            "a credential must not be in an address; send it in the Authorization header or, on a socket, in the first frame",
        ));
    }
    Ok(())
}

/// A socket and whatever changes something must come from our own page; only a bearer without a browser may have no Origin.
fn same_origin(context: &Context, head: &request::Parts, route: Option<&Route>, host: &str) -> Result<(), ApiError> {
    let refused = || ApiError::new(ErrorCode::OriginRefused, "the request does not come from this server's own page");
    let origin = only(&head.headers, &header::ORIGIN).map_err(|_| refused())?;
    let is_socket = route.is_some_and(|route| route.access == Access::Socket);
    let reads = matches!(head.method, Method::GET | Method::HEAD);
    match origin {
        Some(origin) if context.names().accepts_origin(origin, host) => Ok(()),
        // The sandbox has no origin, and browsers say so; its script is public.
        Some("null") if reads && routes::is_sandbox_script(head.uri.path()) => Ok(()),
        // Navigating here from elsewhere shows the page and nothing else.
        Some(_) if reads && route.is_some_and(routes::is_document) => Ok(()),
        Some(_) => Err(refused()),
        None if is_socket => Err(refused()),
        None if reads || head.headers.contains_key(header::AUTHORIZATION) => Ok(()),
        // Without a credential the answer is 401, whatever the Origin.
        None => Err(ApiError::unauthenticated()),
    }
}

fn fetch_site(head: &request::Parts, route: Option<&Route>, in_api: bool) -> Result<(), ApiError> {
    let refused = || ApiError::new(ErrorCode::OriginRefused, "the request does not come from this server's own page");
    let header = |name: &'static str| only(&head.headers, &HeaderName::from_static(name)).map_err(|_| refused());
    let Some(site) = header("sec-fetch-site")? else { return Ok(()) };
    let allowed = match site {
        "same-origin" => true,
        "none" => !in_api,
        "cross-site" | "same-site" => {
            let navigation =
                header("sec-fetch-mode")? == Some("navigate") && header("sec-fetch-dest")? == Some("document");
            let reads = matches!(head.method, Method::GET | Method::HEAD);
            let script = header("sec-fetch-mode")? == Some("no-cors") && header("sec-fetch-dest")? == Some("script");
            let document = navigation && route.is_some_and(routes::is_document);
            reads && (document || script && routes::is_sandbox_script(head.uri.path()))
        }
        _ => false,
    };
    if allowed { Ok(()) } else { Err(refused()) }
}

/// A body is JSON, uncompressed, in UTF-8. A form or text body could be sent by any page without asking.
fn media_type(head: &request::Parts, incoming: &Incoming) -> Result<(), ApiError> {
    let refused = |message: &str| ApiError::new(ErrorCode::UnsupportedMediaType, message);
    // A missing body is told after the credential was asked for, as a body that is not JSON.
    if incoming.is_end_stream() {
        return Ok(());
    }
    if head.headers.contains_key(header::CONTENT_ENCODING) {
        return Err(refused("a request body must not be compressed"));
    }
    let media = only(&head.headers, &header::CONTENT_TYPE).map_err(|_| refused("one content type, please"))?;
    let lower = media.unwrap_or_default().to_ascii_lowercase();
    let mut parts = lower.split(';').map(str::trim);
    let is_json =
        parts.next() == Some("application/json") && parts.all(|p| p == "charset=utf-8" || p == "charset=\"utf-8\"");
    if is_json { Ok(()) } else { Err(refused("a request body must be application/json")) }
}

/// How a client wants to be named to others; sockets say it in their first frame.
const DEVICE: &str = "x-claude-web-device";

/// Who asks. A credential that is shown must be good even where none is needed, so that no address tells for free
/// whether a guess was right.
fn credential(
    context: &Context,
    head: &request::Parts,
    peer: &Peer,
    route: Option<&Route>,
    in_api: bool,
) -> Result<Option<crate::auth::Principal>, ApiError> {
    if matches!(peer, Peer::Control) {
        return Ok(Some(crate::auth::Principal::owner()));
    }
    let shown = only(&head.headers, &header::AUTHORIZATION);
    let principal = match shown {
        Ok(None) => None,
        Ok(Some(value)) => {
            let token = value
                .split_once(' ')
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map_or("", |(_, token)| token.trim());
            let label = head.headers.get(DEVICE).and_then(|label| label.to_str().ok());
            Some(context.log_in(token, peer)?.labelled(label))
        }
        Err(_) => Some(context.log_in("", peer)?),
    };
    let needed = match route.map(|route| route.access) {
        Some(Access::Public) => in_api,
        Some(Access::Socket) => false,
        Some(Access::Credential | Access::ControlSocket) => true,
        None => in_api,
    };
    if needed && principal.is_none() {
        return Err(ApiError::unauthenticated());
    }
    if route.is_some_and(|route| route.access == Access::ControlSocket) {
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "only through the control socket, with `claude-web token new`",
        ));
    }
    Ok(principal)
}

/// The header sent more than once, or not in ASCII.
struct Ambiguous;

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Ambiguous> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Ambiguous),
        (Some(_), Some(_)) => Err(Ambiguous),
    }
}
