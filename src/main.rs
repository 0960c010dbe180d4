//! The binary.
use std::process::ExitCode;
fn main() -> ExitCode {
    if let Some(code) = claude_web::sessions::guard::run_if_asked(std::env::args_os()) {
        return code;
    }
    ExitCode::SUCCESS
}
