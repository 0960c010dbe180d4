//! Measures the wire: this server beside a bare loop over a PTY, a minimal forwarder, and ttyd where there is one.
//!
//! `run DIR` is the bench; the other words are what it starts: `server`, `forwarder`, `pty-loop`, and `program`, which
//! every subject runs in its terminals. See `README.md`.

mod client;
mod forwarder;
mod measures;
mod process;
mod program;
mod pty_loop;
mod server;
mod subject;
mod table;
mod text;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Here this program stands for `claude-web`, which is its own guard.
    if let Some(code) = claude_web::sessions::guard::run_if_asked(std::env::args_os()) {
        return code;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["run", directory, ref options @ ..] => measures::run(directory.as_ref(), options),
        ["server", directory] => server::run(directory.as_ref()),
        ["forwarder"] => forwarder::run(),
        ["pty-loop", kind, bytes] => pty_loop::run(kind, bytes),
        // A shell of ours gets no arguments.
        [] | ["program"] => program::run(),
        _ => Err(anyhow::anyhow!("unknown words: {words:?}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            process::say(&format!("terminal-bench: {error:#}\n"));
            ExitCode::FAILURE
        }
    }
}
