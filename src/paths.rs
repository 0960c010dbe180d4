//! The only way to turn a user-supplied path into a file or directory. Resolution happens beneath a
//! directory descriptor (openat2 where the kernel has it, a component walk elsewhere), never by comparing strings.

mod ignored;
mod rank;
mod search;

pub use search::Finder;

use crate::protocol::{DirectoryEntry, DirectoryListing, EntryKind};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Longest path a client may name, in bytes.
const PATH_BYTES_MAX: usize = 4096;

/// The directory that confines every working directory and file.
#[derive(Debug, Clone)]
pub struct Root {
    dir: Arc<Dir>,
    path: PathBuf,
}

/// A directory proved to lie inside the root, held open: it stays the same directory whatever is renamed around it.
#[derive(Debug)]
pub struct Confined {
    dir: Dir,
    relative: String,
}

/// Why a path was refused.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// The path leaves the root: absolute, `..`, or a symlink that points out.
    #[error("`{path}` is outside the root directory; choose a directory inside it")]
    OutsideRoot {
        /// As given.
        path: String,
    },
    /// Nothing is there.
    #[error("`{path}` does not exist")]
    NotFound {
        /// As given.
        path: String,
    },
    /// Something else than a directory is there.
    #[error("`{path}` is not a directory")]
    NotADirectory {
        /// As given.
        path: String,
    },
    /// The text cannot be a path here.
    #[error("the path is not usable: {reason}")]
    Malformed {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The operating system said no.
    #[error("cannot open `{path}`: {source}")]
    Denied {
        /// As given.
        path: String,
        /// What it said.
        source: io::Error,
    },
}

impl Root {
    /// Opens the root directory. Errors when it is missing, not a directory, or not permitted.
    pub fn open(path: &Path) -> Result<Self, PathError> {
        let shown = path.display().to_string();
        let absolute = path.canonicalize().map_err(|e| classify(&shown, e))?;
        let dir = Dir::open_ambient_dir(&absolute, ambient_authority()).map_err(|e| classify(&shown, e))?;
        Ok(Self { dir: Arc::new(dir), path: absolute })
    }

    /// The root's own absolute path, for display and for children's `PWD`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The root as a capability.
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    /// Opens a directory named relative to the root; `.` and the empty string name the root itself.
    pub fn directory(&self, path: &str) -> Result<Confined, PathError> {
        let relative = clean(path)?;
        let dir = self.dir.open_dir(&relative).map_err(|e| classify(path, e))?;
        Ok(Confined { dir, relative })
    }

    /// Lists a directory, directories first, at most `limit` entries.
    pub fn list(&self, path: &str, limit: usize) -> Result<DirectoryListing, PathError> {
        let confined = self.directory(path)?;
        let mut entries = Vec::new();
        let mut truncated = false;
        for entry in confined.dir.entries().map_err(|e| classify(path, e))? {
            let Ok(entry) = entry else { continue };
            if entries.len() == limit {
                truncated = true;
                break;
            }
            let name = entry.file_name();
            entries.push(DirectoryEntry {
                kind: kind_of(&confined.dir, &entry),
                name: name.to_string_lossy().into_owned(),
            });
        }
        entries.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.name.cmp(&b.name)));
        Ok(DirectoryListing { path: confined.relative, entries, truncated })
    }
}

impl Confined {
    /// Path relative to the root, `.` for the root itself.
    pub fn relative(&self) -> &str {
        &self.relative
    }

    /// The directory's descriptor, to be entered by a child.
    pub fn into_fd(self) -> OwnedFd {
        OwnedFd::from(self.dir.into_std_file())
    }
}

