//! Placeholder with the signatures the command line is written against; the module that knows Claude Code replaces it at merge.

/// Finds the binary.
pub mod find {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    /// What a user types to get the CLI.
    pub const INSTALL_COMMAND: &str = "npm install -g @anthropic-ai/claude-code";

    /// Where to look.
    #[derive(Debug, Default)]
    pub struct Places {}

    impl Places {
        /// The places of this environment.
        pub fn from_env() -> Self {
            Self {}
        }
    }

    /// There is no usable `claude`.
    #[derive(Debug, thiserror::Error)]
    #[error("{reason}")]
    pub struct NotFound {
        /// Every file that was tried.
        pub looked_in: Vec<PathBuf>,
        /// Why none will do.
        pub reason: String,
    }

    /// Why the version is not known.
    #[derive(Debug, thiserror::Error)]
    #[error("the version could not be read")]
    pub struct VersionError;

    /// Finds the binary.
    pub fn find(explicit: Option<&Path>, _places: &Places) -> Result<PathBuf, NotFound> {
        match explicit {
            Some(path) if path.is_file() => Ok(path.to_owned()),
            _ => Err(NotFound { looked_in: Vec::new(), reason: "claude was not found".to_owned() }),
        }
    }

    /// Asks the binary for its version.
    pub async fn version(_claude: &Path, _env: &[(OsString, OsString)]) -> Result<String, VersionError> {
        Err(VersionError)
    }
}
