//! The certificate a visitor sees.

use crate::support::Server;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::Arc;

#[tokio::test]
async fn the_printed_fingerprint_is_the_served_one_and_the_names_are_the_accepted_ones() {
    let server = Server::start().await;
    let stream = server.connect().await;
    let (_, connection) = stream.get_ref();
    let served = connection.peer_certificates().expect("certificates")[0].clone();
    assert_eq!(claude_web::tls::fingerprint_sha256(&served), server.ready.fingerprint_sha256);
    assert_eq!(connection.alpn_protocol(), None, "we offered none");
    let report = claude_web::tls::inspect(&server.data_dir()).expect("report");
    let mut names = server.ready.names.clone();
    names.sort();
    assert_eq!(report.names, names);
}

#[tokio::test]
async fn it_is_kept_across_starts_and_renewed_when_names_change() {
    let first = Server::start().await;
    let (dir, fingerprint, names) =
        (Arc::clone(&first.dir), first.ready.fingerprint_sha256.clone(), first.ready.names.clone());
    let token = first.ready.token.clone();
    first.stop().await;
    let second = Server::try_start(Arc::clone(&dir), |_| {}).await.expect("second start");
    assert_eq!(second.ready.fingerprint_sha256, fingerprint);
    assert_eq!(second.ready.names, names, "the name of the installation stays");
    assert_ne!(second.ready.token, token, "the token does not");
    assert!(second.ready.warnings.is_empty(), "{:?}", second.ready.warnings);
    second.stop().await;
    let third = Server::try_start(dir, |config| config.hosts.push("Box.lan".to_owned())).await.expect("third start");
    assert_ne!(third.ready.fingerprint_sha256, fingerprint);
    assert!(third.ready.names.contains(&"box.lan".to_owned()));
}

#[tokio::test]
async fn private_files_are_private_and_wide_ones_are_repaired_with_a_warning() {
    let server = Server::start().await;
    let mode = |path: &std::path::Path| std::fs::symlink_metadata(path).expect("metadata").mode() & 0o777;
    let data = server.data_dir();
    for (path, wanted) in [
        (data.clone(), 0o700),
        (data.join("key.pem"), 0o600),
        (data.join("cert.pem"), 0o600),
        (data.join("instance"), 0o600),
        (data.join("lock"), 0o600),
        (server.dir.path().join("run"), 0o700),
        (server.ready.control_socket.clone(), 0o600),
    ] {
        assert_eq!(mode(&path), wanted, "{}", path.display());
    }
    for entry in std::fs::read_dir(&data).expect("data").flatten() {
        let bytes = std::fs::read(entry.path()).expect("read");
        let token = server.ready.token.as_bytes();
        assert!(!bytes.windows(token.len()).any(|w| w == token), "the token is in {:?}", entry.path());
    }
    let dir = Arc::clone(&server.dir);
    server.stop().await;
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).expect("chmod");
    std::fs::set_permissions(data.join("key.pem"), std::fs::Permissions::from_mode(0o644)).expect("chmod");
    let again = Server::try_start(Arc::clone(&dir), |_| {}).await.expect("start");
    assert_eq!(again.ready.warnings.len(), 2, "{:?}", again.ready.warnings);
    assert_eq!((mode(&data), mode(&data.join("key.pem"))), (0o700, 0o600));
    again.stop().await;
    std::fs::rename(data.join("key.pem"), data.join("moved.pem")).expect("rename");
    std::os::unix::fs::symlink(data.join("moved.pem"), data.join("key.pem")).expect("link");
    let refused = Server::try_start(dir, |_| {}).await.err().expect("a symlinked key").to_string();
    assert!(refused.contains("symbolic link"), "{refused}");
}
