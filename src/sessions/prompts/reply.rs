//! What an answer means: the line for the CLI, and what everybody is told.

use super::{invalid, resolved};
use crate::claude::codec::PromptAsk;
use crate::claude::encode::{self, QuestionAnswer};
use crate::protocol::{
    Annotation, ApprovalRequest, ChatEvent, Decision, Outcome, PermissionMode, PlanRequest, QuestionRequest,
    RuleDestination,
};
use crate::sessions::SessionError;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What Claude is told when the user gave no reason.
const DENIED: &str = "The user denied this request.";

/// An answer that fits its prompt.
pub(super) struct Reply {
    pub line: String,
    pub event: ChatEvent,
}

/// The parts of "allow", by name.
struct Allowed<'a> {
    updated_input: Option<&'a Value>,
    suggestions: &'a [usize],
    answers: Option<&'a BTreeMap<String, String>>,
    permission_mode: Option<PermissionMode>,
    destination: Option<RuleDestination>,
    annotations: Option<&'a BTreeMap<String, Annotation>>,
    response: Option<&'a str>,
    by: &'a str,
    allow_bypass: bool,
}

/// Errors when the decision does not fit what was asked.
pub(super) fn reply(ask: &PromptAsk, decision: &Decision, by: &str, allow_bypass: bool) -> Result<Reply, SessionError> {
    let allowed = match decision {
        Decision::Deny { message, interrupt } => return Ok(denied(ask, message.as_deref(), *interrupt, by)),
        Decision::Allow {
            updated_input,
            suggestions,
            answers,
            permission_mode,
            destination,
            annotations,
            response,
        } => Allowed {
            updated_input: updated_input.as_ref(),
            suggestions,
            answers: answers.as_ref(),
            permission_mode: *permission_mode,
            destination: *destination,
            annotations: annotations.as_ref(),
            response: response.as_deref().map(str::trim).filter(|response| !response.is_empty()),
            by,
            allow_bypass,
        },
    };
    allowed.permission_mode.map_or(Ok(()), |mode| check_mode(mode.as_str(), allow_bypass))?;
    if allowed.updated_input.is_some_and(|input| !input.is_object()) {
        return Err(invalid("`updated_input` must be an object: the whole input of the tool, with what was changed"));
    }
    let for_question = allowed.answers.is_some() || allowed.annotations.is_some() || allowed.response.is_some();
    match ask {
        PromptAsk::Question(request, input) => answered(request, input, &allowed),
        _ if for_question => Err(invalid("`answers`, `annotations` and `response` are for questions; this is none")),
        PromptAsk::Approval(request) => approved(request, &allowed),
        PromptAsk::Plan(request, input) => Ok(plan_approved(request, input, &allowed)),
    }
}

fn denied(ask: &PromptAsk, message: Option<&str>, interrupt: bool, by: &str) -> Reply {
    let reason = message.map(str::trim).filter(|text| !text.is_empty()).unwrap_or(DENIED);
    Reply {
        line: encode::deny(ask.request_id(), reason, interrupt),
        event: resolved(ask, Outcome::Denied, Some(by), message.map(str::to_owned)),
    }
}

fn approved(request: &ApprovalRequest, allowed: &Allowed<'_>) -> Result<Reply, SessionError> {
    let mut chosen = allowed.suggestions.to_vec();
    chosen.sort_unstable();
    chosen.dedup();
    let mut rules = Vec::new();
    for index in chosen {
        let suggestion = request.suggestions.get(index).ok_or_else(|| {
            invalid(&format!("there is no suggestion {index}; the request has {}", request.suggestions.len()))
        })?;
        let mode = suggestion.get("mode").and_then(Value::as_str);
        mode.map_or(Ok(()), |mode| check_mode(mode, allowed.allow_bypass))?;
        rules.push(stored_at(suggestion, allowed.destination));
    }
    rules.extend(allowed.permission_mode.map(set_mode));
    let input = allowed.updated_input.unwrap_or(&request.input);
    Ok(Reply {
        line: encode::allow(&request.request_id, input, &rules),
        event: ChatEvent::ApprovalResolved {
            request_id: request.request_id.clone(),
            outcome: Outcome::Allowed,
            by: Some(allowed.by.to_owned()),
            message: None,
            updated_input: (*input != request.input).then(|| input.clone()),
            rules,
        },
    })
}

/// The suggestion, kept where the user wants it. A mode lasts as long as the CLI offered.
fn stored_at(suggestion: &Value, destination: Option<RuleDestination>) -> Value {
    let mut rule = suggestion.clone();
    let movable = matches!(rule.get("type").and_then(Value::as_str), Some("addRules" | "addDirectories"));
    if let (Some(destination), true, Some(fields)) = (destination, movable, rule.as_object_mut()) {
        fields.insert("destination".to_owned(), destination.as_str().into());
    }
    rule
}

