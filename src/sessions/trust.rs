//! Directories the user said yes to, by what they could run at that time, and the rules answers had stored there.

use crate::claude::trust::{RuleFiles, StoredRules, inspect};
use crate::paths::Root;
use crate::protocol::TrustQuestion;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::SessionError;
use super::core::lock;

/// What is kept, in one small file.
#[derive(Debug)]
pub(crate) struct TrustAnswers {
    file: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// Absolute directory to hash of what was shown.
    answers: BTreeMap<String, String>,
    stored: StoredRules,
}

impl TrustAnswers {
    /// Reads the answers; an unreadable file asks everything again rather than trusting anything.
    pub(crate) fn load(data_dir: &Path) -> Self {
        let file = data_dir.join("trust.json");
        let kept = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(%error, file = %file.display(), "trust answers are unreadable; directories are asked about again");
                Kept::default()
            }),
            Err(_) => Kept::default(),
        };
        Self { file, kept: Mutex::new(kept) }
    }

    /// Passes when nothing there could run code that the user had not stored here, or said yes to before, or says yes
    /// to now with `yes`.
    pub(crate) fn check(&self, root: &Root, cwd: &str, yes: Option<&str>) -> Result<(), SessionError> {
        let stored = lock(&self.kept).stored.clone();
        let inspection = inspect(root.dir(), cwd, root.path(), &stored);
        let directory = root.path().join(cwd).to_string_lossy().into_owned();
        let mut kept = lock(&self.kept);
        // Taken back means taken back: whoever writes it there again is asked about.
        let forgotten = inspection.gone.iter().filter(|rule| kept.stored.remove(rule)).count() > 0;
        let known = inspection.items.is_empty() || kept.answers.get(&directory) == Some(&inspection.hash);
        let answered = !known && yes == Some(inspection.hash.as_str());
        if answered {
            kept.answers.insert(directory, inspection.hash.clone());
        }
        if answered || forgotten {
            self.save_or_warn(&kept);
        }
        if known || answered {
            return Ok(());
        }
        Err(SessionError::TrustRequired(Box::new(TrustQuestion {
            hash: inspection.hash,
            cwd: cwd.to_owned(),
            items: inspection.items,
        })))
    }

    /// What is kept holds for this run even when it cannot be written.
    fn save_or_warn(&self, kept: &Kept) {
        if let Err(error) = self.save(kept) {
            tracing::warn!(%error, file = %self.file.display(), "a trust answer could not be kept; it will be asked again");
        }
    }

    fn save(&self, kept: &Kept) -> io::Result<()> {
        let draft = self.file.with_extension("json.new");
        match fs::remove_file(&draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(kept)?)?;
        file.sync_all()?;
        fs::rename(&draft, &self.file)
    }
}

/// Remembers the rules that answers in one session have stored.
#[derive(Debug, Clone)]
pub(crate) struct RuleMemory {
    pub(crate) answers: Arc<TrustAnswers>,
    pub(crate) files: RuleFiles,
}

impl RuleMemory {
    /// The CLI was told to store these permission updates.
    pub(crate) fn remember(&self, updates: &[Value]) {
        let rules = self.files.rules(updates);
        if rules.is_empty() {
            return;
        }
        let mut kept = lock(&self.answers.kept);
        rules.into_iter().for_each(|rule| kept.stored.add(rule));
        drop(kept);
        let answers = Arc::clone(&self.answers);
        tokio::task::spawn_blocking(move || answers.save_or_warn(&lock(&answers.kept)));
    }
}
