//! claude-web: Claude Code sessions of this machine in a browser.
pub mod config;
pub mod paths;
pub mod protocol;
pub mod sessions;
