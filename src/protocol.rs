//! Every type that crosses to a browser or to the command line: ids, sessions, events, commands, errors.
//!
//! No logic lives here. The TypeScript twin, `frontend/src/lib/protocol.ts`, is generated from these
//! types and a test proves it current. Everything is tagged by `type`, snake_case; times are Unix
//! milliseconds named `*_at` or `*_since`; numbers stay below 2⁵³; a new variant must not break an
//! older tab, so readers keep an "other" case.

mod api;
mod chat;
mod conversation;
mod error;
mod events;
mod ids;
mod prompts;
mod session;
mod terminal;
#[cfg(test)]
mod typescript;

pub use api::{
    ChangeSession, ClaudeStatus, ContextCategory, ContextReport, CreateSession, DirectoryEntry, DirectoryListing,
    EntryKind, FileMatch, FileMatches, Health, ReplaceToken, RewindReport, RewindRequest, SessionPage, StderrLine,
    StderrLog, TaskOutput, TokenIssued, TrustItem, TrustItemKind, TrustQuestion,
};
pub use chat::{
    AckStatus, AgentChoice, Block, ChatClientMessage, ChatServerMessage, Content, McpServer, MessageOrigin,
    ModelChoice, QueueChange, SendWhen, SlashCommand, TaskAction, TaskStatus, TurnOutcome, Usage,
};
pub use conversation::ChatEvent;
pub use error::{ErrorBody, ErrorCode, ErrorEnvelope};
pub use events::{EventsClientMessage, EventsServerMessage, NoticeLevel};
pub use ids::{ClientId, Epoch, InputId, ModelName, PromptId, SessionId};
pub use prompts::{
    Annotation, ApprovalRequest, Decision, OpenPrompt, Outcome, PlanRequest, QuestionRequest, RuleDestination,
};
pub use session::{
    ContextUse, Effort, EndReason, Pending, PendingKind, PermissionMode, Recording, RecordingState, Session,
    SessionEnd, SessionKind, SessionState, TerminalProgram,
};
pub use terminal::{TerminalClientMessage, TerminalServerMessage};

/// Milliseconds since the Unix epoch.
pub type UnixMs = u64;
