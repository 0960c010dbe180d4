//! Lines of a child's output, bounded: a line that is too long is reported and skipped, and the next one parses.

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

/// A read asks for this much; pipes hold 64 KiB.
const READ_BYTES: usize = 16 << 10;
/// A buffer that once held a long line is given back.
const KEEP_BYTES: usize = 256 << 10;

/// One line, or what came instead.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line without its end. The last one may have had none.
    Whole(Bytes),
    /// A line longer than the limit, which was dropped.
    TooLong {
        /// How long it was, as far as it was read.
        bytes: usize,
    },
}

/// Reads lines of at most `limit` bytes.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    buffer: BytesMut,
    /// Bytes of the buffer known to hold no line end.
    searched: usize,
    /// Bytes dropped of the line being skipped.
    skipping: Option<usize>,
    limit: usize,
    ended: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(crate) fn new(reader: R, limit: usize) -> Self {
        Self { reader, buffer: BytesMut::new(), searched: 0, skipping: None, limit, ended: false }
    }

    /// The next line; `None` at the end of the stream, also when reading fails. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(line) = self.take_line() {
                return Some(line);
            }
            if self.ended {
                return self.take_rest();
            }
            if self.buffer.capacity() - self.buffer.len() < READ_BYTES / 4 {
                self.buffer.reserve(READ_BYTES);
            }
            // `read_buf` is cancel-safe: either nothing was read, or it is in the buffer.
            if !matches!(self.reader.read_buf(&mut self.buffer).await, Ok(1..)) {
                self.ended = true;
            }
        }
    }

    fn take_line(&mut self) -> Option<Line> {
        match self.buffer[self.searched..].iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                let line = self.buffer.split_to(self.searched + at).freeze();
                self.buffer.advance(1);
                self.searched = 0;
                if let Some(dropped) = self.skipping.take() {
                    return Some(Line::TooLong { bytes: dropped + line.len() });
                }
                if line.len() > self.limit {
                    return Some(Line::TooLong { bytes: line.len() });
                }
                if self.buffer.is_empty() && self.buffer.capacity() > KEEP_BYTES {
                    self.buffer = BytesMut::new();
                }
                Some(Line::Whole(line))
            }
            None => {
                self.searched = self.buffer.len();
                if self.searched > self.limit {
                    *self.skipping.get_or_insert(0) += self.searched;
                    self.buffer.clear();
                    self.searched = 0;
                }
                None
            }
        }
    }

    fn take_rest(&mut self) -> Option<Line> {
        let rest = self.buffer.split().freeze();
        self.searched = 0;
        match self.skipping.take() {
            Some(dropped) => Some(Line::TooLong { bytes: dropped + rest.len() }),
            None if rest.is_empty() => None,
            None => Some(Line::Whole(rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn all(input: &[u8], limit: usize, step: usize) -> Vec<Line> {
        let chunks =
            input.chunks(step).map(|chunk| std::io::Result::Ok(Bytes::copy_from_slice(chunk))).collect::<Vec<_>>();
        let mut lines = Lines::new(Steps(chunks.into_iter()), limit);
        let mut found = Vec::new();
        while let Some(line) = lines.next().await {
            found.push(line);
        }
        found
    }

    /// A reader that gives one chunk per read.
    struct Steps<I>(I);

    impl<I: Iterator<Item = std::io::Result<Bytes>> + Unpin> AsyncRead for Steps<I> {
        fn poll_read(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
            buf: &mut tokio::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            if let Some(chunk) = self.0.next() {
                buf.put_slice(&chunk?);
            }
            std::task::Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_reported_and_the_next_one_parses() {
        let mut input = vec![b'x'; 1000];
        input.extend_from_slice(b"\nnext\nhalf");
        for step in [1, 7, 64, 2000] {
            let lines = all(&input, 100, step).await;
            assert_eq!(
                lines,
                [Line::TooLong { bytes: 1000 }, Line::Whole("next".into()), Line::Whole("half".into())],
                "step {step}"
            );
        }
    }

    proptest! {
        #[test]
        fn lines_come_out_whole_however_they_are_cut(
            lines in proptest::collection::vec("[a-z]{0,50}", 0..20),
            step in 1usize..70,
        ) {
            let input = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
            let found = runtime.block_on(all(input.as_bytes(), 100, step));
            let wanted: Vec<Line> = lines.iter().map(|line| Line::Whole(line.clone().into())).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
