//! Opening the page in the browser of this machine.
//!
//! The arguments of a program can be read by every user of the machine, and the address holds the token. So the
//! opener gets a file only we can read, which sends the browser on.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// Long enough for a browser that has to start first.
const FILE_LIFE: Duration = Duration::from_secs(30);

const OPENER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// Opens `url`; the file that carries it is gone when this ends or is dropped.
pub(super) async fn open(url: String, runtime_dir: PathBuf) {
    let life = tokio::time::sleep(FILE_LIFE);
    let signpost = match Signpost::put(&runtime_dir, &url) {
        Ok(signpost) => signpost,
        Err(error) => return tracing::warn!(%error, "cannot open the browser: cannot write {}", runtime_dir.display()),
    };
    let opener = tokio::process::Command::new(OPENER)
        .arg(&signpost.path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match opener {
        // Some openers are the browser, and stay; that is no reason to wait longer than the file lives.
        Ok(mut child) => match tokio::time::timeout(FILE_LIFE, child.wait()).await {
            Ok(Ok(status)) if !status.success() => {
                return tracing::warn!("cannot open the browser: {OPENER} failed ({status}); open the address by hand");
            }
            _ => life.await,
        },
        Err(error) => tracing::warn!(%error, "cannot open the browser: cannot run {OPENER}; open the address by hand"),
    }
}

struct Signpost {
    path: PathBuf,
}

impl Signpost {
    fn put(dir: &Path, url: &str) -> io::Result<Self> {
        // One server owns the directory, so one name is enough, and what a killed one left behind goes away.
        let path = dir.join("open.html");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let signpost = Self { path };
        file.write_all(page(url).as_bytes())?;
        Ok(signpost)
    }
}

impl Drop for Signpost {
    fn drop(&mut self) {
        // Nothing to be done about a file that is gone already.
        let _ = fs::remove_file(&self.path);
    }
}

fn page(url: &str) -> String {
    let url = url.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"refresh\" content=\"0;url={url}\">\n<title>claude-web</title>\n\
         <p><a href=\"{url}\">Open claude-web</a></p>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, symlink};

    #[test]
    fn the_signpost_is_private_and_does_not_stay() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("target");
        fs::write(&target, "untouched").unwrap();
        symlink(&target, dir.path().join("open.html")).unwrap();
        let signpost = Signpost::put(dir.path(), "https://a.localhost:1/?a=\"&b#token=T").unwrap();
        assert_eq!(fs::symlink_metadata(&signpost.path).unwrap().mode() & 0o7777, 0o600);
        let page = fs::read_to_string(&signpost.path).unwrap();
        assert!(page.contains("0;url=https://a.localhost:1/?a=&quot;&amp;b#token=T\""), "{page}");
        let path = signpost.path.clone();
        drop(signpost);
        assert!(!path.exists());
        assert_eq!(fs::read_to_string(target).unwrap(), "untouched");
    }
}
