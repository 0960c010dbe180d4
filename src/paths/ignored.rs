//! Which entries `.gitignore` files hide, from the directory that is searched up to the repository or the root.

use super::Root;
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// A `.gitignore` that is larger hides nothing: each of its lines would be held against every path.
const FILE_BYTES_MAX: u64 = 128 << 10;

/// The rules that hold in one directory; those of the directory itself come first.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules(Option<Arc<Layer>>);

#[derive(Debug)]
struct Layer {
    rules: Gitignore,
    above: Rules,
}

impl Rules {
    /// The rules that reach into `relative` from above. What lies above a repository has no say in it, and nothing
    /// above the root is read.
    pub(super) fn above(root: &Root, relative: &str) -> Self {
        let mut layers = Vec::new();
        let mut below = relative;
        while below != "." && !exists(root.dir(), &format!("{below}/.git")) {
            below = below.rsplit_once('/').map_or(".", |(parent, _)| parent);
            if let Ok(dir) = root.dir().open_dir(below) {
                layers.push((below.to_owned(), dir));
            }
        }
        layers.iter().rev().fold(Self::default(), |above, (path, dir)| above.within(dir, path))
    }

    /// The rules inside `dir`, which is `path` from the root.
    pub(super) fn within(self, dir: &Dir, path: &str) -> Self {
        match read(dir, path) {
            Some(rules) => Self(Some(Arc::new(Layer { rules, above: self }))),
            None => self,
        }
    }

    /// Whether the entry `path`, from the root, is hidden. The rule nearest to it decides.
    pub(super) fn hide(&self, path: &str, is_dir: bool) -> bool {
        let path = anchored(path);
        let mut rules = self;
        while let Some(layer) = &rules.0 {
            match layer.rules.matched(Path::new(&path), is_dir) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => rules = &layer.above,
            }
        }
        false
    }
}

/// An absolute form, so that a pattern's directory is found at the front of every path below it.
fn anchored(path: &str) -> String {
    if path == "." { "/".to_owned() } else { format!("/{path}") }
}

fn exists(dir: &Dir, path: &str) -> bool {
    dir.symlink_metadata(path).is_ok()
}

/// The rules of the `.gitignore` in `dir`. A pipe in its place is not waited for.
fn read(dir: &Dir, path: &str) -> Option<Gitignore> {
    let nonblocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = dir.open_with(".gitignore", OpenOptions::new().read(true).custom_flags(nonblocking)).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        tracing::debug!(directory = path, "a .gitignore larger than 128 KiB is not followed");
        return None;
    }
    let mut builder = GitignoreBuilder::new(anchored(path));
    for line in String::from_utf8_lossy(&bytes).lines() {
        // A pattern that makes no sense hides nothing.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}
