//! Files and directories below a directory, for completion: listed breadth first, kept for a moment, ranked as typed.

use super::ignored::Rules;
use super::rank;
use super::{Confined, PathError, Root};
use crate::protocol::{EntryKind, FileMatches};
use cap_std::fs::Dir;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Entries of one listing.
const ENTRIES_MAX: usize = 100_000;
/// Time one listing may take.
const WALK_MAX: Duration = Duration::from_secs(2);
/// How long a listing is good for: long enough that typing does not walk the disk with each key.
const KEPT_FOR: Duration = Duration::from_secs(10);
/// Listings kept.
const KEPT_MAX: usize = 8;
/// Entries of all listings kept together.
const KEPT_ENTRIES_MAX: usize = 300_000;
/// Hidden directories people mention; the others are mostly caches and are not walked.
const HIDDEN_WALKED: &[&str] = &[".claude", ".config", ".github", ".gitlab", ".vscode"];

/// What a directory holds, shallowest first.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) entries: Vec<Entry>,
    pub(super) truncated: bool,
}

/// Something below the directory that was listed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// From the directory that was listed.
    pub(super) path: Box<str>,
    pub(super) kind: EntryKind,
}

/// Finds files by what was typed, with the newest listings in memory.
#[derive(Debug, Default)]
pub struct Finder {
    kept: Mutex<VecDeque<Kept>>,
}

#[derive(Debug)]
struct Kept {
    directory: String,
    since: Instant,
    /// Filled by the first who asks; the others wait for it instead of walking as well.
    listing: Arc<OnceLock<Listing>>,
}

impl Finder {
    /// What is below `directory` and fits `query`, best first; the shallowest for an empty query. Blocks.
    pub fn find(&self, root: &Root, directory: &str, query: &str, limit: usize) -> Result<FileMatches, PathError> {
        let confined = root.directory(directory)?;
        let slot = self.slot(confined.relative());
        let listing = slot.get_or_init(|| walk(root, &confined));
        self.make_room();
        Ok(FileMatches { matches: rank::best(&listing.entries, query, limit), truncated: listing.truncated })
    }

    fn slot(&self, directory: &str) -> Arc<OnceLock<Listing>> {
        let mut kept = self.lock();
        kept.retain(|kept| kept.since.elapsed() < KEPT_FOR);
        if let Some(kept) = kept.iter().find(|kept| kept.directory == directory) {
            return Arc::clone(&kept.listing);
        }
        let listing = Arc::default();
        kept.push_back(Kept { directory: directory.to_owned(), since: Instant::now(), listing: Arc::clone(&listing) });
        if kept.len() > KEPT_MAX {
            kept.pop_front();
        }
        listing
    }