fn answered(request: &QuestionRequest, input: &Value, allowed: &Allowed<'_>) -> Result<Reply, SessionError> {
    if allowed.answers.is_none() && allowed.response.is_none() {
        return Err(invalid("a question is answered with `answers` (question text to answer text) or with `response`"));
    }
    let answer =
        QuestionAnswer { answers: allowed.answers, annotations: allowed.annotations, response: allowed.response };
    Ok(Reply {
        line: encode::allow(&request.request_id, &encode::answered_input(input, &answer), &[]),
        event: ChatEvent::QuestionResolved {
            request_id: request.request_id.clone(),
            outcome: Outcome::Allowed,
            by: Some(allowed.by.to_owned()),
            answers: allowed.answers.cloned(),
            response: allowed.response.map(str::to_owned),
            message: None,
        },
    })
}

fn plan_approved(request: &PlanRequest, raw: &Value, allowed: &Allowed<'_>) -> Reply {
    // An edit names the plan only; the rest of what the CLI sent goes back as it was.
    let mut fields = match raw {
        Value::Object(fields) => fields.clone(),
        _ => Map::new(),
    };
    if let Some(Value::Object(changed)) = allowed.updated_input {
        fields.extend(changed.clone());
    }
    let edited = fields.get("plan") != raw.get("plan");
    let rules: Vec<Value> = allowed.permission_mode.map(set_mode).into_iter().collect();
    Reply {
        line: encode::allow(&request.request_id, &Value::Object(fields), &rules),
        event: ChatEvent::PlanResolved {
            request_id: request.request_id.clone(),
            outcome: Outcome::Allowed,
            by: Some(allowed.by.to_owned()),
            message: None,
            permission_mode: allowed.permission_mode,
            edited,
        },
    }
}

/// Whether the server lets a session go on in this mode.
fn check_mode(mode: &str, allow_bypass: bool) -> Result<(), SessionError> {
    if mode == PermissionMode::BypassPermissions.as_str() && !allow_bypass {
        return Err(invalid("mode bypassPermissions needs a server started with --allow-bypass"));
    }
    Ok(())
}

