//! Lines for Claude Code's stdin. Each is one JSON object and ends with a newline.
//!
//! A line it cannot parse ends the CLI, so nothing here is put together from text.

use crate::protocol::{Annotation, ClientId, Content, Effort, ModelName, PermissionMode, PromptId, SessionId};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The first request to a process; its reply holds commands and models.
pub fn initialize(id: &str) -> String {
    control(id, json!({ "subtype": "initialize" }))
}

/// A user message. The CLI ignores one whose uuid it has had before.
pub fn user_message(uuid: Uuid, content: &[Content]) -> String {
    let blocks: Vec<Value> = content.iter().map(block).collect();
    line(json!({
        "type": "user",
        "message": { "role": "user", "content": blocks },
        "parent_tool_use_id": null,
        "session_id": "",
        "uuid": uuid,
    }))
}

/// Stops the running turn; queued messages stay queued.
pub fn interrupt(id: &str) -> String {
    control(id, json!({ "subtype": "interrupt" }))
}

/// Changes the permission mode.
pub fn set_permission_mode(id: &str, mode: PermissionMode) -> String {
    control(id, json!({ "subtype": "set_permission_mode", "mode": mode.as_str() }))
}

/// Changes the model, from the next request on.
pub fn set_model(id: &str, model: &ModelName) -> String {
    control(id, json!({ "subtype": "set_model", "model": model.as_str() }))
}

/// Takes back a message that has not entered a turn; the reply says whether it was in time.
pub fn cancel_async_message(id: &str, uuid: Uuid) -> String {
    control(id, json!({ "subtype": "cancel_async_message", "message_uuid": uuid }))
}

/// Gives the conversation a title, in Claude Code's own list as well.
pub fn rename_session(id: &str, title: &str) -> String {
    control(id, json!({ "subtype": "rename_session", "title": title }))
}

/// Changes the effort, from the next request on.
pub fn set_effort(id: &str, effort: Effort) -> String {
    control(id, json!({ "subtype": "apply_flag_settings", "settings": { "effortLevel": effort.as_str() } }))
}

/// Ends a background command or subagent. The CLI says yes to tasks it does not know, too.
pub fn stop_task(id: &str, task_id: &str) -> String {
    control(id, json!({ "subtype": "stop_task", "task_id": task_id }))
}

/// Lets a running tool call go on in the background, or all of them; the reply says whether there was one.
pub fn background_tasks(id: &str, tool_use_id: Option<&str>) -> String {
    let mut request = json!({ "subtype": "background_tasks" });
    if let Some(tool_use_id) = tool_use_id {
        request["tool_use_id"] = tool_use_id.into();
    }
    control(id, request)
}

/// Asks what fills the context window.
pub fn get_context_usage(id: &str) -> String {
    control(id, json!({ "subtype": "get_context_usage" }))
}

/// Sets files back to what they were before a user message, or only says what that would change.
pub fn rewind_files(id: &str, message: Uuid, dry_run: bool) -> String {
    control(id, json!({ "subtype": "rewind_files", "user_message_id": message, "dry_run": dry_run }))
}

/// Lets a tool run with `updated_input`, which the CLI wants even when nothing was changed.
pub fn allow(request_id: &PromptId, updated_input: &Value, updated_permissions: &[Value]) -> String {
    let mut answer = json!({ "behavior": "allow", "updatedInput": updated_input });
    if !updated_permissions.is_empty() {
        answer["updatedPermissions"] = updated_permissions.into();
    }
    success(request_id, answer)
}

/// Refuses a tool. With `interrupt` the turn ends, and Claude does not see the message.
pub fn deny(request_id: &PromptId, message: &str, interrupt: bool) -> String {
    let mut answer = json!({ "behavior": "deny", "message": message });
    if interrupt {
        answer["interrupt"] = true.into();
    }
    success(request_id, answer)
}

/// Answers a request this server does not know.
pub fn control_error(request_id: &str, message: &str) -> String {
    let response = json!({ "subtype": "error", "request_id": request_id, "error": message });
    line(json!({ "type": "control_response", "response": response }))
}

