//! What is running: the registry of sessions, their actors, and the logs from which every viewer reads.

mod chat;
mod child;
mod core;
mod error;
mod handle;
mod keeper;
mod lines;
mod prompts;
mod registry;
mod replay;
mod starts;
mod stderr;
mod terminal;
mod trust;

pub use chat::{Chat, ChatAction, ChatOutput, ChatReader};
pub use child::{guard, signal_number};
pub use error::SessionError;
pub use handle::{SessionHandle, Viewer};
pub use registry::{ListChange, ListCursor, Registry, Settings};
pub use terminal::{
    AttachTerminal, DrawnRow, Limits, Model, ModelSettings, Rgb, Switches, Terminal, TerminalInput, TerminalOutput,
    TerminalReader, TerminalViewer, Theme,
};
