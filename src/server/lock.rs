//! One server per data directory.

use anyhow::{Context as _, bail};
use rustix::fs::{FlockOperation, Mode, OFlags};
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;

/// Held as long as this is; the kernel lets go when the process dies, however it dies.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock, or says who has it.
pub(super) fn take(data_dir: &Path) -> anyhow::Result<Lock> {
    let path = data_dir.join("lock");
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = rustix::fs::open(&path, flags, Mode::RUSR | Mode::WUSR)
        .with_context(|| format!("cannot open {}", path.display()))?;
    let mut file = File::from(file);
    if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut pid = String::new();
        let _ = file.read_to_string(&mut pid);
        let who = match pid.trim() {
            "" => "another claude-web".to_owned(),
            pid => format!("another claude-web (pid {pid})"),
        };
        bail!(
            "{who} already uses the data directory {}; use it, stop it, or choose another --data-dir",
            data_dir.display()
        );
    }
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())?;
    Ok(Lock { _file: file })
}
