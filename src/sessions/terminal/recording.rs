//! A terminal's output as a file: asciicast v2, written beside the terminal, which never waits for the disk.

use crate::protocol::{Recording, RecordingState};
use crate::sessions::core::Core;
use bytes::Bytes;
use rustix::fs::{FlockOperation, flock};
use serde_json::json;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::task::TaskTracker;

/// Output that waits for the disk. One that is slower for so long is not waited for: the recording ends.
const WAITING_BYTES_MAX: usize = 16 << 20;
/// Parts that wait; most hold a whole read.
const WAITING_PARTS_MAX: usize = 4096;
/// Written at once.
const BUFFER_BYTES: usize = 64 << 10;
/// Room for the last lines, within the limit.
const LAST_LINE_BYTES: u64 = 256;
/// How often the summary tells how long the file is.
const TELL_INTERVAL: Duration = Duration::from_secs(2);

/// Records one terminal. Nothing here waits.
#[derive(Debug)]
pub(crate) struct Recorder {
    /// Capacity 4,096 parts and 16 MiB; when either is used up the recording ends, with a note.
    queue: Mutex<Option<mpsc::Sender<Part>>>,
    room: Arc<Semaphore>,
    began: Instant,
    shared: Arc<Shared>,
}

/// What the writer and the readers of the file share.
#[derive(Debug)]
struct Shared {
    core: Arc<Core>,
    path: PathBuf,
    state: Mutex<Recording>,
}

#[derive(Debug)]
enum Part {
    Output(Duration, Bytes, OwnedSemaphorePermit),
    Resize(Duration, u16, u16),
}

/// Where recordings are kept, and how large they may grow.
#[derive(Debug, Clone)]
pub(crate) struct RecordingSettings {
    /// The file of this session.
    pub path: PathBuf,
    /// Bytes of it.
    pub bytes_max: u64,
    /// Bytes of all of them together; the oldest that nobody writes to are removed.
    pub all_bytes_max: u64,
}

impl Recorder {
    /// Creates the file and starts the writer.
    pub(crate) fn start(
        core: Arc<Core>,
        settings: &RecordingSettings,
        (cols, rows): (u16, u16),
        tracker: &TaskTracker,
    ) -> io::Result<Self> {
        let file = create(settings)?;
        let title = core.summary().title;
        let recording = Recording { state: RecordingState::Running, bytes: 0, note: None };
        let shared = Arc::new(Shared { core, path: settings.path.clone(), state: Mutex::new(recording) });
        let (queue, parts) = mpsc::channel(WAITING_PARTS_MAX);
        let mut writer = Writer {
            file,
            shared: Arc::clone(&shared),
            buffer: header(cols, rows, &title),
            written: 0,
            bytes_max: settings.bytes_max.saturating_sub(LAST_LINE_BYTES),
            text: Text::default(),
            told: Instant::now(),
        };
        writer.flush()?;
        shared.tell();
        tracker.spawn_blocking(move || writer.run(parts));
        let room = Arc::new(Semaphore::new(WAITING_BYTES_MAX));
        Ok(Self { queue: Mutex::new(Some(queue)), room, began: Instant::now(), shared })
    }

    /// Says on the session why there is none.
    pub(super) fn could_not_start(core: &Core, error: &io::Error) {
        let note = Some(format!("the recording could not be started: {error}"));
        let recording = Recording { state: RecordingState::Stopped, bytes: 0, note };
        core.update(|session| session.recording = Some(recording));
    }

    /// The program printed this.
    pub(crate) fn output(&self, bytes: &[u8]) {
        self.put(|| {
            let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            let room = Arc::clone(&self.room).try_acquire_many_owned(size).ok()?;
            Some(Part::Output(self.began.elapsed(), Bytes::copy_from_slice(bytes), room))
        });
    }

    /// The terminal has another size.
    pub(crate) fn resize(&self, cols: u16, rows: u16) {
        self.put(|| Some(Part::Resize(self.began.elapsed(), cols, rows)));
    }

    /// Nothing follows; the writer ends the file.
    pub(crate) fn finish(&self) {
        super::lock(&self.queue).take();
    }

    /// The file, and how many bytes of it are whole lines by now.
    pub(crate) fn file(&self) -> (PathBuf, u64) {
        (self.shared.path.clone(), super::lock(&self.shared.state).bytes)
    }

    /// Queues a part; none when there is no room for it.
    fn put(&self, part: impl FnOnce() -> Option<Part>) {
        let mut queue = super::lock(&self.queue);
        let Some(sender) = &*queue else { return };
        match part().map(|part| sender.try_send(part)) {
            Some(Ok(())) => return,
            // The writer has ended; it said why.
            Some(Err(mpsc::error::TrySendError::Closed(_))) => {}
            None | Some(Err(mpsc::error::TrySendError::Full(_))) => {
                self.shared.stop("the disk was too slow for this terminal");
            }
        }
        queue.take();
    }
}

impl Shared {
    /// The first reason stays.
    fn stop(&self, why: &str) {
        {
            let mut state = super::lock(&self.state);
            if state.state != RecordingState::Running || state.note.is_some() {
                return;
            }
            state.note = Some(why.to_owned());
        }
        tracing::warn!(session = %self.core.id, why, "a recording ended early");
    }

    fn note(&self) -> Option<String> {
        super::lock(&self.state).note.clone()
    }

