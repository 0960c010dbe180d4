//! Directories the user said yes to, by what they could run at that time.

use crate::claude::trust::inspect;
use crate::paths::Root;
use crate::protocol::TrustQuestion;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::SessionError;
use super::core::lock;

/// The answers, kept in one small file: absolute directory to hash of what was shown.
#[derive(Debug)]
pub(crate) struct TrustAnswers {
    file: PathBuf,
    answers: Mutex<BTreeMap<String, String>>,
}

impl TrustAnswers {
    /// Reads the answers; an unreadable file asks everything again rather than trusting anything.
    pub(crate) fn load(data_dir: &Path) -> Self {
        let file = data_dir.join("trust.json");
        let answers = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(%error, file = %file.display(), "trust answers are unreadable; directories are asked about again");
                BTreeMap::new()
            }),
            Err(_) => BTreeMap::new(),
        };
        Self { file, answers: Mutex::new(answers) }
    }

    /// Passes when nothing there could run code, the user said yes to exactly this before, or says so now with `yes`.
    pub(crate) fn check(&self, root: &Root, cwd: &str, yes: Option<&str>) -> Result<(), SessionError> {
        let inspection = inspect(root.dir(), cwd, root.path());
        if inspection.items.is_empty() {
            return Ok(());
        }
        let directory = root.path().join(cwd).to_string_lossy().into_owned();
        let mut answers = lock(&self.answers);
        if answers.get(&directory) == Some(&inspection.hash) {
            return Ok(());
        }
        if yes != Some(inspection.hash.as_str()) {
            return Err(SessionError::TrustRequired(Box::new(TrustQuestion {
                hash: inspection.hash,
                cwd: cwd.to_owned(),
                items: inspection.items,
            })));
        }
        answers.insert(directory, inspection.hash);
        // The answer holds for this run even when it cannot be kept.
        if let Err(error) = self.save(&answers) {
            tracing::warn!(%error, file = %self.file.display(), "a trust answer could not be kept; it will be asked again");
        }
        Ok(())
    }

    fn save(&self, answers: &BTreeMap<String, String>) -> io::Result<()> {
        let draft = self.file.with_extension("json.new");
        match fs::remove_file(&draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(answers)?)?;
        file.sync_all()?;
        fs::rename(&draft, &self.file)
    }
}
