//! The only place that knows Claude Code: where its binary is, how it is started, what it says on
//! stdout and wants on stdin, and which files of a project can make it run something.
//!
//! Its formats are foreign: unknown input is kept, counted and handed on raw, never fatal. Nothing
//! here starts a session, holds one, or imports anything of ours but `protocol`.

pub mod codec;
pub mod describe;
pub mod encode;
pub mod environment;
pub mod find;
pub mod launch;
pub mod report;
pub mod tools;
pub mod trust;
pub mod trusted;
