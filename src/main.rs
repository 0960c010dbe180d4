//! The `claude-web` program: hands over to the library and turns the outcome into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    // The guard of a session is this same program. It must not read the command line, log, or start threads.
    if args.get(1).is_some_and(|word| word == "__guard" || word == "__launch") {
        return claude_web::sessions::guard::run(args.into_iter().skip(1).collect());
    }
    claude_web::cli::run(args)
}