/// What a question is answered with.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuestionAnswer<'a> {
    /// Question text to label(s) or free text.
    pub answers: Option<&'a BTreeMap<String, String>>,
    /// Question text to what was added.
    pub annotations: Option<&'a BTreeMap<String, Annotation>>,
    /// What is said instead of choosing.
    pub response: Option<&'a str>,
}

/// The input of a question together with its answer.
pub fn answered_input(raw_input: &Value, answer: &QuestionAnswer<'_>) -> Value {
    let mut input = match raw_input {
        Value::Object(fields) => fields.clone(),
        _ => Map::new(),
    };
    let mut add = |name: &str, value: Option<Value>| value.map(|value| input.insert(name.to_owned(), value));
    add("answers", answer.answers.map(|answers| json!(answers)));
    add("annotations", answer.annotations.filter(|notes| !notes.is_empty()).map(|notes| json!(notes)));
    add("response", answer.response.map(Value::from));
    Value::Object(input)
}

/// The uuid of the message a client sent: the same for the same command, so that sending it again,
/// even after a restart of this server, does not say it twice.
pub fn message_uuid(session: &SessionId, client_id: &ClientId) -> Uuid {
    Uuid::new_v5(&session.0, client_id.as_str().as_bytes())
}

fn block(content: &Content) -> Value {
    match content {
        Content::Text { text } => json!({ "type": "text", "text": text }),
        Content::Image { media_type, data } => {
            json!({ "type": "image", "source": { "type": "base64", "media_type": media_type, "data": data } })
        }
        Content::Document { media_type, data, name } => {
            let source = json!({ "type": "base64", "media_type": media_type, "data": data });
            document(source, name.as_deref())
        }
        Content::TextFile { name, text } => {
            document(json!({ "type": "text", "media_type": "text/plain", "data": text }), Some(name))
        }
        Content::Other { raw: raw @ Value::Object(_) } => raw.clone(),
        // A block that is not an object could end the CLI.
        Content::Other { raw } => json!({ "type": "text", "text": raw.to_string() }),
    }
}

fn document(source: Value, title: Option<&str>) -> Value {
    let mut block = json!({ "type": "document", "source": source });
    if let Some(title) = title {
        block["title"] = title.into();
    }
    block
}

fn control(id: &str, request: Value) -> String {
    line(json!({ "type": "control_request", "request_id": id, "request": request }))
}

fn success(request_id: &PromptId, response: Value) -> String {
    let response = json!({ "subtype": "success", "request_id": request_id.as_str(), "response": response });
    line(json!({ "type": "control_response", "response": response }))
}

