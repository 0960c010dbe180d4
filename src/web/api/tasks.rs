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
/// Names at the end of a task's path that the CLI makes: its own directory, the project, the conversation, `tasks`, the
/// file.
const OWN_NAMES: usize = 5;
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

/// Opens a file without following a link in the names the CLI itself makes, `claude-<uid>` and below: programs that
/// Claude runs may write there. A pipe in its place is not waited for.
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, open, openat};
    let outer = path.ancestors().nth(OWN_NAMES).unwrap_or(Path::new("/"));
    let own = path.strip_prefix(outer).map_err(io::Error::other)?;
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let mut at = open(outer, flags | OFlags::DIRECTORY, Mode::empty())?;
    let mut names = own.components().peekable();
    while let Some(name) = names.next() {
        let kind = if names.peek().is_some() { OFlags::DIRECTORY } else { OFlags::NONBLOCK };
        at = openat(&at, name.as_os_str(), flags | OFlags::NOFOLLOW | kind, Mode::empty())?;
    }
    Ok(File::from(at))
}

/// Reads whole characters from `offset` on, of a plain file only.
fn read(path: &Path, offset: u64) -> io::Result<TaskOutput> {
    let mut file = open(path)?;
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
    fn no_directory_of_the_clis_own_is_a_link() {
        let dir = tempfile::tempdir().expect("tempdir");
        let path = |conversation: &str| dir.path().join(format!("claude-0/-w/{conversation}/tasks/b7.output"));
        for conversation in ["s1", "s2"] {
            std::fs::create_dir_all(path(conversation).parent().expect("parent")).expect("mkdir");
        }
        std::fs::write(path("s1"), "x").expect("write");
        assert_eq!(read(&path("s1"), 0).expect("read").text, "x");
        let tasks = path("s2").parent().expect("parent").to_owned();
        std::fs::remove_dir(&tasks).expect("remove");
        symlink("../s1/tasks", &tasks).expect("link");
        symlink("s1", dir.path().join("claude-0/-w/s3")).expect("link");
        for conversation in ["s2", "s3"] {
            let error = read(&path(conversation), 0).expect_err(conversation);
            assert!(matches!(refusal(&error).code(), ErrorCode::PathDenied | ErrorCode::NotFound), "{error}");
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
