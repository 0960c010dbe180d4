//! What runs in the terminals: takes orders as lines of input. `text KIND BYTES RATE` prints (0 bytes: without end,
//! 0 bytes a second: as fast as the terminal takes it), `echo` gives back every byte from then on. Ctrl-C ends a text.

use crate::text::Kind;
use anyhow::Context as _;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};

/// Printed when orders are taken.
pub(crate) const READY: &[u8] = b"READY\r\n";
/// Printed when Ctrl-C has ended a text.
pub(crate) const STOPPED: &[u8] = b"STOPPED\r\n";

/// Like `cat`; smaller where it must stop quickly.
const WRITE_BYTES: usize = 64 << 10;
const ENDLESS_WRITE_BYTES: usize = 4 << 10;
/// A rate is kept in steps of this.
const STEP: Duration = Duration::from_millis(10);

pub(crate) fn run() -> anyhow::Result<()> {
    let mut input = File::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    let mut output = File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
    // Output stays as a shell leaves it: the terminal makes CR LF of LF.
    let mut modes = rustix::termios::tcgetattr(&input).context("standard input is no terminal")?;
    modes.local_modes.remove(rustix::termios::LocalModes::ICANON | rustix::termios::LocalModes::ECHO);
    rustix::termios::tcsetattr(&input, rustix::termios::OptionalActions::Now, &modes)?;
    let stopped = Arc::new(AtomicBool::new(false));
    listen(Arc::clone(&stopped))?;
    output.write_all(b"READY\n")?;
    let mut line = Vec::new();
    let mut bytes = [0; 4096];
    let mut echoes = false;
    loop {
        let length = input.read(&mut bytes)?;
        if length == 0 {
            return Ok(());
        }
        if echoes {
            output.write_all(&bytes[..length])?;
            continue;
        }
        for byte in &bytes[..length] {
            if *byte != b'\n' {
                line.push(*byte);
                continue;
            }
            let order = String::from_utf8_lossy(&line).into_owned();
            line.clear();
            match order.split(' ').collect::<Vec<_>>()[..] {
                ["echo"] => echoes = true,
                ["text", kind, bytes, rate] => {
                    let kind = Kind::named(kind).context("a kind of text")?;
                    print(&mut output, kind, bytes.parse()?, rate.parse()?, &stopped)?;
                }
                _ => anyhow::bail!("unknown order: {order:?}"),
            }
        }
    }
}

/// Sees to Ctrl-C on a thread of its own, since printing blocks.
fn listen(stopped: Arc<AtomicBool>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut interrupts = runtime.block_on(async { signal(SignalKind::interrupt()) })?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            while interrupts.recv().await.is_some() {
                stopped.store(true, Ordering::Relaxed);
            }
        });
    });
    Ok(())
}

fn print(output: &mut File, kind: Kind, bytes: u64, rate: u64, stopped: &AtomicBool) -> anyhow::Result<()> {
    let block = kind.block();
    let start = Instant::now();
    let end = if bytes == 0 { u64::MAX } else { bytes };
    let mut written = 0_u64;
    stopped.store(false, Ordering::Relaxed);
    while written < end {
        if stopped.load(Ordering::Relaxed) {
            output.write_all(b"STOPPED\n")?;
            return Ok(());
        }
        let allowed = if rate == 0 {
            end
        } else {
            let steps = start.elapsed().as_millis() / STEP.as_millis() + 1;
            (u64::try_from(steps)? * rate * u64::try_from(STEP.as_millis())? / 1000).min(end)
        };
        if allowed <= written {
            std::thread::sleep(STEP - Duration::from_millis(u64::try_from(start.elapsed().as_millis())? % 10));
            continue;
        }
        let from = usize::try_from(written % block.len() as u64)?;
        let most = if bytes == 0 { ENDLESS_WRITE_BYTES } else { WRITE_BYTES };
        let length = usize::try_from(allowed - written)?.min(most).min(block.len() - from);
        output.write_all(&block[from..from + length])?;
        written += length as u64;
    }
    Ok(())
}
