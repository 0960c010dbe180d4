//! A script: one JSON object per line, done in order.
//!
//! `{"expect": {…}}` reads the next frame, which must hold these fields (others may be there);
//! `{"emit": {…}}` writes a frame; `{"raw": "…"}` writes text as it is; `{"stderr": "…"}`;
//! `{"sleep_ms": N}`; `{"exit": CODE}`. In what is emitted, the strings `$request_id`, `$uuid` and
//! `$session_id` stand for those of the last frame read and of this session. Empty lines and lines
//! that start with `#` are skipped. After the last step stdin is read to its end.

use crate::host::Host;
use crate::{Exit, say_on_stderr, wire};
use serde_json::Value;
use std::time::Duration;

/// How long a frame is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// The script was not followed.
const BROKEN: u8 = 70;

pub(crate) fn run(host: &mut Host, path: &str) -> Result<(), Exit> {
    let broken = |why: String| {
        say_on_stderr(&format!("fake-claude: {path}: {why}"));
        Exit(BROKEN)
    };
    let text = std::fs::read_to_string(path).map_err(|error| broken(error.to_string()))?;
    let mut last = Value::Null;
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let step: Value = serde_json::from_str(line).map_err(|error| broken(format!("{line}: {error}")))?;
        if let Some(wanted) = step.get("expect") {
            last = host.next_frame(PATIENCE)?.ok_or_else(|| broken(format!("nothing came for {wanted}")))?;
            if !holds(&last, wanted) {
                return Err(broken(format!("wanted {wanted}, got {last}")));
            }
        } else if let Some(frame) = step.get("emit") {
            wire::send(&filled(frame, &last, &host.session));
        } else if let Some(raw) = step["raw"].as_str() {
            wire::raw(raw.as_bytes());
        } else if let Some(text) = step["stderr"].as_str() {
            say_on_stderr(text);
        } else if let Some(wait) = step["sleep_ms"].as_u64() {
            std::thread::sleep(Duration::from_millis(wait));
        } else if let Some(code) = step["exit"].as_u64() {
            return Err(Exit(u8::try_from(code).unwrap_or(1)));
        } else {
            return Err(broken(format!("unknown step {line}")));
        }
    }
    while !host.ended {
        host.next_frame(PATIENCE)?;
    }
    Ok(())
}

fn holds(frame: &Value, wanted: &Value) -> bool {
    match (frame, wanted) {
        (Value::Object(frame), Value::Object(wanted)) => {
            wanted.iter().all(|(key, wanted)| frame.get(key).is_some_and(|field| holds(field, wanted)))
        }
        (Value::Array(frame), Value::Array(wanted)) => {
            frame.len() == wanted.len() && frame.iter().zip(wanted).all(|(field, wanted)| holds(field, wanted))
        }
        _ => frame == wanted,
    }
}

fn filled(value: &Value, last: &Value, session: &str) -> Value {
    match value {
        Value::String(text) => match text.as_str() {
            "$request_id" => last["request_id"].clone(),
            "$uuid" => last["uuid"].clone(),
            "$session_id" => session.into(),
            _ => value.clone(),
        },
        Value::Array(list) => list.iter().map(|inner| filled(inner, last, session)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, inner)| (key.clone(), filled(inner, last, session))).collect()
        }
        _ => value.clone(),
    }
}
