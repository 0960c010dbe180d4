use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::PathBuf;
use time::Duration;
use x509_parser::parse_x509_certificate;

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn dir() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("tempdir");
    let path = dir.path().to_owned();
    (dir, path)
}

const NAMES: [&str; 4] = ["cw-abcdefgh.localhost", "localhost", "127.0.0.1", "::1"];

#[test]
fn our_certificate_says_what_a_browser_wants_and_no_more() {
    let (_dir, path) = dir();
    let identity = prepare(&path, &names(&NAMES), None, OffsetDateTime::now_utc()).expect("prepare");
    let pem = std::fs::read(path.join(CERTIFICATE_FILE)).expect("cert");
    let der = CertificateDer::from_pem_slice(&pem).expect("pem");
    let (_, cert) = parse_x509_certificate(&der).expect("x509");
    let validity = cert.validity();
    let seconds = validity.not_after.timestamp() - validity.not_before.timestamp();
    assert!(seconds <= 397 * 24 * 3600, "{seconds}");
    assert!(cert.validity().is_valid());
    assert!(!cert.is_ca());
    assert!(cert.basic_constraints().expect("bc").is_some_and(|bc| !bc.value.ca));
    let usage = cert.extended_key_usage().expect("eku").expect("present").value;
    assert!(usage.server_auth && !usage.client_auth && !usage.any);
    assert_eq!(cert.subject().to_string(), "CN=claude-web");
    assert!(cert.raw_serial().len() >= 16);
    assert_eq!(cert.public_key().algorithm.algorithm.to_id_string(), "1.2.840.10045.2.1");
    let report = inspect(&path).expect("inspect");
    let mut wanted = names(&NAMES);
    wanted.sort();
    assert_eq!(report.names, wanted);
    assert_eq!(report.fingerprint_sha256, identity.fingerprint_sha256);
    assert_eq!(report.fingerprint_sha256.len(), 32 * 3 - 1);
    assert_eq!(report.key_mode, 0o600);
    assert!((394..=396).contains(&report.days_left), "{}", report.days_left);
}

#[test]
fn it_is_kept_until_there_is_a_reason() {
    let (_dir, path) = dir();
    let now = OffsetDateTime::now_utc();
    let prepare = |names: &[String], now| super::prepare(&path, names, None, now).expect("prepare");
    let first = prepare(&names(&NAMES), now);
    let reordered = names(&["::1", "localhost", "127.0.0.1", "cw-abcdefgh.localhost"]);
    let again = prepare(&reordered, now + Duration::days(360));
    assert_eq!(again.fingerprint_sha256, first.fingerprint_sha256);
    assert!(again.warnings.is_empty());
    let renamed = prepare(&names(&["localhost"]), now);
    assert_ne!(renamed.fingerprint_sha256, first.fingerprint_sha256);
    assert!(renamed.warnings[0].contains("names"), "{:?}", renamed.warnings);
    let late = prepare(&names(&["localhost"]), now + Duration::days(370));
    assert_ne!(late.fingerprint_sha256, renamed.fingerprint_sha256);
    assert!(late.warnings[0].contains("days left"), "{:?}", late.warnings);
}

#[test]
fn damage_is_replaced_and_told() {
    for (file, content) in
        [(KEY_FILE, &b"garbage"[..]), (KEY_FILE, b""), (CERTIFICATE_FILE, b"x"), (CERTIFICATE_FILE, b"")]
    {
        let (_dir, path) = dir();
        let now = OffsetDateTime::now_utc();
        let first = prepare(&path, &names(&NAMES), None, now).expect("prepare");
        std::fs::write(path.join(file), content).expect("damage");
        let second = prepare(&path, &names(&NAMES), None, now).expect("prepare again");
        assert_ne!(first.fingerprint_sha256, second.fingerprint_sha256);
        assert_eq!(second.warnings.len(), 1, "{:?}", second.warnings);
    }
    let (_dir, path) = dir();
    let (_other_dir, other) = dir();
    let now = OffsetDateTime::now_utc();
    prepare(&path, &names(&NAMES), None, now).expect("prepare");
    prepare(&other, &names(&NAMES), None, now).expect("prepare");
    std::fs::copy(other.join(KEY_FILE), path.join(KEY_FILE)).expect("copy");
    let mended = prepare(&path, &names(&NAMES), None, now).expect("prepare again");
    assert!(mended.warnings[0].contains("do not belong together"), "{:?}", mended.warnings);
}

