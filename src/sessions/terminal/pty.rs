//! The output of a PTY, gathered without waking anybody for each piece.

use std::io;
use std::os::fd::OwnedFd;
use tokio::net::unix::pipe::Receiver;

/// One read of a PTY gives at most 4 KiB; this many bytes are gathered before anybody is told of them. Reading them takes
/// less than half a millisecond, which is how long others may have to wait for this thread.
pub(super) const GATHER_BYTES: usize = 32 << 10;
const READ_BYTES: usize = 4 << 10;

/// What a program prints.
///
/// While it floods, the descriptor is not watched: the kernel would wake a thread of the runtime for every piece that
/// arrives, only to tell what the reader knows already.
#[derive(Debug)]
pub(super) struct Output {
    fd: Descriptor,
    buffer: Vec<u8>,
}

/// Tokio's end of a pipe takes whatever can be polled.
#[derive(Debug)]
enum Descriptor {
    Watched(Receiver),
    Unwatched(OwnedFd),
    /// It could not be watched again.
    Lost,
}

impl Output {
    /// Takes a descriptor of the PTY that does not block.
    pub(super) fn new(fd: OwnedFd) -> io::Result<Self> {
        let fd = Descriptor::Watched(Receiver::from_owned_fd_unchecked(fd)?);
        // Memory that was never written to costs nothing.
        Ok(Self { fd, buffer: Vec::with_capacity(GATHER_BYTES + READ_BYTES) })
    }

    /// Waits for output and gives what there is, up to a gather; nothing at the end. A PTY whose other end is closed
    /// gives an error.
    pub(super) async fn gather(&mut self) -> io::Result<&[u8]> {
        self.buffer.clear();
        loop {
            match self.read() {
                // An error comes again with the next read.
                _ if !self.buffer.is_empty() => break,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                ended => return ended.map(|()| &[][..]),
            }
            self.fd.watch()?;
            if let Descriptor::Watched(fd) = &self.fd {
                fd.readable().await?;
            }
        }
        if self.buffer.len() >= GATHER_BYTES {
            self.fd.unwatch();
            // Nothing here ever waits during a flood; others want this thread, too.
            tokio::task::yield_now().await;
        }
        Ok(&self.buffer)
    }

    /// Reads until that is enough, or there is no more.
    fn read(&mut self) -> io::Result<()> {
        while self.buffer.len() < GATHER_BYTES {
            let length = match &self.fd {
                Descriptor::Watched(fd) => fd.try_read_buf(&mut self.buffer)?,
                Descriptor::Unwatched(fd) => rustix::io::read(fd, rustix::buffer::spare_capacity(&mut self.buffer))?,
                Descriptor::Lost => return Err(io::ErrorKind::NotConnected.into()),
            };
            if length == 0 {
                break;
            }
        }
        Ok(())
    }
}

impl Descriptor {
    fn watch(&mut self) -> io::Result<()> {
        *self = match std::mem::replace(self, Self::Lost) {
            Self::Unwatched(fd) => Self::Watched(Receiver::from_owned_fd_unchecked(fd)?),
            other => other,
        };
        Ok(())
    }

    fn unwatch(&mut self) {
        *self = match std::mem::replace(self, Self::Lost) {
            Self::Watched(fd) => fd.into_nonblocking_fd().map_or(Self::Lost, Self::Unwatched),
            other => other,
        };
    }
}
