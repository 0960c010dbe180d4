//! Foreign text made fit for one line, for HTML, and for an address.

use std::fmt::Write;

/// One line in which nothing is invisible and nothing turns the direction of writing.
pub(super) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() || is_hidden(c) => drop(write!(out, "⟨U+{:04X}⟩", u32::from(c))),
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Text for HTML, also inside an attribute in quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // HTML has no way to write these.
            '\0' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// An address a link may lead to: one that says plainly that it is of the web, or of a mailbox.
pub(super) fn may_link(address: &str) -> bool {
    let lower: String = address.chars().take(8).collect::<String>().to_ascii_lowercase();
    let known = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    known && !address.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// The first line, not too long.
pub(super) fn short(text: &str, characters: usize) -> String {
    let first = text.trim().lines().next().unwrap_or_default();
    let mut out: String = first.chars().take(characters).collect();
    if out.len() < text.trim().len() {
        out.push('…');
    }
    line(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_stays_invisible() {
        assert_eq!(line("a\u{202e}b\nc\u{1b}[0m"), "a⟨U+202E⟩b c⟨U+001B⟩[0m");
        assert_eq!(short("rm -rf /\necho", 40), "rm -rf /…");
        assert_eq!(short("short", 40), "short");
        assert_eq!(short("0123456789", 4), "0123…");
    }

    #[test]
    fn only_plain_addresses_are_links() {
        for good in ["https://x", "HTTP://x/?a=b", "mailto:a@b"] {
            assert!(may_link(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            " https://x",
            "java\nscript:x",
            "data:text/html,x",
            "//x",
            "/x",
            "",
            "vbscript:x",
            "file:///etc",
            "https://x\u{0}",
            "https://x y",
            "#a",
            "http:x",
        ] {
            assert!(!may_link(bad), "{bad:?}");
        }
    }
}
