//! Finds the `claude` binary once, at start, and asks it for its version.
//!
//! The path is fixed from then on: nothing in a project, and no relative entry of `PATH`, can put
//! another program in its place later.

mod places;
mod probe;

pub use places::Places;
pub use probe::{OUTPUT_LIMIT, TIME_LIMIT, VersionError, version, version_in};

use std::fmt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What a user types to get the CLI.
pub const INSTALL_COMMAND: &str = "npm install -g @anthropic-ai/claude-code";

/// There is no usable `claude`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// Every file that was tried, in order.
    pub looked_in: Vec<PathBuf>,
    /// Why none of them will do.
    pub reason: String,
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for NotFound {}

/// Finds the binary: exactly `explicit` when given, else the first executable among `places`.
///
/// The result is absolute but not canonical: installers update the launcher's symlink, and the
/// version it pointed to at our start may be deleted by then.
pub fn find(explicit: Option<&Path>, places: &Places) -> Result<PathBuf, NotFound> {
    match explicit {
        Some(path) => check_explicit(path),
        None => first_executable(places.candidates()),
    }
}

fn check_explicit(path: &Path) -> Result<PathBuf, NotFound> {
    let refuse = |why: String| NotFound {
        looked_in: vec![path.to_owned()],
        reason: format!("{} cannot be used as claude: {why}", path.display()),
    };
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse("it does not exist".into()),
        _ => refuse(error.to_string()),
    })?;
    if !metadata.is_file() {
        return Err(refuse("it is not a file".into()));
    }
    if metadata.permissions().mode() & 0o111 == 0 {
        return Err(refuse("it is not executable".into()));
    }
    std::path::absolute(path).map_err(|error| refuse(error.to_string()))
}

fn first_executable(candidates: Vec<PathBuf>) -> Result<PathBuf, NotFound> {
    let found = candidates.iter().find(|path| {
        std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    });
    match found {
        Some(path) => Ok(path.clone()),
        None => Err(NotFound {
            reason: format!(
                "claude was not found in {} places; install it with `{INSTALL_COMMAND}` or name it with --claude",
                candidates.len()
            ),
            looked_in: candidates,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn program(path: &Path, mode: u32) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn an_explicit_path_says_what_is_wrong_with_it() {
        let dir = tempfile::tempdir().unwrap();
        program(&dir.path().join("plain"), 0o644);
        program(&dir.path().join("good"), 0o755);
        for (name, reason) in [
            ("missing", "does not exist"),
            (".", "not a file"),
            ("plain", "not executable"),
            ("good/x", "ot a directory"),
        ] {
            let error = find(Some(&dir.path().join(name)), &Places::default()).unwrap_err();
            assert!(error.to_string().contains(reason), "{name}: {error}");
        }
        assert_eq!(find(Some(&dir.path().join("good")), &Places::default()), Ok(dir.path().join("good")));
    }

    #[test]
    fn an_explicit_path_is_never_replaced_by_another() {
        let dir = tempfile::tempdir().unwrap();
        program(&dir.path().join("claude"), 0o755);
        let places = Places { path: Some(dir.path().into()), ..Places::default() };
        assert!(find(Some(Path::new("/nonexistent/claude")), &places).is_err());
        assert_eq!(find(None, &places), Ok(dir.path().join("claude")));
    }

    #[test]
    fn a_file_that_cannot_run_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        program(&dir.path().join("a/claude"), 0o644);
        fs::create_dir_all(dir.path().join("b/claude")).unwrap();
        program(&dir.path().join("c/claude"), 0o755);
        let path = ["a", "b", "c"].map(|name| dir.path().join(name));
        let places = Places { path: Some(std::env::join_paths(path).unwrap()), ..Places::default() };
        assert_eq!(find(None, &places), Ok(dir.path().join("c/claude")));
    }

    #[test]
    fn a_launcher_symlink_is_kept_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        program(&dir.path().join("versions/2.1.197"), 0o755);
        fs::create_dir(dir.path().join("bin")).unwrap();
        std::os::unix::fs::symlink("../versions/2.1.197", dir.path().join("bin/claude")).unwrap();
        let places = Places { path: Some(dir.path().join("bin").into()), ..Places::default() };
        assert_eq!(find(None, &places), Ok(dir.path().join("bin/claude")));
    }

    #[test]
    fn not_found_names_what_to_do() {
        let error = first_executable(vec!["/nonexistent/claude".into()]).unwrap_err();
        assert!(error.to_string().contains(INSTALL_COMMAND));
        assert_eq!(error.looked_in, [PathBuf::from("/nonexistent/claude")]);
    }
}
