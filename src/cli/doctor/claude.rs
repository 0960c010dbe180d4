//! Whether Claude Code is there and runs.

use super::Check;
use crate::claude::find::{self, INSTALL_COMMAND};
use crate::cli::serve::environment;
use crate::config::Config;

const NAME: &str = "claude";

pub(super) async fn check(config: &Config) -> Check {
    let path = match find::find(config.claude.as_deref(), &find::Places::from_env()) {
        Ok(path) => path,
        Err(missing) => {
            // What to do stands in the hint, not in the message as well.
            let (message, hint) = match &config.claude {
                Some(_) => (missing.to_string(), "correct --claude, or "),
                None => (format!("it was not found in {} places", missing.looked_in.len()), ""),
            };
            return Check::fail(NAME, message, format!("{hint}install it with `{INSTALL_COMMAND}`"));
        }
    };
    match find::version(&path, &environment(config)).await {
        Ok(version) => Check::ok(NAME, format!("{version} at {}", path.display())),
        Err(error) => Check::fail(
            NAME,
            format!("{} does not work: {error}", path.display()),
            format!("try `{} --version`, or install it again with `{INSTALL_COMMAND}`", path.display()),
        ),
    }
}
