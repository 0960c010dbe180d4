//! What is running: the registry of sessions, their actors, and the logs from which every viewer reads.

mod chat;
mod error;
mod handle;
mod registry;
mod replay;
mod terminal;

pub use chat::{Chat, ChatAction, ChatOutput, ChatReader};
pub use error::SessionError;
pub use handle::{SessionHandle, Viewer};
pub use registry::{ListChange, ListCursor, Registry, Settings};
pub use terminal::{AttachTerminal, Terminal, TerminalInput, TerminalOutput, TerminalReader, TerminalViewer};
