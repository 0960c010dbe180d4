//! Talks to the running server: its own HTTP API over the control socket.

use super::exit::CliError;
use crate::protocol::{ErrorEnvelope, Session, SessionId, SessionPage};
use anyhow::{Context, anyhow};
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::UnixStream;
use tokio::time::timeout;

/// The server is on this machine; one that takes longer is stuck.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// A kill answers when the process tree is gone: grace, TERM, KILL and sweep, each with its own seconds.
const ANSWER_LIMIT: Duration = Duration::from_secs(120);
/// Larger than any list the server gives out.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The most the server puts on one page.
const PAGE: usize = 500;

/// A client of the server that listens at the first of these sockets that answers.
#[derive(Debug, Clone)]
pub(super) struct Client {
    sockets: Vec<PathBuf>,
}

impl Client {
    /// A client for the server that has one of these runtime directories.
    pub(super) fn new(runtime_dirs: &[PathBuf]) -> Self {
        Self { sockets: runtime_dirs.iter().map(|dir| dir.join("control.sock")).collect() }
    }

    /// Where the server may listen, best first.
    pub(super) fn sockets(&self) -> &[PathBuf] {
        &self.sockets
    }

    /// GET.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    /// DELETE.
    pub(super) async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        self.ask(Method::DELETE, path, Bytes::new()).await
    }

    /// POST.
    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, CliError> {
        self.ask(Method::POST, path, serde_json::to_vec(body)?.into()).await
    }

    /// All sessions, newest first.
    pub(super) async fn sessions(&self) -> Result<Vec<Session>, CliError> {
        let mut all: Vec<Session> = Vec::new();
        loop {
            let page: SessionPage = self.get(&format!("/api/sessions?limit={PAGE}&offset={}", all.len())).await?;
            let complete = page.sessions.len() < PAGE;
            // A session started between two pages moves the others by one.
            all.extend(
                page.sessions.into_iter().filter(|new| all.iter().all(|old| old.id != new.id)).collect::<Vec<_>>(),
            );
            if complete || all.len() >= page.total {
                return Ok(all);
            }
        }
    }

    /// Hands a GET's answer on as it comes, to `take`.
    pub(super) async fn download(
        &self,
        path: &str,
        mut take: impl FnMut(&[u8]) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let stream = self.connect().await?;
        let request = Request::builder().uri(path).header(header::HOST, "localhost").body(Full::new(Bytes::new()));
        let request = request.map_err(anyhow::Error::from)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.context("cannot talk to the server")?;
        let silent = || anyhow!("the server did not go on within {} s", ANSWER_LIMIT.as_secs());
        let talk = async {
            let response = timeout(ANSWER_LIMIT, sender.send_request(request)).await.map_err(|_| silent())?;
            let response = response.context("cannot talk to the server")?;
            let (status, mut body) = (response.status(), response.into_body());
            if !status.is_success() {
                let bytes = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
                let bytes = bytes.map_err(|error| anyhow!("the answer broke off: {error}"))?.to_bytes();
                return Err(refusal(path, status, &bytes));
            }
            while let Some(frame) = timeout(ANSWER_LIMIT, body.frame()).await.map_err(|_| silent())? {
                if let Ok(data) = frame.context("the answer broke off")?.into_data() {
                    take(&data)?;
                }
            }
            Ok(())
        };
        tokio::select! {
            done = talk => done,
            never = driven(connection) => never,
        }
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<T, CliError> {
        let stream = self.connect().await?;
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::new(body)).map_err(anyhow::Error::from)?;
        let (status, bytes) = timeout(ANSWER_LIMIT, exchange(stream, request))
            .await
            .map_err(|_| anyhow!("the server did not answer within {} s", ANSWER_LIMIT.as_secs()))?
            .context("cannot talk to the server")?;
        if !status.is_success() {
            return Err(refusal(path, status, &bytes));
        }
        Ok(serde_json::from_slice(&bytes).with_context(|| format!("cannot read the server's answer to {path}"))?)
    }

    /// A connection to the first that answers.
    pub(super) async fn connect(&self) -> Result<UnixStream, CliError> {
        for socket in &self.sockets {
            match timeout(CONNECT_LIMIT, UnixStream::connect(socket)).await {
                Ok(Ok(stream)) => return checked(stream, socket),
                // None there, or one that a killed server left behind.
                Ok(Err(error)) if nobody_listens(&error) => {}
                Ok(Err(error)) => {
                    return Err(anyhow!(error).context(format!("cannot connect to {}", socket.display())).into());
                }
                Err(_) => return Err(anyhow!("the server at {} does not answer", socket.display()).into()),
            }
        }
        Err(CliError::NoServer(self.sockets.clone()))
    }
}

/// The session whose id begins so.
pub(super) fn find(sessions: &[Session], prefix: &str) -> Result<SessionId, CliError> {
    let wanted = prefix.to_ascii_lowercase();
    let found: Vec<SessionId> =
        sessions.iter().map(|session| session.id).filter(|id| id.to_string().starts_with(&wanted)).collect();
    match found.as_slice() {
        [] => Err(CliError::NoSession(prefix.to_owned())),
        [id] => Ok(*id),
        several => Err(CliError::Ambiguous(prefix.to_owned(), several.iter().map(SessionId::to_string).collect())),
    }
}

fn nobody_listens(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, NotADirectory, NotFound};
    matches!(error.kind(), ConnectionRefused | NotFound | NotADirectory)
}

/// Tokens travel over this socket, so whoever listens must be this user.
fn checked(stream: UnixStream, socket: &Path) -> Result<UnixStream, CliError> {
    let peer = stream.peer_cred()?.uid();
    if peer == rustix::process::geteuid().as_raw() {
        return Ok(stream);
    }
    Err(anyhow!("the server at {} belongs to another user (uid {peer}); refusing to talk to it", socket.display())
        .into())
}

async fn exchange(stream: UnixStream, request: Request<Full<Bytes>>) -> anyhow::Result<(StatusCode, Bytes)> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let talk = async {
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| anyhow!("the answer broke off: {error}"))?;
        anyhow::Ok((status, body.to_bytes()))
    };
    tokio::select! {
        answer = talk => answer,
        never = driven(connection) => never,
    }
}

/// The connection has to be driven while we talk; its end, good or bad, shows in the answer.
async fn driven<T>(connection: impl Future) -> T {
    let _ = connection.await;
    std::future::pending().await
}

/// What an answer that is no success says.
fn refusal(path: &str, status: StatusCode, bytes: &[u8]) -> CliError {
    match serde_json::from_slice::<ErrorEnvelope>(bytes) {
        Ok(envelope) => CliError::Refused(envelope.error),
        Err(_) => anyhow!("the server answered {path} with {status}").into(),
    }
}

#[cfg(test)]
mod tests;
