//! Requests written by hand, so that they can be wrong in every way.

use super::Server;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

/// A connection that trusts exactly the server's own certificate.
pub(crate) type Stream = TlsStream<TcpStream>;

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The code of the error envelope.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().expect("an envelope").to_owned()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Some(Self { status, headers, body: bytes[end + 4..].to_vec() })
    }
}

/// Sends `request` and reads until the server closes.
pub(crate) async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, request: &[u8]) -> Option<Reply> {
    let all = async {
        let _ = stream.write_all(request).await;
        let _ = stream.flush().await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        bytes
    };
    let bytes = tokio::time::timeout(Duration::from_secs(20), all).await.expect("an answer in time");
    Reply::parse(&bytes)
}

impl Server {
    pub(crate) async fn connect(&self) -> Stream {
        self.connect_at(self.address()).await.expect("connection and handshake")
    }

    /// Connects through something at another address that leads to this server.
    pub(crate) async fn connect_at(&self, address: SocketAddr) -> std::io::Result<Stream> {
        let pem = std::fs::read(self.data_dir().join("cert.pem")).expect("certificate");
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&pem).expect("pem")).expect("a root");
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from("localhost").expect("name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    /// Sends text over TLS as it is; the answer, or nothing when the connection was just closed.
    pub(crate) async fn raw(&self, request: &str) -> Option<Reply> {
        exchange(self.connect().await, request.as_bytes()).await
    }

    /// Sends text to the TLS port without TLS.
    pub(crate) async fn plain(&self, request: &str) -> Option<Reply> {
        exchange(TcpStream::connect(self.address()).await.expect("connect"), request.as_bytes()).await
    }

    /// A request with exactly these headers besides Host and `Connection: close`.
    pub(crate) async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let request = written(&self.host(), method, path, headers, body);
        self.raw(&request).await.unwrap_or_else(|| panic!("{method} {path}: no answer"))
    }

    /// A request with the token, and a JSON body unless it is empty.
    pub(crate) async fn api(&self, method: &str, path: &str, body: &str) -> Reply {
        let bearer = self.bearer();
        let mut headers = vec![("authorization", bearer.as_str())];
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.request(method, path, &headers, body).await
    }

    /// A request over the control socket.
    pub(crate) async fn control(&self, method: &str, path: &str, body: &str) -> Reply {
        let stream = UnixStream::connect(&self.ready.control_socket).await.expect("control socket");
        let headers: &[(&str, &str)] = if body.is_empty() { &[] } else { &[("content-type", "application/json")] };
        exchange(stream, written("claude-web", method, path, headers, body).as_bytes()).await.expect("an answer")
    }
}

fn written(host: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || matches!(method, "POST" | "PATCH") {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    format!("{request}\r\n{body}")
}
