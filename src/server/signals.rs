//! When to stop, and when to stop being polite about it.

use tokio_util::sync::CancellationToken;

/// When to stop. The command line cancels these when the process is signalled, tests do it themselves.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// Cancelled by the first INT or TERM.
    pub stop: CancellationToken,
    /// Cancelled by the second: skip the grace.
    pub hurry: CancellationToken,
}
