//! The last lines of a terminal as plain text, to say why a program died early.

const LINES_MAX: usize = 10;
const LINE_CHARS_MAX: usize = 500;

/// The last non-empty lines without escape sequences and control characters.
pub(super) fn last_lines(bytes: &[u8]) -> Vec<String> {
    let text = strip_escapes(&String::from_utf8_lossy(bytes));
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.trim_end().chars().take(LINE_CHARS_MAX).collect::<String>())
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(LINES_MAX)..].to_vec()
}

/// Drops ECMA-48 sequences: CSI up to its final byte, OSC/DCS/APC/PM/SOS up to BEL or ST, other escapes with one byte.
fn strip_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => match chars.next() {
                Some('[') => while chars.next().is_some_and(|c| !('\u{40}'..='\u{7e}').contains(&c)) {},
                Some(']' | 'P' | '_' | '^' | 'X') => {
                    while let Some(c) = chars.next() {
                        if c == '\u{7}' || (c == '\u{1b}' && chars.next_if_eq(&'\\').is_some()) {
                            break;
                        }
                    }
                }
                _ => {}
            },
            '\n' | '\t' => plain.push(c),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_terminal_is_its_text() {
        let bytes = b"\x1b]0;title\x07\x1b[31mred\x1b[0m line\r\n\r\n\x1bP1;2q\x1b\\last\x1b[?25h \x00\xff";
        assert_eq!(last_lines(bytes), ["red line", "last \u{fffd}"]);
        assert_eq!(last_lines(b"\x1b["), Vec::<String>::new());
        assert_eq!(last_lines(&b"x\n".repeat(100)).len(), LINES_MAX);
    }
}
