//! The built program from outside: what it prints, where, and with which exit code. No server runs here, except in
//! `with_server`.

mod completions;
mod doctor;
mod man;
mod no_server;
mod settings;
mod support;
mod usage;
mod with_server;
