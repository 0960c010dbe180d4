//! Headers of every class of answer.

use crate::support::{Reply, Server};

/// Method, path, headers, body, expected status.
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, u16);

fn check(what: &str, reply: &Reply) {
    let policy = reply.header("content-security-policy").unwrap_or_else(|| panic!("{what}: no policy {reply:?}"));
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{what}: {name}");
    }
    assert!(reply.header("permissions-policy").is_some(), "{what}");
    assert_eq!(reply.header("x-request-id").map(str::len), Some(16), "{what}");
    for (name, _) in &reply.headers {
        assert!(name != "set-cookie" && name != "server" && name != "x-powered-by", "{what}: {name}");
        assert!(!name.starts_with("access-control-") && name != "strict-transport-security", "{what}: {name}");
    }
    if !reply.body.is_empty() {
        let media = reply.header("content-type").unwrap_or_default();
        assert!(media == "application/json" || media.contains("charset=utf-8"), "{what}: {media}");
    }
    if reply.status >= 400 {
        let error = &reply.json()["error"];
        assert_eq!(error["request_id"].as_str(), reply.header("x-request-id"), "{what}");
        assert!(error["timestamp"].as_str().is_some_and(|t| t.ends_with('Z')), "{what}");
        assert!(error["message"].as_str().is_some_and(|m| !m.is_empty()), "{what}");
    }
}

#[tokio::test]
async fn every_class_of_answer_carries_them() {
    let server = Server::start_with(|config| config.limits.body_bytes = 1024).await;
    let bearer = server.bearer();
    let auth = ("authorization", bearer.as_str());
    let json = ("content-type", "application/json");
    let large = format!("\"{}\"", "x".repeat(2000));
    let long = format!("/api/files?path={}", "x".repeat(9000));
    let filler = "x".repeat(17 * 1024);
    let table: &[Row<'_>] = &[
        ("GET", "/", &[], "", 200),
        ("GET", "/s/x", &[], "", 200),
        ("GET", "/health", &[], "", 200),
        ("GET", "/api/sessions", &[auth], "", 200),
        ("GET", "/api/files", &[auth], "", 200),
        ("GET", "/api/sessions", &[], "", 401),
        ("POST", "/api/token", &[auth, json], "{}", 403),
        ("GET", "/missing.js", &[], "", 404),
        ("GET", "/index.html", &[], "", 404),
        ("GET", "/.git", &[], "", 404),
        ("GET", "/metrics", &[], "", 404),
        ("GET", "/debug/pprof", &[], "", 404),
        ("GET", "/api/sessions/x", &[auth], "", 404),
        ("GET", "/api/files?path=..", &[auth], "", 403),
        ("GET", "/api/files?path=missing", &[auth], "", 404),
        ("GET", "/api/sessions?limit=0", &[auth], "", 422),
        ("GET", "/api/sessions?bogus=1", &[auth], "", 422),
        ("OPTIONS", "/api/sessions", &[], "", 405),
        ("POST", "/api/sessions", &[auth, json], &large, 413),
        ("GET", &long, &[auth], "", 414),
        ("POST", "/api/sessions", &[auth, ("content-type", "text/plain")], "x", 415),
        ("GET", "/", &[("x-filler", &filler)], "", 431),
        ("GET", "/api/events", &[("origin", "https://evil.test")], "", 403),
    ];
    for (method, path, headers, body, status) in table {
        let reply = server.request(method, path, headers, body).await;
        let what = format!("{method} {}", &path[..path.len().min(40)]);
        assert_eq!(reply.status, *status, "{what}: {reply:?}");
        check(&what, &reply);
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{what}");
    }
    let misdirected = server.raw("GET / HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n").await.expect("421");
    assert_eq!(misdirected.status, 421);
    check("421", &misdirected);
}

