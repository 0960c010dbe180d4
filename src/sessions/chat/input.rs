//! The child's stdin: a bounded queue of lines and the task that writes them, so that a child that does not read
//! never blocks its session.

use super::super::SessionError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::AsyncWriteExt;
use tokio::net::unix::pipe;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// Lines waiting for the child.
const LINES_MAX: usize = 256;
/// Bytes waiting for the child; one message with images may have 10 MiB.
const BYTES_MAX: usize = 32 << 20;

/// The writing end of a child's stdin. Dropping it closes stdin once everything is written.
#[derive(Debug)]
pub(super) struct Input {
    lines: mpsc::Sender<String>,
    queued_bytes: Arc<AtomicUsize>,
}

impl Input {
    pub(super) fn new(mut stdin: pipe::Sender, tracker: &TaskTracker) -> Self {
        let (lines, mut queue) = mpsc::channel::<String>(LINES_MAX);
        let queued_bytes = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&queued_bytes);
        tracker.spawn(async move {
            while let Some(line) = queue.recv().await {
                let written = stdin.write_all(line.as_bytes()).await;
                counted.fetch_sub(line.len(), Ordering::Relaxed);
                if written.is_err() {
                    // The child is gone, or deaf; dropping the queue tells the actor.
                    return;
                }
            }
        });
        Self { lines, queued_bytes }
    }

    /// Waits until the child has closed its end.
    pub(super) async fn closed(&self) {
        self.lines.closed().await;
    }

    /// Queues a line. Errors when the child takes too little, or nothing any more.
    pub(super) fn write(&self, line: String) -> Result<(), SessionError> {
        let length = line.len();
        let queued = self.queued_bytes.fetch_add(length, Ordering::Relaxed);
        let sent = if queued > 0 && queued + length > BYTES_MAX {
            Err(SessionError::Overloaded)
        } else {
            self.lines.try_send(line).map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => SessionError::Overloaded,
                mpsc::error::TrySendError::Closed(_) => SessionError::Ended,
            })
        };
        if sent.is_err() {
            self.queued_bytes.fetch_sub(length, Ordering::Relaxed);
        }
        sent
    }
}
