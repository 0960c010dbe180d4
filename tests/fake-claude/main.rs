//! A stand-in for Claude Code: speaks its stream-json and a TTY, without a model.
//!
//! What it does is chosen by words in the prompt (see `turn.rs`), by lines typed into its terminal
//! (`terminal.rs`), or by a script. Environment:
//!
//! * `FAKE_CLAUDE_SCRIPT`: a file of steps to follow instead of the prompt's words (`script.rs`).
//! * `FAKE_CLAUDE_RECORD`: a JSON file to write argv, environment and descriptors to; `%p` becomes
//!   the process id (`record.rs`).
//! * `FAKE_CLAUDE_START`: `die:CODE:TEXT` (TEXT to stderr), `hang` (answers nothing, ever) or
//!   `slow:MS` (answers after that time).

mod args;
mod chat;
mod descendants;
mod host;
mod random;
mod record;
mod script;
mod terminal;
mod turn;
mod wire;

use args::Args;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

/// Why the process ends now.
pub(crate) struct Exit(pub(crate) u8);

fn main() -> ExitCode {
    // Before anything else opens a descriptor.
    let descriptors = record::descriptors();
    let args = Args::from_env();
    if args.has("--version") {
        let _ = writeln!(std::io::stdout(), "2.1.197 (Claude Code)");
        return ExitCode::SUCCESS;
    }
    if let Some(seconds) = args.value(descendants::FLAG) {
        return descendants::run(seconds);
    }
    record::write(descriptors);
    let outcome = start().and_then(|()| if args.has("-p") { chat::run(&args) } else { terminal::run() });
    let Err(Exit(code)) = outcome else { return ExitCode::SUCCESS };
    ExitCode::from(code)
}

fn start() -> Result<(), Exit> {
    let how = std::env::var("FAKE_CLAUDE_START").unwrap_or_default();
    let mut parts = how.splitn(3, ':');
    match parts.next() {
        Some("die") => {
            let code = parts.next().and_then(|code| code.parse().ok()).unwrap_or(1);
            say_on_stderr(parts.next().unwrap_or_default());
            Err(Exit(code))
        }
        Some("hang") => hang(),
        Some("slow") => {
            let wait = parts.next().and_then(|wait| wait.parse().ok()).unwrap_or(0);
            std::thread::sleep(Duration::from_millis(wait));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Deaf to everything but signals.
pub(crate) fn hang() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

pub(crate) fn say_on_stderr(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
