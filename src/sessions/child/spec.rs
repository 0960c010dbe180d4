//! What server and guard say to each other: one start order with descriptors, single-byte orders, report lines.

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use std::ffi::{OsStr, OsString};
use std::io::{self, IoSlice, Write};
use std::mem::MaybeUninit;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// Absolute path.
    pub path: PathBuf,
    /// Arguments after the program's name.
    pub args: Vec<OsString>,
    /// The whole environment.
    pub env: Vec<(OsString, OsString)>,
}

/// What the guard tells the server.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// The program runs.
    Started { pid: u32 },
    /// The program could not be started.
    Failed { reason: String },
    /// The program ended.
    Exited { code: Option<i32>, signal: Option<String> },
}

impl Report {
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "started" => Some(Self::Started { pid: rest.parse().ok()? }),
            "failed" => Some(Self::Failed { reason: rest.to_owned() }),
            "code" => Some(Self::Exited { code: Some(rest.parse().ok()?), signal: None }),
            "signal" => Some(Self::Exited { code: None, signal: Some(rest.to_owned()) }),
            _ => None,
        }
    }

    pub(super) fn line(&self) -> String {
        match self {
            Self::Started { pid } => format!("started {pid}\n"),
            Self::Failed { reason } => format!("failed {}\n", reason.replace('\n', " ")),
            Self::Exited { code: Some(code), .. } => format!("code {code}\n"),
            Self::Exited { signal, .. } => format!("signal {}\n", signal.as_deref().unwrap_or("unknown")),
        }
    }
}

/// Sends the start order: its length together with the descriptors, then the order itself.
pub(super) fn send_spec(socket: &UnixStream, program: &Program, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    let body = encode(program);
    let length = u32::try_from(body.len()).map_err(|_| io::Error::from(io::ErrorKind::ArgumentListTooLong))?;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !ancillary.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(io::Error::other("too many descriptors for one message"));
    }
    sendmsg(socket, &[IoSlice::new(&length.to_le_bytes())], &mut ancillary, SendFlags::empty())?;
    (&*socket).write_all(&body)
}

/// NUL-separated, because neither arguments nor environment can contain a NUL: path, number of arguments, arguments,
/// then `NAME=value` pairs.
fn encode(program: &Program) -> Vec<u8> {
    let mut body = Vec::with_capacity(4096);
    let mut field = |bytes: &[u8]| {
        body.extend_from_slice(bytes);
        body.push(0);
    };
    field(program.path.as_os_str().as_bytes());
    field(program.args.len().to_string().as_bytes());
    for arg in &program.args {
        field(arg.as_bytes());
    }
    for (name, value) in &program.env {
        field(&[name.as_bytes(), b"=", value.as_bytes()].concat());
    }
    body
}

/// Undoes [`encode`]; `None` when the bytes are not an order.
pub(super) fn decode(body: &[u8]) -> Option<Program> {
    let mut fields = body.strip_suffix(&[0])?.split(|byte| *byte == 0);
    let path = PathBuf::from(OsStr::from_bytes(fields.next()?));
    let count: usize = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    let mut args = Vec::new();
    for _ in 0..count {
        args.push(OsString::from_vec(fields.next()?.to_vec()));
    }
    let mut env = Vec::new();
    for pair in fields {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (&pair[..equals], &pair[equals + 1..]);
        env.push((OsString::from_vec(name.to_vec()), OsString::from_vec(value.to_vec())));
    }
    Some(Program { path, args, env })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_order_survives_the_socket() {
        let program = Program {
            path: "/bin/x".into(),
            args: vec!["--resume=1".into(), "".into(), OsString::from_vec(vec![0xff, b'\n'])],
            env: vec![("A".into(), "b=c".into()), ("EMPTY".into(), "".into())],
        };
        assert_eq!(decode(&encode(&program)), Some(program));
        assert_eq!(decode(b"/bin/x\09\0too few\0"), None);
        assert_eq!(decode(b""), None);
    }

    #[test]
    fn reports_survive_the_socket() {
        for report in [
            Report::Started { pid: 7 },
            Report::Failed { reason: "no such file".into() },
            Report::Exited { code: Some(3), signal: None },
            Report::Exited { code: None, signal: Some("SIGKILL".into()) },
        ] {
            assert_eq!(Report::parse(report.line().trim_end()), Some(report));
        }
        assert_eq!(Report::parse("nonsense"), None);
    }
}
