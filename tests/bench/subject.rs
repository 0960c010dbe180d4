//! What is measured: something that shows the program's terminal over a WebSocket.

use crate::client::{Stream, Viewer};
use crate::process::{self, Process};
use anyhow::Context as _;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use tokio_util::either::Either;

/// A running server and how to speak to it.
#[derive(Clone)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    port: u16,
    process: Arc<Process>,
    ours: Option<Ours>,
}

#[derive(Clone)]
struct Ours {
    token: String,
    tls: Option<TlsConnector>,
}

impl Subject {
    /// This server, over TLS; and without it where it was built with the feature for that.
    pub(crate) fn ours(directory: &Path) -> anyhow::Result<(Self, Option<Self>)> {
        std::fs::create_dir_all(directory)?;
        let place = directory.to_str().context("a path in UTF-8")?;
        let (process, line) = Process::start(&mut process::own(&["server", place])?)?;
        let ready: Value = serde_json::from_str(&line)?;
        let pem = std::fs::read(directory.join("data/cert.pem"))?;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&pem)?)?;
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let token = ready["token"].as_str().context("token")?.to_owned();
        let tls = Ours { token: token.clone(), tls: Some(TlsConnector::from(Arc::new(config))) };
        let port = u16::try_from(ready["port"].as_u64().context("port")?)?;
        let over_tls = Self { name: "ours, TLS", port, process: Arc::new(process), ours: Some(tls) };
        let plain = cfg!(feature = "bench-plain-http").then(|| Self {
            name: "ours",
            ours: Some(Ours { token, tls: None }),
            ..over_tls.clone()
        });
        Ok((over_tls, plain))
    }

    pub(crate) fn forwarder() -> anyhow::Result<Self> {
        let (process, port) = Process::start(&mut process::own(&["forwarder"])?)?;
        Ok(Self { name: "forwarder", port: port.trim().parse()?, process: Arc::new(process), ours: None })
    }

    /// ttyd, where it is installed.
    pub(crate) fn ttyd() -> anyhow::Result<Option<Self>> {
        let Ok(help) = Command::new("ttyd").arg("--help").output() else { return Ok(None) };
        let mut command = Command::new("ttyd");
        let port = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        command.args(["--port", &port.to_string(), "--interface", "127.0.0.1"]);
        // Newer ones take no input without being told to.
        if String::from_utf8_lossy(&[help.stdout, help.stderr].concat()).contains("--writable") {
            command.arg("--writable");
        }
        let process = Process::start_quiet(command.arg(std::env::current_exe()?).arg("program"))?;
        let start = Instant::now();
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            anyhow::ensure!(start.elapsed() < Duration::from_secs(5), "ttyd does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Some(Self { name: "ttyd", port, process: Arc::new(process), ours: None }))
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.pid()
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.ours.is_some()
    }

    /// A viewer of a terminal of its own, whose program takes orders.
    pub(crate) async fn open(&self) -> anyhow::Result<Viewer> {
        let mut viewer = match &self.ours {
            None => self.socket("/ws").await?,
            Some(_) => {
                let id = self.start_terminal().await?;
                self.view(&id).await?
            }
        };
        viewer.until_ready().await?;
        Ok(viewer)
    }

    /// Starts a terminal session; gives its id.
    pub(crate) async fn start_terminal(&self) -> anyhow::Result<String> {
        let wanted = json!({ "kind": "terminal", "program": "shell", "cwd": ".", "keep": true });
        let session = self.request("POST", "/api/sessions", &wanted.to_string()).await?;
        Ok(session["id"].as_str().with_context(|| format!("no session: {session}"))?.to_owned())
    }

    /// Ends the terminal a viewer looks at, and waits until its processes are gone.
    pub(crate) async fn end(&self, viewer: Viewer) -> anyhow::Result<()> {
        let session = viewer.session.clone();
        drop(viewer);
        if let Some(id) = session {
            self.request("DELETE", &format!("/api/sessions/{id}"), "").await?;
        }
        Ok(())
    }

    /// A viewer of a session of ours, attached.
    pub(crate) async fn view(&self, id: &str) -> anyhow::Result<Viewer> {
        let mut viewer = self.socket(&format!("/api/sessions/{id}/terminal")).await?;
        viewer.session = Some(id.to_owned());
        viewer.attach().await?;
        Ok(viewer)
    }

    /// A signed-in socket of ours that lists sessions, as every tab has one.
    pub(crate) async fn events(&self) -> anyhow::Result<Viewer> {
        self.socket("/api/events").await
    }

    async fn socket(&self, path: &str) -> anyhow::Result<Viewer> {
        let stream = self.connect().await?;
        let token = self.ours.as_ref().map(|ours| ours.token.as_str());
        Viewer::open(stream, &format!("localhost:{}", self.port), path, token).await
    }

    async fn connect(&self) -> anyhow::Result<Stream> {
        let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).await?;
        stream.set_nodelay(true)?;
        match self.ours.as_ref().and_then(|ours| ours.tls.as_ref()) {
            Some(tls) => Ok(Either::Right(Box::new(tls.connect(ServerName::try_from("localhost")?, stream).await?))),
            None => Ok(Either::Left(stream)),
        }
    }

    async fn request(&self, method: &str, path: &str, body: &str) -> anyhow::Result<Value> {
        let mut stream = self.connect().await?;
        let token = self.ours.as_ref().map_or("", |ours| &ours.token);
        let (port, length) = (self.port, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        stream.flush().await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8(answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("an answer")?;
        anyhow::ensure!(head.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
        Ok(serde_json::from_str(body).unwrap_or(Value::Null))
    }
}
