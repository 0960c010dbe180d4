//! claude-web: Claude Code sessions of this machine in a browser.
pub mod claude;
pub mod config;
pub mod paths;
pub mod protocol;
pub mod sessions;
