//! A home of its own for each test, and nothing of ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A machine with nothing on it.
pub(crate) struct Machine {
    dir: tempfile::TempDir,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("temporary directory");
        fs::create_dir_all(dir.path().join("home/work")).expect("home");
        Self { dir }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// Writes config.toml where the program looks for it.
    pub(crate) fn config(&self, text: &str) -> PathBuf {
        let dir = match cfg!(target_os = "macos") {
            true => self.home().join("Library/Application Support/claude-web"),
            false => self.home().join(".config/claude-web"),
        };
        fs::create_dir_all(&dir).expect("config directory");
        fs::write(dir.join("config.toml"), text).expect("config.toml");
        dir.join("config.toml")
    }

    /// The program in `~/work` with a clean environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_claude-web"));
        command.args(args).env_clear().env("HOME", self.home()).env("PATH", self.home().join("bin"));
        command.current_dir(self.home().join("work")).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        ran(self.command(args).output().expect("runs"))
    }

    pub(crate) fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Ran {
        ran(self.command(args).envs(variables.iter().copied()).output().expect("runs"))
    }

    /// What does not change from machine to machine.
    pub(crate) fn path(&self, below_home: &str) -> String {
        self.home().join(below_home).display().to_string()
    }
}

fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
    }
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
