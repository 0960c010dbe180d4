//! claude-web: Claude Code sessions of this machine in a browser.
pub mod claude;
pub mod cli;
pub mod auth;
pub mod config;
pub mod paths;
pub mod protocol;
pub mod server;
pub mod sessions;
pub mod tls;
pub mod web;
