//! The data directory: whose it is, who can read it, what lies in it.

use super::Check;
use rustix::fs::Access;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

const NAME: &str = "data directory";
/// Anything for group or others.
const WIDE: u32 = 0o077;

/// One line when all is well, else one for each thing that is not.
pub(super) fn data_directory(dir: &Path) -> Vec<Check> {
    let found = match fs::symlink_metadata(dir) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return vec![can_be_made(dir)],
        Err(error) => return vec![refused(dir, &error.to_string())],
    };
    if found.is_symlink() {
        return vec![refused(dir, "it is a symbolic link")];
    }
    if !found.is_dir() {
        return vec![refused(dir, "it is not a directory")];
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return vec![refused(dir, &format!("it belongs to another user (uid {})", found.uid()))];
    }
    let mut checks: Vec<Check> = wide(dir, &found).into_iter().collect();
    match inside(dir) {
        Ok(entries) => checks.extend(entries.iter().filter_map(|(path, found)| entry(path, found))),
        Err(error) => checks.push(refused(dir, &error.to_string())),
    }
    if checks.is_empty() {
        checks.push(Check::ok(NAME, format!("{}, readable by nobody else", dir.display())));
    }
    checks
}

fn can_be_made(dir: &Path) -> Check {
    let parent = dir.ancestors().skip(1).find(|parent| parent.exists()).unwrap_or(Path::new("/"));
    match rustix::fs::access(parent, Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => Check::ok(NAME, format!("{} does not exist yet; `claude-web serve` makes it", dir.display())),
        Err(error) => refused(dir, &format!("it does not exist, and {} cannot be written ({error})", parent.display())),
    }
}

/// What lies in the directory and one level below.
fn inside(dir: &Path) -> io::Result<Vec<(PathBuf, Metadata)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let found = entry.metadata()?;
        if found.is_dir() {
            for below in fs::read_dir(entry.path())? {
                let below = below?;
                all.push((below.path(), below.metadata()?));
            }
        }
        all.push((entry.path(), found));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

fn entry(path: &Path, found: &Metadata) -> Option<Check> {
    if found.is_symlink() {
        let message = format!("{} is a symbolic link; `claude-web serve` refuses it", path.display());
        return Some(Check::fail(NAME, message, format!("remove it: rm {}", path.display())));
    }
    wide(path, found)
}

fn wide(path: &Path, found: &Metadata) -> Option<Check> {
    let mode = found.mode() & 0o7777;
    (mode & WIDE != 0).then(|| {
        let narrow = if found.is_dir() { "0700" } else { "0600" };
        Check::warn(
            NAME,
            format!("{} is open to other users (mode {mode:04o})", path.display()),
            format!("chmod {narrow} {}", path.display()),
        )
    })
}

fn refused(dir: &Path, why: &str) -> Check {
    let message = format!("cannot use {}: {why}", dir.display());
    Check::fail(NAME, message, "make it a directory of your own, or name another with --data-dir")
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn verdicts(dir: &Path) -> Vec<Status> {
        data_directory(dir).iter().map(|check| check.status).collect()
    }

    #[test]
    fn every_oddity_of_the_data_directory_is_named() {
        let outer = tempfile::tempdir().unwrap();
        let dir = outer.path().join("data");
        assert_eq!(verdicts(&dir), [Status::Ok], "not there yet");
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(&dir, Permissions::from_mode(0o700)).unwrap();
        assert_eq!(verdicts(&dir), [Status::Ok]);
        fs::write(dir.join("key.pem"), "").unwrap();
        fs::set_permissions(dir.join("key.pem"), Permissions::from_mode(0o644)).unwrap();
        assert_eq!(verdicts(&dir), [Status::Warn]);
        fs::set_permissions(&dir, Permissions::from_mode(0o755)).unwrap();
        assert_eq!(verdicts(&dir), [Status::Warn, Status::Warn]);
        fs::remove_file(dir.join("key.pem")).unwrap();
        symlink("/etc/passwd", dir.join("key.pem")).unwrap();
        assert_eq!(verdicts(&dir), [Status::Warn, Status::Fail]);
        symlink(&dir, outer.path().join("link")).unwrap();
        assert_eq!(verdicts(&outer.path().join("link")), [Status::Fail]);
        fs::write(outer.path().join("file"), "").unwrap();
        assert_eq!(verdicts(&outer.path().join("file")), [Status::Fail]);
        assert_eq!(verdicts(Path::new("/proc/nowhere/data")).len(), 1);
    }
}
