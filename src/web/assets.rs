//! The embedded UI. Compressed twins lie beside the text files and are chosen by Accept-Encoding.

use super::ApiError;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use warp::reply::Response;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// Suffix of a compressed twin, and its token in the headers. One is enough: every browser takes it over HTTPS, and each
/// more would make the binary larger.
const TWIN: (&str, &str) = (".br", "br");

/// Files under this prefix carry a hash of their content in their name.
const HASHED: &str = "assets/";

/// The one page of the UI.
pub(super) fn page(headers: &HeaderMap) -> Result<Response, ApiError> {
    respond("index.html", headers)
}

/// Any other file of the UI.
pub(super) fn file(name: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    if name.ends_with(TWIN.0) || name == "index.html" || name.starts_with('.') || name.ends_with(".map") {
        return Err(ApiError::not_found());
    }
    respond(name, headers)
}

fn respond(name: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let (content, encoding) = choose(name, headers).ok_or_else(ApiError::not_found)?;
    let digest = content.metadata.sha256_hash();
    let etag: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{etag}\"");
    let is_page = name == "index.html";
    let unchanged = !is_page && headers.get_all(header::IF_NONE_MATCH).iter().any(|seen| names_etag(seen, &etag));
    let mut response = if unchanged {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        Response::new(match content.data {
            Cow::Borrowed(bytes) => bytes::Bytes::from_static(bytes).into(),
            Cow::Owned(bytes) => bytes.into(),
        })
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let (Some(encoding), false) = (encoding, unchanged) {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    // The page names the hashed files, so it must never be an old one; it also must not be kept after signing out.
    let caching = match () {
        () if is_page => "no-store",
        () if name.starts_with(HASHED) => "public, max-age=31536000, immutable",
        () => "no-cache",
    };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let (false, Ok(etag)) = (is_page, HeaderValue::from_str(&etag)) {
        out.insert(header::ETAG, etag);
    }
    Ok(response)
}

fn choose(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(acceptable)
        .any(|coding| coding.eq_ignore_ascii_case(TWIN.1));
    let twin = accepted.then(|| Assets::get(&format!("{name}{}", TWIN.0))).flatten();
    twin.map(|file| (file, Some(TWIN.1))).or_else(|| Assets::get(name).map(|file| (file, None)))
}

/// The coding of one item of Accept-Encoding, unless it is refused with `q=0`.
fn acceptable(item: &str) -> Option<&str> {
    let mut parts = item.split(';').map(str::trim);
    let coding = parts.next()?;
    let refused = parts.any(|p| p.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0));
    (!refused).then_some(coding)
}

fn names_etag(header: &HeaderValue, etag: &str) -> bool {
    header.to_str().is_ok_and(|list| list.split(',').any(|one| one.trim().trim_start_matches("W/") == etag))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_and_maps_are_not_addresses() {
        for name in ["index.html", "index.html.br", "assets/x.js.br", "assets/x.js.map", ".git", "missing.js"] {
            assert!(file(name, &HeaderMap::new()).is_err(), "{name}");
        }
        assert!(page(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn codings_refused_with_q_0_are_not_used() {
        assert_eq!(acceptable(" br "), Some("br"));
        assert_eq!(acceptable("gzip;q=0.5"), Some("gzip"));
        assert_eq!(acceptable("br;q=0"), None);
    }
}
