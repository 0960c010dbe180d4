//! One line about what a tool wants, for lists. The whole input is shown where it is answered.

use serde_json::Value;

/// What a list shows of one prompt.
const MAX_CHARS: usize = 300;

/// One line, at most 300 characters: the command, the file, the address, the question.
pub fn summary(tool_name: &str, input: &Value) -> String {
    let line = match tool_name {
        "AskUserQuestion" => first_question(input),
        "ExitPlanMode" => Some(plan(input)),
        "Task" | "Agent" => field(input, "description").or_else(|| field(input, "prompt")),
        _ => ["command", "file_path", "notebook_path", "path", "url", "query", "pattern", "skill", "description"]
            .iter()
            .find_map(|name| field(input, name)),
    };
    match line {
        Some(line) => one_line(&line, MAX_CHARS),
        None => generic(tool_name, input),
    }
}

fn field(input: &Value, name: &str) -> Option<String> {
    input.get(name)?.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn first_question(input: &Value) -> Option<String> {
    input.get("questions")?.get(0)?.get("question")?.as_str().map(str::to_owned)
}

fn plan(input: &Value) -> String {
    let plan = input.get("plan").and_then(Value::as_str).unwrap_or_default();
    let heading = plan.lines().find(|line| line.trim_start().starts_with('#'));
    let line = heading.or_else(|| plan.lines().find(|line| !line.trim().is_empty())).unwrap_or_default();
    match line.trim_start_matches([' ', '#']).trim() {
        "" => "Plan".into(),
        title => format!("Plan: {title}"),
    }
}

fn generic(tool_name: &str, input: &Value) -> String {
    match input {
        Value::Object(fields) if !fields.is_empty() => one_line(&format!("{tool_name} {input}"), MAX_CHARS),
        _ => one_line(tool_name, MAX_CHARS),
    }
}

/// Foreign text on one line: line ends are marked, runs of space shortened, and what would not be
/// seen, or would change the order of what is seen, replaced.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    let mut shown = String::new();
    let mut left = max_chars;
    let mut space = false;
    for character in text.trim().chars() {
        let replaced = match character {
            '\n' => '⏎',
            white if white.is_whitespace() => ' ',
            hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
            plain => plain,
        };
        if replaced == ' ' && space {
            continue;
        }
        space = replaced == ' ';
        if left == 0 {
            shown.pop();
            shown.push('…');
            break;
        }
        left -= 1;
        shown.push(replaced);
    }
    shown
}

/// Controls, and the format characters that are invisible or turn the text around.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_summary_says_what_matters() {
        let cases = [
            ("Bash", json!({ "command": "ls -la", "description": "List" }), "ls -la"),
            ("Bash", json!({ "command": "cd x\n  rm -rf y" }), "cd x⏎ rm -rf y"),
            ("Write", json!({ "file_path": "/w/a.txt", "content": "…" }), "/w/a.txt"),
            ("Edit", json!({ "file_path": "/w/a.txt", "old_string": "a" }), "/w/a.txt"),
            ("NotebookEdit", json!({ "notebook_path": "/w/n.ipynb" }), "/w/n.ipynb"),
            ("WebFetch", json!({ "url": "https://example.com", "prompt": "read" }), "https://example.com"),
            ("WebSearch", json!({ "query": "rust" }), "rust"),
            ("Agent", json!({ "description": "Explore", "prompt": "long" }), "Explore"),
            ("AskUserQuestion", json!({ "questions": [{ "question": "Which colour?" }] }), "Which colour?"),
            ("ExitPlanMode", json!({ "plan": "intro\n## Do it\nsteps" }), "Plan: Do it"),
            ("ExitPlanMode", json!({ "plan": "\nJust text" }), "Plan: Just text"),
            ("ExitPlanMode", json!({}), "Plan"),
            ("mcp__db__drop", json!({ "table": "t" }), "mcp__db__drop {\"table\":\"t\"}"),
            ("AskUserQuestion", json!({}), "AskUserQuestion"),
            ("Bash", json!(null), "Bash"),
            ("Bash", json!({ "command": 5 }), "Bash {\"command\":5}"),
        ];
        for (tool, input, wanted) in cases {
            assert_eq!(summary(tool, &input), wanted, "{tool} {input}");
        }
    }

    #[test]
    fn nothing_in_a_summary_is_invisible_or_turns_the_text_around() {
        let shown = summary("Bash", &json!({ "command": "echo \u{1b}[2K\u{202e}olleh\u{200b}\r\0 \u{7f}\u{85}x" }));
        assert_eq!(shown, "echo \u{fffd}[2K\u{fffd}olleh\u{fffd} \u{fffd} \u{fffd} x");
    }

    #[test]
    fn a_summary_is_at_most_300_characters() {
        for text in ["a".repeat(300), "ü".repeat(301), "x y ".repeat(500), format!("a{}b", " ".repeat(9999))] {
            let shown = summary("Bash", &json!({ "command": text }));
            assert!(shown.chars().count() <= 300);
            assert_eq!(shown.ends_with('…'), text.chars().count() > 300 && !text.contains("  "), "{shown}");
        }
    }
}
