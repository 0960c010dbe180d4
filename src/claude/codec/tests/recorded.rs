//! Recordings of the real CLI and the events they give; the reducer's tests read the latter.

use super::*;
use crate::protocol::{Outcome, PromptId, SessionState};
use std::collections::HashMap;
use std::path::PathBuf;

pub(super) fn recordings() -> Vec<PathBuf> {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/stream");
    let mut paths: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// What a session makes of a recording, as far as it needs no answers.
#[derive(Default)]
struct Log {
    events: Vec<ChatEvent>,
    open: HashMap<String, fn(PromptId) -> ChatEvent>,
}

impl Log {
    fn take(&mut self, decoded: Decoded) {
        let event = match decoded {
            Decoded::Event(event) => event,
            Decoded::Ask(ask) => self.ask(ask),
            Decoded::AskWithdrawn { request_id } => match self.open.remove(request_id.as_str()) {
                Some(resolved) => resolved(request_id),
                None => return,
            },
            Decoded::Replayed { uuid } => ChatEvent::UserMessageDelivered { message_id: uuid, client_id: None },
            Decoded::ControlReply { reply: Ok(reply), .. } if reply.get("commands").is_some() => capabilities(&reply),
            Decoded::Lifecycle(lifecycle) => ChatEvent::State {
                state: match lifecycle {
                    Lifecycle::Running => SessionState::Working,
                    Lifecycle::RequiresAction => SessionState::NeedsApproval,
                    Lifecycle::Idle => SessionState::Idle,
                },
            },
            Decoded::ControlReply { .. }
            | Decoded::ClaudeSession { .. }
            | Decoded::TaskFile { .. }
            | Decoded::UnknownControl { .. } => return,
        };
        self.events.push(event);
    }

    fn ask(&mut self, ask: PromptAsk) -> ChatEvent {
        let id = ask.request_id().to_string();
        let (requested, resolved): (ChatEvent, fn(PromptId) -> ChatEvent) = match ask {
            PromptAsk::Approval(request) => {
                (ChatEvent::ApprovalRequested { request }, |request_id| ChatEvent::ApprovalResolved {
                    request_id,
                    outcome: Outcome::Cancelled,
                    by: None,
                    message: None,
                    updated_input: None,
                    rules: Vec::new(),
                })
            }
            PromptAsk::Question(request, _) => {
                (ChatEvent::QuestionRequested { request }, |request_id| ChatEvent::QuestionResolved {
                    request_id,
                    outcome: Outcome::Cancelled,
                    by: None,
                    answers: None,
                    response: None,
                    message: None,
                })
            }
            PromptAsk::Plan(request, _) => {
                (ChatEvent::PlanRequested { request }, |request_id| ChatEvent::PlanResolved {
                    request_id,
                    outcome: Outcome::Cancelled,
                    by: None,
                    message: None,
                    permission_mode: None,
                    edited: false,
                })
            }
        };
        self.open.insert(id, resolved);
        requested
    }
}

#[test]
fn recorded_streams_give_the_recorded_events() {
    let mut stale = Vec::new();
    for path in recordings() {
        let mut decoder = Decoder::default();
        let mut log = Log::default();
        for line in std::fs::read(&path).unwrap().split(|byte| *byte == b'\n') {
            for decoded in decoder.line(line) {
                log.take(decoded);
            }
        }
        let understood = decoder.unknown_count() == 0;
        assert_eq!(understood, !path.ends_with("handmade_unknown.jsonl"), "what is unknown: {}", path.display());
        let lines: Vec<_> = log.events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
        let wanted = format!("[\n{}\n]\n", lines.join(",\n"));
        let file = path.with_extension("events.json");
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            std::fs::write(&file, &wanted).unwrap();
        }
        if std::fs::read_to_string(&file).unwrap_or_default() != wanted {
            stale.push(file);
        }
    }
    assert!(stale.is_empty(), "UPDATE_GENERATED=1 cargo test --lib recorded_streams, then review {stale:?}");
}
