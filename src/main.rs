//! The `claude-web` program: hands over to the library and turns the outcome into an exit code.

use std::process::ExitCode;

#[cfg(feature = "bench-plain-http")]
compile_error!("`bench-plain-http` is for tests/bench alone: what users run speaks TLS");

fn main() -> ExitCode {
    // The guard of a session is this same program. It must not read the command line, log, or start threads.
    if let Some(code) = claude_web::sessions::guard::run_if_asked(std::env::args_os()) {
        return code;
    }
    claude_web::cli::run(std::env::args_os().collect())
}
