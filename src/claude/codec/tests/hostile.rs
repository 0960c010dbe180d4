//! Nothing the child writes can make the decoder fail.

use super::*;
use proptest::prelude::*;
use std::sync::LazyLock;

/// Lines of all recordings.
static LINES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut lines = Vec::new();
    for path in recorded::recordings() {
        lines.extend(std::fs::read(path).unwrap().split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
    }
    lines
});

#[test]
fn what_is_not_json_is_one_warning() {
    let long = "x".repeat(5000);
    for (line, shown) in [
        (&b"garbage\x1b[31m"[..], "garbage\\u{1b}[31m"),
        (b"{\"type\":", "{\\\"type\\\":"),
        (b"{\"type\":\"\xff\"}", "\u{fffd}"),
        (b"{} {}", "{} {}"),
        (long.as_bytes(), &"x".repeat(200)),
    ] {
        let [Decoded::Event(ChatEvent::Warning { code, message })] = &Decoder::default().line(line)[..] else {
            panic!("{line:?}");
        };
        assert_eq!(code, "garbage_line");
        assert!(message.contains(shown), "{message}");
        assert!(message.chars().count() < 1000 && !message.contains(char::is_control));
    }
}

#[test]
fn json_that_is_not_known_is_kept_and_counted() {
    let mut decoder = Decoder::default();
    let unknown = [
        json!(5),
        json!([]),
        json!(null),
        json!({}),
        json!({ "type": 5 }),
        json!({ "type": "new_thing", "x": 1 }),
        json!({ "type": "system", "subtype": "new_thing" }),
        json!({ "type": "system", "subtype": "session_state_changed", "state": "new" }),
        json!({ "type": "stream_event" }),
        json!({ "type": "stream_event", "event": { "type": "new_thing" } }),
        json!({ "type": "control_response" }),
        json!({ "type": "control_request" }),
        json!({ "type": "control_cancel_request", "request_id": 5 }),
    ];
    for raw in &unknown {
        let wanted = Decoded::Event(ChatEvent::Unknown { raw: raw.clone() });
        assert_eq!(decode(&mut decoder, std::slice::from_ref(raw)), [wanted]);
    }
    assert_eq!(decoder.unknown_count(), unknown.len() as u64);
    for nothing in ["", "\n", " \r\n", "{\"type\":\"keep_alive\"}"] {
        assert_eq!(decoder.line(nothing.as_bytes()), []);
    }
}

#[test]
fn deep_nesting_is_a_warning_and_no_overflow() {
    let deep = "[".repeat(1_000_000);
    assert!(matches!(&Decoder::default().line(deep.as_bytes())[..], [Decoded::Event(ChatEvent::Warning { .. })]));
}

/// A value of any shape, to be put where another is expected.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        Just(json!([])),
        Just(json!([null, 1, "x", {}])),
        Just(json!({})),
        Just(json!({ "type": "text" })),
    ]
}

/// Replaces the `at`th node, counted depth first.
fn replace(value: &mut Value, at: &mut usize, by: &Value) {
    if *at == 0 {
        *value = by.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(list) => list.iter_mut().for_each(|inner| replace(inner, at, by)),
        Value::Object(fields) => fields.values_mut().for_each(|inner| replace(inner, at, by)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20)) {
        let mut decoder = Decoder::default();
        for line in &lines {
            decoder.line(line);
        }
    }

    #[test]
    fn recordings_with_other_bytes_are_survived(
        first in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut decoder = Decoder::default();
        for line in LINES.iter().skip(first.index(LINES.len())).take(12) {
            let mut line = line.clone();
            for (at, byte) in edits.iter().filter(|_| !line.is_empty()).cloned().collect::<Vec<_>>() {
                let at = at.index(line.len());
                line[at] = byte;
            }
            if let Some(cut) = cut.filter(|_| !line.is_empty()) {
                line.truncate(cut.index(line.len()));
            }
            decoder.line(&line);
        }
    }

    #[test]
    fn recordings_with_other_values_are_survived(
        first in any::<prop::sample::Index>(),
        edits in prop::collection::vec((0usize..40, any_value()), 12),
    ) {
        let mut decoder = Decoder::default();
        for (line, (at, by)) in LINES.iter().skip(first.index(LINES.len())).zip(&edits) {
            let Ok(mut value) = serde_json::from_slice::<Value>(line) else { continue };
            replace(&mut value, &mut at.clone(), by);
            for decoded in decoder.line(value.to_string().as_bytes()) {
                if let Decoded::Event(event) = decoded {
                    // Whatever it is, it must cross to a browser and be understood there.
                    let text = serde_json::to_string(&event).unwrap();
                    prop_assert!(serde_json::from_str::<ChatEvent>(&text).is_ok(), "{}", text);
                }
            }
        }
    }
}
