//! Writes `frontend/src/lib/protocol.ts`, and proves that it is current.

use super::*;
use ts_rs::{Config, TS};

fn generated() -> String {
    let config = Config::default();
    let mut out =
        String::from("// Generated from src/protocol by `UPDATE_GENERATED=1 cargo test protocol_ts`. Do not edit.\n\n");
    macro_rules! emit {
        ($($ty:ty),* $(,)?) => { $(
            if let Some(docs) = <$ty as TS>::docs() { out.push_str(&docs); }
            out.push_str("export ");
            out.push_str(&<$ty as TS>::decl(&config));
            out.push_str("\n\n");
        )* };
    }
    out.push_str("export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]?: JsonValue } | null;\n\n");
    emit!(
        SessionId,
        Epoch,
        ClientId,
        PromptId,
        InputId,
        ModelName,
        SessionKind,
        TerminalProgram,
        SessionState,
        PermissionMode,
        Effort,
        EndReason,
        SessionEnd,
        PendingKind,
        Pending,
        RecordingState,
        Recording,
        ContextUse,
        Session,
        AckStatus,
        Content,
        SendWhen,
        QueueChange,
        TaskAction,
        RuleDestination,
        Annotation,
        Decision,
        Outcome,
        ApprovalRequest,
        QuestionRequest,
        PlanRequest,
        OpenPrompt,
        Block,
        MessageOrigin,
        Usage,
        TurnOutcome,
        TaskStatus,
        SlashCommand,
        AgentChoice,
        McpServer,
        ModelChoice,
        ChatEvent,
        ChatClientMessage,
        ChatServerMessage,
        TerminalClientMessage,
        TerminalServerMessage,
        NoticeLevel,
        EventsClientMessage,
        EventsServerMessage,
        CreateSession,
        ChangeSession,
        SessionPage,
        StderrLine,
        StderrLog,
        TrustItemKind,
        TrustItem,
        TrustQuestion,
        EntryKind,
        DirectoryEntry,
        DirectoryListing,
        FileMatch,
        FileMatches,
        TaskOutput,
        RewindRequest,
        RewindReport,
        ContextCategory,
        ContextReport,
        ClaudeStatus,
        Health,
        ErrorCode,
        ErrorBody,
        ErrorEnvelope,
    );
    out
}

#[test]
fn protocol_ts_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/frontend/src/lib/protocol.ts");
    let wanted = generated();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::create_dir_all(std::path::Path::new(path).parent().expect("has a parent")).expect("create folder");
        std::fs::write(path, &wanted).expect("write protocol.ts");
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == wanted, "protocol.ts is stale: UPDATE_GENERATED=1 cargo test protocol_ts");
}