#[test]
fn key_modes() {
    let (_dir, path) = dir();
    let now = OffsetDateTime::now_utc();
    prepare(&path, &names(&NAMES), None, now).expect("prepare");
    let key = path.join(KEY_FILE);
    let mode = || std::fs::metadata(&key).expect("metadata").mode() & 0o777;
    assert_eq!(mode(), 0o600);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o666)).expect("chmod");
    assert_eq!(inspect(&path).expect("inspect").key_mode, 0o666, "looking changes nothing");
    let repaired = prepare(&path, &names(&NAMES), None, now).expect("prepare");
    assert_eq!(mode(), 0o600);
    assert!(repaired.warnings[0].contains("0666"), "{:?}", repaired.warnings);
    let elsewhere = path.join("elsewhere.pem");
    std::fs::rename(&key, &elsewhere).expect("rename");
    symlink(&elsewhere, &key).expect("symlink");
    let refused = prepare(&path, &names(&NAMES), None, now).expect_err("a symlinked key");
    assert!(matches!(refused, TlsError::Refused { .. }), "{refused}");
    std::fs::remove_file(&key).expect("remove");
    std::fs::create_dir(&key).expect("a directory in place of the key");
    assert!(prepare(&path, &names(&NAMES), None, now).is_err());
}

#[test]
fn a_directory_is_made_narrow_and_kept_narrow() {
    let (_dir, path) = dir();
    let data = path.join("a/b");
    let mut warnings = Vec::new();
    private::directory(&data, &mut warnings).expect("create");
    assert_eq!(std::fs::metadata(&data).expect("metadata").mode() & 0o777, 0o700);
    assert!(warnings.is_empty());
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).expect("chmod");
    private::directory(&data, &mut warnings).expect("repair");
    assert_eq!(std::fs::metadata(&data).expect("metadata").mode() & 0o777, 0o700);
    assert_eq!(warnings.len(), 1);
}

#[test]
fn a_brought_certificate_is_used_or_refused_by_name() {
    let (_dir, path) = dir();
    let (_other_dir, other) = dir();
    let (_empty_dir, empty) = dir();
    let now = OffsetDateTime::now_utc();
    let made = prepare(&path, &names(&NAMES), None, now).expect("prepare");
    prepare(&other, &names(&NAMES), None, now).expect("prepare");
    let files = |cert: PathBuf, key: PathBuf| TlsFiles { cert, key };
    let ours = files(path.join(CERTIFICATE_FILE), path.join(KEY_FILE));
    let used = prepare(&empty, &[], Some(&ours), now).expect("use");
    assert_eq!(used.fingerprint_sha256, made.fingerprint_sha256);
    let said = |files: TlsFiles| prepare(&empty, &[], Some(&files), now).expect_err("refused").to_string();
    let text = said(files(path.join("missing"), path.join(KEY_FILE)));
    assert!(text.contains("certificate") && text.contains("missing"), "{text}");
    let text = said(files(path.join(CERTIFICATE_FILE), path.join("missing")));
    assert!(text.starts_with("cannot read the key"), "{text}");
    let text = said(files(path.join(CERTIFICATE_FILE), other.join(KEY_FILE)));
    assert!(text.contains("do not belong together"), "{text}");
    let text = said(files(path.join(KEY_FILE), path.join(KEY_FILE)));
    assert!(text.contains("no PEM certificate"), "{text}");
    let text = said(files(path.join(CERTIFICATE_FILE), path.join(CERTIFICATE_FILE)));
    assert!(text.contains("no PEM private key"), "{text}");
}
