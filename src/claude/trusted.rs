//! Whether Claude Code itself takes a directory for trusted: it honours allow rules stored in a project only then.
//!
//! It keeps that in its own settings file, which is only read here.

use super::transcript::open_plain_file;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// Larger than any such file; what comes after is not read, which makes it unreadable.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// A directory, and the file that says whether it is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustPlace {
    file: Option<PathBuf>,
    directory: PathBuf,
}

#[derive(Deserialize)]
struct Settings {
    #[serde(default)]
    projects: HashMap<String, Value>,
}

impl TrustPlace {
    /// Of a child with this environment in this directory.
    pub fn new(env: &[(OsString, OsString)], directory: PathBuf) -> Self {
        let set = |name: &str| {
            let found = env.iter().find(|(known, value)| known == name && !value.is_empty());
            found.map(|(_, value)| Path::new(value).join(".claude.json"))
        };
        Self { file: set("CLAUDE_CONFIG_DIR").or_else(|| set("HOME")), directory }
    }

    /// Reads the file. Whatever cannot be read is not trusted. Blocks.
    pub fn is_trusted(&self) -> bool {
        let Some(projects) = self.file.as_deref().and_then(projects) else { return false };
        let Ok(directory) = self.directory.canonicalize() else { return false };
        let accepted = |path: &Path| {
            let project = path.to_str().and_then(|path| projects.get(path));
            project.and_then(|project| project.get("hasTrustDialogAccepted")).and_then(Value::as_bool) == Some(true)
        };
        accepted(&directory) || git_root(&directory).is_some_and(accepted)
    }
}

fn projects(file: &Path) -> Option<HashMap<String, Value>> {
    let file = open_plain_file(file).ok()?;
    let settings: Settings = serde_json::from_reader(BufReader::new(file.take(FILE_BYTES_MAX))).ok()?;
    Some(settings.projects)
}

fn git_root(directory: &Path) -> Option<&Path> {
    directory.ancestors().find(|path| path.join(OsStr::new(".git")).exists())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn place(home: &Path, directory: PathBuf) -> TrustPlace {
        TrustPlace::new(&[("HOME".into(), home.into())], directory)
    }

    #[test]
    fn the_directory_or_its_repository_must_have_been_accepted() {
        let dir = tempfile::tempdir().expect("tempdir");
        let base = dir.path().canonicalize().expect("real");
        let inner = base.join("repo/src");
        let nested = base.join("plain/inner");
        for path in [base.join("repo/.git"), inner.clone(), nested.clone()] {
            std::fs::create_dir_all(path).expect("mkdir");
        }
        let accept = |path: &Path| json!({ path.to_str().expect("utf-8"): { "hasTrustDialogAccepted": true } });
        let write = |projects: Value| {
            std::fs::write(base.join(".claude.json"), json!({ "x": 1, "projects": projects }).to_string())
                .expect("write");
        };
        assert!(!place(&base, inner.clone()).is_trusted(), "no file");
        write(accept(&base.join("repo")));
        assert!(place(&base, inner.clone()).is_trusted() && place(&base, base.join("repo")).is_trusted());
        assert!(!place(&base, nested.clone()).is_trusted());
        write(accept(&base.join("plain")));
        assert!(!place(&base, nested.clone()).is_trusted(), "another parent does not count");
        write(accept(&nested));
        assert!(place(&base, nested.clone()).is_trusted());
        write(json!({ nested.to_str().expect("utf-8"): { "hasTrustDialogAccepted": "yes" } }));
        assert!(!place(&base, nested.clone()).is_trusted());
        for broken in ["", "[]", "{\"projects\":[]}", "{\"projects\":{"] {
            std::fs::write(base.join(".claude.json"), broken).expect("write");
            assert!(!place(&base, nested.clone()).is_trusted(), "{broken}");
        }
    }

    #[test]
    fn a_pipe_in_place_of_the_file_is_not_waited_for() {
        let dir = tempfile::tempdir().expect("tempdir");
        let pipe = dir.path().join(".claude.json");
        rustix::fs::mkfifoat(rustix::fs::CWD, pipe, rustix::fs::Mode::RWXU).expect("fifo");
        let place = place(dir.path(), dir.path().to_owned());
        let (told, said) = std::sync::mpsc::channel();
        std::thread::spawn(move || told.send(place.is_trusted()));
        assert_eq!(said.recv_timeout(std::time::Duration::from_secs(20)), Ok(false));
    }

    #[test]
    fn a_configuration_directory_of_its_own_holds_the_file() {
        let env = [("HOME".into(), "/h".into()), ("CLAUDE_CONFIG_DIR".into(), "/c".into())];
        assert_eq!(TrustPlace::new(&env, "/w".into()).file, Some("/c/.claude.json".into()));
        let env = [("HOME".into(), "/h".into()), ("CLAUDE_CONFIG_DIR".into(), "".into())];
        assert_eq!(TrustPlace::new(&env, "/w".into()).file, Some("/h/.claude.json".into()));
        assert!(!TrustPlace::new(&[], "/w".into()).is_trusted());
    }
}
