//! claude-web: Claude Code sessions of this machine in a browser. ARCHITECTURE.md draws the map.
pub mod auth;
pub mod claude;
pub mod cli;
pub mod config;
pub mod export;
pub mod paths;
pub mod protocol;
pub mod server;
pub mod sessions;
pub mod tls;
pub mod web;