    /// Shows it in the session.
    fn tell(&self) {
        let now = super::lock(&self.state).clone();
        self.core.update(|session| session.recording = Some(now));
    }
}

struct Writer {
    file: File,
    shared: Arc<Shared>,
    /// Whole lines that are not in the file yet.
    buffer: Vec<u8>,
    written: u64,
    bytes_max: u64,
    text: Text,
    told: Instant,
}

impl Writer {
    fn run(mut self, mut parts: mpsc::Receiver<Part>) {
        let mut last = Duration::ZERO;
        let done = loop {
            // What is known is in the file before anything is waited for.
            let part = match parts.try_recv() {
                Ok(part) => Some(part),
                Err(_) => match self.flush() {
                    Ok(()) => parts.blocking_recv(),
                    Err(error) => break Err(error),
                },
            };
            let Some(part) = part else { break Ok(()) };
            let line = match part {
                Part::Output(at, bytes, _room) => {
                    last = at;
                    self.text.push(&bytes).map(|text| line(at, "o", &text))
                }
                Part::Resize(at, cols, rows) => Some(line(at, "r", &format!("{cols}x{rows}"))),
            };
            let Some(line) = line else { continue };
            if self.written + (self.buffer.len() + line.len()) as u64 > self.bytes_max {
                let mib = (self.bytes_max + LAST_LINE_BYTES) >> 20;
                self.shared.stop(&format!("the recording reached its limit of {mib} MiB"));
                break Ok(());
            }
            self.buffer.extend_from_slice(&line);
            if self.buffer.len() >= BUFFER_BYTES
                && let Err(error) = self.flush()
            {
                break Err(error);
            }
        };
        // From here on nobody has to make room for what is not read any more.
        drop(parts);
        let done = done.and_then(|()| {
            if let Some(rest) = self.text.finish() {
                self.buffer.extend_from_slice(&line(last, "o", rest));
            }
            if let Some(note) = self.shared.note() {
                self.buffer.extend_from_slice(&line(last, "m", &note));
            }
            self.flush()
        });
        if let Err(error) = done {
            self.shared.stop(&format!("it could not be written: {error}"));
        }
        {
            let mut state = super::lock(&self.shared.state);
            state.state = if state.note.is_some() { RecordingState::Stopped } else { RecordingState::Complete };
        }
        self.shared.tell();
    }

    /// Whole lines, or none of them count.
    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&self.buffer);
        if let Err(error) = written {
            // Half a line would be a damaged file.
            let _ = self.file.set_len(self.written);
            return Err(error);
        }
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        super::lock(&self.shared.state).bytes = self.written;
        if self.told.elapsed() >= TELL_INTERVAL {
            self.told = Instant::now();
            self.shared.tell();
        }
        Ok(())
    }
}

/// Bytes as text: a character that is cut waits for its rest, what is no character becomes U+FFFD.
#[derive(Debug, Default)]
struct Text {
    held: Vec<u8>,
}

impl Text {
    fn push(&mut self, bytes: &[u8]) -> Option<String> {
        let mut all = std::mem::take(&mut self.held);
        all.extend_from_slice(bytes);
        let mut text = String::with_capacity(all.len());
        let mut rest = &all[..];
        loop {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    break;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    text.push_str(std::str::from_utf8(valid).unwrap_or_default());
                    let Some(invalid) = error.error_len() else {
                        self.held = after.to_vec();
                        break;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = &after[invalid..];
                }
            }
        }
        (!text.is_empty()).then_some(text)
    }

    /// What a character that never came to its end is.
    fn finish(&mut self) -> Option<&'static str> {
        (!std::mem::take(&mut self.held).is_empty()).then_some("\u{fffd}")
    }
}

fn header(cols: u16, rows: u16, title: &str) -> Vec<u8> {
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let env = json!({ "TERM": "xterm-256color" });
    let header = json!({
        "version": 2, "width": cols, "height": rows, "timestamp": timestamp, "title": title, "env": env,
    });
    format!("{header}\n").into_bytes()
}

fn line(at: Duration, kind: &str, data: &str) -> Vec<u8> {
    // Microseconds: more would only be noise.
    let seconds = (at.as_micros() as f64) / 1e6;
    format!("{}\n", json!([seconds, kind, data])).into_bytes()
}

/// A file that only this user may read, in a directory that only this user may enter.
fn create(settings: &RecordingSettings) -> io::Result<File> {
    let path = &settings.path;
    let directory = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    // Says that it is being written, until it is closed.
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    prune(directory, settings.all_bytes_max);
    Ok(file)
}

/// Removes the oldest recordings that nobody writes to, until those that are left fit.
fn prune(directory: &Path, bytes_max: u64) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let mut found: Vec<(SystemTime, u64, PathBuf)> = entries
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "cast"))
        .filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            Some((metadata.modified().ok()?, metadata.len(), entry.path()))
        })
        .collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    let mut kept = 0;
    for (_, bytes, path) in found {
        kept += bytes;
        if kept <= bytes_max {
            continue;
        }
        let unused = File::open(&path).is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok());
        if unused && fs::remove_file(&path).is_ok() {
            kept -= bytes;
            tracing::info!(path = %path.display(), "an old recording was removed to make room");
        }
    }
}

#[cfg(test)]
mod tests;