/// Checks the text of a path without touching the disk, and brings it into one form.
fn clean(path: &str) -> Result<String, PathError> {
    if path.len() > PATH_BYTES_MAX {
        return Err(PathError::Malformed { reason: "it is longer than 4096 bytes" });
    }
    if path.contains('\0') {
        return Err(PathError::Malformed { reason: "it contains a NUL" });
    }
    let mut parts = Vec::new();
    for component in Path::new(path).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(PathError::OutsideRoot { path: path.to_owned() });
            }
        }
    }
    Ok(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

fn classify(path: &str, error: io::Error) -> PathError {
    use rustix::io::Errno;
    let path = path.to_owned();
    match Errno::from_io_error(&error) {
        Some(Errno::NOENT) => PathError::NotFound { path },
        Some(Errno::NOTDIR) => PathError::NotADirectory { path },
        Some(Errno::XDEV | Errno::LOOP) => PathError::OutsideRoot { path },
        // cap-std reports an escape without an errno.
        None if error.kind() == io::ErrorKind::PermissionDenied => PathError::OutsideRoot { path },
        _ => PathError::Denied { path, source: error },
    }
}

/// A symlink counts as what it points to when that lies inside the root.
fn kind_of(dir: &Dir, entry: &cap_std::fs::DirEntry) -> EntryKind {
    let Ok(kind) = entry.file_type() else { return EntryKind::Other };
    if kind.is_dir() {
        EntryKind::Directory
    } else if kind.is_file() {
        EntryKind::File
    } else if kind.is_symlink() {
        match dir.metadata(entry.file_name()) {
            Ok(target) if target.is_dir() => EntryKind::Directory,
            Ok(target) if target.is_file() => EntryKind::File,
            _ => EntryKind::Symlink,
        }
    } else {
        EntryKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn tree() -> (tempfile::TempDir, Root) {
        let outer = tempfile::tempdir().expect("tempdir");
        let root = outer.path().join("root");
        fs::create_dir_all(root.join("inside/deeper")).expect("mkdir");
        fs::create_dir_all(outer.path().join("root-secret")).expect("mkdir");
        fs::write(root.join("file"), "x").expect("write");
        symlink("inside", root.join("good-link")).expect("link");
        symlink("../root-secret", root.join("out-link")).expect("link");
        symlink("/", root.join("slash-link")).expect("link");
        symlink("loop-b", root.join("loop-a")).expect("link");
        symlink("loop-a", root.join("loop-b")).expect("link");
        let root = Root::open(&root).expect("open");
        (outer, root)
    }

    #[test]
    fn only_directories_inside_the_root_open() {
        let (_outer, root) = tree();
        for (path, relative) in [
            ("", "."),
            (".", "."),
            ("./inside", "inside"),
            ("inside//deeper/", "inside/deeper"),
            ("good-link", "good-link"),
        ] {
            assert_eq!(root.directory(path).expect(path).relative(), relative);
        }
        for outside in
            ["/", "/etc", "..", "inside/../..", "inside/..", "out-link", "slash-link", "slash-link/etc", "loop-a"]
        {
            assert!(
                matches!(root.directory(outside), Err(PathError::OutsideRoot { .. })),
                "{outside}: {:?}",
                root.directory(outside)
            );
        }
        assert!(matches!(root.directory("file"), Err(PathError::NotADirectory { .. })));
        assert!(matches!(root.directory("missing"), Err(PathError::NotFound { .. })));
        assert!(matches!(root.directory("a\0b"), Err(PathError::Malformed { .. })));
        assert!(matches!(root.directory(&"x".repeat(5000)), Err(PathError::Malformed { .. })));
        assert!(root.directory("~").is_err() && root.directory("$HOME").is_err());
    }

    #[test]
    fn a_listing_says_what_things_are_and_where_it_stops() {
        let (_outer, root) = tree();
        let all = root.list(".", 100).expect("list");
        let kind = |name: &str| all.entries.iter().find(|e| e.name == name).map(|e| e.kind);
        assert_eq!(kind("inside"), Some(EntryKind::Directory));
        assert_eq!(kind("good-link"), Some(EntryKind::Directory));
        assert_eq!(kind("file"), Some(EntryKind::File));
        assert_eq!(kind("out-link"), Some(EntryKind::Symlink));
        assert!(!all.truncated);
        assert!(root.list(".", 2).expect("list").truncated);
    }

    /// PC-06: somebody in the root swaps a directory and a link out of it as fast as the kernel lets them.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_link_swapped_in_at_any_moment_leads_nowhere() {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use std::sync::atomic::{AtomicBool, Ordering};
        let (outer, root) = tree();
        fs::write(outer.path().join("root-secret/canary"), "x").expect("write");
        let (dir, link) = (outer.path().join("root/inside"), outer.path().join("root/out-link"));
        let done = AtomicBool::new(false);
        let (mut opened, mut refused) = (0, 0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    renameat_with(CWD, &dir, CWD, &link, RenameFlags::EXCHANGE).expect("swap");
                }
            });
            let begun = std::time::Instant::now();
            while begun.elapsed() < std::time::Duration::from_secs(2) {
                for path in ["inside", "inside/deeper/..", "inside/.", "out-link"] {
                    match root.list(path, 10) {
                        Ok(listing) => {
                            assert!(listing.entries.iter().all(|entry| entry.name != "canary"), "{path}");
                            opened += 1;
                        }
                        Err(_) => refused += 1,
                    }
                }
            }
            done.store(true, Ordering::Relaxed);
        });
        assert!(opened > 100 && refused > 100, "{opened} opened, {refused} refused");
    }

    proptest::proptest! {
        #[test]
        fn no_text_escapes_the_root(path in "[a-z./~\\\\%\u{0}-]{0,40}") {
            let (outer, root) = tree();
            if let Ok(confined) = root.directory(&path) {
                let fd = confined.into_fd();
                let real = fs::read_link(format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&fd))).expect("fd");
                proptest::prop_assert!(real.starts_with(outer.path().canonicalize().expect("outer").join("root")));
            }
        }
    }
}
