//! `GET /api/sessions/{id}/tasks/{task_id}/output?offset=N`: what a background task has printed.

use super::{json_reply, query, session};
use crate::protocol::{ErrorCode, TaskOutput};
use crate::web::ApiError;
use crate::web::context::Context;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;
use warp::reply::Response;

/// Most of one answer; who wants more asks again from `next_offset`.
const OUTPUT_BYTES_MAX: u64 = 256 << 10;
/// A file on a dead mount must not hold the request for ever.
const PATIENCE: Duration = Duration::from_secs(10);

pub(in crate::web) async fn output(
    context: Context,
    id: String,
    task_id: String,
    query: String,
) -> Result<Response, ApiError> {
    let pair = query::pairs(&query, &["offset"])?.into_iter().next();
    let offset = pair.map_or(Ok(0), |(key, value)| query::number(key, &value, 0, i64::MAX.unsigned_abs()))?;
    let unknown = || ApiError::new(ErrorCode::NotFound, "nothing is known of this task's output");
    let path = session(&context, &id)?.chat()?.task_output_path(&task_id).ok_or_else(unknown)?;
    let reading = context.tracker().spawn_blocking(move || read(&path, offset));
    let read = tokio::time::timeout(PATIENCE, reading)
        .await
        .map_err(|_| ApiError::new(ErrorCode::Overloaded, "the task's output cannot be read right now; try again"))?
        .map_err(|_| ApiError::internal("reading a task's output panicked"))?;
    Ok(json_reply(&read.map_err(|error| refusal(&error))?))
}

fn refusal(error: &io::Error) -> ApiError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            ApiError::new(ErrorCode::NotFound, "the task's output is not there: not yet written, or already removed")
        }
        _ => ApiError::new(ErrorCode::PathDenied, format!("cannot read the task's output: {error}")),
    }
}

/// Reads whole characters from `offset` on. Only a plain file is read, and no link followed to it: the directory
/// belongs to programs that Claude runs.
fn read(path: &Path, offset: u64) -> io::Result<TaskOutput> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    if offset >= metadata.len() {
        return Ok(TaskOutput { text: String::new(), offset: metadata.len(), next_offset: metadata.len() });
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(OUTPUT_BYTES_MAX).read_to_end(&mut bytes)?;
    bytes.truncate(bytes.len() - unfinished(&bytes));
    let next_offset = offset + bytes.len() as u64;
    Ok(TaskOutput { text: String::from_utf8_lossy(&bytes).into_owned(), offset, next_offset })
}

/// Bytes at the end that begin a character whose rest is not here yet.
fn unfinished(bytes: &[u8]) -> usize {
    match std::str::from_utf8(&bytes[bytes.len().saturating_sub(4)..]) {
        Ok(_) => 0,
        Err(_) => {
            let begins = |byte: &u8| *byte >= 0b1100_0000;
            let Some(back) = bytes.iter().rev().take(3).position(begins).map(|at| at + 1) else { return 0 };
            let tail = &bytes[bytes.len() - back..];
            let waits = std::str::from_utf8(tail).is_err_and(|error| error.error_len().is_none());
            // A file that is only the beginning of a character would never be read to its end otherwise.
            if waits && back < bytes.len() { back } else { 0 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn output_is_read_in_parts_that_end_between_characters() {
        let dir = tempfile::tempdir().expect("tempdir");
        let path = dir.path().join("out");
        let text = "ä€😀x".repeat(60_000);
        std::fs::write(&path, &text).expect("write");
        let (mut all, mut at, mut parts) = (String::new(), 0, 0);
        loop {
            let part = read(&path, at).expect("read");
            assert_eq!(part.offset, at);
            if part.text.is_empty() {
                break;
            }
            all.push_str(&part.text);
            at = part.next_offset;
            parts += 1;
        }
        assert_eq!((all == text, at, parts), (true, text.len() as u64, 3));
        let beyond = read(&path, 1 << 40).expect("read");
        assert_eq!((beyond.text.as_str(), beyond.next_offset), ("", text.len() as u64));
    }

    #[test]
    fn bytes_that_are_no_text_do_not_stop_the_reading() {
        let dir = tempfile::tempdir().expect("tempdir");
        let path = dir.path().join("out");
        for (bytes, shown, next) in [
            (&b"a\xff\xfeb"[..], "a\u{fffd}\u{fffd}b", 4),
            (b"ab\xe2\x82", "ab", 2),
            (b"\xe2\x82", "\u{fffd}", 2),
            (b"a\x80\x80\x80\x80", "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}", 5),
            (b"a\xe2\x82\xac", "a\u{20ac}", 4),
        ] {
            std::fs::write(&path, bytes).expect("write");
            let part = read(&path, 0).expect("read");
            assert_eq!((part.text.as_str(), part.next_offset), (shown, next), "{bytes:?}");
        }
    }

    #[test]
    fn only_a_plain_file_is_read() {
        let dir = tempfile::tempdir().expect("tempdir");
        std::fs::write(dir.path().join("secret"), "x").expect("write");
        symlink("secret", dir.path().join("link")).expect("link");
        rustix::fs::mkfifoat(rustix::fs::CWD, dir.path().join("pipe"), rustix::fs::Mode::RWXU).expect("fifo");
        for name in ["link", "pipe", "."] {
            assert_eq!(refusal(&read(&dir.path().join(name), 0).expect_err(name)).code(), ErrorCode::PathDenied);
        }
        let gone = read(&dir.path().join("gone"), 0).expect_err("gone");
        assert_eq!(refusal(&gone).code(), ErrorCode::NotFound);
    }
}
