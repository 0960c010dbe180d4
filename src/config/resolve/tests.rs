//! What settings mean, and which are refused.

use super::super::Period;
use super::*;
use std::fs;

struct Place {
    dir: tempfile::TempDir,
    around: Surroundings,
}

fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("work")).unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let around = Surroundings {
        current_dir: dir.path().join("work"),
        shell: None,
        directories: Directories::fixed(Path::new("/home/ada"), None),
    };
    Place { dir, around }
}

fn refused(settings: Settings, place: &Place) -> String {
    let error = resolve(settings, &place.around).unwrap_err();
    assert!(!error.hint().is_empty());
    error.to_string()
}

#[test]
fn nothing_said_means_loopback_the_current_directory_and_the_defaults() {
    let place = place();
    let Resolved { config, presentation } = resolve(Settings::default(), &place.around).unwrap();
    assert_eq!(config.root, place.dir.path().join("work").canonicalize().unwrap());
    assert_eq!((config.port, config.max_sessions, config.lan, config.allow_bypass), (8443, 20, false, false));
    assert_eq!((config.disconnect_grace.as_secs(), config.idle_timeout.as_secs()), (60, 1800));
    assert_eq!(config.on_disconnect, OnDisconnect::Kill);
    assert_eq!(config.shell, Path::new("/bin/sh"));
    assert_eq!(config.control_socket(), Path::new("/home/ada/data/run/control.sock"));
    let quiet =
        Presentation { json: false, qr: None, open: false, log_level: LogLevel::Warn, log_format: LogFormat::Text };
    assert_eq!(presentation, quiet);
}

#[test]
fn relative_paths_start_at_the_current_directory() {
    let place = place();
    let settings = Settings {
        root: Some("..".into()),
        data_dir: Some("state".into()),
        claude: Some("bin/claude".into()),
        ..Settings::default()
    };
    let config = resolve(settings, &place.around).unwrap().config;
    assert_eq!(config.root, place.dir.path().canonicalize().unwrap());
    assert_eq!(config.data_dir, place.dir.path().join("work/state"));
    assert_eq!(config.runtime_dir, place.dir.path().join("work/state/run"));
    assert_eq!(config.claude, Some(place.dir.path().join("work/bin/claude")));
}

#[test]
fn an_idle_timeout_of_zero_is_none_and_a_grace_of_zero_is_none_left() {
    let zero = Some(Period(Duration::ZERO));
    let settings = Settings { idle_timeout: zero, disconnect_grace: zero, ..Settings::default() };
    let config = resolve(settings, &place().around).unwrap().config;
    assert_eq!((config.idle_timeout, config.disconnect_grace), (NEVER, Duration::ZERO));
}

#[test]
fn what_was_said_first_wins_and_a_list_replaces_a_list() {
    let flags = Settings { port: Some(1), bind: Some(vec!["10.0.0.1".parse().unwrap()]), ..Settings::default() };
    let file = Settings {
        port: Some(2),
        lan: Some(true),
        bind: Some(vec!["10.0.0.2".parse().unwrap(), "10.0.0.3".parse().unwrap()]),
        tls_cert: Some("/c".into()),
        tls_key: Some("/k".into()),
        ..Settings::default()
    };
    let both = flags.or(file.clone());
    assert_eq!((both.port, both.lan, both.bind.map(|list| list.len())), (Some(1), Some(true), Some(1)));
    let half = Settings { tls_cert: Some("/mine".into()), ..Settings::default() }.or(file);
    assert_eq!((half.tls_cert, half.tls_key), (Some("/mine".into()), None));
}

#[test]
fn what_cannot_be_used_is_said() {
    let place = place();
    let path = |name: &str| Some(place.dir.path().join(name));
    let base = Settings::default;
    for (settings, wanted) in [
        (Settings { root: path("missing"), ..base() }, "it does not exist"),
        (Settings { root: path("file"), ..base() }, "it is not a directory"),
        (Settings { root: path("file/below"), ..base() }, "it is not a directory"),
        (Settings { tls_cert: path("file"), ..base() }, "tls-cert is given without tls-key"),
        (Settings { tls_key: path("file"), ..base() }, "tls-key is given without tls-cert"),
        (Settings { shell: path("file"), ..base() }, "not an executable file"),
        (Settings { data_dir: path(&"x".repeat(100)), ..base() }, "its path has"),
    ] {
        let said = refused(settings, &place);
        assert!(said.contains(wanted), "{said}");
    }
}

#[test]
fn a_user_without_a_home_is_told_to_name_a_directory() {
    let mut place = place();
    place.around.directories = Directories::default();
    assert!(refused(Settings::default(), &place).contains("no home directory"));
    let named = Settings { data_dir: Some("/srv/cw".into()), ..Settings::default() };
    assert!(resolve(named, &place.around).is_ok());
}
