//! Where things are kept on this machine.

use directories::{BaseDirs, ProjectDirs};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where things are kept when nobody says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Directories {
    home: Option<PathBuf>,
    config_file: Option<PathBuf>,
    config_file_is_named: bool,
    data: Option<PathBuf>,
    runtime: Option<PathBuf>,
}

impl Directories {
    /// The directories of this user, and CLAUDE_WEB_CONFIG.
    pub fn from_env() -> Self {
        let project = ProjectDirs::from("", "", "claude-web");
        let named = std::env::var_os("CLAUDE_WEB_CONFIG").filter(|value| !value.is_empty());
        let named = named.and_then(|path| std::path::absolute(path).ok());
        let config_file_is_named = named.is_some();
        Self {
            home: BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()),
            config_file: named.or_else(|| Some(project.as_ref()?.config_dir().join("config.toml"))),
            config_file_is_named,
            data: project.map(|dirs| dirs.data_local_dir().to_owned()),
            runtime: std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| is_private(path)),
        }
    }

    /// The user's home.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// config.toml, there or not.
    pub fn config_file(&self) -> Option<&Path> {
        self.config_file.as_deref()
    }

    /// Whether CLAUDE_WEB_CONFIG names it, so that it has to be there.
    pub fn config_file_is_named(&self) -> bool {
        self.config_file_is_named
    }

    /// The data directory: `given`, or the user's.
    pub fn data_dir(&self, given: Option<&Path>) -> Option<PathBuf> {
        given.map(Path::to_owned).or_else(|| self.data.clone())
    }

    /// Where a server puts its control socket, best first. A server takes the first; a client tries them all, because
    /// it may run without the XDG_RUNTIME_DIR the server had.
    pub fn runtime_dirs(&self, given: Option<&Path>) -> Vec<PathBuf> {
        let mut dirs = Vec::new();
        // A data directory of its own is an instance of its own, which must not meet the socket of another.
        if given.is_none() {
            dirs.extend(self.runtime.as_ref().map(|base| base.join("claude-web")));
        }
        dirs.extend(self.data_dir(given).map(|data| data.join("run")));
        dirs
    }

    #[cfg(test)]
    pub(super) fn fixed(home: &Path, runtime: Option<&Path>) -> Self {
        Self {
            home: Some(home.to_owned()),
            config_file: Some(home.join("config.toml")),
            config_file_is_named: false,
            data: Some(home.join("data")),
            runtime: runtime.map(Path::to_owned),
        }
    }
}

/// Whether a directory is ours and nobody else can enter it, as the XDG rules ask of a runtime directory.
fn is_private(path: &Path) -> bool {
    path.is_absolute()
        && std::fs::symlink_metadata(path).is_ok_and(|found| {
            found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o077 == 0
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn only_a_private_directory_of_ours_takes_the_socket() {
        let dir = tempfile::tempdir().unwrap();
        let made = |name: &str, mode| {
            let path = dir.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            path
        };
        assert!(is_private(&made("private", 0o700)));
        assert!(!is_private(&made("wide", 0o755)));
        symlink("private", dir.path().join("link")).unwrap();
        assert!(!is_private(&dir.path().join("link")));
        assert!(!is_private(&dir.path().join("missing")));
        assert!(!is_private(Path::new("private")));
    }

    #[test]
    fn a_given_data_directory_is_an_instance_of_its_own() {
        let directories = Directories::fixed(Path::new("/home/ada"), Some(Path::new("/run/user/1")));
        let dirs = |given: Option<&str>| directories.runtime_dirs(given.map(Path::new));
        assert_eq!(dirs(None), [Path::new("/run/user/1/claude-web"), Path::new("/home/ada/data/run")]);
        assert_eq!(dirs(Some("/srv/cw")), [Path::new("/srv/cw/run")]);
    }
}
