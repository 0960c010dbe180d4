//! Who may import whom: the table of ARCHITECTURE.md, held against the `use crate::` lines of the sources.

use std::collections::BTreeMap;
use std::path::Path;

/// Module, and what of ours it may import. A module may always import itself.
const TABLE: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("paths", &["protocol"]),
    ("config", &["protocol"]),
    ("export", &["protocol"]),
    ("claude", &["protocol"]),
    ("sessions", &["claude", "protocol", "paths", "config"]),
    ("auth", &["protocol", "config"]),
    ("tls", &["config"]),
    ("web", &["sessions", "export", "auth", "paths", "protocol", "config"]),
    ("server", &["web", "sessions", "auth", "tls", "paths", "protocol", "config"]),
    ("cli", &["server", "sessions", "export", "config", "protocol", "auth", "tls", "claude", "paths"]),
];

/// Crates that the inner modules must not name.
const TRANSPORT: &[&str] = &["warp", "hyper", "hyper_util", "clap", "tokio_tungstenite"];

fn sources(dir: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(dir).expect("read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).expect("in src");
            let text = std::fs::read_to_string(&path).expect("read");
            // What only tests use is not part of the house.
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
            found.insert(name.to_string_lossy().into_owned(), text);
        }
    }
}

fn all() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    found
}

fn module(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

#[test]
fn imports_never_turn_back() {
    let mut wrong = Vec::new();
    for (file, text) in all() {
        let Some((own, allowed)) = TABLE.iter().find(|(name, _)| *name == module(&file)) else { continue };
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for part in line.split("crate::").skip(1) {
                let target = part.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                let is_module = TABLE.iter().any(|(name, _)| *name == target);
                if is_module && target != *own && !allowed.contains(&target) {
                    wrong.push(format!("{file}: {own} imports {target}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn inner_modules_name_no_transport() {
    let mut wrong = Vec::new();
    for (file, text) in all() {
        if !["sessions", "claude", "export", "paths", "protocol"].contains(&module(&file)) {
            continue;
        }
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for crate_name in TRANSPORT {
                if line.contains(&format!("{crate_name}::")) {
                    wrong.push(format!("{file}:{}: {crate_name}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_child_signals_processes() {
    let mut wrong = Vec::new();
    for (file, text) in all() {
        let signals = ["kill_process", "pidfd_send_signal", ".start_kill(", "kill_process_group"];
        if !file.starts_with("sessions/child") && signals.iter().any(|signal| text.contains(signal)) {
            wrong.push(file);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_one_thing() {
    let mut long: Vec<_> = all().into_iter().map(|(file, text)| (text.lines().count(), file)).collect();
    long.retain(|(lines, _)| *lines > 450);
    assert!(long.is_empty(), "{long:?}");
}
