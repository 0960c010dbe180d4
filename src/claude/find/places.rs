//! Where `claude` is usually installed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The parts of the environment that say where programs are installed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// `PATH`.
    pub path: Option<OsString>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `NVM_DIR`.
    pub nvm_dir: Option<PathBuf>,
    /// `VOLTA_HOME`.
    pub volta_home: Option<PathBuf>,
    /// `FNM_DIR`.
    pub fnm_dir: Option<PathBuf>,
    /// `BUN_INSTALL`.
    pub bun_install: Option<PathBuf>,
    /// `NPM_CONFIG_PREFIX`, in either case.
    pub npm_prefix: Option<PathBuf>,
    /// `HOMEBREW_PREFIX`.
    pub homebrew_prefix: Option<PathBuf>,
}

impl Places {
    /// Reads this process's environment.
    pub fn from_env() -> Self {
        let dir = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            path: std::env::var_os("PATH"),
            home: dir("HOME"),
            nvm_dir: dir("NVM_DIR"),
            volta_home: dir("VOLTA_HOME"),
            fnm_dir: dir("FNM_DIR"),
            bun_install: dir("BUN_INSTALL"),
            npm_prefix: dir("NPM_CONFIG_PREFIX").or_else(|| dir("npm_config_prefix")),
            homebrew_prefix: dir("HOMEBREW_PREFIX"),
        }
    }

    /// Every file that could be the binary, best first, each once, all absolute.
    pub(super) fn candidates(&self) -> Vec<PathBuf> {
        let mut dirs: Vec<PathBuf> = Vec::new();
        if let Some(path) = &self.path {
            dirs.extend(std::env::split_paths(path));
        }
        dirs.extend(self.under_home(".local/bin"));
        dirs.extend(self.under_home(".claude/local"));
        dirs.extend(self.npm());
        dirs.extend(self.nvm());
        dirs.extend(self.fnm());
        dirs.extend(self.volta_home.as_ref().map(|dir| dir.join("bin")));
        dirs.extend(self.under_home(".volta/bin"));
        dirs.extend(self.bun_install.as_ref().map(|dir| dir.join("bin")));
        dirs.extend(self.under_home(".bun/bin"));
        dirs.extend(self.homebrew_prefix.as_ref().map(|dir| dir.join("bin")));
        dirs.extend(["/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin"].map(PathBuf::from));
        dirs.extend(self.under_home(".asdf/shims"));
        dirs.extend(self.under_home(".local/share/mise/shims"));

        let mut files: Vec<PathBuf> = Vec::new();
        for dir in dirs {
            // A relative or empty entry would mean whatever directory is current: a project could
            // then put its own `claude` there.
            let file = dir.join("claude");
            if dir.is_absolute() && !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }

    fn under_home(&self, below: &str) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(below))
    }

    fn npm(&self) -> Vec<PathBuf> {
        let mut prefixes: Vec<PathBuf> = self.npm_prefix.iter().cloned().collect();
        if let Some(home) = &self.home {
            prefixes.extend(npmrc_prefix(home));
            prefixes.extend([".npm-global", ".npm-packages", ".npm"].map(|name| home.join(name)));
        }
        prefixes.into_iter().map(|prefix| prefix.join("bin")).collect()
    }

    fn nvm(&self) -> Vec<PathBuf> {
        let roots = self.nvm_dir.iter().cloned().chain(self.under_home(".nvm"));
        roots.flat_map(|root| newest_first(&root.join("versions/node"))).map(|version| version.join("bin")).collect()
    }

    fn fnm(&self) -> Vec<PathBuf> {
        let usual = [".local/share/fnm", ".fnm", "Library/Application Support/fnm"];
        let roots = self.fnm_dir.iter().cloned().chain(usual.into_iter().filter_map(|below| self.under_home(below)));
        let mut dirs = Vec::new();
        for root in roots {
            dirs.push(root.join("aliases/default/bin"));
            let versions = newest_first(&root.join("node-versions"));
            dirs.extend(versions.into_iter().map(|version| version.join("installation/bin")));
        }
        dirs
    }
}

