//! Every address of this server, who may use it, and what it takes. What is not here does not exist.

use Access::{ControlSocket, Credential, Public, Socket};
use Takes::{Json, JsonWithImages, Nothing};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone who reaches the port with a right Host: nothing secret behind it.
    Public,
    /// Whoever proves a token, and the owner.
    Credential,
    /// A WebSocket; the credential is its first frame.
    Socket,
    /// Only the owner, through the control socket.
    ControlSocket,
}

/// What a route's body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// No body.
    Nothing,
    /// JSON.
    Json,
    /// JSON that may carry images.
    JsonWithImages,
}

/// One address and method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path; a segment in braces is any one segment.
    pub path: &'static str,
    /// Who.
    pub access: Access,
    /// Body.
    pub takes: Takes,
}

const fn route(method: &'static str, path: &'static str, access: Access, takes: Takes) -> Route {
    Route { method, path, access, takes }
}

/// The route table. The gate and the tests read it; `filters` must have a handler for each row, which a test holds.
pub const ROUTES: &[Route] = &[
    route("GET", "/", Public, Nothing),
    route("GET", "/s/{id}", Public, Nothing),
    route("GET", "/health", Public, Nothing),
    route("GET", "/assets/{file}", Public, Nothing),
    route("GET", "/sandbox/{file}", Public, Nothing),
    route("GET", "/{file}", Public, Nothing),
    route("GET", "/api/events", Socket, Nothing),
    route("GET", "/api/sessions", Credential, Nothing),
    route("POST", "/api/sessions", Credential, Json),
    route("GET", "/api/sessions/{id}", Credential, Nothing),
    route("PATCH", "/api/sessions/{id}", Credential, Json),
    route("DELETE", "/api/sessions/{id}", Credential, Nothing),
    route("GET", "/api/sessions/{id}/chat", Socket, Nothing),
    route("GET", "/api/sessions/{id}/terminal", Socket, Nothing),
    route("POST", "/api/sessions/{id}/messages", Credential, JsonWithImages),
    route("POST", "/api/sessions/{id}/interrupt", Credential, Json),
    route("POST", "/api/sessions/{id}/answers", Credential, Json),
    route("POST", "/api/sessions/{id}/queue", Credential, JsonWithImages),
    route("POST", "/api/sessions/{id}/tasks", Credential, Json),
    route("GET", "/api/sessions/{id}/tasks/{task_id}/output", Credential, Nothing),
    route("GET", "/api/sessions/{id}/prompts", Credential, Nothing),
    route("GET", "/api/sessions/{id}/context", Credential, Nothing),
    route("POST", "/api/sessions/{id}/rewind", Credential, Json),
    route("GET", "/api/sessions/{id}/export", Credential, Nothing),
    route("GET", "/api/sessions/{id}/recording", Credential, Nothing),
    route("GET", "/api/sessions/{id}/stderr", Credential, Nothing),
    route("GET", "/api/files", Credential, Nothing),
    route("GET", "/api/files/find", Credential, Nothing),
    route("POST", "/api/claude/find", Credential, Nothing),
    route("POST", "/api/token", ControlSocket, Json),
];

/// What the table says about a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Route(&'static Route),
    /// The address exists with these methods.
    OtherMethod(String),
    Nothing,
}

pub(super) fn find(method: &str, path: &str) -> Found {
    // HEAD is GET without the body; hyper leaves the body out.
    let method = if method == "HEAD" { "GET" } else { method };
    let here = || ROUTES.iter().filter(|route| matches(route.path, path));
    if let Some(route) = here().find(|route| route.method == method) {
        return Found::Route(route);
    }
    let mut allow: Vec<&str> = here().map(|route| route.method).collect();
    if allow.contains(&"GET") {
        allow.push("HEAD");
    }
    allow.dedup();
    if allow.is_empty() { Found::Nothing } else { Found::OtherMethod(allow.join(", ")) }
}

/// Whether any route takes this method.
pub(super) fn known_method(method: &str) -> bool {
    method == "HEAD" || ROUTES.iter().any(|route| route.method == method)
}

/// Whether an address belongs to the API, where even what does not exist needs a credential.
pub(super) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Pages that a browser may open by navigation from anywhere.
pub(super) fn is_document(route: &Route) -> bool {
    route.path == "/" || route.path == "/s/{id}"
}

/// Pages that run foreign drawings in a frame without an origin, and their scripts.
pub(super) fn is_sandbox(path: &str) -> bool {
    path.starts_with("/sandbox/")
}

/// A script of the sandbox: asked for by a page that has no origin, so from "another site".
pub(super) fn is_sandbox_script(path: &str) -> bool {
    is_sandbox(path) && path.ends_with(".js")
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut wanted = pattern.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted.starts_with('{') => {
                if given.is_empty() || given == "." || given == ".." {
                    return false;
                }
            }
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_exists() {
        for (method, path, found) in [
            ("GET", "/", "/"),
            ("HEAD", "/", "/"),
            ("GET", "/health", "/health"),
            ("GET", "/favicon.svg", "/{file}"),
            ("GET", "/assets/index-abc.js", "/assets/{file}"),
            ("GET", "/sandbox/diagram.html", "/sandbox/{file}"),
            ("DELETE", "/api/sessions/x", "/api/sessions/{id}"),
            ("GET", "/api/sessions/x/chat", "/api/sessions/{id}/chat"),
        ] {
            assert!(matches!(find(method, path), Found::Route(route) if route.path == found), "{method} {path}");
        }
        for path in [
            "",
            "*",
            "/api",
            "/api/",
            "/api/sessions/",
            "/api//sessions",
            "/api/sessions/x/",
            "/s/",
            "/s/a/b",
            "/assets/",
            "/assets/../x",
            "/sandbox/",
            "/sandbox/a/b",
            "//",
            "/health/",
        ] {
            if path == "/api" {
                continue; // a file name by the table; the gate asks for a credential first
            }
            assert_eq!(find("GET", path), Found::Nothing, "{path}");
        }
        assert_eq!(find("PATCH", "/"), Found::OtherMethod("GET, HEAD".to_owned()));
        assert!(matches!(find("get", "/"), Found::OtherMethod(_)));
    }

    #[test]
    fn the_public_list_is_closed() {
        let public: Vec<&str> = ROUTES.iter().filter(|r| r.access == Public).map(|r| r.path).collect();
        assert_eq!(public, ["/", "/s/{id}", "/health", "/assets/{file}", "/sandbox/{file}", "/{file}"]);
        assert!(ROUTES.iter().all(|r| is_api(r.path) || r.access == Public));
    }
}
