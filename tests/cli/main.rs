//! The built program from outside: what it prints, where, and with which exit code.

mod completions;
mod doctor;
#[cfg(feature = "test-support")]
mod export;
mod man;
mod no_server;
mod settings;
#[cfg(target_os = "linux")]
mod stalled;
mod support;
#[cfg(target_os = "linux")]
mod survivors;
mod usage;
mod with_server;
