//! What was said before: the transcript Claude Code keeps of a conversation, as the events its process would have given.
//!
//! The file is foreign and may be huge, broken or still being written. It is read twice: once to learn where each
//! line stands in the tree, once for the newest lines of the current thread, which go through the same decoder as a
//! live process's output. Nothing in it makes the reading fail; what cannot be read is counted.

mod lines;
mod place;
mod thread;
mod words;

pub use place::{config_dir, find};
pub(super) use thread::open as open_plain_file;

use super::codec::{Decoded, Decoder};
use crate::protocol::{ChatEvent, UnixMs};
use std::io;
use std::ops::Range;
use std::path::Path;
use thread::Thread;
use uuid::Uuid;
use words::{Known, Subagents};

/// Bytes an event weighs besides its text.
const EVENT_OVERHEAD_BYTES: usize = 128;

/// What a transcript says.
#[derive(Debug, Default, PartialEq)]
pub struct History {
    /// What happened, oldest first, each with its time.
    pub events: Vec<(UnixMs, ChatEvent)>,
    /// The conversation's title.
    pub title: Option<String>,
    /// Tokens in the context window at its end.
    pub used_tokens: Option<u64>,
    /// Earlier parts are left out, because all of it is more than was wanted.
    pub cut: bool,
    /// Lines that could not be read.
    pub bad_lines: u64,
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum TranscriptError {
    /// The file cannot be read.
    #[error("cannot read the transcript of this conversation: {0}")]
    Io(#[from] io::Error),
    /// The message to go back to is not in what Claude Code would load.
    #[error("this conversation holds no message {0} since it was last compacted; Claude Code cannot go back to it")]
    NoSuchMessage(Uuid),
}

/// Reads the current thread of a transcript, or the one that ends at message `at`: the newest events that fit
/// `bytes_max`. Blocks.
pub fn read(path: &Path, at: Option<Uuid>, bytes_max: usize) -> Result<History, TranscriptError> {
    let mut thread = Thread::read(path)?;
    let chain = match at {
        None => thread.current(),
        Some(at) => thread.until(at).ok_or(TranscriptError::NoSuchMessage(at))?,
    };
    let lines = thread.newest(&chain, bytes_max);
    let cut_lines = lines.len() < chain.len();
    let mut told = Told { subagents: Subagents::beside(path), ..Told::default() };
    for at in lines {
        if let Some(line) = thread.line(*at)? {
            told.line(&line, None, 0);
        }
    }
    let Told { mut events, inner, used_tokens, .. } = told;
    in_order(&mut events, &inner, words::now());
    let cut_events = keep_newest(&mut events, bytes_max);
    let title = thread.title().or_else(|| first_words(&events).filter(|_| !cut_lines && !cut_events));
    let cut = cut_lines || cut_events || thread.begins_late();
    Ok(History { events, title, used_tokens, cut, bad_lines: thread.bad_lines() })
}

/// Events of a thread while it is gone through.
#[derive(Default)]
struct Told {
    decoder: Decoder,
    subagents: Subagents,
    known: Known,
    events: Vec<(UnixMs, ChatEvent)>,
    /// Where among the events the subagents of the thread itself speak.
    inner: Vec<Range<usize>>,
    used_tokens: Option<u64>,
}

/// Subagents may call subagents; deeper ones are not looked for.
const DEPTH_MAX: usize = 4;

impl Told {
    fn line(&mut self, line: &serde_json::Value, parent: Option<&str>, depth: usize) {
        let at = words::time(line).or(self.events.last().map(|(at, _)| *at)).unwrap_or(0);
        if let Some(frame) = words::frame(line, parent) {
            if parent.is_none() {
                self.used_tokens = words::used_tokens(&frame.value).or(self.used_tokens);
            }
            self.decode(&frame.value, at, frame.by_person, depth);
        }
    }

    fn decode(&mut self, wire: &serde_json::Value, at: UnixMs, by_person: bool, depth: usize) {
        let Ok(bytes) = serde_json::to_vec(wire) else { return };
        for decoded in self.decoder.line(&bytes) {
            let Decoded::Event(event) = decoded else { continue };
            // How full the window was then is nothing that was said; how full it is in the end is told apart.
            if let ChatEvent::Context { used_tokens, .. } = event {
                self.used_tokens = Some(used_tokens);
                continue;
            }
            let event = if by_person { words::said_by_person(event) } else { event };
            let called = match &event {
                ChatEvent::ToolUse { tool_use_id, .. } => Some(tool_use_id.clone()),
                _ => None,
            };
            let delivered = words::delivered(&event);
            let finished = self.known.finished(&event);
            self.events.push((at, event));
            self.events.extend(delivered.into_iter().chain(finished).map(|event| (at, event)));
            if let Some(tool_use_id) = called.filter(|_| depth < DEPTH_MAX) {
                self.subagent(&tool_use_id, at, depth);
            }
        }
    }

    /// What the subagent behind a tool call said, where it was called.
    fn subagent(&mut self, tool_use_id: &str, at: UnixMs, depth: usize) {
        let Some((started, lines)) = self.subagents.called_by(tool_use_id) else { return };
        self.known.started(&started);
        let begin = self.events.len();
        self.events.push((at, started));
        for line in &lines {
            self.line(line, Some(tool_use_id), depth + 1);
        }
        if depth == 0 {
            self.inner.push(begin..self.events.len());
        }
    }
}

/// Nothing was said before what stands in front of it, and nothing in the future, whatever the clock of that time said.
/// A subagent in the background may have spoken long after what follows it here: it is brought in line with the thread,
/// not the thread with it.
fn in_order(events: &mut [(UnixMs, ChatEvent)], inner: &[Range<usize>], now: UnixMs) {
    let known = events.iter().map(|(at, _)| *at).find(|at| *at > 0);
    let mut last = known.unwrap_or(now).min(now);
    let mut next = 0;
    for range in inner {
        last = raised(&mut events[next..range.start], last, now);
        next = range.end;
    }
    raised(&mut events[next..], last, now);
    // What one subagent said may be followed by what another said: both end before the thread goes on.
    let mut ends: Vec<usize> = inner.iter().map(|range| range.end).collect();
    for at in (1..inner.len()).rev() {
        if inner[at].start == inner[at - 1].end {
            ends[at - 1] = ends[at];
        }
    }
    for (range, end) in inner.iter().zip(ends) {
        let before = range.start.checked_sub(1).map_or(0, |at| events[at].0);
        let after = events.get(end).map_or(now, |(at, _)| *at);
        raised(&mut events[range.clone()], before, after);
    }
}

/// Makes times rise from `least` to at most `most`; gives the last.
fn raised(events: &mut [(UnixMs, ChatEvent)], least: UnixMs, most: UnixMs) -> UnixMs {
    events.iter_mut().fold(least, |last, (at, _)| {
        *at = (*at).min(most).max(last);
        *at
    })
}

/// Drops the oldest events until the rest fits; tells whether any were dropped.
fn keep_newest(events: &mut Vec<(UnixMs, ChatEvent)>, bytes_max: usize) -> bool {
    let mut bytes = 0;
    let kept = events.iter().rev().take_while(|(_, event)| {
        bytes += weight(event);
        bytes <= bytes_max
    });
    let dropped = events.len() - kept.count();
    events.drain(..dropped);
    dropped > 0
}

fn weight(event: &ChatEvent) -> usize {
    let mut counted = Counted(0);
    // Writing into a counter cannot fail.
    let _ = serde_json::to_writer(&mut counted, event);
    counted.0 + EVENT_OVERHEAD_BYTES
}

struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The first thing a person said, for want of a title.
fn first_words(events: &[(UnixMs, ChatEvent)]) -> Option<String> {
    use crate::protocol::{Content, MessageOrigin};
    events.iter().find_map(|(_, event)| match event {
        ChatEvent::UserMessage { origin: MessageOrigin::User, content, .. } => {
            content.iter().find_map(|part| match part {
                Content::Text { text } if !text.starts_with('/') => {
                    text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
                }
                _ => None,
            })
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests;
