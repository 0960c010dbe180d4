//! What gets past the gate, as tables.

use crate::support::Server;
use claude_web::web::{Access, ROUTES};

/// Method, path, headers, expected status.
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], u16);

/// A path that the pattern stands for.
fn example(pattern: &str) -> String {
    pattern
        .replace("{id}", "00000000-0000-4000-8000-000000000000")
        .replace("{file}", "missing.js")
        .replace("{task_id}", "t1")
}

#[tokio::test]
async fn every_route_refuses_a_missing_or_wrong_token() {
    let server = Server::start_with(|config| config.limits.failed_logins_per_minute = 10_000).await;
    let own = server.bearer();
    let wrong_last = format!("{}{}", &own[..own.len() - 1], if own.ends_with('A') { 'B' } else { 'A' });
    let wrong = [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer null"),
        Some(&own["Bearer ".len()..]),
        Some("Basic dXNlcjpwYXNz"),
        Some(&wrong_last),
        Some("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ];
    let origin = server.origin();
    for route in ROUTES.iter().filter(|route| !matches!(route.access, Access::Public)) {
        for value in wrong {
            let mut headers = vec![("content-type", "application/json")];
            headers.extend(value.map(|value| ("authorization", value)));
            let reply = server.request(route.method, &example(route.path), &headers, "").await;
            // A socket has no credential yet; without an Origin it is refused before any upgrade.
            let expected = if route.access == Access::Socket { [403, 401] } else { [401, 401] };
            assert!(expected.contains(&reply.status), "{route:?} {value:?}: {reply:?}");
            if reply.status == 401 {
                assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
                assert_eq!(reply.code(), "UNAUTHENTICATED");
            }
            headers.push(("origin", &origin));
            let reply = server.request(route.method, &example(route.path), &headers, "").await;
            assert!(matches!(reply.status, 400 | 401), "{route:?} {value:?}: {reply:?}");
        }
    }
    for path in ["/api", "/api/", "/api/nothing", "/api/sessions/x/y/z", "/api/openapi.json"] {
        assert_eq!(server.request("GET", path, &[], "").await.status, 401, "{path}");
        assert_eq!(server.api("GET", path, "").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn every_route_has_a_handler() {
    let server = Server::start().await;
    for route in ROUTES.iter().filter(|route| route.access == Access::Credential) {
        let body = if matches!(route.method, "POST" | "PATCH") && route.path != "/api/claude/find" { "{" } else { "" };
        let reply = server.api(route.method, &example(route.path), body).await;
        assert!(reply.status != 405, "{route:?}: {reply:?}");
        assert!(reply.status != 404 || reply.code() == "SESSION_NOT_FOUND", "{route:?}: {reply:?}");
        if !body.is_empty() {
            assert_eq!(reply.code(), "INVALID_JSON", "{route:?}");
        }
    }
    let token = server.api("POST", "/api/token", "{}").await;
    assert_eq!((token.status, token.code().as_str()), (403, "FORBIDDEN"));
}

#[tokio::test]
async fn hosts() {
    let server = Server::start().await;
    let port = server.ready.port;
    let bearer = server.bearer();
    let ask = async |host: &str, path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\n{host}Authorization: {bearer}\r\nConnection: close\r\n\r\n");
        server.raw(&request).await.unwrap_or_else(|| panic!("{host:?}"))
    };
    let instance = server.ready.names[0].clone();
    assert!(instance.starts_with("cw-") && instance.ends_with(".localhost"), "{instance}");
    for name in [instance.as_str(), "localhost", "127.0.0.1"] {
        assert_eq!(ask(&format!("Host: {name}:{port}\r\n"), "/api/sessions").await.status, 200, "{name}");
    }
    for foreign in [
        "evil.test".to_owned(),
        format!("evil.test:{port}"),
        "localhost".to_owned(),
        format!("localhost:{}", port - 1),
        format!("localhost.:{port}"),
        format!("LOCALHOST:{port}"),
        format!("localhost.evil.test:{port}"),
        format!("x.localhost:{port}"),
        format!("127.0.0.1.nip.io:{port}"),
        format!("127.1:{port}"),
        format!("127.evil.test:{port}"),
        format!("2130706433:{port}"),
        format!("0x7f.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::]:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("user@localhost:{port}"),
        format!("localhost:{port}@evil.test"),
        format!("localhost:{port},evil.test"),
        format!("localhost:{port} evil.test"),
        format!("localhost:0{port}"),
        format!("xn--lcalhost-54a:{port}"),
        format!("cw-00000000.localhost:{port}"),
        format!("{instance}.:{port}"),
        String::new(),
        "\t".to_owned(),
    ] {
        for path in ["/", "/health", "/api/sessions", "/assets/x.js", "/api/events"] {
            let reply = ask(&format!("Host: {foreign}\r\n"), path).await;
            assert_eq!(reply.status, 421, "{foreign:?} {path}");
            assert!(reply.body.len() < 400 && reply.header("set-cookie").is_none());
        }
    }
    let twice = format!("Host: localhost:{port}\r\nHost: localhost:{port}\r\n");
    for bad in ["", &twice] {
        assert_eq!(ask(bad, "/health").await.status, 421, "{bad:?}");
    }
    let good = format!("Host: localhost:{port}\r\n");
    assert_eq!(ask(&good, &format!("https://evil.test:{port}/health")).await.status, 421);
    assert_eq!(ask(&format!("{good}X-Forwarded-Host: evil.test\r\n"), "/health").await.status, 200);
    let forwarded =
        format!("Host: evil.test\r\nX-Forwarded-Host: localhost:{port}\r\nForwarded: host=localhost:{port}\r\n");
    assert_eq!(ask(&forwarded, "/health").await.status, 421);
}

#[tokio::test]
async fn origins_of_sockets() {
    let server = Server::start().await;
    let port = server.ready.port;
    let host = server.host();
    let foreign = [
        "null".to_owned(),
        "file://".to_owned(),
        format!("http://{host}"),
        format!("wss://{host}"),
        format!("HTTPS://{host}"),
        format!("https://LOCALHOST:{port}"),
        format!("https://{host}/"),
        format!("https://{host}."),
        format!("https://localhost.:{port}"),
        "https://localhost".to_owned(),
        "https://localhost:3000".to_owned(),
        "https://localhost:443".to_owned(),
        format!("https://localhost:{port}0"),
        format!("https://127.0.0.1:{port}"),
        format!("https://{}:{port}", server.ready.names[0]),
        format!("https://evil.test:{port}"),
        format!("https://{host}.evil.test"),
        format!("https://localhost.evil.test:{port}"),
        format!("https://xlocalhost:{port}"),
        format!("https://localhostx:{port}"),
        format!("https://user@{host}"),
        format!("https://{host}@evil.test"),
        format!("https://evil.test/{host}"),
        format!("https://evil.test#{host}"),
        format!("https://{host}, https://evil.test"),
        "chrome-extension://abcdefghijklmnop".to_owned(),
        "moz-extension://1b2c3d".to_owned(),
        "https://0.0.0.0".to_owned(),
    ];
    for path in ["/api/events", "/api/sessions/x/chat", "/api/sessions/x/terminal"] {
        for origin in &foreign {
            let refused = server.socket_from(path, Some(origin)).await.err();
            assert_eq!(refused, Some(403), "{path} {origin}");
        }
        assert_eq!(server.socket_from(path, None).await.err(), Some(403), "{path} without Origin");
        assert!(server.socket_from(path, Some(&server.origin())).await.is_ok(), "{path}");
    }
}

#[tokio::test]
async fn origins_and_fetch_metadata_of_requests() {
    let server = Server::start().await;
    let (own, bearer) = (server.origin(), server.bearer());
    let auth = ("authorization", bearer.as_str());
    let json = ("content-type", "application/json");
    let navigate = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    let frame = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
    let table: &[Row<'_>] = &[
        ("POST", "/api/claude/find", &[auth], 200),
        ("POST", "/api/claude/find", &[auth, ("origin", &own)], 200),
        ("POST", "/api/claude/find", &[auth, ("origin", "https://evil.test")], 403),
        ("POST", "/api/claude/find", &[auth, ("origin", "null")], 403),
        ("POST", "/api/claude/find", &[auth, ("origin", &own), ("origin", &own)], 403),
        ("GET", "/api/sessions", &[auth, ("origin", "https://evil.test")], 403),
        ("GET", "/api/sessions", &[auth, ("sec-fetch-site", "same-origin")], 200),
        ("GET", "/api/sessions", &[auth, ("sec-fetch-site", "same-site")], 403),
        ("GET", "/api/sessions", &[auth, ("sec-fetch-site", "cross-site")], 403),
        ("GET", "/api/sessions", &[auth, ("sec-fetch-site", "none")], 403),
        ("GET", "/api/sessions", &[auth, ("sec-fetch-site", "rubbish")], 403),
        ("GET", "/", &[("sec-fetch-site", "none")], 200),
        ("GET", "/", &navigate, 200),
        ("GET", "/s/x", &navigate, 200),
        ("GET", "/", &frame, 403),
        ("GET", "/", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], 403),
        ("GET", "/health", &navigate, 403),
        (
            "OPTIONS",
            "/api/sessions",
            &[("origin", "https://evil.test"), ("access-control-request-method", "POST")],
            405,
        ),
        ("POST", "/api/sessions", &[auth, json], 422),
    ];
    for (method, path, headers, status) in table {
        let body = if *path == "/api/sessions" && *status == 422 { "{\"kind\":\"neither\"}" } else { "" };
        let reply = server.request(method, path, headers, body).await;
        assert_eq!(reply.status, *status, "{method} {path} {headers:?}: {reply:?}");
        assert!(!reply.headers.iter().any(|(name, _)| name.starts_with("access-control")), "{reply:?}");
    }
}

#[tokio::test]
async fn media_types() {
    let server = Server::start().await;
    let bearer = server.bearer();
    let auth = ("authorization", bearer.as_str());
    for (headers, status) in [
        (vec![auth, ("content-type", "application/json")], 422),
        (vec![auth, ("content-type", "application/json; charset=utf-8")], 422),
        (vec![auth, ("content-type", "Application/JSON")], 422),
        (vec![auth], 415),
        (vec![auth, ("content-type", "text/plain")], 415),
        (vec![auth, ("content-type", "application/x-www-form-urlencoded")], 415),
        (vec![auth, ("content-type", "multipart/form-data; boundary=x")], 415),
        (vec![auth, ("content-type", "application/json; charset=utf-16")], 415),
        (vec![auth, ("content-type", "application/json"), ("content-type", "text/plain")], 415),
        (vec![auth, ("content-type", "application/jsonp")], 415),
        (vec![auth, ("content-type", "application/json"), ("content-encoding", "gzip")], 415),
    ] {
        let reply = server.request("POST", "/api/sessions", &headers, "{\"kind\":\"chat\"}").await;
        assert_eq!(reply.status, status, "{headers:?}: {reply:?}");
    }
    let reply = server.request("GET", "/api/sessions", &[auth, ("content-type", "application/json")], "{}").await;
    assert_eq!(reply.status, 400, "GET takes no body");
}

#[tokio::test]
async fn methods() {
    let server = Server::start().await;
    for (method, path, status) in [
        ("TRACE", "/", 405),
        ("OPTIONS", "/", 405),
        ("PUT", "/", 405),
        ("PATCH", "/", 401),
        ("POST", "/", 401),
        ("FOO", "/", 405),
        ("get", "/", 405),
        ("TRACE", "/api/sessions", 405),
        ("PUT", "/api/sessions", 405),
        ("DELETE", "/api/sessions", 401),
        ("HEAD", "/", 200),
        ("HEAD", "/health", 200),
        ("HEAD", "/api/sessions", 401),
    ] {
        let reply = server.request(method, path, &[], "").await;
        assert_eq!(reply.status, status, "{method} {path}: {reply:?}");
        if reply.status == 405 {
            assert!(reply.header("allow").is_some(), "{method} {path}");
        }
    }
    let reply = server.api("DELETE", "/api/sessions", "").await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, POST, HEAD")));
    let bearer = server.bearer();
    let tricks =
        [("authorization", bearer.as_str()), ("x-http-method-override", "DELETE"), ("x-original-url", "/api/token")];
    assert_eq!(server.request("GET", "/api/sessions?_method=DELETE", &tricks, "").await.status, 422);
    assert_eq!(server.request("GET", "/api/sessions", &tricks, "").await.status, 200);
    let connect = format!("CONNECT evil.test:443 HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.host());
    let reply = server.raw(&connect).await.expect("an answer");
    assert!(matches!(reply.status, 400 | 405 | 421), "{reply:?}");
}

#[tokio::test]
async fn a_credential_in_the_address_is_refused() {
    let server = Server::start().await;
    let token = &server.ready.token;
    for path in ["/", "/api/sessions", "/health", "/api/events", "/s/x"] {
        for key in ["token", "b", "TOKEN", "access_token"] {
            for query in [format!("?{key}={token}"), format!("?x=1&{key}={token}"), format!("?{key}")] {
                let reply = server.request("GET", &format!("{path}{query}"), &[], "").await;
                assert_eq!(reply.status, 400, "{path}{query}");
                assert!(!String::from_utf8_lossy(&reply.body).contains(token.as_str()));
            }
        }
    }
}

#[tokio::test]
async fn failed_logins_are_limited_and_never_lock_out_a_good_token() {
    let server = Server::start().await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let reply = server.request("GET", "/health", &[("authorization", "Bearer wrong")], "").await;
        if reply.status == 429 {
            assert!(reply.header("retry-after").is_some_and(|s| s.parse::<u64>().expect("seconds") >= 1));
        }
        statuses.push(reply.status);
    }
    assert_eq!(statuses[..10], [401; 10]);
    assert_eq!(statuses[10..], [429; 2]);
    let forwarded = [("authorization", "Bearer wrong"), ("x-forwarded-for", "10.0.0.9")];
    assert_eq!(server.request("GET", "/api/sessions", &forwarded, "").await.status, 429);
    assert_eq!(server.api("GET", "/api/sessions", "").await.status, 200);
    assert_eq!(server.control("GET", "/api/sessions", "").await.status, 200);
}

#[tokio::test]
async fn requests_of_one_token_are_limited() {
    let server = Server::start_with(|config| config.limits.requests_per_minute = 5).await;
    for _ in 0..5 {
        assert_eq!(server.api("GET", "/api/sessions", "").await.status, 200);
    }
    let reply = server.api("GET", "/api/sessions", "").await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "RATE_LIMITED"));
    assert!(reply.header("retry-after").is_some());
    let issued = server.control("POST", "/api/token", "").await;
    let other = format!("Bearer {}", issued.json()["token"].as_str().expect("token"));
    let reply = server.request("GET", "/api/sessions", &[("authorization", &other)], "").await;
    assert_eq!(reply.status, 200, "another token has its own bucket");
}

#[tokio::test]
async fn odd_forms_of_a_request_open_nothing() {
    let server = Server::start().await;
    let (host, bearer) = (server.host(), server.bearer());
    let status = async |request: String| server.raw(&request).await.map(|reply| reply.status);
    let end = format!("Host: {host}\r\nConnection: close\r\n\r\n");
    for (line, wanted) in [
        ("GET /api/sessions HTTP/1.0".to_owned(), 401),
        (format!("GET https://{host}/api/sessions HTTP/1.1"), 401),
        (format!("GET http://{host}/api/sessions HTTP/1.1"), 401),
        (format!("GET https://x@{host}/health HTTP/1.1"), 421),
        ("GET /%61pi/sessions HTTP/1.1".to_owned(), 404),
        ("GET /api%2fsessions HTTP/1.1".to_owned(), 404),
        ("GET /api/%73essions HTTP/1.1".to_owned(), 401),
        ("GET //api/sessions HTTP/1.1".to_owned(), 404),
        ("GET /./api/sessions HTTP/1.1".to_owned(), 404),
        ("GET /assets/../api/sessions HTTP/1.1".to_owned(), 404),
        ("GET /s/..%2f..%2fapi%2fsessions HTTP/1.1".to_owned(), 200),
        ("GET /assets/..%2f..%2fapi%2fsessions HTTP/1.1".to_owned(), 404),
        ("GET /api/sessions;x HTTP/1.1".to_owned(), 401),
        ("GET /API/sessions HTTP/1.1".to_owned(), 404),
        ("HEAD /api/events HTTP/1.1".to_owned(), 403),
    ] {
        assert_eq!(status(format!("{line}\r\n{end}")).await, Some(wanted), "{line}");
    }
    assert_eq!(status("GET /health HTTP/1.0\r\n\r\n".to_owned()).await, Some(421), "no name, no answer");
    let twice = format!("Authorization: {bearer}\r\nAuthorization: {bearer}\r\n");
    assert_eq!(status(format!("GET /api/sessions HTTP/1.1\r\n{twice}{end}")).await, Some(401));
    let named = format!("Connection: host, authorization\r\nAuthorization: {bearer}\r\n");
    assert_eq!(status(format!("GET /api/sessions HTTP/1.1\r\n{named}{end}")).await, Some(200));

    // What comes behind a good request on the same connection is judged by itself.
    let good = format!("GET /api/sessions HTTP/1.1\r\nHost: {host}\r\nAuthorization: {bearer}\r\n\r\n");
    let both = server.raw(&format!("{good}GET /api/sessions HTTP/1.1\r\n{end}")).await.expect("answers");
    assert_eq!(both.status, 200);
    assert!(String::from_utf8_lossy(&both.body).contains("HTTP/1.1 401"), "{both:?}");
    // A refused upgrade does not turn the rest of the connection into anything else.
    let upgrade = format!(
        "GET /api/events HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 8\r\n\r\n",
        server.origin()
    );
    let both = server.raw(&format!("{upgrade}GET /api/sessions HTTP/1.1\r\n{end}")).await.expect("answers");
    assert_eq!(both.status, 400);
    assert!(String::from_utf8_lossy(&both.body).contains("HTTP/1.1 401"), "{both:?}");
}
