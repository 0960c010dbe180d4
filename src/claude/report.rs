//! Answers of the CLI to questions about a session, read as tolerantly as its events.

use super::codec::fields::{count, flag, list, string};
use crate::protocol::{ContextCategory, ContextReport, RewindReport};
use serde_json::Value;

/// Not a part of what fills the window.
const FREE: &str = "Free space";

/// Out of the reply to `get_context_usage`; none when it does not say how much there is.
pub fn context(reply: &Value) -> Option<ContextReport> {
    let category = |value: &Value| {
        let name = string(value, "name").filter(|name| name != FREE)?;
        Some(ContextCategory { name, tokens: count(value, "tokens")? })
    };
    let compacts = reply.get("isAutoCompactEnabled").and_then(Value::as_bool).unwrap_or(true);
    Some(ContextReport {
        used_tokens: count(reply, "totalTokens")?,
        window_tokens: count(reply, "maxTokens").or_else(|| count(reply, "rawMaxTokens"))?,
        categories: list(reply, "categories").iter().filter_map(category).collect(),
        auto_compact_at: count(reply, "autoCompactThreshold").filter(|_| compacts),
    })
}

/// Out of the reply to `rewind_files`, or its error.
pub fn rewind(reply: Result<Value, String>) -> RewindReport {
    let (reply, error) = match reply {
        Ok(reply) => (reply, None),
        Err(error) => (Value::Null, Some(error)),
    };
    let can_rewind = flag(&reply, "canRewind");
    let unexplained = || "Claude Code keeps no copy of the files as they were before this message".to_owned();
    RewindReport {
        can_rewind,
        files: list(&reply, "filesChanged").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        insertions: count(&reply, "insertions").unwrap_or(0),
        deletions: count(&reply, "deletions").unwrap_or(0),
        error: (!can_rewind).then(|| error.or_else(|| string(&reply, "error")).unwrap_or_else(unexplained)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_context_report_holds_what_fills_the_window() {
        let reply = json!({
            "categories": [{ "name": "System prompt", "tokens": 9872, "color": "x" }, { "name": "Free space", "tokens": 986926 },
                { "tokens": 5 }, 7],
            "totalTokens": 150, "maxTokens": 1_000_000, "autoCompactThreshold": 967_000, "isAutoCompactEnabled": true,
        });
        let report = context(&reply).expect("report");
        assert_eq!((report.used_tokens, report.window_tokens, report.auto_compact_at), (150, 1_000_000, Some(967_000)));
        assert_eq!(report.categories, [ContextCategory { name: "System prompt".into(), tokens: 9872 }]);
        let off = json!({ "totalTokens": 1, "maxTokens": 2, "autoCompactThreshold": 3, "isAutoCompactEnabled": false });
        assert_eq!(context(&off).expect("report").auto_compact_at, None);
        for odd in [json!(null), json!({}), json!({ "totalTokens": "150" })] {
            assert_eq!(context(&odd), None, "{odd}");
        }
    }

    #[test]
    fn a_rewind_that_cannot_be_done_says_why() {
        let dry = rewind(Ok(json!({ "canRewind": true, "filesChanged": ["/w/a"], "insertions": 1, "deletions": 2 })));
        assert_eq!((dry.can_rewind, dry.insertions, dry.deletions, dry.error), (true, 1, 2, None));
        assert_eq!(dry.files, ["/w/a"]);
        assert_eq!(rewind(Err("No file checkpoint found".into())).error.as_deref(), Some("No file checkpoint found"));
        let said = rewind(Ok(json!({ "canRewind": false, "error": "not now" })));
        assert_eq!(said.error.as_deref(), Some("not now"));
        assert!(rewind(Ok(Value::Null)).error.is_some());
    }
}
