//! The signals that stop the server.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// INT, TERM and HUP, all meaning the same.
pub(super) struct Heard {
    interrupt: Signal,
    terminate: Signal,
    hangup: Option<Signal>,
}

impl Heard {
    /// From here on these signals no longer end the process by themselves.
    pub(super) fn register() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            // `nohup` asks us to survive the terminal; listening would undo that.
            hangup: if hangup_is_ignored() { None } else { Some(signal(SignalKind::hangup())?) },
        })
    }

    /// Waits for the next of them.
    pub(super) async fn next(&mut self) {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = hangup => {}
        }
    }
}

/// Whether this process was started with HUP ignored. Only Linux tells without a system call we do not have.
fn hangup_is_ignored() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangup(&status))
}

fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Bit 0 is signal 1, HUP.
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nohup_is_noticed() {
        for (mask, ignored) in
            [("0000000000000001", true), ("0000000000001001", true), ("0000000000001000", false), ("", false)]
        {
            assert_eq!(ignores_hangup(&format!("Name:\tx\nSigIgn:\t{mask}\n")), ignored, "{mask}");
        }
    }
}
