//! Where Claude Code keeps a conversation.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A folder's name is cut here, and told apart by a hash.
const NAME_UNITS_MAX: usize = 200;
/// Project folders looked into when the right one does not hold the conversation.
const FOLDERS_MAX: usize = 10_000;

/// Where a child with this environment keeps its files.
pub fn config_dir(environment: &[(OsString, OsString)]) -> Option<PathBuf> {
    let value = |name: &str| {
        let found = environment.iter().find(|(key, value)| key == OsStr::new(name) && !value.is_empty());
        found.map(|(_, value)| PathBuf::from(value))
    };
    value("CLAUDE_CONFIG_DIR").or_else(|| Some(value("HOME")?.join(".claude")))
}

/// The transcript of a conversation held in `cwd`, a real path; or in any other directory.
pub fn find(config_dir: &Path, cwd: &Path, conversation: Uuid) -> Option<PathBuf> {
    let projects = config_dir.join("projects");
    let file = format!("{}.jsonl", conversation.hyphenated());
    let own = cwd.to_str().map(|cwd| projects.join(folder(cwd)).join(&file));
    own.filter(|path| path.is_file()).or_else(|| {
        let folders = fs::read_dir(&projects).ok()?.flatten().take(FOLDERS_MAX);
        folders.map(|folder| folder.path().join(&file)).find(|path| path.is_file())
    })
}

/// How Claude Code names the folder of a directory.
fn folder(cwd: &str) -> String {
    let units: Vec<u16> = cwd.encode_utf16().collect();
    let plain = |unit: &u16| u8::try_from(*unit).ok().filter(u8::is_ascii_alphanumeric).map_or('-', char::from);
    let name: String = units.iter().map(plain).collect();
    if units.len() <= NAME_UNITS_MAX {
        return name;
    }
    let hash = units.iter().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(*unit)));
    format!("{}-{}", &name[..NAME_UNITS_MAX], base36(hash.unsigned_abs()))
}

fn base36(mut number: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit(number % 36, 36));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_as_claude_code_names_it() {
        for (cwd, wanted) in [
            ("/w/proj", "-w-proj"),
            ("/home/me/My Project_1.2", "-home-me-My-Project-1-2"),
            ("/ö/😀", "-----"),
            ("/", "-"),
        ] {
            assert_eq!(folder(cwd), wanted, "{cwd}");
        }
        let long = format!("/w/{}", "a".repeat(198));
        let name = folder(&long);
        assert!(name.starts_with(&format!("-w-{}-", "a".repeat(197))), "{name}");
        assert_eq!(folder(&format!("/{}", "a".repeat(199))).len(), 200);
        assert_eq!((base36(0), base36(35), base36(36)), ("0".into(), "z".into(), "10".into()));
    }

    #[test]
    fn a_conversation_is_found_in_its_own_folder_or_in_another() {
        let dir = tempfile::tempdir().expect("tempdir");
        let id = Uuid::from_u128(7);
        assert_eq!(find(dir.path(), Path::new("/w/proj"), id), None);
        let other = dir.path().join("projects/-elsewhere");
        fs::create_dir_all(&other).expect("mkdir");
        fs::write(other.join(format!("{id}.jsonl")), "").expect("write");
        assert_eq!(find(dir.path(), Path::new("/w/proj"), id), Some(other.join(format!("{id}.jsonl"))));
        let own = dir.path().join("projects/-w-proj");
        fs::create_dir_all(own.join(format!("{id}.jsonl"))).expect("a directory in its place");
        assert_eq!(find(dir.path(), Path::new("/w/proj"), id), Some(other.join(format!("{id}.jsonl"))));
        assert_eq!(find(dir.path(), Path::new("/w/proj"), Uuid::from_u128(8)), None);
    }

    #[test]
    fn the_childs_environment_says_where_to_look() {
        let env = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| (k.into(), v.into())).collect::<Vec<_>>();
        assert_eq!(config_dir(&env(&[("HOME", "/h")])), Some("/h/.claude".into()));
        assert_eq!(config_dir(&env(&[("HOME", "/h"), ("CLAUDE_CONFIG_DIR", "/c")])), Some("/c".into()));
        assert_eq!(config_dir(&env(&[("HOME", "/h"), ("CLAUDE_CONFIG_DIR", "")])), Some("/h/.claude".into()));
        assert_eq!(config_dir(&env(&[])), None);
    }
}
