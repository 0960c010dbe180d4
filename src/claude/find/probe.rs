//! Asks the binary for its version.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

/// A first start after an update can take seconds on a slow disk; a hang must not hold up the server.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);
/// A version is a few bytes; this bounds what a wrong program can make us hold.
pub const OUTPUT_LIMIT: u64 = 64 * 1024;
const STDERR_TAIL_CHARS: usize = 500;

/// Why the version is not known.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// It could not be started, or its output could not be read.
    #[error("{program} --version could not be run: {source}")]
    Start {
        /// The binary.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It did not end in time.
    #[error("{program} --version did not end within {} s", TIME_LIMIT.as_secs())]
    TimedOut {
        /// The binary.
        program: String,
    },
    /// It ended with an error.
    #[error("{program} --version failed ({status}): {stderr}")]
    Failed {
        /// The binary.
        program: String,
        /// How it ended.
        status: String,
        /// The end of what it wrote to stderr.
        stderr: String,
    },
    /// It printed something else.
    #[error("{program} --version printed no version: {output}")]
    NoVersion {
        /// The binary.
        program: String,
        /// What it printed.
        output: String,
    },
}

/// Runs `claude --version` in exactly the environment given and returns the version alone.
pub async fn version(claude: &Path, env: &[(OsString, OsString)]) -> Result<String, VersionError> {
    match tokio::time::timeout(TIME_LIMIT, ask(claude, env)).await {
        Ok(answer) => answer,
        Err(_) => Err(VersionError::TimedOut { program: claude.display().to_string() }),
    }
}

async fn ask(claude: &Path, env: &[(OsString, OsString)]) -> Result<String, VersionError> {
    let program = claude.display().to_string();
    let start = |source| VersionError::Start { program: program.clone(), source };
    let mut child = Command::new(claude)
        .arg("--version")
        .env_clear()
        .envs(env.iter().map(|(name, value)| (name, value)))
        // Away from any project, so that nothing beside the current directory can be picked up.
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(start)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (status, stdout, stderr) = tokio::join!(child.wait(), head(stdout), head(stderr));
    let status = status.map_err(start)?;
    version_in(claude, if status.success() { None } else { Some(status.to_string()) }, &stdout, &stderr)
}

/// The version in what `claude --version` printed; `failed` says how it ended when it ended badly.
pub fn version_in(claude: &Path, failed: Option<String>, stdout: &str, stderr: &str) -> Result<String, VersionError> {
    let program = claude.display().to_string();
    if let Some(status) = failed {
        return Err(VersionError::Failed { program, status, stderr: tail(stderr) });
    }
    match stdout.split_whitespace().find(|word| looks_like_version(word)) {
        Some(word) => Ok(word.trim_start_matches('v').to_owned()),
        None => Err(VersionError::NoVersion { program, output: tail(if stdout.is_empty() { stderr } else { stdout }) }),
    }
}

/// The first bytes of a stream; the stream is closed after them.
async fn head(stream: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        // What arrived before an error is still worth showing.
        let _ = stream.take(OUTPUT_LIMIT).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn tail(text: &str) -> String {
    let text = text.trim();
    let skip = text.chars().count().saturating_sub(STDERR_TAIL_CHARS);
    text.chars().skip(skip).collect()
}

fn looks_like_version(word: &str) -> bool {
    let word = word.strip_prefix('v').unwrap_or(word);
    let (numbers, _) = word.split_once(['-', '+']).unwrap_or((word, ""));
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() >= 2 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    async fn run(script: &str) -> Result<String, VersionError> {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("claude");
        // Written through a child, because a descriptor of ours that is open for writing could be
        // inherited by another test's child and make the exec fail with "text file busy".
        let text = format!("#!/bin/sh\n{script}\n");
        let source = dir.path().join("source");
        std::fs::write(&source, text).unwrap();
        assert!(std::process::Command::new("cp").arg(&source).arg(&program).status().unwrap().success());
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        version(&program, &[("PATH".into(), "/usr/bin:/bin".into()), ("MARK".into(), "7.8".into())]).await
    }

    #[test]
    fn a_version_is_numbers_and_dots() {
        for good in ["2.1.197", "v2.1", "2.1.0-beta.1", "2.1.0+x"] {
            assert!(looks_like_version(good), "{good}");
        }
        for bad in ["", "v", "2", "2.", ".2", "(Claude", "Code)", "2.x.1", "1..2", "https://a.b"] {
            assert!(!looks_like_version(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn the_version_is_the_first_word_that_looks_like_one() {
        assert_eq!(run("echo '2.1.197 (Claude Code)'").await.unwrap(), "2.1.197");
        assert_eq!(run("echo 'Claude Code v2.1.9-beta 3.0'").await.unwrap(), "2.1.9-beta");
    }

    #[tokio::test]
    async fn only_the_given_environment_is_there_and_stdin_is_empty() {
        assert_eq!(run("read x; echo \"$MARK${HOME-}${CARGO_MANIFEST_DIR-}\"").await.unwrap(), "7.8");
    }

    #[tokio::test]
    async fn a_failure_carries_the_end_of_stderr() {
        let error = run("echo 'old news' >&2; echo 'node: not found' >&2; exit 127").await.unwrap_err();
        assert!(matches!(error, VersionError::Failed { .. }));
        assert!(error.to_string().contains("node: not found"), "{error}");
    }

    #[tokio::test]
    async fn another_program_is_not_taken_for_claude() {
        assert!(matches!(run("echo hello").await, Err(VersionError::NoVersion { .. })));
        assert!(matches!(
            run("yes | head -c 1000000").await,
            Err(VersionError::NoVersion { .. } | VersionError::Failed { .. })
        ));
    }

    #[tokio::test]
    async fn what_is_not_a_program_is_said() {
        let error = version(Path::new("/nonexistent/claude"), &[]).await.unwrap_err();
        assert!(matches!(error, VersionError::Start { .. }));
    }
}
