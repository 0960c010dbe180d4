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
            return Check::fail(
                NAME,
                missing.to_string(),
                format!("install it with `{INSTALL_COMMAND}`, or name it with --claude"),
            );
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
