//! Headers on every answer, success or not.

use http::{HeaderName, HeaderValue, Response, header};

/// Names under which the UI may make Trusted Types policies: Svelte's templates, DOMPurify's output.
const TRUSTED_TYPES: &str = "svelte-trusted-html dompurify terminal-search";

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
    /// A page that draws what others wrote, framed by the UI and without an origin.
    Sandbox,
    /// What such a page runs. Having no origin, it is a stranger even to its own server.
    SandboxScript,
}

impl Kind {
    pub(super) fn of_path(path: &str) -> Self {
        use super::routes::{is_api, is_sandbox, is_sandbox_script};
        match () {
            () if is_api(path) || path == "/health" => Self::Api,
            () if is_sandbox_script(path) => Self::SandboxScript,
            () if is_sandbox(path) => Self::Sandbox,
            () => Self::Ui,
        }
    }

    /// Where this kind differs from `FIXED`.
    fn exceptions(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Api | Self::Ui => &[],
            Self::Sandbox => &[("x-frame-options", "SAMEORIGIN")],
            Self::SandboxScript => &[("cross-origin-resource-policy", "cross-origin")],
        }
    }
}

/// Puts the security headers, the request id and, where nothing else was said, `no-store` on an answer.
pub(super) fn secure<B>(response: &mut Response<B>, request_id: &str, kind: Kind) {
    let headers = response.headers_mut();
    for (name, value) in FIXED.iter().chain(kind.exceptions()) {
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
        Kind::SandboxScript => "default-src 'none'; frame-ancestors 'none'; sandbox".to_owned(),
        // No request leaves it but the one for its script; opened by itself, it has no origin either.
        Kind::Sandbox => "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; \
                          base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
            .to_owned(),
        // Of our own pages only the sandbox lets itself be framed.
        Kind::Ui => format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
             connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
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
