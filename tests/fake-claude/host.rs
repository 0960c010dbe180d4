//! The side towards the host: reads its frames while a turn runs, and answers control requests.

use crate::args::Args;
use crate::{Exit, say_on_stderr, wire};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet, VecDeque};
use std::io::BufRead;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};
use uuid::Uuid;

const COST_OF_A_TURN: f64 = 0.00125;

/// A user message as it came.
#[derive(Clone)]
pub(crate) struct UserMessage {
    pub(crate) uuid: Option<String>,
    pub(crate) content: Vec<Value>,
    pub(crate) text: String,
}

pub(crate) struct Host {
    /// Capacity 64; sent by the reader of stdin, which waits when it is full, as a pipe would.
    frames: Receiver<String>,
    pub(crate) session: String,
    pub(crate) model: String,
    pub(crate) mode: String,
    pub(crate) asks_host: bool,
    may_bypass: bool,
    replays: bool,
    reports_state: bool,
    state: String,
    pub(crate) queue: VecDeque<UserMessage>,
    seen: HashSet<String>,
    /// The message that enters the running turn; echoed before its first block.
    pub(crate) to_replay: Option<UserMessage>,
    /// Requests that wait for the host.
    pub(crate) open: Vec<String>,
    /// What the host answered.
    pub(crate) answers: HashMap<String, Value>,
    pub(crate) in_turn: bool,
    pub(crate) interrupted: bool,
    pub(crate) ended: bool,
    pub(crate) last_failed: bool,
    /// Commands in the background.
    pub(crate) tasks: Vec<String>,
    /// Set while running.
    pub(crate) effort: Option<String>,
    model_note: Option<String>,
    cost: f64,
    started: Instant,
}

impl Host {
    pub(crate) fn new(args: &Args, session: String) -> Self {
        let (sender, frames) = sync_channel(64);
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
        let mode = args.value("--permission-mode").unwrap_or("default").to_owned();
        Self {
            frames,
            session,
            model: args.value("--model").unwrap_or(wire::MODEL).to_owned(),
            asks_host: args.value("--permission-prompt-tool") == Some("stdio"),
            may_bypass: mode == "bypassPermissions",
            mode,
            replays: args.has("--replay-user-messages"),
            reports_state: std::env::var("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS").is_ok_and(|value| value == "1"),
            state: String::new(),
            queue: VecDeque::new(),
            seen: HashSet::new(),
            to_replay: None,
            open: Vec::new(),
            answers: HashMap::new(),
            in_turn: false,
            interrupted: false,
            ended: false,
            last_failed: false,
            tasks: Vec::new(),
            effort: None,
            model_note: None,
            cost: 0.0,
            started: Instant::now(),
        }
    }

    /// All messages that wait, or none once stdin has ended.
    pub(crate) fn next_messages(&mut self) -> Result<Vec<UserMessage>, Exit> {
        while self.queue.is_empty() && !self.ended {
            self.pump(Duration::from_secs(1))?;
        }
        Ok(self.queue.drain(..).collect())
    }

