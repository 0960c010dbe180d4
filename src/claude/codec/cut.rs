//! Long texts in tool results, shortened in the middle: a browser would choke on what a command can print.

use crate::protocol::Content;
use serde_json::Value;

/// Bytes of one text that are kept.
const KEPT: usize = 512 << 10;
/// Of these, how many from the beginning; the rest is from the end.
const HEAD: usize = KEPT / 4 * 3;

/// Shortens the texts of a result; gives how many bytes were left out. Images stay as they are.
pub(super) fn result(content: &mut [Content], structured: Option<&mut Value>) -> Option<u64> {
    let mut cut = 0;
    for part in content {
        cut += match part {
            Content::Text { text } | Content::TextFile { text, .. } => shorten(text),
            Content::Other { raw } => leaves(raw),
            Content::Image { .. } | Content::Document { .. } => 0,
        };
    }
    cut += structured.map_or(0, leaves);
    (cut > 0).then_some(cut)
}

/// The parser's own limit keeps this from going deep.
fn leaves(value: &mut Value) -> u64 {
    match value {
        Value::String(text) => shorten(text),
        Value::Array(list) => list.iter_mut().map(leaves).sum(),
        Value::Object(fields) => {
            let encoded = ["media_type", "mediaType"].iter().any(|name| fields.contains_key(*name))
                || fields.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("image/"));
            let is_image = |name: &str| name == "base64" || (encoded && name == "data");
            fields.iter_mut().filter(|(name, _)| !is_image(name)).map(|(_, field)| leaves(field)).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

fn shorten(text: &mut String) -> u64 {
    if text.len() <= KEPT {
        return 0;
    }
    let head = text.floor_char_boundary(HEAD);
    let tail = text.ceil_char_boundary(text.len() - (KEPT - HEAD));
    let left_out = tail - head;
    *text = format!("{}\n… {left_out} bytes were left out here …\n{}", &text[..head], &text[tail..]);
    left_out as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_texts_lose_their_middle_and_say_so() {
        let long = format!("begin{}end", "ü".repeat(KEPT));
        let mut content = [Content::Text { text: long.clone() }, Content::Text { text: "short".into() }];
        let mut structured = json!({ "stdout": long, "files": [{ "text": long }], "n": 1 });
        let cut = result(&mut content, Some(&mut structured)).expect("cut");
        let Content::Text { text } = &content[0] else { panic!("{content:?}") };
        assert!(text.starts_with("begin") && text.ends_with("end") && text.len() < KEPT + 100);
        let each = cut / 3;
        assert!(text.contains(&format!("… {each} bytes were left out here …")), "{each}");
        assert_eq!(
            long.len() as u64 - each,
            (text.len() - format!("\n… {each} bytes were left out here …\n").len()) as u64
        );
        assert_eq!(content[1], Content::Text { text: "short".into() });
        assert_eq!(structured["stdout"], structured["files"][0]["text"]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]
        /// Any text around the limit: what is left is its beginning and its end, and the rest is counted.
        #[test]
        fn what_is_left_out_is_counted(unit in "[a€ü😀]{1,5}", more in 0..4096_usize, front in "[aü]{0,3}") {
            let whole = front + &unit.repeat((KEPT + more) / unit.len());
            let mut text = whole.clone();
            let cut = usize::try_from(shorten(&mut text)).expect("small");
            let mark = format!("\n… {cut} bytes were left out here …\n");
            match text.split_once(&mark) {
                None => proptest::prop_assert!(cut == 0 && text == whole && whole.len() <= KEPT),
                Some((head, tail)) => {
                    proptest::prop_assert!(whole.starts_with(head) && whole.ends_with(tail));
                    proptest::prop_assert_eq!(head.len() + cut + tail.len(), whole.len());
                    proptest::prop_assert!(head.len() + tail.len() <= KEPT);
                }
            }
        }
    }

    #[test]
    fn what_just_fits_and_images_stay_whole() {
        let fits = "x".repeat(KEPT);
        let image = "A".repeat(KEPT * 2);
        let mut content =
            [Content::Text { text: fits }, Content::Image { media_type: "image/png".into(), data: image.clone() }];
        let mut structured = json!({ "file": { "base64": image, "type": "image/png" },
            "source": { "media_type": "image/png", "data": image } });
        let before = (content.clone(), structured.clone());
        assert_eq!(result(&mut content, Some(&mut structured)), None);
        assert_eq!((content, structured), before);
    }
}
