//! The tools this version has a face for. What is not here is shown raw and counted.

/// Of Claude Code 2.1.197, of versions before it, and those the API itself runs.
const KNOWN: &[&str] = &[
    "Agent",
    "AskUserQuestion",
    "Bash",
    "BashOutput",
    "CronCreate",
    "CronDelete",
    "CronList",
    "Edit",
    "EnterPlanMode",
    "EnterWorktree",
    "ExitPlanMode",
    "ExitWorktree",
    "Glob",
    "Grep",
    "KillBash",
    "KillShell",
    "LS",
    "ListMcpResourcesTool",
    "MultiEdit",
    "NotebookEdit",
    "NotebookRead",
    "Read",
    "ReadMcpResourceTool",
    "ReportFindings",
    "ScheduleWakeup",
    "SendMessage",
    "Skill",
    "SlashCommand",
    "StructuredOutput",
    "Task",
    "TaskCreate",
    "TaskGet",
    "TaskList",
    "TaskOutput",
    "TaskStop",
    "TaskUpdate",
    "TodoRead",
    "TodoWrite",
    "ToolSearch",
    "WebFetch",
    "WebSearch",
    "Workflow",
    "Write",
    "web_fetch",
    "web_search",
];

/// Whether this is a tool of Claude Code's that this version knows, or one of an MCP server.
pub fn is_known(name: &str) -> bool {
    name.starts_with("mcp__") || KNOWN.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(KNOWN.is_sorted(), "{KNOWN:?}");
        assert!(is_known("Bash") && is_known("web_search") && is_known("mcp__db__drop"));
        assert!(!is_known("bash") && !is_known("") && !is_known("FromTheFuture"));
    }
}