#[tokio::test]
async fn the_public_pages_tell_nothing() {
    let server = Server::start().await;
    let health = server.request("GET", "/health", &[], "").await;
    assert_eq!(health.json(), serde_json::json!({ "status": "healthy" }));
    let full = server.api("GET", "/health", "").await.json();
    assert_eq!(full["pid"], std::process::id());
    assert_eq!(full["max_sessions"], 20);
    let page = server.request("GET", "/", &[], "").await;
    let text = String::from_utf8_lossy(&page.body).into_owned();
    for secret in [server.ready.token.as_str(), env!("CARGO_PKG_VERSION"), server.dir.path().to_str().expect("path")] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_compressed() {
    let server = Server::start().await;
    let page = server.request("GET", "/", &[], "").await;
    assert!(page.header("etag").is_none(), "the page is never kept");
    let page = String::from_utf8_lossy(&page.body).into_owned();
    let files = page.split('"').filter(|part| part.starts_with("/assets/"));
    for file in files {
        let plain = server.request("GET", file, &[], "").await;
        check(file, &plain);
        assert_eq!((plain.status, plain.header("content-encoding")), (200, None), "{file}");
        assert!(plain.header("cache-control").is_some_and(|value| value.contains("immutable")), "{file}");
        let etag = plain.header("etag").expect("etag");
        let unchanged = server.request("GET", file, &[("if-none-match", etag)], "").await;
        check(file, &unchanged);
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0), "{file}");
        if !file.ends_with(".js") && !file.ends_with(".css") {
            continue;
        }
        for (accept, encoding) in [("gzip, deflate, br, zstd", Some("br")), ("gzip", None), ("br;q=0, gzip", None)] {
            let reply = server.request("GET", file, &[("accept-encoding", accept)], "").await;
            assert_eq!(reply.header("content-encoding"), encoding, "{file}");
            assert_eq!(reply.header("vary"), Some("accept-encoding"), "{file}");
            assert_eq!(reply.header("etag") == Some(etag), encoding.is_none(), "{file}: each coding has its own tag");
        }
        assert_eq!(server.request("GET", &format!("{file}.br"), &[], "").await.status, 404, "{file}");
    }
}

#[tokio::test]
async fn the_sandbox_has_no_origin_and_asks_nobody() {
    let server = Server::start().await;
    let page = server.request("GET", "/sandbox/diagram.html", &[], "").await;
    assert_eq!(page.status, 200, "{page:?}");
    let policy = page.header("content-security-policy").expect("a policy");
    let mut rules: Vec<&str> = policy.split(';').map(str::trim).collect();
    rules.sort_unstable();
    let expected = [
        "base-uri 'none'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "img-src data:",
        "sandbox allow-scripts",
        "script-src 'self'",
        "style-src 'unsafe-inline'",
    ];
    assert_eq!(rules, expected);
    assert_eq!(page.header("x-frame-options"), Some("SAMEORIGIN"));
    assert_eq!(page.header("cross-origin-resource-policy"), Some("same-origin"));

    let from_the_frame =
        [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "script")];
    let script = [&from_the_frame[..], &[("origin", "null")]].concat();
    let script = server.request("GET", "/sandbox/diagram.js", &script, "").await;
    assert_eq!(script.status, 200);
    assert_eq!(script.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert!(script.headers.iter().all(|(name, _)| !name.starts_with("access-control-")));
    // Exactly those files; nothing else of ours can be loaded from elsewhere.
    for path in ["/sandbox/diagram.html", "/favicon.svg", "/", "/api/sessions"] {
        let reply = server.request("GET", path, &from_the_frame, "").await;
        assert!(matches!(reply.status, 401 | 403), "{path}: {reply:?}");
    }
    for (mode, dest) in [("cors", "script"), ("no-cors", "image"), ("navigate", "iframe"), ("navigate", "document")] {
        let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
        assert_eq!(server.request("GET", "/sandbox/diagram.js", &headers, "").await.status, 403, "{mode} {dest}");
    }
    for path in ["/", "/s/x", "/assets/missing.js", "/sandbox/diagram.js", "/sandbox/missing.html.br"] {
        let reply = server.request("GET", path, &[], "").await;
        let policy = reply.header("content-security-policy").unwrap_or_default();
        let framed = policy.contains("frame-ancestors 'self'");
        assert_eq!(framed, path.ends_with(".br"), "{path}: {policy}");
    }
    let ui = server.request("GET", "/", &[], "").await;
    assert!(ui.header("content-security-policy").is_some_and(|policy| policy.contains("frame-src 'self';")));
}
