//! The lines of a file, with where each stands; one that is too long is passed over without being held.

use std::io::{self, BufRead};

/// Longer lines are passed over; the CLI's own are far below.
pub(super) const LINE_BYTES_MAX: usize = 32 << 20;

/// A line of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it begins.
    pub(super) offset: u64,
    /// Without its end; none if it was too long.
    pub(super) bytes: Option<Vec<u8>>,
}

/// Reads the next line from `reader`, which stands at `*offset`. None at the end.
pub(super) fn next(reader: &mut impl BufRead, offset: &mut u64) -> io::Result<Option<Line>> {
    let begin = *offset;
    let mut bytes = Some(Vec::new());
    loop {
        let part = match reader.fill_buf() {
            Ok(part) => part,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if part.is_empty() {
            return Ok((*offset > begin).then_some(Line { offset: begin, bytes }));
        }
        let end = part.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(part.len());
        match &mut bytes {
            Some(held) if held.len() + taken <= LINE_BYTES_MAX => held.extend_from_slice(&part[..taken]),
            too_long => *too_long = None,
        }
        let used = taken + usize::from(end.is_some());
        reader.consume(used);
        *offset += used as u64;
        if end.is_some() {
            return Ok(Some(Line { offset: begin, bytes }));
        }
    }
}

/// What a line says. A crash leaves NULs, and a string cut in the middle of a character is no UTF-8.
pub(super) fn parsed<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let trimmed = bytes.trim_ascii();
    let start = trimmed.iter().position(|byte| *byte != 0)?;
    let end = trimmed.iter().rposition(|byte| *byte != 0)? + 1;
    let line = &trimmed[start..end];
    serde_json::from_slice(line).ok().or_else(|| match std::str::from_utf8(line) {
        Ok(_) => None,
        Err(_) => serde_json::from_str(&String::from_utf8_lossy(line)).ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[test]
    fn lines_come_with_their_places_and_the_last_needs_no_end() {
        let text = b"one\n\nthree\r\nfour";
        let mut reader = BufReader::with_capacity(3, &text[..]);
        let (mut offset, mut seen) = (0, Vec::new());
        while let Some(line) = next(&mut reader, &mut offset).expect("read") {
            seen.push((line.offset, String::from_utf8(line.bytes.expect("short")).expect("text")));
        }
        let wanted = [(0, "one"), (4, ""), (5, "three\r"), (12, "four")].map(|(at, text)| (at, text.to_owned()));
        assert_eq!(seen, wanted);
    }

    #[test]
    fn a_line_of_a_hundred_megabytes_is_passed_over() {
        let long = io::Read::take(io::repeat(b'x'), 100_000_000);
        let mut reader = BufReader::new(io::Read::chain(long, &b"\nshort\n"[..]));
        let mut offset = 0;
        assert_eq!(next(&mut reader, &mut offset).expect("read").expect("line").bytes, None);
        let after = next(&mut reader, &mut offset).expect("read").expect("line");
        assert_eq!((after.offset, after.bytes.as_deref()), (100_000_001, Some(&b"short"[..])));
    }

    #[test]
    fn nuls_and_broken_characters_do_not_spoil_a_line() {
        let read = |bytes: &[u8]| parsed::<serde_json::Value>(bytes);
        assert_eq!(read(b"\0\0{\"a\":1}\0 \r").expect("nuls")["a"], 1);
        assert_eq!(read(b"{\"a\":\"x\xff\"}").expect("lossy")["a"], "x\u{fffd}");
        for bad in [&b""[..], b"\0", b"{", b"\xff", b"{\"a\":}"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }
}
