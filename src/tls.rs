//! The certificate of this server: made here, kept in the data directory, renewed in time; or brought along.

mod certificate;
mod error;
pub(crate) mod private;

pub use certificate::{CertificateReport, fingerprint_sha256};
pub use error::TlsError;

use crate::config::TlsFiles;
use std::path::Path;
use std::sync::Arc;
use time::OffsetDateTime;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::NoServerSessionStorage;
use tokio_rustls::rustls::{self, ServerConfig};

const CERTIFICATE_FILE: &str = "cert.pem";
const KEY_FILE: &str = "key.pem";

/// What the listeners need.
#[derive(Debug)]
pub struct Identity {
    /// For the TLS acceptor.
    pub config: Arc<ServerConfig>,
    /// Of the leaf certificate, upper-case hex with colons.
    pub fingerprint_sha256: String,
    /// What was repaired or replaced, for the user.
    pub warnings: Vec<String>,
}

/// Our own certificate for exactly `names`, or the user's. Makes a new one when there is none, when the names
/// changed, when it soon expires, or when it and its key do not belong together.
pub fn prepare(
    data_dir: &Path,
    names: &[String],
    brought: Option<&TlsFiles>,
    now: OffsetDateTime,
) -> Result<Identity, TlsError> {
    let mut warnings = Vec::new();
    let (chain, key) = match brought {
        Some(files) => read_brought(files)?,
        None => own(data_dir, names, now, &mut warnings)?,
    };
    let fingerprint = fingerprint_sha256(chain.first().map(AsRef::as_ref).unwrap_or_default());
    let config = server_config(chain, key).map_err(|error| match (error, brought) {
        (rustls::Error::InconsistentKeys(_), Some(files)) => {
            TlsError::Mismatch { cert: files.cert.clone(), key: files.key.clone() }
        }
        (other, Some(files)) => TlsError::Unusable { path: files.cert.clone(), reason: other.to_string() },
        (other, None) => TlsError::Unusable { path: data_dir.join(CERTIFICATE_FILE), reason: other.to_string() },
    })?;
    Ok(Identity { config: Arc::new(config), fingerprint_sha256: fingerprint, warnings })
}

/// Looks at our own certificate without changing anything.
pub fn inspect(data_dir: &Path) -> Result<CertificateReport, TlsError> {
    let path = data_dir.join(CERTIFICATE_FILE);
    let pem = private::look(&path)?.ok_or_else(|| TlsError::Missing { path: path.clone() })?;
    let leaf = CertificateDer::from_pem_slice(&pem.bytes)
        .map_err(|error| TlsError::Unusable { path: path.clone(), reason: error.to_string() })?;
    let key_path = data_dir.join(KEY_FILE);
    let key = private::look(&key_path)?.ok_or(TlsError::Missing { path: key_path })?;
    certificate::report(&leaf, key.mode, OffsetDateTime::now_utc())
        .map_err(|reason| TlsError::Unusable { path, reason })
}

type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn own(data_dir: &Path, names: &[String], now: OffsetDateTime, warnings: &mut Vec<String>) -> Result<Pair, TlsError> {
    let cert_path = data_dir.join(CERTIFICATE_FILE);
    let key_path = data_dir.join(KEY_FILE);
    let cert = private::read(&cert_path, warnings)?;
    let key = private::read(&key_path, warnings)?;
    if let (Some(cert), Some(key)) = (&cert, &key) {
        match usable(cert, key, names, now) {
            Ok(pair) => return Ok(pair),
            Err(reason) => warnings.push(format!("a new certificate was made, because {reason}")),
        }
    }
    let made = certificate::make(names, now)?;
    // The key first: a crash in between leaves a pair that does not match, which the next start replaces.
    private::write(&key_path, made.key_pem.as_bytes())?;
    private::write(&cert_path, made.cert_pem.as_bytes())?;
    parse(made.cert_pem.as_bytes(), made.key_pem.as_bytes())
        .map_err(|reason| TlsError::Unusable { path: cert_path, reason })
}

/// The stored pair, or why it cannot be used any longer.
fn usable(cert: &[u8], key: &[u8], names: &[String], now: OffsetDateTime) -> Result<Pair, String> {
    let pair = parse(cert, key)?;
    let leaf = pair.0.first().ok_or("the stored file holds no certificate")?;
    let report = certificate::report(leaf, 0, now)?;
    certificate::reason_to_renew(&report, names).map_or(Ok(()), Err)?;
    server_config(pair.0.clone(), pair.1.clone_key()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => "the stored certificate and key do not belong together".to_owned(),
        other => format!("the stored certificate cannot be used ({other})"),
    })?;
    Ok(pair)
}

fn parse(cert: &[u8], key: &[u8]) -> Result<Pair, String> {
    let chain = CertificateDer::pem_slice_iter(cert)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("the stored certificate is damaged ({error})"))?;
    if chain.is_empty() {
        return Err("the stored certificate is damaged (it is empty)".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| format!("the stored key is damaged ({error})"))?;
    Ok((chain, key))
}

fn read_brought(files: &TlsFiles) -> Result<Pair, TlsError> {
    let read = |what: &'static str, path: &Path| {
        std::fs::read(path).map_err(|source| TlsError::Unreadable { what, path: path.to_owned(), source })
    };
    let cert = read("certificate", &files.cert)?;
    let key = read("key", &files.key)?;
    let chain = CertificateDer::pem_slice_iter(&cert)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| TlsError::Unusable { path: files.cert.clone(), reason: error.to_string() })?;
    if chain.is_empty() {
        let reason = "it holds no PEM certificate".to_owned();
        return Err(TlsError::Unusable { path: files.cert.clone(), reason });
    }
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|error| TlsError::Unusable {
        path: files.key.clone(),
        reason: format!("it holds no PEM private key ({error})"),
    })?;
    Ok((chain, key))
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A new certificate or a restart must never meet a session resumed under the old one, and there is no early data
    // to replay. A full handshake costs less than a millisecond here.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(config)
}

#[cfg(test)]
mod tests;