fn line(frame: Value) -> String {
    let mut text = frame.to_string();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Value {
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        assert!(line.ends_with('\n'));
        serde_json::from_str(line).unwrap()
    }

    fn prompt(id: &str) -> PromptId {
        id.parse().unwrap()
    }

    #[test]
    fn requests_have_the_shape_the_cli_takes() {
        let uuid = Uuid::from_u128(7);
        let cases = [
            (initialize("r1"), json!({ "subtype": "initialize" })),
            (interrupt("r1"), json!({ "subtype": "interrupt" })),
            (
                set_permission_mode("r1", PermissionMode::DontAsk),
                json!({ "subtype": "set_permission_mode", "mode": "dontAsk" }),
            ),
            (set_model("r1", &"opus[1m]".parse().unwrap()), json!({ "subtype": "set_model", "model": "opus[1m]" })),
            (
                cancel_async_message("r1", uuid),
                json!({ "subtype": "cancel_async_message", "message_uuid": "00000000-0000-0000-0000-000000000007" }),
            ),
            (
                set_effort("r1", Effort::Xhigh),
                json!({ "subtype": "apply_flag_settings", "settings": { "effortLevel": "xhigh" } }),
            ),
            (stop_task("r1", "b1"), json!({ "subtype": "stop_task", "task_id": "b1" })),
            (background_tasks("r1", None), json!({ "subtype": "background_tasks" })),
            (background_tasks("r1", Some("t1")), json!({ "subtype": "background_tasks", "tool_use_id": "t1" })),
            (get_context_usage("r1"), json!({ "subtype": "get_context_usage" })),
            (
                rewind_files("r1", uuid, true),
                json!({ "subtype": "rewind_files", "user_message_id": "00000000-0000-0000-0000-000000000007",
                        "dry_run": true }),
            ),
            (rename_session("r1", "a\nb"), json!({ "subtype": "rename_session", "title": "a\nb" })),
        ];
        for (line, request) in cases {
            assert_eq!(parsed(&line), json!({ "type": "control_request", "request_id": "r1", "request": request }));
        }
    }

    #[test]
    fn a_prompt_is_data_whatever_it_says() {
        for text in ["--settings=x", "\"}\n{\"type\":\"keep_alive\"}", "\u{2028}\0\u{7f}", "/clear", "🦀"] {
            let line = parsed(&user_message(Uuid::nil(), &[Content::Text { text: text.into() }]));
            assert_eq!(line["message"]["content"], json!([{ "type": "text", "text": text }]));
            assert_eq!(line["message"]["role"], "user");
            assert_eq!(line["uuid"], "00000000-0000-0000-0000-000000000000");
        }
    }

    #[test]
    fn images_and_unknown_blocks_are_sent_as_blocks() {
        let content = [
            Content::Image { media_type: "image/png".into(), data: "AAAA".into() },
            Content::Other { raw: json!({ "type": "document", "title": "x" }) },
            Content::Other { raw: json!(5) },
        ];
        let line = parsed(&user_message(Uuid::nil(), &content));
        assert_eq!(
            line["message"]["content"],
            json!([
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AAAA" } },
                { "type": "document", "title": "x" },
                { "type": "text", "text": "5" },
            ])
        );
    }

    #[test]
    fn answers_have_the_shape_the_cli_takes() {
        let id = prompt("p-1");
        let rule = json!({ "type": "setMode", "mode": "acceptEdits", "destination": "session" });
        let cases = [
            (
                allow(&id, &json!({ "command": "ls" }), &[]),
                json!({ "behavior": "allow", "updatedInput": { "command": "ls" } }),
            ),
            (
                allow(&id, &json!({}), std::slice::from_ref(&rule)),
                json!({ "behavior": "allow", "updatedInput": {}, "updatedPermissions": [rule] }),
            ),
            (deny(&id, "no", false), json!({ "behavior": "deny", "message": "no" })),
            (deny(&id, "", true), json!({ "behavior": "deny", "message": "", "interrupt": true })),
        ];
        for (line, response) in cases {
            let frame = json!({ "subtype": "success", "request_id": "p-1", "response": response });
            assert_eq!(parsed(&line), json!({ "type": "control_response", "response": frame }));
        }
        assert_eq!(parsed(&control_error("x", "no such thing"))["response"]["error"], "no such thing");
    }

    #[test]
    fn answers_are_added_to_the_question_and_nothing_else_changes() {
        let chosen = BTreeMap::from([("Which?".to_owned(), "A, B".to_owned())]);
        let answers = QuestionAnswer { answers: Some(&chosen), ..QuestionAnswer::default() };
        let raw = json!({ "questions": [{ "question": "Which?" }], "metadata": 1 });
        assert_eq!(
            answered_input(&raw, &answers),
            json!({ "questions": [{ "question": "Which?" }], "metadata": 1, "answers": { "Which?": "A, B" } })
        );
        assert_eq!(answered_input(&Value::Null, &answers), json!({ "answers": { "Which?": "A, B" } }));
    }

    #[test]
    fn the_uuid_of_a_message_follows_from_session_and_command() {
        let (one, two) = (SessionId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        let (a, b): (ClientId, ClientId) = ("a".parse().unwrap(), "b".parse().unwrap());
        assert_eq!(message_uuid(&one, &a), message_uuid(&one, &a));
        assert_ne!(message_uuid(&one, &a), message_uuid(&one, &b));
        assert_ne!(message_uuid(&one, &a), message_uuid(&two, &a));
        // Fixed for ever: transcripts hold these.
        assert_eq!(message_uuid(&one, &a).get_version_num(), 5);
    }
}
