//! Rules that stand in a settings file because an answer given here had them stored: nobody is asked about those again.

use crate::claude::transcript::config_dir;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The lists under `permissions` an answer can add to.
pub(super) const LISTS: [&str; 2] = ["allow", "additionalDirectories"];

/// By file, with its absolute path, the entries that were stored: `allow: Bash(ls)`. An entry counts in this file only,
/// and only word for word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredRules(BTreeMap<String, BTreeSet<String>>);

/// An entry of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRule {
    file: String,
    entry: String,
}

/// The files a session stores rules in.
#[derive(Debug, Clone)]
pub struct RuleFiles {
    directory: PathBuf,
    config_dir: Option<PathBuf>,
}

impl RuleFiles {
    /// Of a child with this environment in this directory.
    pub fn new(env: &[(OsString, OsString)], directory: PathBuf) -> Self {
        Self { directory, config_dir: config_dir(env) }
    }

    fn of(&self, destination: &str) -> Option<String> {
        let path = match destination {
            "localSettings" => self.directory.join(".claude/settings.local.json"),
            "projectSettings" => self.directory.join(".claude/settings.json"),
            "userSettings" => self.config_dir.as_ref()?.join("settings.json"),
            _ => return None,
        };
        key(&path)
    }

    /// What the CLI writes for the permission updates of an answer. What is not known here is left out, and asked about.
    pub fn rules(&self, updates: &[Value]) -> Vec<StoredRule> {
        let mut rules = Vec::new();
        for update in updates {
            let text = |name: &str| update.get(name).and_then(Value::as_str).unwrap_or_default();
            let list = |name: &str| update.get(name).and_then(Value::as_array).into_iter().flatten();
            let Some(file) = self.of(text("destination")) else { continue };
            let entries: Vec<String> = match (text("type"), text("behavior")) {
                ("addRules", "allow") => {
                    list("rules").filter_map(rule_text).map(|rule| entry(LISTS[0], &rule)).collect()
                }
                ("addDirectories", _) => {
                    list("directories").filter_map(Value::as_str).map(|path| entry(LISTS[1], path)).collect()
                }
                _ => continue,
            };
            rules.extend(entries.into_iter().map(|entry| StoredRule { file: file.clone(), entry }));
        }
        rules
    }
}

impl StoredRules {
    /// Remembers an entry.
    pub fn add(&mut self, rule: StoredRule) {
        self.0.entry(rule.file).or_default().insert(rule.entry);
    }

    /// Forgets an entry; gives whether it was known.
    pub fn remove(&mut self, rule: &StoredRule) -> bool {
        let Some(entries) = self.0.get_mut(&rule.file) else { return false };
        let known = entries.remove(&rule.entry);
        if entries.is_empty() {
            self.0.remove(&rule.file);
        }
        known
    }

    /// Takes what was stored out of the settings of a file, as if it had never been added; gives what was stored there
    /// and stands there no longer.
    pub(super) fn take_out(&self, file: &Path, settings: &mut Map<String, Value>) -> Vec<StoredRule> {
        let Some((file, stored)) = key(file).and_then(|file| self.0.get_key_value(&file)) else { return Vec::new() };
        let mut gone = stored.clone();
        if let Some(Value::Object(permissions)) = settings.get_mut("permissions") {
            for list in LISTS {
                let Some(Value::Array(rules)) = permissions.get_mut(list) else { continue };
                let before = rules.len();
                rules.retain(|rule| {
                    let entry = rule.as_str().map(|rule| entry(list, rule));
                    entry.is_none_or(|entry| {
                        gone.remove(&entry);
                        !stored.contains(&entry)
                    })
                });
                if rules.is_empty() && before > 0 {
                    permissions.remove(list);
                }
            }
            if permissions.is_empty() && gone != *stored {
                settings.remove("permissions");
            }
        }
        gone.into_iter().map(|entry| StoredRule { file: file.clone(), entry }).collect()
    }
}

/// One form for each path; a name that is no text is never known.
fn key(path: &Path) -> Option<String> {
    path.components().collect::<PathBuf>().to_str().map(str::to_owned)
}

