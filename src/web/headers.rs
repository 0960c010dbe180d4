//! Headers on every answer, success or not.

use http::{HeaderName, HeaderValue, Response, header};

/// Names under which the UI may make Trusted Types policies: Svelte's templates, DOMPurify's output.
const TRUSTED_TYPES: &str = "svelte-trusted-html dompurify";

const FIXED: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), serial=(), usb=()",
    ),
];

/// What an address serves, as far as headers care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// JSON: never rendered, even when a browser opens it as a page.
    Api,
    /// The UI.
    Ui,
}

impl Kind {
    pub(super) fn of_path(path: &str) -> Self {
        if super::routes::is_api(path) || path == "/health" { Self::Api } else { Self::Ui }
    }
}

/// Puts the security headers, the request id and, where nothing else was said, `no-store` on an answer.
pub(super) fn secure<B>(response: &mut Response<B>, request_id: &str, kind: Kind) {
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(kind)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    if kind == Kind::Api || !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn content_security_policy(kind: Kind) -> String {
    match kind {
        Kind::Api => {
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox".to_owned()
        }
        Kind::Ui => format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
             connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             object-src 'none'; require-trusted-types-for 'script'; trusted-types {TRUSTED_TYPES}"
        ),
    }
}

/// 64 random bits in hex.
pub(super) fn new_request_id() -> String {
    let mut bytes = [0_u8; 8];
    // An id that is not random is still an id; a request must not fail for it.
    let _ = getrandom::fill(&mut bytes);
    format!("{:016x}", u64::from_ne_bytes(bytes))
}
