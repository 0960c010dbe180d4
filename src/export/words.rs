//! What a tool did, in one line and in its parts.

use super::clean;
use super::document::Part;
use crate::protocol::{Content, Outcome};
use serde_json::Value;

const SUBJECT_CHARS: usize = 120;
const IMAGE_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// One line: the tool and what it was used on.
pub(super) fn tool_title(name: &str, input: &Value) -> String {
    let subject = |keys: &[&str]| {
        keys.iter().find_map(|key| text(input, key)).map(|text| clean::short(text, SUBJECT_CHARS)).unwrap_or_default()
    };
    let (verb, subject) = match name {
        "Bash" => ("Ran", subject(&["command"])),
        "Read" => ("Read", subject(&["file_path"])),
        "Write" => ("Wrote", subject(&["file_path"])),
        "Edit" | "MultiEdit" => ("Edited", subject(&["file_path"])),
        "NotebookEdit" => ("Edited", subject(&["notebook_path"])),
        "Glob" => ("Looked for files", subject(&["pattern"])),
        "Grep" => ("Searched for", subject(&["pattern"])),
        "WebFetch" => ("Fetched", subject(&["url"])),
        "WebSearch" => ("Searched the web for", subject(&["query"])),
        "Agent" | "Task" => ("Subagent", subject(&["description"])),
        "Skill" => ("Used skill", subject(&["skill", "command"])),
        "TaskCreate" => ("Added task", subject(&["subject"])),
        "TodoWrite" => ("Updated the to-do list", String::new()),
        "AskUserQuestion" => ("Asked", String::new()),
        "EnterPlanMode" => ("Entered plan mode", String::new()),
        "ExitPlanMode" => ("Proposed a plan", String::new()),
        other => {
            let known = ["file_path", "path", "command", "query", "url", "description", "name"];
            return format!("{} {}", clean::short(other, SUBJECT_CHARS), subject(&known)).trim().to_owned();
        }
    };
    format!("{verb} {subject}").trim().to_owned()
}

/// What a tool was told.
pub(super) fn tool_input(name: &str, input: &Value) -> Vec<Part> {
    let code = |language, key: &str| text(input, key).map(|text| Part::Code { language, text: text.to_owned() });
    let known = match name {
        "Bash" => code("sh", "command"),
        "Write" => code("", "content"),
        "Agent" | "Task" => text(input, "prompt").map(|prompt| Part::Prose(prompt.to_owned())),
        "Edit" => text(input, "old_string").zip(text(input, "new_string")).map(|(old, new)| replacement(old, new)),
        // Told by the question or the plan itself.
        "AskUserQuestion" | "ExitPlanMode" => return Vec::new(),
        _ => None,
    };
    let empty = input.as_object().is_none_or(serde_json::Map::is_empty);
    known.or_else(|| (!empty).then(|| json(input))).into_iter().collect()
}

/// What a tool gave. Its patch takes the place of the words about it.
pub(super) fn tool_result(content: Vec<Content>, structured: Option<&Value>, is_error: bool) -> (Vec<Part>, bool) {
    match structured.and_then(patch).filter(|_| !is_error) {
        Some(patch) => (vec![patch], true),
        None => (contents(content, false), false),
    }
}

/// What a message or a result is made of.
pub(super) fn contents(content: Vec<Content>, prose: bool) -> Vec<Part> {
    let part = |part| match part {
        Content::Text { text } if prose => Part::Prose(text),
        Content::Text { text } => Part::Code { language: "", text },
        Content::Image { media_type, data } if is_image(&media_type, &data) => Part::Image { media_type, data },
        Content::Image { media_type, .. } => Part::Remark(format!("An image ({})", clean::short(&media_type, 40))),
        Content::Document { name, media_type, data } => Part::Remark(format!(
            "Document {} ({}, {} KB)",
            clean::short(name.as_deref().unwrap_or("without a name"), SUBJECT_CHARS),
            clean::short(&media_type, 40),
            data.len() * 3 / 4 / 1000
        )),
        Content::TextFile { name, text } => {
            let head = format!("{}\n", clean::short(&name, SUBJECT_CHARS));
            Part::Code { language: "", text: head + &text }
        }
        Content::Other { raw } => json(&raw),
    };
    content.into_iter().map(part).collect()
}

fn is_image(media_type: &str, data: &str) -> bool {
    let plain = data.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
    IMAGE_TYPES.contains(&media_type) && plain
}

/// JSON for people.
pub(super) fn json(value: &Value) -> Part {
    Part::Code { language: "json", text: serde_json::to_string_pretty(value).unwrap_or_default() }
}

fn replacement(old: &str, new: &str) -> Part {
    let lines = |sign: char, text: &str| text.lines().map(|line| format!("{sign}{line}\n")).collect::<String>();
    Part::Code { language: "diff", text: lines('-', old) + &lines('+', new) }
}

/// The CLI's own patch, as a diff.
fn patch(structured: &Value) -> Option<Part> {
    let hunks = structured.get("structuredPatch")?.as_array().filter(|hunks| !hunks.is_empty())?;
    let mut text = String::new();
    for hunk in hunks {
        let number = |key| hunk.get(key).and_then(Value::as_u64).unwrap_or(0);
        let (old, new) = ((number("oldStart"), number("oldLines")), (number("newStart"), number("newLines")));
        text.push_str(&format!("@@ -{},{} +{},{} @@\n", old.0, old.1, new.0, new.1));
        for line in hunk.get("lines")?.as_array()? {
            text.push_str(line.as_str()?);
            text.push('\n');
        }
    }
    Some(Part::Code { language: "diff", text })
}

/// How something that was asked was settled.
pub(super) fn outcome(outcome: Outcome, by: Option<&str>, allowed: &str) -> String {
    let word = match outcome {
        Outcome::Allowed => allowed,
        Outcome::Denied => "Refused",
        Outcome::Cancelled => return "Nobody answered".to_owned(),
    };
    match by {
        Some(by) => format!("{word} by {}", clean::short(by, 64)),
        None => word.to_owned(),
    }
}

/// The questions of one prompt with what could be chosen.
pub(super) fn questions(questions: &Value) -> Vec<Part> {
    let Some(list) = questions.as_array() else { return vec![json(questions)] };
    let mut parts = Vec::new();
    for question in list {
        parts.push(Part::Text(text(question, "question").unwrap_or("(no question)").to_owned()));
        for option in question.get("options").and_then(Value::as_array).into_iter().flatten() {
            let label = text(option, "label").unwrap_or_default();
            let description = text(option, "description").map(|text| format!(": {text}")).unwrap_or_default();
            parts.push(Part::Remark(clean::line(&format!("{label}{description}"))));
        }
    }
    parts
}
