//! Files and directories only their owner may see. Created narrow, repaired when wide, refused when they are not
//! what they seem.

use super::TlsError;
use rustix::fs::{Mode, OFlags};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::Path;

/// Larger than any file we keep, small enough not to hurt when something else lies there.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
const FILE_MODE: u32 = 0o600;
const DIRECTORY_MODE: u32 = 0o700;
/// Anything for group or others.
const WIDE: u32 = 0o077;

/// A private file as it is.
pub(crate) struct Found {
    pub(crate) bytes: Vec<u8>,
    pub(crate) mode: u32,
}

/// Reads a private file and repairs its mode; none when it does not exist.
pub(crate) fn read(path: &Path, warnings: &mut Vec<String>) -> Result<Option<Vec<u8>>, TlsError> {
    let Some(found) = look(path)? else { return Ok(None) };
    if found.mode & WIDE != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(FILE_MODE)).map_err(storage("repair", path))?;
        warnings.push(format!("{} could be read by others (mode {:04o}); it is 0600 now", path.display(), found.mode));
    }
    Ok(Some(found.bytes))
}

/// Reads a private file and leaves it as it is; none when it does not exist.
pub(crate) fn look(path: &Path) -> Result<Option<Found>, TlsError> {
    let refused = |reason| TlsError::Refused { path: path.to_owned(), reason };
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(descriptor) => File::from(descriptor),
        Err(rustix::io::Errno::NOENT) => return Ok(None),
        Err(rustix::io::Errno::LOOP) => return Err(refused("it is a symbolic link")),
        Err(error) => return Err(storage("read", path)(error.into())),
    };
    let metadata = file.metadata().map_err(storage("read", path))?;
    if !metadata.is_file() {
        return Err(refused("it is not a regular file"));
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(refused("it belongs to another user"));
    }
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(storage("read", path))?;
    Ok(Some(Found { bytes, mode: metadata.mode() & 0o7777 }))
}

/// Writes a private file whole or not at all; it is 0600 before the first byte is in it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), TlsError> {
    let mut suffix = [0_u8; 8];
    getrandom::fill(&mut suffix).map_err(|error| storage("write", path)(io::Error::other(error)))?;
    let temporary = path.with_extension(format!("{:016x}.tmp", u64::from_ne_bytes(suffix)));
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let written = (|| {
        let mut file = File::from(rustix::fs::open(&temporary, flags, Mode::RUSR | Mode::WUSR)?);
        // A umask may have taken even our own bits.
        file.set_permissions(fs::Permissions::from_mode(FILE_MODE))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        storage("write", path)(error)
    })
}

/// Makes sure a directory exists, is ours, and is 0700.
pub(crate) fn directory(path: &Path, warnings: &mut Vec<String>) -> Result<(), TlsError> {
    fs::DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(path).map_err(storage("create", path))?;
    let metadata = fs::metadata(path).map_err(storage("read", path))?;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(TlsError::Refused { path: path.to_owned(), reason: "it belongs to another user" });
    }
    let mode = metadata.mode() & 0o7777;
    if mode & 0o777 != DIRECTORY_MODE {
        fs::set_permissions(path, fs::Permissions::from_mode(DIRECTORY_MODE)).map_err(storage("repair", path))?;
        if mode & WIDE != 0 {
            warnings.push(format!("{} was open to others (mode {mode:04o}); it is 0700 now", path.display()));
        }
    }
    Ok(())
}

fn storage<'a>(what: &'static str, path: &'a Path) -> impl Fn(io::Error) -> TlsError + 'a {
    move |source| TlsError::Storage { what, path: path.to_owned(), source }
}
