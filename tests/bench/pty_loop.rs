//! The bound: how fast one process can read what another writes to a PTY. Prints MB/s and its own CPU seconds.

use crate::process;
use crate::program::READY;
use crate::text::Kind;
use anyhow::Context as _;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::time::Instant;

pub(crate) fn run(kind: &str, bytes: &str) -> anyhow::Result<()> {
    let kind = Kind::named(kind).context("a kind of text")?;
    let bytes: u64 = bytes.parse()?;
    let shown = kind.shown(bytes);
    let (pty, pts) = pty_process::blocking::open()?;
    let mut child = pty_process::blocking::Command::new(std::env::current_exe()?).arg("program").spawn(pts)?;
    let mut pty = File::from(pty.as_fd().try_clone_to_owned()?);
    let mut buffer = vec![0; 64 << 10];
    let mut seen = 0;
    while seen < READY.len() {
        seen += pty.read(&mut buffer)?;
    }
    pty.write_all(format!("text {} {bytes} 0\n", kind.name()).as_bytes())?;
    let (start, cpu) = (Instant::now(), process::cpu_seconds(std::process::id())?);
    let mut read = 0;
    while read < shown {
        read += pty.read(&mut buffer)? as u64;
    }
    let seconds = start.elapsed().as_secs_f64();
    let cpu = process::cpu_seconds(std::process::id())? - cpu;
    child.kill()?;
    child.wait()?;
    process::say(&format!("{} {cpu}\n", shown as f64 / 1e6 / seconds));
    Ok(())
}
