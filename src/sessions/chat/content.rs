//! What a user message may be made of.

use crate::protocol::Content;
use crate::sessions::SessionError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A conversation without a title takes this much of its first prompt.
const TITLE_CHARS: usize = 60;
/// What a file system allows.
const NAME_CHARS_MAX: usize = 255;
const IMAGES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// Base64 is checked in pieces of this size, so that nothing of the size of a message is set aside for it.
const PIECE: usize = 4096;

/// An empty message would still be an API call, and broken base64 an API error.
pub(super) fn check(content: &[Content]) -> Result<(), SessionError> {
    let mut says_something = false;
    for part in content {
        says_something |= check_part(part)?;
    }
    if says_something { Ok(()) } else { invalid("a message must say something") }
}

/// Whether the part says something.
fn check_part(part: &Content) -> Result<bool, SessionError> {
    match part {
        Content::Text { text } => return Ok(!text.trim().is_empty()),
        Content::Image { media_type, .. } if !IMAGES.contains(&media_type.as_str()) => {
            return invalid("an image must be image/png, image/jpeg, image/gif or image/webp");
        }
        Content::Image { data, .. } if !is_base64(data) => return invalid("an image's data must be base64"),
        Content::Document { media_type, .. } if media_type != "application/pdf" => {
            return invalid("a document must be application/pdf; send other files as text");
        }
        Content::Document { data, .. } if !is_base64(data) => return invalid("a document's data must be base64"),
        Content::Document { name: Some(name), .. } | Content::TextFile { name, .. } if !is_file_name(name) => {
            return invalid("a file's name has 1 to 255 characters and no control characters");
        }
        Content::TextFile { text, .. } if text.trim().is_empty() => return invalid("a text file must not be empty"),
        Content::Other { .. } => return invalid("a message is made of text, images and documents"),
        Content::Image { .. } | Content::Document { .. } | Content::TextFile { .. } => {}
    }
    Ok(true)
}

fn is_file_name(name: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

fn is_base64(data: &str) -> bool {
    let mut room = [0; PIECE];
    let whole = PIECE / 4 * 3;
    let mut pieces = data.as_bytes().chunks(PIECE).peekable();
    while let Some(piece) = pieces.next() {
        match STANDARD.decode_slice(piece, &mut room) {
            // Padding ends the data; in the middle of it, it makes a piece short.
            Ok(length) if length == whole || pieces.peek().is_none() => {}
            _ => return false,
        }
    }
    !data.is_empty()
}

/// What a part takes besides what it says; counted so that a crowd of empty ones is bounded, too.
pub(super) const PART_BYTES: usize = size_of::<Content>();

/// Bytes it takes to keep.
pub(super) fn weight(content: &[Content]) -> usize {
    let part = |part: &Content| match part {
        Content::Text { text } => text.len(),
        Content::Image { media_type, data } => media_type.len() + data.len(),
        Content::Document { media_type, data, name } => {
            media_type.len() + data.len() + name.as_ref().map_or(0, String::len)
        }
        Content::TextFile { name, text } => name.len() + text.len(),
        // Refused above.
        Content::Other { .. } => 0,
    };
    content.iter().map(|content| PART_BYTES + part(content)).sum()
}

/// The first line of the first text that is not a slash command.
pub(super) fn title(content: &[Content]) -> Option<String> {
    let text = content.iter().find_map(|part| match part {
        Content::Text { text } => text.lines().map(str::trim).find(|line| !line.is_empty()),
        _ => None,
    })?;
    if text.starts_with('/') {
        return None;
    }
    let mut title: String = text.chars().filter(|c| !c.is_control()).take(TITLE_CHARS).collect();
    if text.chars().nth(TITLE_CHARS).is_some() {
        title.push('…');
    }
    Some(title)
}

fn invalid<T>(message: &str) -> Result<T, SessionError> {
    Err(SessionError::Invalid { message: message.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Content {
        Content::Text { text: text.into() }
    }

    fn pdf(media_type: &str, data: &str, name: Option<&str>) -> Content {
        Content::Document { media_type: media_type.into(), data: data.into(), name: name.map(str::to_owned) }
    }

    fn file(name: &str, text: &str) -> Content {
        Content::TextFile { name: name.into(), text: text.into() }
    }

    #[test]
    fn a_message_says_something_in_parts_that_are_well_formed() {
        let image = |data: &str| Content::Image { media_type: "image/png".into(), data: data.into() };
        let good = [text("hi"), image("QUJD"), pdf("application/pdf", "QQ==", None), file("a b.txt", "x")];
        for part in good {
            assert!(check(std::slice::from_ref(&part)).is_ok(), "{part:?}");
        }
        let bad = [
            text(" \n"),
            image(""),
            image("QUJ"),
            image("QUJD\n"),
            Content::Image { media_type: "image/svg+xml".into(), data: "QUJD".into() },
            pdf("application/zip", "QUJD", None),
            pdf("application/pdf", "", None),
            pdf("application/pdf", "QUJD", Some("")),
            pdf("application/pdf", "QUJD", Some("a\u{1b}[2J.pdf")),
            file("", "x"),
            file(&"n".repeat(256), "x"),
            file("a.txt", " "),
            Content::Other { raw: serde_json::json!({"type": "text", "text": "x"}) },
        ];
        for part in bad {
            assert!(check(std::slice::from_ref(&part)).is_err(), "{part:?}");
            assert!(check(&[text("hi"), part.clone()]).is_err() || matches!(part, Content::Text { .. }), "{part:?}");
        }
        assert!(check(&[]).is_err());
    }

    #[test]
    fn base64_is_told_whatever_its_length() {
        for length in [1, 2, 3, PIECE / 4 * 3 - 1, PIECE / 4 * 3, PIECE / 4 * 3 + 1, 50_000] {
            let data = STANDARD.encode(vec![7; length]);
            assert!(is_base64(&data), "{length}");
            assert!(!is_base64(&format!("{data}A")), "{length}");
            assert!(!is_base64(&format!("QQ=={data}")), "padding in the middle, {length}");
        }
        let padded_piece = format!("{}QQ=={}", "A".repeat(PIECE - 4), "AAAA");
        assert!(!is_base64(&padded_piece));
    }

    #[test]
    fn a_title_is_the_first_line_that_says_something() {
        assert_eq!(title(&[file("a", "b"), text("\n  fix\u{7} it\nnow")]).as_deref(), Some("fix it"));
        assert_eq!(title(&[text("/clear")]), None);
        assert_eq!(title(&[text(&"x".repeat(61))]).map(|title| title.chars().count()), Some(61));
    }
}
