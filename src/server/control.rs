//! The control socket: the same API for the user of this machine, without TLS and without a token.

use anyhow::{Context as _, bail};
use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};

/// A listener whose socket file goes with it.
#[derive(Debug)]
pub(super) struct Control {
    listener: UnixListener,
    path: PathBuf,
}

/// Binds the socket; a file that nobody listens behind is replaced.
pub(super) async fn bind(path: &Path) -> anyhow::Result<Control> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("cannot look at {}", path.display())),
        Ok(metadata) if !metadata.file_type().is_socket() => {
            bail!("{} is in the way of the control socket and is no socket; remove it", path.display())
        }
        Ok(_) => {
            let answers = tokio::time::timeout(Duration::from_secs(1), UnixStream::connect(path)).await;
            if !matches!(answers, Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused) {
                bail!("another claude-web listens on {}; stop it first", path.display());
            }
            fs::remove_file(path).with_context(|| format!("cannot remove the stale {}", path.display()))?;
        }
    }
    // The directory is 0700 already, so nobody gets in between these two.
    let listener =
        UnixListener::bind(path).with_context(|| format!("cannot make the control socket {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(Control { listener, path: path.to_owned() })
}

impl Control {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The next connection of this very user; others are dropped without a word.
    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            let uid = stream.peer_cred().map(|peer| peer.uid());
            match uid {
                Ok(uid) if uid == rustix::process::geteuid().as_raw() => return Ok(stream),
                Ok(uid) => tracing::warn!(uid, "another user tried the control socket"),
                Err(error) => tracing::warn!(%error, "a peer of the control socket has no name"),
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
