//! The data and runtime directories, and the name of this installation in them.

use crate::config::Config;
use crate::tls::private;
use std::path::Path;

const INSTANCE_FILE: &str = "instance";
const INSTANCE_CHARS: usize = 8;
/// No vowels and nothing that reads like something else; 32 letters, so that a byte maps without bias.
const ALPHABET: &[u8; 32] = b"0123456789bcdfghjkmnpqrstvwxyz-_";

/// Makes both directories, or repairs their modes.
pub(super) fn prepare(config: &Config, warnings: &mut Vec<String>) -> anyhow::Result<()> {
    private::directory(&config.data_dir, warnings)?;
    private::directory(&config.runtime_dir, warnings)?;
    Ok(())
}

/// The random part of `cw-<instance>.localhost`: one browser storage per data directory, shared with no other port.
pub(super) fn instance(data_dir: &Path, warnings: &mut Vec<String>) -> anyhow::Result<String> {
    let path = data_dir.join(INSTANCE_FILE);
    if let Some(bytes) = private::read(&path, warnings)? {
        let kept = String::from_utf8(bytes).unwrap_or_default();
        if is_instance(kept.trim()) {
            return Ok(kept.trim().to_owned());
        }
        warnings.push(format!("{} was damaged; this server has a new name", path.display()));
    }
    let made = random_instance()?;
    private::write(&path, made.as_bytes())?;
    Ok(made)
}

fn is_instance(text: &str) -> bool {
    text.len() == INSTANCE_CHARS && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn random_instance() -> anyhow::Result<String> {
    let mut letters = String::new();
    while letters.len() < INSTANCE_CHARS {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        // The two that are not allowed in a name are thrown away, so the rest stays unbiased.
        let usable = bytes.iter().map(|byte| ALPHABET[usize::from(byte % 32)]).filter(u8::is_ascii_alphanumeric);
        letters.extend(usable.map(char::from).take(INSTANCE_CHARS - letters.len()));
    }
    Ok(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stays_and_is_each_installations_own() {
        let one = tempfile::tempdir().expect("tempdir");
        let two = tempfile::tempdir().expect("tempdir");
        let mut warnings = Vec::new();
        let name = instance(one.path(), &mut warnings).expect("first");
        assert!(is_instance(&name), "{name}");
        assert_eq!(instance(one.path(), &mut warnings).expect("again"), name);
        assert_ne!(instance(two.path(), &mut warnings).expect("other"), name);
        assert!(warnings.is_empty());
        std::fs::write(one.path().join(INSTANCE_FILE), "../evil.test").expect("damage");
        assert!(is_instance(&instance(one.path(), &mut warnings).expect("new")));
        assert_eq!(warnings.len(), 1);
    }
}
