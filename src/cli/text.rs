//! Text from elsewhere, made fit for a terminal: nothing in it can move the cursor, and its width is known.

/// The text without escape sequences, control characters and characters that turn the direction of writing.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => skip_sequence(&mut chars),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || turns_direction(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Cuts the end off.
pub(super) fn cut_end(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = take(text.chars(), columns.saturating_sub(1));
    if columns > 0 {
        out.push('…');
    }
    out
}

/// Cuts the middle out, so that both ends of a path stay.
pub(super) fn cut_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns || columns < 3 {
        return cut_end(text, columns);
    }
    let tail = (columns - 1) * 2 / 3;
    let end: String = take(text.chars().rev(), tail).chars().rev().collect();
    let start = take(text.chars(), columns - 1 - width(&end));
    format!("{start}…{end}")
}

/// Columns a terminal needs for the text.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn take(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut left = columns;
    chars
        .take_while(|&c| {
            let fits = columns_of(c) <= left;
            left = left.saturating_sub(columns_of(c));
            fits
        })
        .collect()
}

/// Good enough to keep a table straight: combining marks take nothing, East Asian and emoji blocks take two.
fn columns_of(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036f | 0x200b..=0x200f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
}

/// Skips what follows an ESC: a control sequence up to its final byte, a string up to its end, or one character.
fn skip_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => while chars.next().is_some_and(|c| !('@'..='~').contains(&c)) {},
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(c) = chars.next() {
                if c == '\x07' || (c == '\x1b' && chars.next_if_eq(&'\\').is_some()) {
                    break;
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_becomes_plain() {
        for (text, wanted) in [
            ("plain ünïcode 漢字", "plain ünïcode 漢字"),
            ("a\x1b[31mred\x1b[0m", "ared"),
            ("\x1b]0;title\x07after", "after"),
            ("\x1b]52;c;AAAA\x1b\\after", "after"),
            ("\x1bPq#0\x1b\\x", "x"),
            ("\x1b[", ""),
            ("\x1b]never ends", ""),
            ("a\u{9b}31mb", "a31mb"),
            ("one\r\ntwo\tthree", "one  two three"),
            ("a\x00\x07\x08b", "ab"),
            ("user\u{202e}txt.exe", "usertxt.exe"),
        ] {
            assert_eq!(plain(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn text_is_cut_to_columns_not_to_characters() {
        for (text, columns, wanted) in [
            ("short", 9, "short"),
            ("sentence", 5, "sent…"),
            ("漢字漢字", 5, "漢字…"),
            ("漢字漢字", 4, "漢…"),
            ("ab", 0, ""),
        ] {
            assert_eq!(cut_end(text, columns), wanted);
        }
        assert_eq!(cut_middle("projects/very/long/path/to/here", 16), "proje…th/to/here");
        for columns in 0..12 {
            assert!(width(&cut_middle("projects/漢字漢字/x", columns)) <= columns, "{columns}");
        }
    }
}
