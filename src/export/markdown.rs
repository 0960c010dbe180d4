//! The document as Markdown.

use super::clean;
use super::document::{Document, Entry, Kind, Part, moment};
use super::prose::{fenced, is_harmless, literal, to_markdown};
use std::fmt::Write;

/// Nesting that is shown by quotes in quotes; what is deeper stays at this level.
const QUOTES_MAX: usize = 4;

pub(super) fn parts(document: Document) -> impl Iterator<Item = String> + Send + Sync {
    let head = head(&document);
    let foot = list("Totals", &document.totals);
    let mut top = document.top.clone().into_iter();
    let entries = std::iter::from_fn(move || top.next().map(|index| whole(&document, index)));
    std::iter::once(head).chain(entries).chain(std::iter::once(foot))
}

fn head(document: &Document) -> String {
    let mut out = format!("# {}\n\n", literal(&document.title));
    for caveat in &document.caveats {
        let _ = writeln!(out, "> **Note:** {caveat}\n");
    }
    for (name, value) in &document.facts {
        let _ = writeln!(out, "- {name}: {}", literal(value));
    }
    out + "\n"
}

fn list(title: &str, lines: &[(&'static str, String)]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: String = lines.iter().map(|(name, value)| format!("- {name}: {}\n", literal(value))).collect();
    format!("---\n\n## {title}\n\n{lines}")
}

/// How the parts of an entry are written.
#[derive(Clone, Copy)]
struct Look {
    /// Prose as Markdown of its own, else as it was written.
    formatted: bool,
    images: bool,
}

/// An entry at the top, with all in it. Each text is harmless where it stands alone, but a list before it or a quote
/// around it changes how it is read. Where that matters, the texts of the entry are shown as they were written.
fn whole(document: &Document, index: usize) -> String {
    let checked = entry(document, index, Look { formatted: true, images: false });
    entry(document, index, Look { formatted: is_harmless(&checked), images: true })
}

fn entry(document: &Document, index: usize, look: Look) -> String {
    let entry = &document.entries[index];
    let mut out = heading(entry);
    for part in &entry.parts {
        out.push_str(&self::part(part, look));
        out.push('\n');
    }
    if !entry.children.is_empty() {
        let inner: String = entry.children.iter().map(|child| self::entry(document, *child, look)).collect();
        out.push_str(&if entry.depth < QUOTES_MAX { quoted(&inner) } else { inner });
    }
    out
}

fn heading(entry: &Entry) -> String {
    let (title, at) = (literal(&entry.title), moment(entry.at));
    let level = "#".repeat((2 + entry.depth).min(6));
    match entry.kind {
        Kind::Person | Kind::Claude => format!("{level} {title} · {at}\n\n"),
        Kind::Divider => format!("---\n\n*{title}* · {at}\n\n"),
        Kind::Thinking | Kind::Tool | Kind::Prompt | Kind::Notice => format!("**{title}** · {at}\n\n"),
    }
}

fn part(part: &Part, look: Look) -> String {
    match part {
        Part::Prose(text) if !look.formatted => fenced("", text),
        Part::Prose(text) => format!("{}\n", closed(&to_markdown(text))),
        Part::Text(text) => text.lines().map(|line| literal(&clean::line(line)) + "  \n").collect(),
        Part::Remark(text) => format!("- {}\n", literal(text)),
        Part::Code { language, text } => fenced(language, text),
        Part::Image { .. } if !look.images => "An image\n".to_owned(),
        Part::Image { media_type, data } => {
            format!("![An image](data:{media_type};base64,{data})\n")
        }
    }
}

/// A fence that a message leaves open would swallow what follows it.
fn closed(text: &str) -> String {
    let mut open: Option<(char, usize)> = None;
    for line in text.lines() {
        let line = line.trim_start_matches([' ', '>']);
        let Some(mark) = line.chars().next().filter(|c| matches!(c, '`' | '~')) else { continue };
        let length = line.chars().take_while(|c| *c == mark).count();
        match open {
            None if length >= 3 => open = Some((mark, length)),
            Some((of, least)) if of == mark && length >= least && line[length..].trim().is_empty() => open = None,
            _ => {}
        }
    }
    match open {
        Some((mark, length)) => format!("{text}\n{}", mark.to_string().repeat(length)),
        None => text.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { ">\n".to_owned() } else { format!("> {line}\n") }).collect::<String>()
        + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_fence_is_closed() {
        assert_eq!(closed("a\n```rust\nlet x;"), "a\n```rust\nlet x;\n```");
        assert_eq!(closed("~~~~\n```\n~~~~"), "~~~~\n```\n~~~~");
        assert_eq!(closed("```\n````"), "```\n````");
        assert_eq!(closed("plain `code`"), "plain `code`");
    }
}
