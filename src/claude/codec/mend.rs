//! Lines that are JSON to JavaScript and not to us: half of a character, which its strings may hold
//! (a text cut in the middle of an emoji). It must not cost the whole message, least of all one that
//! asks for something.

use serde_json::Value;

const REPLACEMENT: &[u8] = br"\ufffd";
const ESCAPE: usize = 6;

/// The value of a line, with � for what no text can hold; `None` when it is not JSON even so.
pub(super) fn value(line: &[u8]) -> Option<Value> {
    serde_json::from_slice(line).or_else(|_| serde_json::from_slice(&whole_characters(line))).ok()
}

/// Replaces each escaped half of a character that has no other half.
fn whole_characters(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len());
    let mut rest = json;
    while let Some((&first, after)) = rest.split_first() {
        let taken = match (escaped(rest), rest.get(ESCAPE..).and_then(escaped)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 2 * ESCAPE,
            (Some(0xD800..=0xDFFF), _) => {
                out.extend_from_slice(REPLACEMENT);
                rest = rest.get(ESCAPE..).unwrap_or_default();
                continue;
            }
            // What stands behind a backslash is no beginning of its own.
            _ if first == b'\\' && !after.is_empty() => 2,
            _ => 1,
        };
        let (copied, remaining) = rest.split_at(taken.min(rest.len()));
        out.extend_from_slice(copied);
        rest = remaining;
    }
    out
}

/// The code of a `\uXXXX` at the beginning.
fn escaped(json: &[u8]) -> Option<u16> {
    let digits = json.strip_prefix(br"\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::value;
    use serde_json::json;

    #[test]
    fn half_a_character_costs_only_itself() {
        for (line, text) in [
            (r#"{"a":"x\ud800y"}"#, "x\u{fffd}y"),
            (r#"{"a":"\udc00\ud83d"}"#, "\u{fffd}\u{fffd}"),
            (r#"{"a":"\ud83d\ude00 \uD83D\ud83d\ude00"}"#, "😀 \u{fffd}😀"),
            (r#"{"a":"\\ud800 \ud800\\"}"#, "\\ud800 \u{fffd}\\"),
        ] {
            assert_eq!(value(line.as_bytes()), Some(json!({ "a": text })), "{line}");
        }
    }

    #[test]
    fn what_is_not_json_stays_none() {
        for line in [r"\ud800", r#"{"a":"\ud8"#, r#"{"a":"\"#, "{\"a\":\\", "\\"] {
            assert_eq!(value(line.as_bytes()), None, "{line}");
        }
    }
}
