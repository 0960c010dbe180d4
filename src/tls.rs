//! Placeholder with the signatures the command line is written against; the certificate's own module replaces it at merge.

use std::path::Path;
use time::OffsetDateTime;

/// What our own certificate says.
#[derive(Debug, Clone)]
pub struct CertificateReport {
    /// Names it is for.
    pub names: Vec<String>,
    /// When it ends.
    pub not_after: OffsetDateTime,
    /// Days until then.
    pub days_left: i64,
    /// Fingerprint.
    pub fingerprint_sha256: String,
    /// Mode bits of the key file.
    pub key_mode: u32,
}

/// Looks at our own certificate without changing anything.
pub fn inspect(data_dir: &Path) -> anyhow::Result<CertificateReport> {
    anyhow::bail!("{} does not exist; `claude-web serve` makes it", data_dir.join("cert.pem").display())
}
