//! What the words of a prompt make happen.
//!
//! | prompt | what it does |
//! | --- | --- |
//! | `say TEXT` | answers TEXT, word by word |
//! | `think TEXT` | thinks TEXT, then answers |
//! | `flood-events N` | N text deltas |
//! | `ask-bash CMD`, `ask-question`, `ask-plan`, `parallel-asks N`, `withdraw` | see `asks.rs` |
//! | `background COMMAND`, `big-result BYTES`, `odd-tool` | see `tools.rs` |
//! | `usage TOKENS` | an answer to a request of that many tokens |
//! | `effort` | answers the effort that was set last |
//! | `deep LEVELS` | one line of lists in lists |
//! | `slow SECONDS` | a word each 100 ms |
//! | `garbage` | a line that is no JSON, one in two halves, one that is not UTF-8, then an answer |
//! | `big-line BYTES` | one line with a text of that length |
//! | `stderr TEXT` | a line on stderr |
//! | `api-error`, `slow-error SECONDS` | a failed request, at once or after a while |
//! | `die CODE` | ends in the middle of a block |
//! | `hang` | neither answers nor reads any more |
//! | `ignore-term` | ignores TERM, HUP and INT from now on |
//! | `grandchildren`, `grandchildren hold` | see `descendants.rs`; answers `descendants: PID PID` |
//! | `clear` or `/clear` | a new conversation id |
//! | `echo-env NAME` | answers the variable's value, or `(unset)` |
//! | `pid` | answers its process id |
//!
//! Anything else is answered by `You said: …`.

#[path = "asks.rs"]
mod asks;
#[path = "tools.rs"]
pub(crate) mod tools;

use crate::host::Host;
use crate::{Exit, descendants, hang, say_on_stderr, wire};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Why a turn does not end by itself.
pub(crate) enum Stop {
    Interrupted { by_tool: bool },
    Failed(String),
    Exit(Exit),
}

impl From<Exit> for Stop {
    fn from(exit: Exit) -> Self {
        Self::Exit(exit)
    }
}

/// Works through the texts, and through what is sent meanwhile once a tool has given something.
/// Gives the last answer.
pub(crate) fn run(host: &mut Host, texts: Vec<String>) -> Result<String, Stop> {
    let mut texts = VecDeque::from(texts);
    if texts.iter().any(|text| matches!(text.trim(), "clear" | "/clear")) {
        host.session = Uuid::new_v4().to_string();
        host.init();
        synthetic(host, "(no content)", None);
        return Ok(String::new());
    }
    host.init();
    let mut answer = String::new();
    while let Some(text) = texts.pop_front() {
        let (used_tool, said) = perform(host, text.trim())?;
        answer = said;
        if used_tool {
            for message in host.queue.drain(..).collect::<Vec<_>>() {
                host.replay(&message);
                texts.push_back(message.text);
            }
        }
    }
    Ok(answer)
}

/// Does what a text says; whether a tool was used, and the answer.
fn perform(host: &mut Host, text: &str) -> Result<(bool, String), Stop> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let number: u64 = rest.trim().parse().unwrap_or(1);
    let said = match word {
        "say" => rest.to_owned(),
        "ask-bash" | "ask-question" | "ask-plan" | "parallel-asks" | "withdraw" => {
            asks::perform(host, word, rest)?;
            return Ok((true, say(host, "Tool finished.")?));
        }
        "background" | "big-result" | "odd-tool" => {
            tools::perform(host, word, rest);
            return Ok((true, say(host, "Tool finished.")?));
        }
        "usage" => return Ok((false, with_usage(host, number))),
        "effort" => host.effort.clone().unwrap_or_else(|| "(unset)".into()),
        "deep" => {
            let levels = usize::try_from(number).unwrap_or(1);
            wire::raw(format!("{{\"type\":\"x\",\"x\":{}{}}}\n", "[".repeat(levels), "]".repeat(levels)).as_bytes());
            "After the deep.".into()
        }
        "think" => {
            thinking(host, rest);
            "Thought.".into()
        }
        "flood-events" => return Ok((false, flood(host, number)?)),
        "slow" => return Ok((false, slow(host, Duration::from_secs_f64(rest.trim().parse().unwrap_or(1.0)))?)),
        "big-line" => return Ok((false, big_line(host, usize::try_from(number).unwrap_or(1)))),
        "garbage" => {
            garbage();
            "After garbage.".into()
        }
        "stderr" => {
            say_on_stderr(rest);
            "Said on stderr.".into()
        }
        "api-error" | "slow-error" => {
            if word == "slow-error" {
                slow(host, Duration::from_secs(number))?;
            }
            let error = "API Error: 500 fake".to_owned();
            synthetic(host, &error, Some("server_error"));
            return Err(Stop::Failed(error));
        }
        "die" => {
            let id = begin(host, "text");
            delta(host, 0, &format!("{id} dies"));
            return Err(Stop::Exit(Exit(u8::try_from(number).unwrap_or(1))));
        }
        "hang" => hang(),
        "ignore-term" => match descendants::ignore_signals() {
            Ok(()) => "Ignoring TERM.".into(),
            Err(error) => format!("failed: {error}"),
        },
        "grandchildren" => match descendants::start(rest.trim() == "hold") {
            Ok(ids) => format!("descendants: {}", ids.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")),
            Err(error) => format!("failed: {error}"),
        },
        "echo-env" => match std::env::var_os(rest.trim()) {
            Some(value) => value.to_string_lossy().into_owned(),
            None => "(unset)".into(),
        },
        "pid" => std::process::id().to_string(),
        _ => format!("You said: {text}"),
    };
    Ok((false, say(host, &said)?))
}

