//! Control frames: what the CLI asks of its host, and its answers to ours.

use super::fields::{list, string, text, texts};
use super::{Decoded, Decoder, PromptAsk, unknown};
use crate::protocol::{
    AgentChoice, ApprovalRequest, ChatEvent, ModelChoice, PlanRequest, PromptId, QuestionRequest, SlashCommand,
};
use serde_json::Value;

/// What a session can do, out of the reply to `initialize`.
pub fn capabilities(reply: &Value) -> ChatEvent {
    capabilities_of(reply, models(reply))
}

/// The same for a message that names commands only.
pub(super) fn capabilities_of(message: &Value, models: Vec<ModelChoice>) -> ChatEvent {
    let command = |value: &Value| {
        Some(SlashCommand {
            name: string(value, "name")?,
            description: string(value, "description").unwrap_or_default(),
            argument_hint: string(value, "argumentHint").unwrap_or_default(),
            aliases: texts(value, "aliases"),
        })
    };
    let agent = |value: &Value| {
        Some(AgentChoice {
            name: string(value, "name")?,
            description: string(value, "description").unwrap_or_default(),
        })
    };
    ChatEvent::Capabilities {
        commands: list(message, "commands").iter().filter_map(command).collect(),
        models,
        agents: list(message, "agents").iter().filter_map(agent).collect(),
        project_trusted: false,
    }
}

fn models(reply: &Value) -> Vec<ModelChoice> {
    let model = |value: &Value| {
        let name = string(value, "value")?;
        Some(ModelChoice {
            display_name: string(value, "displayName").unwrap_or_else(|| name.clone()),
            description: string(value, "description").unwrap_or_default(),
            efforts: texts(value, "supportedEffortLevels"),
            value: name,
        })
    };
    list(reply, "models").iter().filter_map(model).collect()
}

/// `control_request`: the CLI waits until it is answered.
pub(super) fn request(mut frame: Value) -> Vec<Decoded> {
    let Some(request_id) = string(&frame, "request_id") else { return unknown(frame) };
    let request = frame.get_mut("request").map(Value::take).unwrap_or_default();
    let subtype = string(&request, "subtype").unwrap_or_default();
    // An id that cannot be one of ours could not be answered from a browser either.
    match request_id.parse::<PromptId>() {
        Ok(id) if subtype == "can_use_tool" => vec![Decoded::Ask(ask(id, request))],
        _ => vec![Decoded::UnknownControl { request_id, subtype }],
    }
}

fn ask(request_id: PromptId, mut request: Value) -> PromptAsk {
    let input = request.get_mut("input").map(Value::take).unwrap_or_default();
    let tool_name = string(&request, "tool_name").unwrap_or_default();
    let tool_use_id = string(&request, "tool_use_id");
    match tool_name.as_str() {
        // Without questions nothing could be answered: shown as any other tool then.
        "AskUserQuestion" if !list(&input, "questions").is_empty() => {
            let questions = input.get("questions").cloned().unwrap_or_default();
            PromptAsk::Question(QuestionRequest { request_id, tool_use_id, questions }, input)
        }
        "ExitPlanMode" => {
            let (plan, plan_path) = (string(&input, "plan"), string(&input, "planFilePath"));
            PromptAsk::Plan(PlanRequest { request_id, tool_use_id, plan, plan_path }, input)
        }
        _ => PromptAsk::Approval(ApprovalRequest {
            request_id,
            tool_use_id,
            tool_name,
            input,
            description: string(&request, "description"),
            suggestions: list(&request, "permission_suggestions").to_vec(),
            blocked_path: string(&request, "blocked_path"),
            decision_reason: string(&request, "decision_reason"),
            agent_id: string(&request, "agent_id"),
        }),
    }
}

/// `control_cancel_request`: answered elsewhere, or the turn was stopped.
pub(super) fn withdrawn(frame: Value) -> Vec<Decoded> {
    match text(&frame, "request_id").map(str::parse::<PromptId>) {
        Some(Ok(request_id)) => vec![Decoded::AskWithdrawn { request_id }],
        _ => unknown(frame),
    }
}

impl Decoder {
    pub(super) fn control_response(&mut self, mut frame: Value) -> Vec<Decoded> {
        let Some(request_id) = frame.get("response").and_then(|response| string(response, "request_id")) else {
            return unknown(frame);
        };
        let response = frame.get_mut("response").map(Value::take).unwrap_or_default();
        let reply = match text(&response, "subtype") {
            Some("error") => Err(string(&response, "error").unwrap_or_else(|| "no reason given".into())),
            _ => Ok(response.get("response").cloned().unwrap_or_default()),
        };
        if let Ok(reply) = &reply
            && reply.get("models").is_some()
        {
            self.models = models(reply);
        }
        vec![Decoded::ControlReply { request_id, reply }]
    }
}