fn set_mode(mode: PermissionMode) -> Value {
    json!({"type": "setMode", "mode": mode.as_str(), "destination": "session"})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(value: Value) -> Decision {
        serde_json::from_value(value).expect("decision")
    }

    fn approval() -> PromptAsk {
        PromptAsk::Approval(ApprovalRequest {
            request_id: "r1".parse().expect("id"),
            tool_use_id: None,
            tool_name: "Bash".into(),
            input: json!({"command": "ls"}),
            description: None,
            suggestions: vec![
                json!({"type": "addRules", "rules": [], "destination": "localSettings"}),
                json!({"type": "setMode", "mode": "acceptEdits", "destination": "session"}),
                json!({"type": "addDirectories", "directories": ["/w"], "destination": "session"}),
            ],
            blocked_path: None,
            decision_reason: None,
            agent_id: None,
        })
    }

    fn question() -> PromptAsk {
        let request =
            QuestionRequest { request_id: "r2".parse().expect("id"), tool_use_id: None, questions: json!([]) };
        PromptAsk::Question(request, json!({"questions": [{"question": "Which?"}]}))
    }

    fn plan() -> PromptAsk {
        let request =
            PlanRequest { request_id: "r3".parse().expect("id"), tool_use_id: None, plan: None, plan_path: None };
        PromptAsk::Plan(request, json!({"plan": "# Old", "planFilePath": "/p.md", "allowedPrompts": []}))
    }

    /// What the CLI gets, and what everybody is told.
    fn said(ask: &PromptAsk, value: Value) -> (Value, Value) {
        let reply = reply(ask, &decision(value), "phone", false).unwrap_or_else(|error| panic!("{error}"));
        let line: Value = serde_json::from_str(&reply.line).expect("json");
        (line["response"]["response"].clone(), serde_json::to_value(reply.event).expect("json"))
    }

    fn refused(ask: &PromptAsk, value: Value) -> String {
        match reply(ask, &decision(value.clone()), "phone", false) {
            Err(error) => error.to_string(),
            Ok(reply) => panic!("{value}: {}", reply.line),
        }
    }

    #[test]
    fn rules_are_stored_where_the_user_wants_them_and_a_mode_where_the_cli_offered() {
        let allow = json!({"behavior": "allow", "suggestions": [2, 0, 1, 0], "destination": "userSettings"});
        let (answer, event) = said(&approval(), allow);
        let stored = json!([
            {"type": "addRules", "rules": [], "destination": "userSettings"},
            {"type": "setMode", "mode": "acceptEdits", "destination": "session"},
            {"type": "addDirectories", "directories": ["/w"], "destination": "userSettings"},
        ]);
        assert_eq!(answer["updatedPermissions"], stored);
        assert_eq!(event["rules"], stored);
        let (answer, _) = said(&approval(), json!({"behavior": "allow", "suggestions": [0]}));
        assert_eq!(answer["updatedPermissions"][0]["destination"], "localSettings");
    }

    #[test]
    fn an_edited_input_is_told_only_when_it_differs() {
        let (answer, event) = said(&approval(), json!({"behavior": "allow", "updated_input": {"command": "ls -l"}}));
        assert_eq!(answer["updatedInput"], json!({"command": "ls -l"}));
        assert_eq!(event["updated_input"], json!({"command": "ls -l"}));
        let (_, event) = said(&approval(), json!({"behavior": "allow", "updated_input": {"command": "ls"}}));
        assert_eq!((&event["updated_input"], &event["rules"]), (&Value::Null, &json!([])));
    }

    #[test]
    fn a_question_takes_answers_notes_or_words_instead() {
        let (answer, event) = said(
            &question(),
            json!({"behavior": "allow", "answers": {"Which?": "A"}, "annotations": {"Which?": {"notes": "n"}}}),
        );
        assert_eq!(
            answer["updatedInput"],
            json!({"questions": [{"question": "Which?"}], "answers": {"Which?": "A"},
                   "annotations": {"Which?": {"notes": "n"}}})
        );
        assert_eq!((&event["answers"]["Which?"], &event["response"]), (&json!("A"), &Value::Null));
        let (answer, event) = said(&question(), json!({"behavior": "allow", "response": " let us talk "}));
        assert_eq!(answer["updatedInput"], json!({"questions": [{"question": "Which?"}], "response": "let us talk"}));
        assert_eq!(event["response"], "let us talk");
    }

    #[test]
    fn an_edited_plan_is_merged_into_what_the_cli_sent() {
        let (answer, event) = said(
            &plan(),
            json!({"behavior": "allow", "updated_input": {"plan": "# New"}, "permission_mode": "acceptEdits"}),
        );
        assert_eq!(answer["updatedInput"], json!({"plan": "# New", "planFilePath": "/p.md", "allowedPrompts": []}));
        assert_eq!((&event["edited"], &event["permission_mode"]), (&json!(true), &json!("acceptEdits")));
        let (answer, event) = said(&plan(), json!({"behavior": "allow"}));
        assert_eq!(answer["updatedInput"]["plan"], "# Old");
        assert_eq!((&event["edited"], &event["permission_mode"]), (&json!(false), &Value::Null));
    }

    #[test]
    fn an_answer_that_does_not_fit_is_refused() {
        let cases = [
            (approval(), json!({"behavior": "allow", "updated_input": "ls"}), "an object"),
            (approval(), json!({"behavior": "allow", "suggestions": [3]}), "no suggestion 3"),
            (approval(), json!({"behavior": "allow", "response": "hm"}), "for questions"),
            (approval(), json!({"behavior": "allow", "permission_mode": "bypassPermissions"}), "--allow-bypass"),
            (plan(), json!({"behavior": "allow", "updated_input": ["x"]}), "an object"),
            (plan(), json!({"behavior": "allow", "answers": {}}), "for questions"),
            (question(), json!({"behavior": "allow"}), "`response`"),
            (question(), json!({"behavior": "allow", "response": "  "}), "`response`"),
        ];
        for (ask, value, why) in cases {
            let error = refused(&ask, value);
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn a_suggestion_leads_no_further_than_the_server_allows() {
        let PromptAsk::Approval(mut request) = approval() else { unreachable!() };
        request.suggestions = vec![json!({"type": "setMode", "mode": "bypassPermissions", "destination": "session"})];
        let ask = PromptAsk::Approval(request);
        let allow = json!({"behavior": "allow", "suggestions": [0]});
        assert!(refused(&ask, allow.clone()).contains("--allow-bypass"));
        assert!(reply(&ask, &decision(allow), "phone", true).is_ok());
    }

    #[test]
    fn a_denial_always_says_something_to_claude() {
        for ask in [approval(), question(), plan()] {
            let (answer, event) = said(&ask, json!({"behavior": "deny", "message": " "}));
            assert_eq!(answer["message"], DENIED);
            assert_eq!(event["outcome"], "denied");
            let (answer, event) = said(&ask, json!({"behavior": "deny", "message": "use trash"}));
            assert_eq!((&answer["message"], &event["message"]), (&json!("use trash"), &json!("use trash")));
        }
    }
}
