//! Tools that run without asking.
//!
//! `background COMMAND` puts a command into the background, which runs until `stop_task`; `big-result BYTES` gives a
//! result of that length, in the text and in the structured result; `odd-tool` uses a tool nobody knows.

use super::{finish, start_message, stop_message};
use crate::host::Host;
use crate::wire;
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) fn perform(host: &mut Host, word: &str, rest: &str) {
    match word {
        "background" => background(host, rest),
        "big-result" => {
            let text = "x".repeat(rest.trim().parse().unwrap_or(1));
            let id = call(host, "Bash", json!({ "command": "flood" }));
            host.message(wire::tool_result(&id, &text, false, json!({ "stdout": text, "stderr": "" })));
        }
        _ => {
            let id = call(host, "FromTheFuture", json!({}));
            host.message(wire::tool_result(&id, "odd", false, Value::Null));
        }
    }
}

fn call(host: &mut Host, tool: &str, input: Value) -> String {
    let id = format!("toolu_{}", Uuid::new_v4().simple());
    let message = start_message(host);
    finish(host, &message, 0, json!({ "type": "tool_use", "id": id, "name": tool, "input": input }));
    stop_message(host, "tool_use");
    id
}

fn background(host: &mut Host, command: &str) {
    let tool_use_id = call(host, "Bash", json!({ "command": command, "run_in_background": true }));
    let task_id = format!("b{}", &Uuid::new_v4().simple().to_string()[..8]);
    let file = format!("/tmp/claude-0/-fake/{}/tasks/{task_id}.output", host.session);
    host.message(json!({ "type": "system", "subtype": "task_started", "task_id": task_id, "tool_use_id": tool_use_id,
        "task_type": "local_bash", "description": command }));
    host.message(json!({ "type": "system", "subtype": "task_updated", "task_id": task_id,
        "patch": { "is_backgrounded": true } }));
    let said = format!(
        "Command running in background with ID: {task_id}. Output is being written to: {file}. You will be notified."
    );
    let structured = json!({ "stdout": "", "stderr": "", "backgroundTaskId": task_id });
    host.message(wire::tool_result(&tool_use_id, &said, false, structured));
    host.tasks.push(task_id);
}

/// Ends a task, if it runs.
pub(crate) fn stop(host: &mut Host, task_id: &str) {
    let Some(at) = host.tasks.iter().position(|task| task == task_id) else { return };
    host.tasks.remove(at);
    host.message(json!({ "type": "system", "subtype": "task_updated", "task_id": task_id,
        "patch": { "status": "killed" } }));
    host.message(json!({ "type": "system", "subtype": "task_notification", "task_id": task_id, "status": "stopped",
        "output_file": "", "summary": "stopped" }));
}
