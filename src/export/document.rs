//! A conversation as people read it.

use crate::protocol::UnixMs;
use time::OffsetDateTime;

/// A conversation as people read it.
#[derive(Debug, Default)]
pub struct Document {
    pub(super) title: String,
    /// What is known of the session: name and value.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Something that has to be said before anything else.
    pub(super) caveats: Vec<String>,
    pub(super) entries: Vec<Entry>,
    /// Entries that are part of no other.
    pub(super) top: Vec<usize>,
    /// What all of it took.
    pub(super) totals: Vec<(&'static str, String)>,
}

/// Something that was said or done.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) at: UnixMs,
    pub(super) kind: Kind,
    /// One line.
    pub(super) title: String,
    pub(super) parts: Vec<Part>,
    /// What a subagent said and did.
    pub(super) children: Vec<usize>,
    /// Entries around it.
    pub(super) depth: usize,
}

/// Subagents in subagents; what would be deeper stands beside the others.
const DEPTH_MAX: usize = 12;

/// Who or what an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Claude,
    /// Folded away.
    Thinking,
    /// Folded away.
    Tool,
    /// A question, a plan, an approval.
    Prompt,
    Notice,
    /// The conversation changes here.
    Divider,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Claude => "claude",
            Self::Thinking => "thinking",
            Self::Tool => "tool",
            Self::Prompt => "prompt",
            Self::Notice => "notice",
            Self::Divider => "divider",
        }
    }
}

/// A part of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Markdown.
    Prose(String),
    /// A line or paragraph as it is.
    Text(String),
    /// A line of ours about what became of it.
    Remark(String),
    /// Lines as they are, in a fixed width.
    Code { language: &'static str, text: String },
    /// An image of a kind every browser shows.
    Image { media_type: String, data: String },
}

impl Document {
    pub(super) fn add(&mut self, parent: Option<usize>, mut entry: Entry) -> usize {
        let index = self.entries.len();
        let parent = parent.filter(|parent| self.entries[*parent].depth < DEPTH_MAX);
        entry.depth = parent.map_or(0, |parent| self.entries[parent].depth + 1);
        self.entries.push(entry);
        match parent {
            Some(parent) => self.entries[parent].children.push(index),
            None => self.top.push(index),
        }
        index
    }
}

/// A time everybody reads in the same way.
pub(super) fn moment(at: UnixMs) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    let seconds = i64::try_from(at / 1000).unwrap_or(0);
    OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|at| at.format(&format).ok()).unwrap_or_default()
}
