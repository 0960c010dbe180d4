//! How full the context window is, out of what the API says of each request.

use super::fields::count;
use crate::protocol::ChatEvent;
use serde_json::Value;
use std::collections::HashMap;

/// Models whose window is remembered; a session uses two or three.
const MODELS_MAX: usize = 32;

/// What one process told about its context window.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    /// The session's model, in the CLI's words.
    model: Option<String>,
    windows: HashMap<String, u64>,
    /// What went into the request that is being answered.
    asked: Option<u64>,
    used: Option<u64>,
    /// Last told.
    told: Option<(u64, Option<u64>)>,
}

impl Gauge {
    /// The model of the turn that begins. Helpers have models of their own, with other windows.
    pub(super) fn model(&mut self, model: Option<&str>) -> Option<ChatEvent> {
        if let Some(model) = model {
            self.model = Some(model.to_owned());
        }
        self.tell()
    }

    /// A request of the main conversation was taken.
    pub(super) fn message_start(&mut self, message: &Value) {
        let Some(usage) = message.get("usage") else { return };
        self.asked = Some(input(usage)).filter(|tokens| *tokens > 0).or(self.asked);
    }

    /// It is answered: what was asked and what was said stays in the window.
    pub(super) fn message_delta(&mut self, event: &Value) -> Option<ChatEvent> {
        let none = Value::Null;
        let usage = event.get("usage").unwrap_or(&none);
        let asked = self.asked.take()?.max(input(usage));
        self.used = Some(asked.saturating_add(count(usage, "output_tokens").unwrap_or(0)));
        self.tell()
    }

    /// `result` names the windows of all models that were used.
    pub(super) fn turn_finished(&mut self, line: &Value) -> Option<ChatEvent> {
        for (model, usage) in line.get("modelUsage").and_then(Value::as_object).into_iter().flatten() {
            if let Some(window) = count(usage, "contextWindow").filter(|window| *window > 0)
                && (self.windows.len() < MODELS_MAX || self.windows.contains_key(model))
            {
                self.windows.insert(model.clone(), window);
            }
        }
        // An answer that was broken off has no end to tell it.
        self.used = self.asked.take().or(self.used);
        self.tell()
    }

    /// Only this much is left.
    pub(super) fn shrunk_to(&mut self, tokens: Option<u64>) -> Option<ChatEvent> {
        self.asked = None;
        self.used = Some(tokens?);
        self.tell()
    }

    /// Another conversation begins.
    pub(super) fn emptied(&mut self) -> Option<ChatEvent> {
        self.used.is_some().then(|| self.shrunk_to(Some(0))).flatten()
    }

    fn window(&self) -> Option<u64> {
        let model = self.model.as_deref()?;
        self.windows.get(model).copied().or_else(|| {
            // The CLI adds `[1m]` to a model it gives the larger window, not everywhere in the same way.
            let mut alike = self.windows.iter().filter(|(name, _)| plain(name) == plain(model));
            alike.next().map(|(_, window)| *window)
        })
    }

    fn tell(&mut self) -> Option<ChatEvent> {
        let now = (self.used?, self.window());
        if self.told == Some(now) {
            return None;
        }
        self.told = Some(now);
        Some(ChatEvent::Context { used_tokens: now.0, window_tokens: now.1 })
    }
}

/// What stays in the window of an answered request; none where nothing is told of it.
pub(in crate::claude) fn answered(usage: &Value) -> Option<u64> {
    let asked = Some(input(usage)).filter(|tokens| *tokens > 0)?;
    Some(asked.saturating_add(count(usage, "output_tokens").unwrap_or(0)))
}

fn plain(model: &str) -> &str {
    model.split_once('[').map_or(model, |(name, _)| name)
}

fn input(usage: &Value) -> u64 {
    ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
        .iter()
        .filter_map(|name| count(usage, name))
        .fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(event: Option<ChatEvent>) -> Option<(u64, Option<u64>)> {
        event.map(|event| match event {
            ChatEvent::Context { used_tokens, window_tokens } => (used_tokens, window_tokens),
            other => panic!("{other:?}"),
        })
    }

    fn answered(gauge: &mut Gauge, input: u64, output: u64) -> Option<(u64, Option<u64>)> {
        gauge.message_start(&json!({ "usage": { "input_tokens": input, "cache_read_input_tokens": 30,
            "cache_creation_input_tokens": 20, "output_tokens": 1 } }));
        told(gauge.message_delta(&json!({ "usage": { "output_tokens": output } })))
    }

    #[test]
    fn each_answer_tells_once_and_the_window_when_it_is_known() {
        let mut gauge = Gauge::default();
        gauge.model(Some("big[1m]"));
        assert_eq!(answered(&mut gauge, 100, 25), Some((175, None)));
        assert_eq!(told(gauge.message_delta(&json!({ "usage": { "output_tokens": 9 } }))), None, "no second end");
        let result =
            json!({ "modelUsage": { "helper": { "contextWindow": 200_000 }, "big": { "contextWindow": 1_000_000 } } });
        assert_eq!(told(gauge.turn_finished(&result)), Some((175, Some(1_000_000))));
        assert_eq!(told(gauge.turn_finished(&result)), None, "nothing new");
        assert_eq!(answered(&mut gauge, 200, 25), Some((275, Some(1_000_000))));
        assert_eq!(told(gauge.model(Some("helper"))), Some((275, Some(200_000))));
        assert_eq!(told(gauge.model(Some("unheard of"))), Some((275, None)));
    }

    #[test]
    fn compaction_and_a_new_conversation_empty_it() {
        let mut gauge = Gauge::default();
        assert_eq!(told(gauge.emptied()), None, "nothing was told yet");
        answered(&mut gauge, 1000, 10);
        assert_eq!(told(gauge.shrunk_to(Some(50))), Some((50, None)));
        assert_eq!(told(gauge.shrunk_to(None)), None);
        assert_eq!(told(gauge.emptied()), Some((0, None)));
    }

    #[test]
    fn odd_numbers_are_no_news() {
        let mut gauge = Gauge::default();
        gauge.message_start(&json!({}));
        gauge.message_start(&json!({ "usage": { "input_tokens": "many" } }));
        assert_eq!(told(gauge.message_delta(&json!({}))), None);
        gauge.message_start(&json!({ "usage": { "input_tokens": 7 } }));
        assert_eq!(told(gauge.turn_finished(&json!({ "modelUsage": [1] }))), Some((7, None)), "broken off");
    }
}
