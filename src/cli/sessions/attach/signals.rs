//! The signals of a program that has the terminal for itself.

use rustix::process::{Signal as Number, kill_current_process_group};
use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// To end, because of this signal.
    End(i32),
    /// The window has another size.
    Resized,
    /// To stop for a while.
    Stop,
    /// To go on.
    Continued,
}

/// Listens to them.
#[derive(Debug)]
pub(super) struct Signals {
    hangup: Signal,
    interrupt: Signal,
    quit: Signal,
    terminate: Signal,
    window: Signal,
    stop: Signal,
    go_on: Signal,
}

impl Signals {
    /// From here on these signals do nothing by themselves.
    pub(super) fn register() -> io::Result<Self> {
        let number = |number: Number| signal(SignalKind::from_raw(number.as_raw()));
        Ok(Self {
            hangup: number(Number::HUP)?,
            interrupt: number(Number::INT)?,
            quit: number(Number::QUIT)?,
            terminate: number(Number::TERM)?,
            window: number(Number::WINCH)?,
            stop: number(Number::TSTP)?,
            go_on: number(Number::CONT)?,
        })
    }

    /// Waits for the next. Cancel-safe.
    pub(super) async fn next(&mut self) -> Heard {
        tokio::select! {
            _ = self.hangup.recv() => Heard::End(Number::HUP.as_raw()),
            _ = self.interrupt.recv() => Heard::End(Number::INT.as_raw()),
            _ = self.quit.recv() => Heard::End(Number::QUIT.as_raw()),
            _ = self.terminate.recv() => Heard::End(Number::TERM.as_raw()),
            _ = self.window.recv() => Heard::Resized,
            _ = self.stop.recv() => Heard::Stop,
            _ = self.go_on.recv() => Heard::Continued,
        }
    }
}

/// Stops this process, and those of its job, as Ctrl-Z would have; returns when it goes on.
pub(super) fn stop() {
    // When it fails there is nobody who could continue us: not stopping is right.
    let _ = kill_current_process_group(Number::STOP);
}
