//! A chat as a document: numbered events in, Markdown, HTML, JSON or JSON lines out.
//!
//! One fold makes the events readable; the writers only spell what it found. Everything in a chat is foreign text:
//! nothing of it becomes markup, a script, or a request of whoever opens the file.

mod clean;
mod document;
mod fold;
mod html;
mod markdown;
mod name;
mod prose;
mod words;

pub use document::Document;
pub use fold::Fold;
pub use name::{attachment, disposition};

/// What a chat is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown.
    Markdown,
    /// One page without scripts and without anything from elsewhere.
    Html,
    /// `{session, events}`.
    Json,
    /// The frames of the chat socket, one per line.
    JsonLines,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Markdown, Self::Html, Self::Json, Self::JsonLines];

    /// As an address, a flag and a file name's end spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::JsonLines => "application/x-ndjson; charset=utf-8",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.word() == word).ok_or("one of md, html, json, jsonl")
    }
}

impl Document {
    /// The document in parts, each made when it is asked for. Formats that are no documents give nothing.
    pub fn parts(self, format: Format) -> Box<dyn Iterator<Item = String> + Send + Sync> {
        match format {
            Format::Markdown => Box::new(markdown::parts(self)),
            Format::Html => Box::new(html::parts(self)),
            Format::Json | Format::JsonLines => Box::new(std::iter::empty()),
        }
    }
}

#[cfg(test)]
mod tests;