    /// Handles what the host has sent, waiting for at most one frame.
    pub(crate) fn pump(&mut self, wait: Duration) -> Result<(), Exit> {
        match self.next_frame(wait)? {
            Some(frame) => self.frame(&frame),
            None if self.ended => {
                // There is nothing to wait for; whoever asked still wants the time to pass.
                std::thread::sleep(wait.min(Duration::from_millis(20)));
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(crate) fn next_frame(&mut self, wait: Duration) -> Result<Option<Value>, Exit> {
        let line = match self.frames.recv_timeout(wait) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => return Ok(None),
            Err(RecvTimeoutError::Disconnected) => {
                self.ended = true;
                return Ok(None);
            }
        };
        if line.trim().is_empty() {
            return Ok(None);
        }
        serde_json::from_str(&line).map(Some).map_err(|error| {
            say_on_stderr(&format!("Error parsing streaming input line: {line}: {error}"));
            Exit(1)
        })
    }

    fn frame(&mut self, frame: &Value) -> Result<(), Exit> {
        match frame["type"].as_str().unwrap_or_default() {
            "user" => self.user(frame),
            "control_request" => self.control(frame),
            "control_response" => {
                let response = &frame["response"];
                let id = response["request_id"].as_str().unwrap_or_default();
                // Answers to what nobody asks any more are ignored.
                if let Some(at) = self.open.iter().position(|open| open == id) {
                    self.open.remove(at);
                    self.answers.insert(id.to_owned(), response.clone());
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn user(&mut self, frame: &Value) -> Result<(), Exit> {
        let message = &frame["message"];
        if message["role"] != "user" {
            say_on_stderr(&format!("Error: Expected message role 'user', got {}", message["role"]));
            return Err(Exit(1));
        }
        let content = match &message["content"] {
            Value::String(text) => vec![json!({ "type": "text", "text": text })],
            other => other.as_array().cloned().unwrap_or_default(),
        };
        let text = content.iter().filter_map(|block| block["text"].as_str()).collect::<Vec<_>>().join("\n");
        let message = UserMessage { uuid: frame["uuid"].as_str().map(str::to_owned), content, text };
        if let Some(uuid) = &message.uuid
            && !self.seen.insert(uuid.clone())
        {
            // Heard before: echoed, and nothing else.
            if !self.in_turn {
                self.replay(&message);
                self.state("idle");
            }
            return Ok(());
        }
        self.queue.push_back(message);
        Ok(())
    }

    fn control(&mut self, frame: &Value) -> Result<(), Exit> {
        let id = frame["request_id"].as_str().unwrap_or_default();
        let request = &frame["request"];
        match request["subtype"].as_str().unwrap_or_default() {
            "initialize" => wire::reply(id, Some(wire::initialized())),
            "interrupt" => {
                for open in std::mem::take(&mut self.open) {
                    wire::send(&json!({ "type": "control_cancel_request", "request_id": open }));
                }
                self.interrupted = self.in_turn;
                wire::reply(id, None);
            }
            "set_permission_mode" => {
                let mode = request["mode"].as_str().unwrap_or_default().to_owned();
                if mode == "bypassPermissions" && !self.may_bypass {
                    wire::reply_error(id, "Cannot set permission mode to bypassPermissions");
                } else {
                    wire::reply(id, Some(json!({ "mode": mode })));
                    self.set_mode(&mode);
                }
            }
            "set_model" => {
                self.model = request["model"].as_str().unwrap_or(wire::MODEL).to_owned();
                self.model_note =
                    Some(format!("<local-command-stdout>Set model to {}</local-command-stdout>", self.model));
                wire::reply(id, None);
            }
            "cancel_async_message" => {
                let before = self.queue.len();
                let uuid = request["message_uuid"].as_str();
                self.queue.retain(|message| message.uuid.as_deref() != uuid);
                wire::reply(id, Some(json!({ "cancelled": self.queue.len() < before })));
            }
            "rename_session" => wire::reply(id, None),
            "stop_task" => {
                wire::reply(id, None);
                crate::turn::tools::stop(self, request["task_id"].as_str().unwrap_or_default());
            }
            "background_tasks" => wire::reply(id, Some(json!({ "backgrounded": !self.tasks.is_empty() }))),
            "apply_flag_settings" => {
                self.effort = request["settings"]["effortLevel"].as_str().map(str::to_owned);
                wire::reply(id, None);
            }
            "get_context_usage" => wire::reply(
                id,
                Some(
                    json!({ "categories": [{ "name": "Messages", "tokens": 42 }, { "name": "Free space", "tokens": 9 }],
                    "totalTokens": 42, "maxTokens": 200_000, "autoCompactThreshold": 180_000 }),
                ),
            ),
            "rewind_files" => wire::reply(id, Some(self.rewound(request))),
            "end_session" => {
                wire::reply(id, None);
                return Err(Exit(u8::from(self.in_turn)));
            }
            other => wire::reply_error(id, &format!("Unsupported control request subtype: {other}")),
        }
        Ok(())
    }

    /// As the real one: only a rehearsal names files, and it knows only messages it has had.
    fn rewound(&self, request: &Value) -> Value {
        let known = request["user_message_id"].as_str().is_some_and(|id| self.seen.contains(id));
        match (known, request["dry_run"] == true) {
            (false, _) => json!({ "canRewind": false, "error": "No file checkpoint found for this message." }),
            (true, true) => {
                json!({ "canRewind": true, "filesChanged": ["/w/a.txt"], "insertions": 1, "deletions": 2 })
            }
            (true, false) => json!({ "canRewind": true }),
        }
    }

    pub(crate) fn message(&self, frame: Value) {
        wire::send_message(&self.session, frame);
    }

    pub(crate) fn state(&mut self, state: &str) {
        // Work that goes on with what was queued is not announced again; being idle is.
        let again = state == "running" && self.state == state;
        self.state = state.to_owned();
        if self.reports_state && !again {
            self.message(json!({ "type": "system", "subtype": "session_state_changed", "state": state }));
        }
    }

    pub(crate) fn set_mode(&mut self, mode: &str) {
        self.mode = mode.to_owned();
        self.message(json!({ "type": "system", "subtype": "status", "status": null, "permissionMode": mode }));
    }

    /// The beginning of a turn.
    pub(crate) fn init(&mut self) {
        if let Some(note) = self.model_note.take() {
            self.message(json!({ "type": "user", "message": { "role": "user", "content": note },
                "parent_tool_use_id": null, "isReplay": true }));
        }
        self.message(wire::init(&self.model, &self.mode));
        self.message(json!({ "type": "system", "subtype": "status", "status": "requesting" }));
    }

    pub(crate) fn replay(&self, message: &UserMessage) {
        if self.replays {
            let uuid = message.uuid.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
            self.message(json!({ "type": "user", "message": { "role": "user", "content": message.content },
                "parent_tool_use_id": null, "uuid": uuid, "isReplay": true }));
        }
    }

    pub(crate) fn replay_now(&mut self) {
        if let Some(message) = self.to_replay.take() {
            self.replay(&message);
        }
    }

    pub(crate) fn result(&mut self, text: &str, more: Value) {
        self.cost += COST_OF_A_TURN;
        let mut frame = json!({
            "type": "result", "duration_ms": u64::try_from(self.started.elapsed().as_millis()).unwrap_or(0),
            "num_turns": 1, "result": text, "total_cost_usd": self.cost, "permission_denials": [],
            "usage": { "input_tokens": 100, "output_tokens": 25, "cache_read_input_tokens": 30,
                       "cache_creation_input_tokens": 20 },
            "modelUsage": { "claude-fake-helper": { "contextWindow": 100_000 } },
        });
        frame["modelUsage"][self.model.as_str()] = json!({ "contextWindow": 200_000 });
        if let (Some(frame), Some(more)) = (frame.as_object_mut(), more.as_object()) {
            frame.extend(more.clone());
        }
        self.last_failed = frame["is_error"] == true;
        self.started = Instant::now();
        self.message(frame);
    }
}