fn entry(list: &str, rule: &str) -> String {
    format!("{list}: {rule}")
}

/// A rule the way the CLI writes it.
fn rule_text(rule: &Value) -> Option<String> {
    let tool = rule.get("toolName")?.as_str()?;
    let Some(content) = rule.get("ruleContent").and_then(Value::as_str).filter(|content| !content.is_empty()) else {
        return Some(tool.to_owned());
    };
    let content = content.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    Some(format!("{tool}({content})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn files() -> RuleFiles {
        RuleFiles::new(&[("HOME".into(), "/h".into())], "/w/./project".into())
    }

    #[test]
    fn an_answer_names_the_entries_the_cli_writes() {
        let allow = |destination: &str, rules: Value| json!({"type": "addRules", "behavior": "allow", "rules": rules, "destination": destination});
        let one = |rule: Value, entry: &str| (allow("localSettings", json!([rule])), vec![format!("allow: {entry}")]);
        let cases = [
            one(json!({"toolName": "Bash", "ruleContent": "ls"}), "Bash(ls)"),
            one(json!({"toolName": "Bash", "ruleContent": "echo (a\\b)"}), "Bash(echo \\(a\\\\b\\))"),
            one(json!({"toolName": "WebFetch"}), "WebFetch"),
            (
                json!({"type": "addDirectories", "directories": ["/a", 1], "destination": "localSettings"}),
                vec!["additionalDirectories: /a".to_owned()],
            ),
            (allow("session", json!([{"toolName": "Bash"}])), vec![]),
            (json!({"type": "setMode", "mode": "acceptEdits", "destination": "localSettings"}), vec![]),
            (
                json!({"type": "addRules", "behavior": "deny", "rules": [{"toolName": "Bash"}], "destination": "localSettings"}),
                vec![],
            ),
            (json!("odd"), vec![]),
        ];
        for (update, wanted) in cases {
            let rules = files().rules(std::slice::from_ref(&update));
            assert!(rules.iter().all(|rule| rule.file == "/w/project/.claude/settings.local.json"), "{rules:?}");
            assert_eq!(rules.into_iter().map(|rule| rule.entry).collect::<Vec<_>>(), wanted, "{update}");
        }
        for (destination, file) in
            [("projectSettings", "/w/project/.claude/settings.json"), ("userSettings", "/h/.claude/settings.json")]
        {
            assert_eq!(files().rules(&[allow(destination, json!([{"toolName": "Bash"}]))])[0].file, file);
        }
    }

    #[test]
    fn what_was_stored_is_taken_out_of_its_file_alone_and_word_for_word() {
        let mut stored = StoredRules::default();
        let file = "/w/project/.claude/settings.local.json";
        for rule in ["allow: Bash(ls)", "additionalDirectories: /a", "allow: Gone"] {
            stored.add(StoredRule { file: file.into(), entry: rule.into() });
        }
        let left = |file: &str, settings: Value| {
            let Value::Object(mut settings) = settings else { panic!("an object") };
            let gone = stored.take_out(Path::new(file), &mut settings);
            (Value::Object(settings), gone.into_iter().map(|rule| rule.entry).collect::<Vec<_>>())
        };
        let ours = json!({"model": "x", "permissions": {"allow": ["Bash(ls)"], "additionalDirectories": ["/a"]}});
        assert_eq!(left(file, ours.clone()), (json!({"model": "x"}), vec!["allow: Gone".to_owned()]));
        assert_eq!(left("/w/.claude/settings.local.json", ours.clone()), (ours, vec![]));
        let mixed = json!({"permissions": {"allow": ["Bash(ls)", "Bash(ls:*)", ["Bash(ls)"]], "deny": []}});
        let (rest, _) = left(file, mixed);
        assert_eq!(rest, json!({"permissions": {"allow": ["Bash(ls:*)", ["Bash(ls)"]], "deny": []}}));
        for odd in
            [json!({"permissions": []}), json!({"permissions": {"allow": "Bash(ls)"}}), json!({"permissions": {}})]
        {
            assert_eq!(left(file, odd.clone()).0, odd);
        }
    }
}
