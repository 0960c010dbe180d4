//! Reads the files a project could have, beneath the root and within limits.

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path};

/// Claude's own settings are a few kilobytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// What there is at a path.
pub(super) enum Found {
    /// No such file.
    Nothing,
    /// All of it.
    Contents(Vec<u8>),
    /// Something, but it cannot be judged.
    Unreadable {
        /// Why, in words.
        why: String,
        /// As much of it as was read.
        contents: Vec<u8>,
    },
}

/// `cwd` and all directories above it, nearest first; the root is the empty string. None if it is
/// not a plain path below the root.
pub(super) fn upwards(cwd: &str) -> Option<Vec<String>> {
    let mut names: Vec<&str> = Vec::new();
    for component in Path::new(cwd).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => names.push(name.to_str()?),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some((0..=names.len()).rev().map(|depth| names[..depth].join("/")).collect())
}

/// Reads a file below `root`; links are followed only as long as they stay below it.
pub(super) fn read(root: &Dir, file: &str) -> Found {
    let unreadable = |why: &str| Found::Unreadable { why: why.to_owned(), contents: Vec::new() };
    // Asked before it is opened: opening a pipe would wait for whoever writes to it.
    let metadata = match root.metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Found::Nothing,
        Err(error) => return unreadable(&format!("it cannot be opened: {error}")),
    };
    if !metadata.is_file() {
        return unreadable("it is not a regular file");
    }
    let mut contents = Vec::new();
    // Does not wait either when a pipe took the file's place meanwhile.
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    let opened = root.open_with(file, &options);
    let read = opened.and_then(|opened| opened.take(MAX_BYTES + 1).read_to_end(&mut contents));
    match read {
        Err(error) => Found::Unreadable { why: format!("it cannot be read: {error}"), contents },
        Ok(_) if contents.len() as u64 > MAX_BYTES => {
            Found::Unreadable { why: format!("it is larger than 1 MiB ({} bytes)", metadata.len()), contents }
        }
        Ok(_) => Found::Contents(contents),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upwards_names_each_directory_once() {
        for (cwd, wanted) in [(".", &[""][..]), ("", &[""]), ("a", &["a", ""]), ("./a/./b/", &["a/b", "a", ""])] {
            assert_eq!(upwards(cwd).unwrap(), wanted, "{cwd}");
        }
        for cwd in ["..", "/a", "a/../b"] {
            assert_eq!(upwards(cwd), None, "{cwd}");
        }
    }
}