/// The `prefix` a user set with `npm config set prefix`.
fn npmrc_prefix(home: &Path) -> Option<PathBuf> {
    let npmrc = std::fs::read_to_string(home.join(".npmrc")).ok()?;
    let value = npmrc.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "prefix").then(|| value.trim().trim_matches('"'))
    })?;
    let below_home = ["~/", "${HOME}/", "$HOME/"].iter().find_map(|start| value.strip_prefix(start));
    Some(match below_home {
        Some(rest) => home.join(rest),
        None => PathBuf::from(value),
    })
}

/// The folders of `dir` that are named like a version, highest version first.
fn newest_first(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut versions: Vec<(Vec<u64>, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| Some((version_numbers(entry.file_name().to_str()?)?, entry.path())))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, path)| path).collect()
}

fn version_numbers(name: &str) -> Option<Vec<u64>> {
    name.strip_prefix('v').unwrap_or(name).split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(files: &[PathBuf], file: &str) -> usize {
        files.iter().position(|found| found == Path::new(file)).unwrap_or_else(|| panic!("{file} is not a candidate"))
    }

    #[test]
    fn relative_and_empty_entries_of_path_are_ignored() {
        let places = Places { path: Some("/a::.:./b:rel:/c:".into()), ..Places::default() };
        let files = places.candidates();
        assert_eq!(files[..2], [PathBuf::from("/a/claude"), PathBuf::from("/c/claude")]);
        assert!(files.iter().all(|file| file.is_absolute()));
    }

    #[test]
    fn path_comes_first_and_nothing_is_tried_twice() {
        let places = Places { path: Some("/usr/local/bin:/x".into()), home: Some("/h".into()), ..Places::default() };
        let files = places.candidates();
        assert_eq!(position(&files, "/usr/local/bin/claude"), 0);
        assert!(position(&files, "/x/claude") < position(&files, "/h/.local/bin/claude"));
        assert!(position(&files, "/h/.local/bin/claude") < position(&files, "/h/.claude/local/claude"));
        assert!(position(&files, "/h/.bun/bin/claude") < position(&files, "/opt/homebrew/bin/claude"));
        let mut once = files.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), files.len());
    }

    #[test]
    fn a_relative_home_gives_no_candidates() {
        let places = Places { home: Some("h".into()), nvm_dir: Some("n".into()), ..Places::default() };
        assert!(places.candidates().iter().all(|file| file.is_absolute()));
    }

    #[test]
    fn the_newest_node_comes_first() {
        let home = tempfile::tempdir().unwrap();
        for version in ["v9.1.0", "v20.10.0", "v20.9.3", "system"] {
            std::fs::create_dir_all(home.path().join(".nvm/versions/node").join(version).join("bin")).unwrap();
        }
        let files = Places { home: Some(home.path().into()), ..Places::default() }.candidates();
        let versions: Vec<_> = files
            .iter()
            .filter_map(|file| file.strip_prefix(home.path().join(".nvm/versions/node")).ok())
            .map(|below| below.to_str().unwrap())
            .collect();
        assert_eq!(versions, ["v20.10.0/bin/claude", "v20.9.3/bin/claude", "v9.1.0/bin/claude"]);
    }

    #[test]
    fn the_prefix_of_npmrc_counts() {
        for (line, wanted) in
            [("prefix=/opt/npm", "/opt/npm"), ("prefix = \"${HOME}/n\"", "HOME/n"), ("prefix=~/g", "HOME/g")]
        {
            let home = tempfile::tempdir().unwrap();
            std::fs::write(home.path().join(".npmrc"), format!("registry=https://example.com\n{line}\n")).unwrap();
            let wanted = wanted.replace("HOME", home.path().to_str().unwrap());
            assert_eq!(npmrc_prefix(home.path()), Some(PathBuf::from(wanted)), "{line}");
        }
    }
}
