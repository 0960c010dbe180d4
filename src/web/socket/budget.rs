//! Bounds how many bytes are read from a client before it has signed in, and counts them afterwards.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream that gives a limited number of bytes until the limit is lifted.
#[derive(Debug)]
pub(super) struct Budget<S> {
    inner: S,
    left: usize,
    lifted: Arc<AtomicBool>,
    heard: Arc<AtomicU64>,
}

/// Lifts the limit.
#[derive(Debug)]
pub(super) struct Lift(Arc<AtomicBool>);

impl Lift {
    pub(super) fn lift(self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<S> Budget<S> {
    pub(super) fn new(inner: S, bytes: usize) -> (Self, Lift) {
        let lifted = Arc::new(AtomicBool::new(false));
        (Self { inner, left: bytes, lifted: Arc::clone(&lifted), heard: Arc::default() }, Lift(lifted))
    }

    /// Bytes read so far; also while a message is still on its way.
    pub(super) fn heard(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.heard)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Budget<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.lifted.load(Ordering::Relaxed) {
            let before = buf.filled().len();
            std::task::ready!(Pin::new(&mut this.inner).poll_read(cx, buf))?;
            this.heard.fetch_add((buf.filled().len() - before) as u64, Ordering::Relaxed);
            return Poll::Ready(Ok(()));
        }
        if this.left == 0 {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "too much before the credential")));
        }
        let mut part = buf.take(this.left);
        std::task::ready!(Pin::new(&mut this.inner).poll_read(cx, &mut part))?;
        let filled = part.filled().len();
        this.left -= filled;
        let whole = buf.filled().len() + filled;
        buf.set_filled(whole);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Budget<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
