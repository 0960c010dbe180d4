//! Making our own certificate, and reading what one says.

use super::TlsError;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, SanType, SerialNumber,
};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use time::{Duration, OffsetDateTime};
use x509_parser::extensions::GeneralName;

/// Browsers distrust a leaf that lives longer than 398 days; 396 leaves room for clocks that are off.
const VALID_FOR: Duration = Duration::days(396);
/// A certificate with less than this left is replaced at the next start.
const RENEW_WITH_LESS_THAN: Duration = Duration::days(30);
/// A device whose clock runs behind must not see a certificate from the future.
const BACKDATED: Duration = Duration::hours(1);

/// What our certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateReport {
    /// Names and addresses it is for, sorted.
    pub names: Vec<String>,
    /// When it ends.
    pub not_after: OffsetDateTime,
    /// Whole days left; negative when it has ended.
    pub days_left: i64,
    /// SHA-256 of the certificate, upper-case hex with colons.
    pub fingerprint_sha256: String,
    /// Permission bits of the key file.
    pub key_mode: u32,
}

pub(super) struct Made {
    pub(super) cert_pem: String,
    pub(super) key_pem: String,
}

pub(super) fn make(names: &[String], now: OffsetDateTime) -> Result<Made, TlsError> {
    let failed = |error: rcgen::Error| TlsError::Make { reason: error.to_string() };
    let mut params = CertificateParams::default();
    params.not_before = now - BACKDATED;
    params.not_after = params.not_before + VALID_FOR;
    params.serial_number = Some(random_serial());
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "claude-web");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    for name in names {
        params.subject_alt_names.push(match name.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(name.as_str().try_into().map_err(failed)?),
        });
    }
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed)?;
    let certificate = params.self_signed(&key).map_err(failed)?;
    Ok(Made { cert_pem: certificate.pem(), key_pem: key.serialize_pem() })
}

/// Reads a certificate; the text says what is wrong with it.
pub(super) fn report(der: &[u8], key_mode: u32, now: OffsetDateTime) -> Result<CertificateReport, String> {
    let (_, certificate) =
        x509_parser::parse_x509_certificate(der).map_err(|error| format!("the certificate is damaged ({error})"))?;
    let mut names = Vec::new();
    if let Ok(Some(alternatives)) = certificate.subject_alternative_name() {
        for name in &alternatives.value.general_names {
            names.extend(name_of(name));
        }
    }
    names.sort();
    let not_after = certificate.validity().not_after.to_datetime();
    Ok(CertificateReport {
        names,
        not_after,
        days_left: (not_after - now).whole_days(),
        fingerprint_sha256: fingerprint_sha256(der),
        key_mode,
    })
}

pub(super) fn reason_to_renew(report: &CertificateReport, names: &[String]) -> Option<String> {
    let mut wanted = names.to_vec();
    wanted.sort();
    if report.names != wanted {
        return Some("the names of this server changed".to_owned());
    }
    if report.days_left < RENEW_WITH_LESS_THAN.whole_days() {
        return Some(format!("the old one has {} days left", report.days_left.max(0)));
    }
    None
}

/// SHA-256 of a DER certificate as browsers show it.
pub fn fingerprint_sha256(der: &[u8]) -> String {
    let pairs: Vec<String> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

fn name_of(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            let v6 = <[u8; 16]>::try_from(*bytes).map(IpAddr::from);
            v4.or(v6).ok().map(|address| address.to_string())
        }
        // Kept, so that a certificate with anything else never equals the wanted names.
        other => Some(format!("{other:?}")),
    }
}

fn random_serial() -> SerialNumber {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).expect("the operating system has a random source");
    // Positive and of full length, as RFC 5280 wants it.
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    SerialNumber::from_slice(&bytes)
}
