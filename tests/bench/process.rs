//! Processes the bench starts, and what the kernel says about them.

use anyhow::Context as _;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// Of the times in /proc, on every architecture.
const USER_HZ: f64 = 100.0;

/// A child that is killed when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts a program and gives the first line it prints.
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<(Self, String)> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("its output")?;
        let mut line = String::new();
        let this = Self { child };
        BufReader::new(output).read_line(&mut line)?;
        anyhow::ensure!(!line.is_empty(), "{command:?} ended at once");
        Ok((this, line))
    }

    /// Starts a program that prints nothing of use.
    pub(crate) fn start_quiet(command: &mut Command) -> anyhow::Result<Self> {
        Ok(Self { child: command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()? })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The guards of its sessions see that it is gone and end what they guard.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program with these words.
pub(crate) fn own(words: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(words);
    Ok(command)
}

/// User and system time of a process and its threads, without its children.
pub(crate) fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')').context("stat")?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11..13).context("times")?.iter().map(|field| field.parse().unwrap_or(0)).sum();
    Ok(ticks as f64 / USER_HZ)
}

/// Resident memory in bytes.
pub(crate) fn rss_bytes(pid: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib << 10)
}

/// Prints; nobody to read is no fault.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}
