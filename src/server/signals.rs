//! When to stop, and when to stop being polite about it.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// When to stop. Tests cancel the tokens themselves.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// Cancelled by the first INT or TERM.
    pub stop: CancellationToken,
    /// Cancelled by the second: skip the grace.
    pub hurry: CancellationToken,
}

impl Signals {
    /// Tokens that follow INT and TERM of this process; needs a running runtime.
    pub fn of_process() -> io::Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let signals = Self::default();
        let Self { stop, hurry } = signals.clone();
        TaskTracker::new().spawn(async move {
            either(&mut interrupt, &mut terminate).await;
            stop.cancel();
            either(&mut interrupt, &mut terminate).await;
            hurry.cancel();
        });
        Ok(signals)
    }
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
