//! The name a downloaded file is offered under.

use super::Format;

/// Longest name without its ending, in characters.
const NAME_CHARS: usize = 80;

/// A `Content-Disposition` for a chat with this title: a plain name for old browsers, the full one for the others.
pub fn disposition(title: &str, format: Format) -> String {
    attachment(title, format.word())
}

/// The same for any file, by the ending of its name.
pub fn attachment(title: &str, word: &str) -> String {
    let plain = plain(title);
    let full: String = full(title).bytes().map(encoded).collect();
    format!("attachment; filename=\"{plain}.{word}\"; filename*=UTF-8''{full}.{word}")
}

/// Letters, digits and dashes only.
fn plain(title: &str) -> String {
    let mut name = String::new();
    for c in title.chars().take(NAME_CHARS) {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_matches('-');
    if name.is_empty() { "session".to_owned() } else { name.to_owned() }
}

/// Without what a file system, or a person, would read as something else.
fn full(title: &str) -> String {
    let fit = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) || !is_visible(c) { '-' } else { c };
    let name: String = title.chars().take(NAME_CHARS).map(fit).collect();
    let name = name.trim_matches([' ', '.', '-']);
    if name.is_empty() { "session".to_owned() } else { name.to_owned() }
}

fn is_visible(c: char) -> bool {
    !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_leave_its_header_or_its_directory() {
        for (title, wanted) in [
            ("Fix the bug", "attachment; filename=\"Fix-the-bug.md\"; filename*=UTF-8''Fix%20the%20bug.md"),
            ("../../etc/passwd", "attachment; filename=\"etc-passwd.md\"; filename*=UTF-8''etc-passwd.md"),
            ("a\"\r\nX: y", "attachment; filename=\"a-X-y.md\"; filename*=UTF-8''a---X-%20y.md"),
            ("Größe", "attachment; filename=\"Gr-e.md\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.md"),
            ("…", "attachment; filename=\"session.md\"; filename*=UTF-8''%E2%80%A6.md"),
            (".. ", "attachment; filename=\"session.md\"; filename*=UTF-8''session.md"),
            ("exe\u{202e}dm.", "attachment; filename=\"exe-dm.md\"; filename*=UTF-8''exe-dm.md"),
        ] {
            assert_eq!(disposition(title, Format::Markdown), wanted);
        }
        assert!(disposition(&"ö".repeat(10_000), Format::Json).len() < 700);
    }
}
