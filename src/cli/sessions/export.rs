//! `claude-web sessions export`.

use super::Prefix;
use crate::cli::block_on;
use crate::cli::client::{Client, find};
use crate::cli::exit::CliError;
use crate::export::Format as Kind;
use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An export that takes longer than this is worth a word.
const QUIET: Duration = Duration::from_secs(1);

/// Write a chat as Markdown, HTML or JSON.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Id of the session, or its first characters
    id: Prefix,
    /// What to write; the end of the output file's name decides when this is not given, else md
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// File to write; - is standard output
    #[arg(long, short, value_name = "FILE", default_value = "-", value_hint = clap::ValueHint::FilePath)]
    output: PathBuf,
    /// Overwrite the file when it is there
    #[arg(long)]
    force: bool,
}

/// What a chat can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Markdown
    Md,
    /// One page without scripts
    Html,
    /// The session and its events
    Json,
    /// The events, one per line
    Jsonl,
}

impl From<Format> for Kind {
    fn from(format: Format) -> Self {
        match format {
            Format::Md => Self::Markdown,
            Format::Html => Self::Html,
            Format::Json => Self::Json,
            Format::Jsonl => Self::JsonLines,
        }
    }
}

pub(super) fn run(args: Args, client: Client) -> Result<(), CliError> {
    let by_name = || args.output.extension().and_then(|end| end.to_str()).and_then(|end| end.parse().ok());
    let format = args.format.map(Kind::from).or_else(by_name).unwrap_or(Kind::Markdown);
    block_on(async {
        let id = find(&client.sessions().await?, &args.id.0)?;
        let path = format!("/api/sessions/{id}/export?format={}", format.word());
        let mut target = Target::open(&args.output, args.force)?;
        let progress = Progress::new();
        let written = client
            .download(&path, |bytes| {
                progress.advance(bytes.len());
                Ok(target.write(bytes)?)
            })
            .await;
        progress.0.finish_and_clear();
        match written {
            Ok(()) => target.finish(),
            Err(error) => {
                target.give_up();
                Err(error)
            }
        }
    })
}

/// Where the export goes.
enum Target {
    /// Shown at the end: what a terminal would obey has to be taken out of whole characters.
    Terminal(Vec<u8>),
    Pipe(BufWriter<io::Stdout>),
    /// A file, what it is called until it is complete, and what then.
    File(BufWriter<File>, PathBuf, Option<PathBuf>),
}

impl Target {
    fn open(path: &Path, force: bool) -> Result<Self, CliError> {
        if path == Path::new("-") {
            let stdout = io::stdout();
            return Ok(if stdout.is_terminal() {
                Self::Terminal(Vec::new())
            } else {
                Self::Pipe(BufWriter::new(stdout))
            });
        }
        let failed = || format!("cannot write {}", path.display());
        // A chat holds what nobody else on this machine has to read.
        let mut options = OpenOptions::new();
        options.write(true).mode(0o600);
        match fs::metadata(path) {
            Ok(_) if !force => Err(anyhow!("{} is there already; --force overwrites it", path.display()).into()),
            // A device or a pipe is written to, never replaced.
            Ok(there) if !there.is_file() => {
                let file = options.open(path).with_context(failed)?;
                Ok(Self::File(BufWriter::new(file), PathBuf::new(), None))
            }
            Ok(_) => {
                // Through a link, to the file itself.
                let path = path.canonicalize().with_context(failed)?;
                let mut beside = path.clone().into_os_string();
                beside.push(format!(".{}.part", std::process::id()));
                let beside = PathBuf::from(beside);
                let file = options.create_new(true).open(&beside).with_context(failed)?;
                Ok(Self::File(BufWriter::new(file), beside, Some(path)))
            }
            Err(_) => {
                let file = options.create_new(true).open(path).with_context(failed)?;
                Ok(Self::File(BufWriter::new(file), path.to_owned(), None))
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Terminal(all) => {
                all.extend_from_slice(bytes);
                Ok(())
            }
            Self::Pipe(stdout) => stdout.write_all(bytes),
            Self::File(file, ..) => file.write_all(bytes),
        }
    }

    fn finish(self) -> Result<(), CliError> {
        match self {
            Self::Terminal(all) => Ok(crate::cli::output::data(&harmless(&String::from_utf8_lossy(&all)))?),
            Self::Pipe(mut stdout) => Ok(stdout.flush()?),
            Self::File(mut file, written, wanted) => {
                let done = file.flush().and_then(|()| match &wanted {
                    Some(wanted) => fs::rename(&written, wanted),
                    None => Ok(()),
                });
                if done.is_err() {
                    Self::File(file, written, wanted).give_up();
                }
                Ok(done.context("cannot write the file")?)
            }
        }
    }

    /// Half an export looks like a whole one.
    fn give_up(self) {
        if let Self::File(_, written, _) = self
            && !written.as_os_str().is_empty()
        {
            // Whatever kept it from being written may keep it from being removed.
            let _ = fs::remove_file(written);
        }
    }
}

/// Lines as they are, without anything a terminal would obey.
fn harmless(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect()
}

/// A count of what has come, on a terminal, when it takes longer.
struct Progress(ProgressBar);

impl Progress {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, indicatif::ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{spinner} Exporting {bytes} {elapsed}");
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Self(bar)
    }

    fn advance(&self, bytes: usize) {
        self.0.inc(bytes as u64);
        if self.0.is_hidden() && io::stderr().is_terminal() && self.0.elapsed() > QUIET {
            self.0.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing_but_text() {
        assert_eq!(harmless("a\u{1b}[2Jb\r\n\tc\u{9b}1m\u{7}"), "a[2Jb\n\tc1m");
    }

    #[test]
    fn a_file_is_complete_or_as_it_was() {
        let dir = tempfile::tempdir().expect("tempdir");
        let path = dir.path().join("chat.md");
        let mut first = Target::open(&path, false).expect("open");
        first.write(b"one").expect("write");
        first.finish().expect("finish");
        assert!(Target::open(&path, false).is_err(), "not without --force");
        let mut second = Target::open(&path, true).expect("open");
        second.write(b"tw").expect("write");
        second.give_up();
        assert_eq!(fs::read(&path).expect("read"), b"one");
        let mut third = Target::open(&path, true).expect("open");
        third.write(b"three").expect("write");
        third.finish().expect("finish");
        assert_eq!(fs::read(&path).expect("read"), b"three");
        assert_eq!(fs::read_dir(dir.path()).expect("list").count(), 1, "nothing left beside it");
        let mut new = Target::open(&dir.path().join("new"), false).expect("open");
        new.write(b"x").expect("write");
        new.give_up();
        assert!(!dir.path().join("new").exists());
        Target::open(Path::new("/dev/null"), true).expect("a device").finish().expect("finish");
        assert!(Path::new("/dev/null").metadata().is_ok_and(|there| !there.is_file()));
    }
}
