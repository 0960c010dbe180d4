//! Plain HTTP on the TLS port: a browser is sent to https, everything else is told what it did wrong.

use crate::auth::Names;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// More than any browser sends for a first request.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Answers one request and closes.
pub(super) async fn answer(mut stream: TcpStream, names: &Names, patience: Duration) {
    let answered = async {
        let head = read_head(&mut stream).await?;
        stream.write_all(reply(&head, names).as_bytes()).await.ok()?;
        stream.shutdown().await.ok()?;
        // Reads what is left, or the kernel may answer it with a reset before the client has read ours.
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await.ok()? > 0 {}
        Some(())
    };
    let _ = tokio::time::timeout(patience, answered).await;
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while head.len() < HEAD_BYTES_MAX && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut part).await.ok()?;
        if read == 0 {
            break;
        }
        head.extend_from_slice(part.get(..read)?);
        // Not HTTP at all: no reason to wait for the end of a head.
        if !head.iter().take(16).all(|byte| byte.is_ascii_graphic() || b" \r\n".contains(byte)) {
            break;
        }
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

fn reply(head: &str, names: &Names) -> String {
    match redirect(head, names) {
        Some(location) => format!(
            "HTTP/1.1 308 Permanent Redirect\r\nLocation: {location}\r\n{}Content-Length: 0\r\n\r\n",
            common_headers()
        ),
        None => {
            let text = "This port speaks HTTPS only. Use an address that begins with https://\n";
            format!(
                "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n{}Content-Length: {}\r\n\r\n{text}",
                common_headers(),
                text.len()
            )
        }
    }
}

/// A permanent redirect would be remembered; `no-store` keeps it from being, so that the port stays free for others.
fn common_headers() -> &'static str {
    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
     Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox\r\n\
     Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n"
}

/// Where to send a request for a page; none for anything else, and for names that are not ours.
fn redirect(head: &str, names: &Names) -> Option<String> {
    let (head, _) = head.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let request = lines.next()?;
    let mut words = request.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    if method != "GET" || !version.starts_with("HTTP/1.") || words.next().is_some() {
        return None;
    }
    let path = target.split(['?', '#']).next()?;
    let harmless =
        path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if !harmless || path == "/api" || path.starts_with("/api/") {
        return None;
    }
    let mut host = None;
    for line in lines {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("host") {
            // Two of them: one for a proxy, one for us.
            if host.replace(value.trim_matches([' ', '\t'])).is_some() {
                return None;
            }
        }
    }
    // The query is left out: it is not part of any page of ours and might be somebody's secret.
    Some(format!("https://{}{path}", names.host_for(host?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_under_our_names_are_redirected() {
        let names = Names::new(["localhost".to_owned(), "127.0.0.1".to_owned()], 8443);
        let to = |head: &str| redirect(head, &names);
        let ok = "Host: localhost:8443\r\n\r\n";
        assert_eq!(to(&format!("GET / HTTP/1.1\r\n{ok}")).as_deref(), Some("https://localhost:8443/"));
        assert_eq!(to(&format!("GET /s/1?token=x HTTP/1.0\r\n{ok}")).as_deref(), Some("https://localhost:8443/s/1"));
        for head in [
            "GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost:8443\r\nHost: evil.test\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET /api/sessions HTTP/1.1\r\nHost: localhost:8443\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: localhost:8443\r\n\r\n",
            "GET //evil.test HTTP/1.1\r\nHost: localhost:8443\r\n\r\n",
            "GET /\\evil.test HTTP/1.1\r\nHost: localhost:8443\r\n\r\n",
            "GET http://localhost:8443/ HTTP/1.1\r\nHost: localhost:8443\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost:8443\r\n",
            "GET / HTTP/1.1 x\r\nHost: localhost:8443\r\n\r\n",
            "GET / SPDY/3\r\nHost: localhost:8443\r\n\r\n",
            "SSH-2.0-OpenSSH_9\r\n\r\n",
            "",
        ] {
            assert_eq!(to(head), None, "{head:?}");
        }
    }
}
