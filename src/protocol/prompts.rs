//! What Claude waits for, and how it is answered.

use super::{PermissionMode, PromptId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// An answer to an approval, a question or a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "behavior", rename_all = "snake_case", deny_unknown_fields)]
pub enum Decision {
    /// Let it run.
    Allow {
        /// Run with this input instead.
        #[serde(default)]
        updated_input: Option<Value>,
        /// Indexes into the request's `suggestions` to be applied ("always allow").
        #[serde(default)]
        suggestions: Vec<usize>,
        /// Answers to a question: question text to label(s) or free text.
        #[serde(default)]
        answers: Option<BTreeMap<String, String>>,
        /// For a plan: the mode to go on in.
        #[serde(default)]
        permission_mode: Option<PermissionMode>,
        /// Where the suggestions are stored, if not where the CLI offered.
        #[serde(default)]
        destination: Option<RuleDestination>,
        /// Notes to the answers: question text to what was added.
        #[serde(default)]
        annotations: Option<BTreeMap<String, Annotation>>,
        /// For a question: what to say instead of choosing.
        #[serde(default)]
        response: Option<String>,
    },
    /// Refuse it.
    Deny {
        /// What Claude is told.
        #[serde(default)]
        message: Option<String>,
        /// End the turn as well; Claude does not see the message then.
        #[serde(default)]
        interrupt: bool,
    },
}

/// Where Claude Code keeps a permission rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum RuleDestination {
    /// Nowhere; gone with the session.
    Session,
    /// `.claude/settings.local.json` of the directory.
    LocalSettings,
    /// `.claude/settings.json` of the directory.
    ProjectSettings,
    /// The user's own settings.
    UserSettings,
}

impl RuleDestination {
    /// The spelling of the CLI.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::LocalSettings => "localSettings",
            Self::ProjectSettings => "projectSettings",
            Self::UserSettings => "userSettings",
        }
    }
}

/// What was added to an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Annotation {
    /// A remark of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The preview of the option chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
}

/// A prompt that waits for its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds are those of `PendingKind`")]
pub enum OpenPrompt {
    Approval { request: ApprovalRequest },
    Question { request: QuestionRequest },
    Plan { request: PlanRequest },
}

/// How a prompt was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Allowed, answered or approved.
    Allowed,
    /// Denied.
    Denied,
    /// Nobody answered: interrupted, killed, ended, or withdrawn by the CLI.
    Cancelled,
}

/// A tool that wants to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ApprovalRequest {
    /// Id to answer.
    pub request_id: PromptId,
    /// The tool call it belongs to.
    pub tool_use_id: Option<String>,
    /// Tool.
    pub tool_name: String,
    /// What would run; complete.
    pub input: Value,
    /// The CLI's own description.
    pub description: Option<String>,
    /// Rules the CLI offers to store, verbatim (`addRules`, `setMode`, `addDirectories`).
    pub suggestions: Vec<Value>,
    /// The path that made the CLI ask.
    pub blocked_path: Option<String>,
    /// The CLI's reason for asking.
    pub decision_reason: Option<String>,
    /// Set when a subagent asks.
    pub agent_id: Option<String>,
}

/// Claude asks the user something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuestionRequest {
    /// Id to answer.
    pub request_id: PromptId,
    /// The tool call it belongs to.
    pub tool_use_id: Option<String>,
    /// `[{question, header, options:[{label, description, preview?}], multiSelect}]`, as the CLI sent it.
    pub questions: Value,
}

/// Claude wants to leave plan mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanRequest {
    /// Id to answer.
    pub request_id: PromptId,
    /// The tool call it belongs to.
    pub tool_use_id: Option<String>,
    /// The plan in markdown, when one was written.
    pub plan: Option<String>,
    /// Where the plan is kept.
    pub plan_path: Option<String>,
}
