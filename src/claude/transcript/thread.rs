//! The tree of a transcript's lines, and the thread in it that goes on.

use super::lines::{self, LINE_BYTES_MAX};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use uuid::Uuid;

/// Only so much of the end of a file is looked at.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Lines remembered; their places take about 100 bytes each.
const LINES_MAX: usize = 2_000_000;
/// A line on disk says more than the event made of it, but not much more.
const LINE_TO_EVENT: usize = 2;

/// Where the lines of a transcript stand.
#[derive(Debug)]
pub(super) struct Thread {
    file: File,
    /// Lines that belong to a conversation, as they stand in the file.
    places: Vec<Place>,
    by_uuid: HashMap<Uuid, usize>,
    custom_title: Option<String>,
    ai_title: Option<String>,
    bad_lines: u64,
    begins_late: bool,
}

#[derive(Debug)]
struct Place {
    offset: u64,
    bytes: usize,
    parent: Option<Uuid>,
    /// Before a compaction; Claude Code itself does not look beyond.
    before_compaction: Option<Uuid>,
    is_boundary: bool,
    is_result: bool,
}

/// What a line is, without what it says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    #[serde(default)]
    r#type: Option<Text>,
    #[serde(default)]
    subtype: Option<Text>,
    #[serde(default)]
    uuid: Option<Text>,
    #[serde(default)]
    parent_uuid: Option<Text>,
    #[serde(default)]
    logical_parent_uuid: Option<Text>,
    #[serde(default)]
    is_sidechain: Option<Value>,
    #[serde(default, rename = "sourceToolAssistantUUID")]
    source_tool_assistant: Option<Text>,
    #[serde(default)]
    custom_title: Option<Text>,
    #[serde(default)]
    ai_title: Option<Text>,
}

/// A string, or whatever stands in its place.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Said(String),
    Other(serde::de::IgnoredAny),
}

fn said(text: Option<Text>) -> Option<String> {
    match text? {
        Text::Said(text) => Some(text),
        Text::Other(_) => None,
    }
}

fn id(text: Option<Text>) -> Option<Uuid> {
    said(text)?.parse().ok()
}

impl Thread {
    /// Reads what each line is.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let mut file = open(path)?;
        let length = file.metadata()?.len();
        let mut offset = length.saturating_sub(FILE_BYTES_MAX);
        file.seek(SeekFrom::Start(offset))?;
        let begins_late = offset > 0;
        let mut thread = Self {
            file,
            places: Vec::new(),
            by_uuid: HashMap::new(),
            custom_title: None,
            ai_title: None,
            bad_lines: 0,
            begins_late,
        };
        let mut reader = BufReader::with_capacity(256 << 10, thread.file.try_clone()?);
        if begins_late {
            // The rest of a line whose beginning is not looked at.
            lines::next(&mut reader, &mut offset)?;
        }
        while thread.places.len() < LINES_MAX
            && let Some(line) = lines::next(&mut reader, &mut offset)?
        {
            match line.bytes {
                Some(bytes) if bytes.trim_ascii().is_empty() => {}
                Some(bytes) => thread.take(line.offset, &bytes),
                None => thread.bad_lines += 1,
            }
        }
        Ok(thread)
    }

    fn take(&mut self, offset: u64, bytes: &[u8]) {
        let Some(head) = lines::parsed::<Head>(bytes) else {
            self.bad_lines += 1;
            return;
        };
        let kind = said(head.r#type).unwrap_or_default();
        match kind.as_str() {
            "custom-title" => self.custom_title = said(head.custom_title).or(self.custom_title.take()),
            "ai-title" => self.ai_title = said(head.ai_title).or(self.ai_title.take()),
            "user" | "assistant" | "attachment" | "system" => {}
            _ => return,
        }
        let beside = head.is_sidechain.is_some_and(|flag| flag == Value::Bool(true));
        let Some(uuid) = id(head.uuid).filter(|_| !beside) else { return };
        self.by_uuid.insert(uuid, self.places.len());
        self.places.push(Place {
            offset,
            bytes: bytes.len(),
            parent: id(head.parent_uuid),
            before_compaction: id(head.logical_parent_uuid),
            is_boundary: said(head.subtype).as_deref() == Some("compact_boundary"),
            is_result: kind == "user" && head.source_tool_assistant.is_some(),
        });
    }

    /// The thread that goes on, oldest first.
    pub(super) fn current(&self) -> Vec<usize> {
        self.places.len().checked_sub(1).map(|leaf| self.back_from(leaf)).unwrap_or_default()
    }

    /// The current thread up to a message of it. None if it is not in what Claude Code itself would load.
    pub(super) fn until(&self, message: Uuid) -> Option<Vec<usize>> {
        let wanted = *self.by_uuid.get(&message)?;
        let current = self.current();
        let loaded = current.iter().rposition(|at| self.places[*at].is_boundary).unwrap_or(0);
        current[loaded..].contains(&wanted).then(|| self.back_from(wanted))
    }

    fn back_from(&self, leaf: usize) -> Vec<usize> {
        let mut seen = HashSet::new();
        let mut next = Some(leaf);
        while let Some(at) = next.filter(|at| seen.insert(*at)) {
            let place = &self.places[at];
            next = match place.parent.or(place.before_compaction) {
                // What the parent said is lost, but not what was said before.
                Some(parent) => self.by_uuid.get(&parent).copied().filter(|up| *up != at).or(at.checked_sub(1)),
                None => None,
            };
        }
        // Several calls at once: the result of only one of them carries the thread on.
        let is_result_of = |place: &Place| {
            place.is_result
                && place.parent.and_then(|parent| self.by_uuid.get(&parent)).is_some_and(|up| seen.contains(up))
        };
        let results = self.places.iter().enumerate().filter(|(at, place)| *at <= leaf && is_result_of(place));
        let mut chain: Vec<usize> = results.map(|(at, _)| at).chain(seen.iter().copied()).collect();
        chain.sort_unstable();
        chain.dedup();
        chain
    }

    /// The newest lines of a thread that may fit into events of so many bytes.
    pub(super) fn newest<'a>(&self, chain: &'a [usize], bytes_max: usize) -> &'a [usize] {
        let mut bytes = 0;
        let fitting = chain.iter().rev().take_while(|at| {
            bytes += self.places[**at].bytes;
            bytes <= bytes_max.saturating_mul(LINE_TO_EVENT)
        });
        &chain[chain.len() - fitting.count()..]
    }

    /// A line of the thread; none if somebody rewrote the file in between.
    pub(super) fn line(&mut self, at: usize) -> io::Result<Option<Value>> {
        let place = &self.places[at];
        let mut line = vec![0; place.bytes.min(LINE_BYTES_MAX)];
        self.file.seek(SeekFrom::Start(place.offset))?;
        self.file.read_exact(&mut line)?;
        let said = lines::parsed(&line);
        self.bad_lines += u64::from(said.is_none());
        Ok(said)
    }

    /// The newest title a person gave, or else Claude Code.
    pub(super) fn title(&self) -> Option<String> {
        let usable = |title: &&String| !title.trim().is_empty();
        self.custom_title.iter().find(usable).or(self.ai_title.iter().find(usable)).cloned()
    }

    pub(super) fn bad_lines(&self) -> u64 {
        self.bad_lines
    }

    pub(super) fn begins_late(&self) -> bool {
        self.begins_late
    }
}

/// Opens a plain file; a pipe in its place is not waited for.
pub(in crate::claude) fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let file = File::from(rustix::fs::open(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())?);
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no plain file")) }
}
