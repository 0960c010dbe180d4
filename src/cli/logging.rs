//! Logging to stderr, one line an event, whatever is in it.

use crate::config::{LogFormat, LogLevel};
use std::io::{self, Write};
use tracing::level_filters::LevelFilter;

/// Starts logging; once per process.
pub(super) fn start(level: LogLevel, format: LogFormat) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    // Without colours, every control character in a line comes from somebody else and can be escaped.
    let builder =
        tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_writer(|| Escaped(io::stderr()));
    // The only error is a subscriber that is there already, which then does the work.
    let _ = match format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// Escapes control characters, the line's end excepted. The subscriber hands over one whole line at a time.
struct Escaped<W>(W);

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(escaped(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn escaped(line: &str) -> String {
    use std::fmt::Write;
    let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
    let mut out = String::with_capacity(line.len());
    for c in body.chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            // This form is an escape inside a JSON string as well, so the JSON stays JSON.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_cannot_forge_a_line_or_move_the_cursor() {
        for (line, wanted) in [
            ("all ön one line\n", "all ön one line\n"),
            ("a\nINFO forged\n", "a\\u000aINFO forged\n"),
            ("\x1b[2J\u{9b}2J\x7f\u{202e}", "\\u001b[2J\\u009b2J\\u007f\\u202e"),
        ] {
            assert_eq!(escaped(line), wanted);
        }
        let mut out = Escaped(Vec::new());
        out.write_all(b"{\"a\":\"\x7f\"}\n").unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&out.0).unwrap()["a"], "\x7f");
    }
}
