//! Why there is no certificate to serve with.

use std::io;
use std::path::PathBuf;

/// Why there is no certificate to serve with.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file the user named cannot be read.
    #[error("cannot read the {what} {}: {source}", .path.display())]
    Unreadable {
        /// Certificate or key.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The user's certificate and key are not a pair.
    #[error("the certificate {} and the key {} do not belong together", .cert.display(), .key.display())]
    Mismatch {
        /// Certificate.
        cert: PathBuf,
        /// Key.
        key: PathBuf,
    },
    /// A file does not hold what it should.
    #[error("cannot use {}: {reason}", .path.display())]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A private file is a symlink, a directory, or someone else's.
    #[error("refusing {}: {reason}", .path.display())]
    Refused {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A private file could not be read or written.
    #[error("cannot {what} {}: {source}", .path.display())]
    Storage {
        /// Read or write.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// There is none yet.
    #[error("{} does not exist; `claude-web serve` makes it", .path.display())]
    Missing {
        /// Which file.
        path: PathBuf,
    },
    /// The certificate could not be made.
    #[error("cannot make a certificate: {reason}")]
    Make {
        /// Why.
        reason: String,
    },
}