fn say(host: &mut Host, text: &str) -> Result<String, Stop> {
    let id = begin(host, "text");
    for word in text.split_inclusive(' ') {
        delta(host, 0, word);
    }
    finish(host, &id, 0, json!({ "type": "text", "text": text }));
    stop_message(host, "end_turn");
    host.pump(Duration::ZERO)?;
    check_interrupt(host)?;
    Ok(text.to_owned())
}

fn thinking(host: &mut Host, text: &str) {
    let id = begin(host, "thinking");
    host.message(wire::stream(json!({ "type": "content_block_delta", "index": 0,
        "delta": { "type": "thinking_delta", "thinking": text } })));
    finish(host, &id, 0, json!({ "type": "thinking", "thinking": text, "signature": "" }));
    stop_message(host, "end_turn");
}

fn flood(host: &mut Host, count: u64) -> Result<String, Stop> {
    let id = begin(host, "text");
    let mut text = String::new();
    for n in 0..count {
        let word = format!("{n} ");
        delta(host, 0, &word);
        text.push_str(&word);
        if n % 256 == 0 {
            host.pump(Duration::ZERO)?;
            if host.interrupted {
                break;
            }
        }
    }
    finish(host, &id, 0, json!({ "type": "text", "text": text }));
    check_interrupt(host)?;
    stop_message(host, "end_turn");
    Ok(text)
}

fn slow(host: &mut Host, time: Duration) -> Result<String, Stop> {
    let end = Instant::now() + time;
    let id = begin(host, "text");
    let mut text = String::new();
    for n in 0.. {
        let word = format!("word{n} ");
        delta(host, 0, &word);
        text.push_str(&word);
        let next = Instant::now() + Duration::from_millis(100);
        while Instant::now() < next && !host.interrupted {
            host.pump(next.saturating_duration_since(Instant::now()))?;
        }
        if host.interrupted || Instant::now() >= end {
            break;
        }
    }
    // What was said so far is kept, also when interrupted.
    host.replay_now();
    host.message(wire::assistant(&id, wire::MODEL, json!({ "type": "text", "text": text })));
    check_interrupt(host)?;
    host.message(wire::stream(json!({ "type": "content_block_stop", "index": 0 })));
    stop_message(host, "end_turn");
    Ok(text)
}

fn big_line(host: &mut Host, bytes: usize) -> String {
    let text = "x".repeat(bytes);
    host.replay_now();
    let id = message_id();
    host.message(wire::assistant(&id, wire::MODEL, json!({ "type": "text", "text": text })));
    format!("{bytes} bytes")
}

fn with_usage(host: &mut Host, tokens: u64) -> String {
    let id = message_id();
    let usage = json!({ "input_tokens": tokens, "cache_read_input_tokens": 0, "output_tokens": 1 });
    host.message(wire::stream(json!({ "type": "message_start", "message": { "id": id, "usage": usage } })));
    finish(host, &id, 0, json!({ "type": "text", "text": "Counted." }));
    host.message(wire::stream(json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" },
        "usage": { "output_tokens": 25 } })));
    host.message(wire::stream(json!({ "type": "message_stop" })));
    "Counted.".into()
}

fn garbage() {
    wire::raw(b"this is \x1b[31mnot JSON\n");
    wire::raw(b"{\"type\":\"keep_");
    std::thread::sleep(Duration::from_millis(50));
    wire::raw(b"alive\"}\n");
    wire::raw(b"{\"type\":\"system\",\"subtype\":\"\xff\xfe\"}\n");
    wire::raw(b"{\"type\":\"from_the_future\",\"x\":1}\n");
}

pub(crate) fn check_interrupt(host: &Host) -> Result<(), Stop> {
    if host.interrupted { Err(Stop::Interrupted { by_tool: false }) } else { Ok(()) }
}

fn message_id() -> String {
    format!("msg_{}", Uuid::new_v4().simple())
}

/// A message of the CLI's own.
fn synthetic(host: &mut Host, text: &str, error: Option<&str>) {
    host.replay_now();
    let mut frame =
        wire::assistant(&Uuid::new_v4().to_string(), "<synthetic>", json!({ "type": "text", "text": text }));
    if let Some(error) = error {
        frame["error"] = error.into();
    }
    host.message(frame);
}

/// Starts a message and its first block; the message's id.
fn begin(host: &Host, kind: &str) -> String {
    let id = start_message(host);
    let block = json!({ "type": kind, kind: "" });
    host.message(wire::stream(json!({ "type": "content_block_start", "index": 0, "content_block": block })));
    id
}

pub(crate) fn start_message(host: &Host) -> String {
    let id = message_id();
    host.message(wire::stream(json!({ "type": "message_start", "message": { "id": id, "role": "assistant" } })));
    id
}

fn delta(host: &Host, index: u32, text: &str) {
    host.message(wire::stream(json!({ "type": "content_block_delta", "index": index,
        "delta": { "type": "text_delta", "text": text } })));
}

/// The finished block, which comes before its stop.
pub(crate) fn finish(host: &mut Host, message_id: &str, index: usize, block: Value) {
    host.replay_now();
    host.message(wire::assistant(message_id, wire::MODEL, block));
    host.message(wire::stream(json!({ "type": "content_block_stop", "index": index })));
}

pub(crate) fn stop_message(host: &Host, reason: &str) {
    host.message(wire::stream(json!({ "type": "message_delta", "delta": { "stop_reason": reason } })));
    host.message(wire::stream(json!({ "type": "message_stop" })));
}