    fn make_room(&self) {
        let mut kept = self.lock();
        let entries = |kept: &VecDeque<Kept>| -> usize {
            kept.iter().filter_map(|kept| kept.listing.get()).map(|listing| listing.entries.len()).sum()
        };
        while kept.len() > 1 && entries(&kept) > KEPT_ENTRIES_MAX {
            kept.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        // Nothing in the critical sections leaves the queue half changed.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lists what is below a directory. Links are not followed; what cannot be read is left out.
fn walk(root: &Root, confined: &Confined) -> Listing {
    let begun = Instant::now();
    let mut listing = Listing::default();
    let mut ahead = VecDeque::from([(String::new(), Rules::above(root, &confined.relative))]);
    while let Some((path, rules)) = ahead.pop_front() {
        // Opened from the top by its path: a link that was put in its place leads nowhere outside.
        let opened = if path.is_empty() { confined.dir.try_clone() } else { confined.dir.open_dir(&path) };
        let Ok(dir) = opened else { continue };
        let from_root = join(&confined.relative, &path);
        let rules = rules.within(&dir, &from_root);
        let Ok(mut found) = children(&dir, ENTRIES_MAX - listing.entries.len(), &mut listing.truncated) else {
            continue;
        };
        found.retain(|(name, kind)| !rules.hide(&join(&from_root, name), *kind == EntryKind::Directory));
        for (name, kind) in found {
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            if kind == EntryKind::Directory {
                ahead.push_back((path.clone(), rules.clone()));
            }
            listing.entries.push(Entry { path: path.into(), kind });
        }
        if listing.entries.len() >= ENTRIES_MAX || begun.elapsed() >= WALK_MAX {
            listing.truncated |= !ahead.is_empty();
            break;
        }
    }
    listing
}

/// The entries of a directory that may be mentioned, by name.
fn children(dir: &Dir, room: usize, truncated: &mut bool) -> std::io::Result<Vec<(String, EntryKind)>> {
    let mut found = Vec::new();
    for entry in dir.entries()?.flatten() {
        if found.len() >= room {
            *truncated = true;
            break;
        }
        // What has no name in UTF-8 cannot be mentioned in a message.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = match entry.file_type() {
            Ok(kind) if kind.is_dir() => EntryKind::Directory,
            Ok(kind) if kind.is_file() => EntryKind::File,
            Ok(kind) if kind.is_symlink() => EntryKind::Symlink,
            _ => continue,
        };
        let walked = !name.starts_with('.') || HIDDEN_WALKED.contains(&name.as_str());
        // A worktree's `.git` is a file.
        if name != ".git" && (kind != EntryKind::Directory || walked) {
            found.push((name, kind));
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn join(directory: &str, name: &str) -> String {
    match (directory, name) {
        (directory, "") => directory.to_owned(),
        (".", name) => name.to_owned(),
        (directory, name) => format!("{directory}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    fn root(files: &[(&str, &str)]) -> (tempfile::TempDir, Root) {
        let outer = tempfile::tempdir().expect("tempdir");
        let top = outer.path().join("root");
        fs::create_dir_all(&top).expect("mkdir");
        for (path, text) in files {
            let path = top.join(path);
            fs::create_dir_all(path.parent().expect("parent")).expect("mkdir");
            fs::write(path, text).expect("write");
        }
        let root = Root::open(&top).expect("open");
        (outer, root)
    }

    fn all(root: &Root, directory: &str) -> Vec<String> {
        let found = Finder::default().find(root, directory, "", 100_000).expect(directory);
        found.matches.into_iter().map(|found| found.path).collect()
    }

    #[test]
    fn the_shallowest_come_first_and_directories_count() {
        let (_outer, root) = root(&[("b/c/deep.rs", ""), ("z.txt", ""), ("b/a.rs", "")]);
        assert_eq!(all(&root, "."), ["b", "z.txt", "b/a.rs", "b/c", "b/c/deep.rs"]);
        assert_eq!(all(&root, "b"), ["a.rs", "c", "c/deep.rs"], "relative to the directory searched");
    }

    #[test]
    fn what_git_ignores_is_not_offered() {
        let (_outer, root) = root(&[
            (".gitignore", "*.log\n/out/\n!keep.log\n[bad\n"),
            ("a.log", ""),
            ("keep.log", ""),
            ("out/x", ""),
            ("sub/out/y", ""),
            ("sub/.gitignore", "secret\n!again.log"),
            ("sub/secret/z", ""),
            ("sub/again.log", ""),
            ("sub/other.log", ""),
            (".git/config", ""),
            (".cache/blob", ""),
            (".github/ci.yml", ""),
        ]);
        let found = all(&root, ".");
        assert_eq!(found, ["keep.log", "sub", "sub/again.log", "sub/out", "sub/out/y"]);
        assert_eq!(all(&root, "sub"), ["again.log", "out", "out/y"], "rules from above hold in a part as well");
    }

    #[test]
    fn hidden_files_come_when_they_are_asked_for() {
        let (_outer, root) = root(&[(".env", ""), (".github/ci.yml", ""), ("dir/.hidden", ""), (".git/config", "")]);
        assert_eq!(all(&root, "."), ["dir"]);
        let find = |query: &str| -> Vec<String> {
            let found = Finder::default().find(&root, ".", query, 10).expect("find");
            found.matches.into_iter().map(|found| found.path).collect()
        };
        assert_eq!(find(".env"), [".env"]);
        assert_eq!(find(".github/c"), [".github/ci.yml"]);
        assert_eq!(find("dir/.h"), ["dir/.hidden"]);
        assert!(find("hidden").is_empty() && find(".git/config").is_empty());
    }

    #[test]
    fn a_repositorys_rules_end_at_its_top() {
        let (_outer, root) =
            root(&[(".gitignore", "*"), ("repo/.git/HEAD", ""), ("repo/src/main.rs", ""), ("loose/x", "")]);
        assert_eq!(all(&root, "repo"), ["src", "src/main.rs"]);
        assert!(all(&root, "loose").is_empty());
    }

    #[test]
    fn links_lead_nowhere_and_odd_names_are_left_out() {
        let (outer, root) = root(&[("in/file", "")]);
        fs::create_dir(outer.path().join("secret")).expect("mkdir");
        fs::write(outer.path().join("secret/canary"), "").expect("write");
        let top = outer.path().join("root");
        symlink("../secret", top.join("out")).expect("link");
        symlink("in", top.join("again")).expect("link");
        symlink(".", top.join("in/loop")).expect("link");
        symlink("../secret/canary", top.join("in/.gitignore")).expect("link");
        fs::write(top.join(Path::new(std::ffi::OsStr::from_bytes(b"caf\xe9"))), "").expect("write");
        rustix::fs::mkfifoat(rustix::fs::CWD, top.join("in/pipe"), rustix::fs::Mode::RWXU).expect("fifo");
        assert_eq!(all(&root, "."), ["again", "in", "out", "in/file", "in/loop"]);
        for outside in ["..", "/", "out", "in/../.."] {
            assert!(Finder::default().find(&root, outside, "", 10).is_err(), "{outside}");
        }
    }

    #[test]
    fn a_pipe_for_a_gitignore_is_not_waited_for() {
        let (outer, root) = root(&[("file", "")]);
        let pipe = outer.path().join("root/.gitignore");
        rustix::fs::mkfifoat(rustix::fs::CWD, pipe, rustix::fs::Mode::RWXU).expect("fifo");
        assert_eq!(all(&root, "."), ["file"]);
    }

    #[test]
    fn a_gitignore_that_is_too_large_hides_nothing() {
        let lines = |bytes: usize| "*.log\n#\n".repeat(bytes / 8);
        let (_outer, root) = root(&[
            ("fits/.gitignore", &lines(128 << 10)),
            ("fits/a.log", ""),
            ("flood/.gitignore", &(lines(128 << 10) + "\n")),
            ("flood/a.log", ""),
        ]);
        assert_eq!(all(&root, "."), ["fits", "flood", "flood/a.log"]);
    }

    #[test]
    fn a_listing_is_kept_for_the_next_key() {
        let (outer, root) = root(&[("one", "")]);
        let finder = Finder::default();
        let count = |directory: &str| finder.find(&root, directory, "", 10).expect("find").matches.len();
        assert_eq!(count("."), 1);
        fs::write(outer.path().join("root/two"), "").expect("write");
        assert_eq!(count("."), 1);
        for n in 0..KEPT_MAX {
            fs::create_dir(outer.path().join(format!("root/d{n}"))).expect("mkdir");
            count(&format!("d{n}"));
        }
        assert_eq!(finder.lock().len(), KEPT_MAX);
        assert_eq!(count("."), 2 + KEPT_MAX, "pushed out by others");
    }

    #[test]
    fn a_huge_directory_is_cut_and_said_to_be() {
        let (outer, root) = root(&[]);
        let dir = outer.path().join("root/many");
        fs::create_dir(&dir).expect("mkdir");
        let mut truncated = false;
        for n in 0..50 {
            fs::write(dir.join(n.to_string()), "").expect("write");
        }
        let opened = root.directory("many").expect("open");
        assert_eq!(children(&opened.dir, 20, &mut truncated).expect("read").len(), 20);
        assert!(truncated);
    }
}
