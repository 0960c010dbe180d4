//! Which paths fit what was typed, and where.

use super::search::Entry;
use crate::protocol::FileMatch;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cmp::Reverse;

/// Words of a query that count; each is held against every path.
const WORDS_MAX: usize = 16;

/// The best `limit` entries for `query`; the first ones for an empty query.
pub(super) fn best(entries: &[Entry], query: &str, limit: usize) -> Vec<FileMatch> {
    let query = query.trim().trim_start_matches("./");
    let shown = entries.iter().filter(|entry| !is_hidden(&entry.path) || asks_for_hidden(query));
    if query.is_empty() {
        return shown.take(limit).map(|entry| found(entry, Vec::new())).collect();
    }
    let mut typed = Typed::new(query);
    let mut fitting: Vec<(u32, usize, &Entry)> =
        shown.filter_map(|entry| Some((typed.score(&entry.path)?, entry.path.len(), entry))).collect();
    let order = |a: &(u32, usize, &Entry), b: &(u32, usize, &Entry)| {
        (Reverse(a.0), a.1, &a.2.path).cmp(&(Reverse(b.0), b.1, &b.2.path))
    };
    if fitting.len() > limit && limit > 0 {
        fitting.select_nth_unstable_by(limit - 1, order);
        fitting.truncate(limit);
    }
    fitting.sort_unstable_by(order);
    fitting.into_iter().take(limit).map(|(_, _, entry)| found(entry, typed.positions(&entry.path))).collect()
}

fn found(entry: &Entry, positions: Vec<u32>) -> FileMatch {
    FileMatch { path: entry.path.to_string(), kind: entry.kind, positions }
}

/// Whether a part of the path begins with a dot.
fn is_hidden(path: &str) -> bool {
    path.starts_with('.') || path.contains("/.")
}

fn asks_for_hidden(query: &str) -> bool {
    query.split_whitespace().any(is_hidden)
}

/// What was typed, ready to be held against many paths.
struct Typed {
    pattern: Pattern,
    matcher: Matcher,
    characters: Vec<char>,
}

impl Typed {
    fn new(query: &str) -> Self {
        let words: Vec<&str> = query.split_whitespace().take(WORDS_MAX).collect();
        Self {
            pattern: Pattern::new(&words.join(" "), CaseMatching::Smart, Normalization::Smart, AtomKind::Fuzzy),
            matcher: Matcher::new(Config::DEFAULT.match_paths()),
            characters: Vec::new(),
        }
    }

    fn score(&mut self, path: &str) -> Option<u32> {
        let text = characters(path, &mut self.characters);
        self.pattern.score(text, &mut self.matcher)
    }

    /// The characters of `path` that fit, as indexes of UTF-16 units.
    fn positions(&mut self, path: &str) -> Vec<u32> {
        let text = characters(path, &mut self.characters);
        let mut fitting = Vec::new();
        self.pattern.indices(text, &mut self.matcher, &mut fitting);
        fitting.sort_unstable();
        fitting.dedup();
        let mut units = 0;
        let mut positions = Vec::with_capacity(fitting.len());
        for (index, character) in (0_u32..).zip(path.chars()) {
            if fitting.binary_search(&index).is_ok() {
                positions.push(units);
            }
            units += u32::try_from(character.len_utf16()).unwrap_or(1);
        }
        positions
    }
}

/// One index per character; the matcher's own conversion counts graphemes, which nobody here counts.
fn characters<'a>(path: &'a str, buffer: &'a mut Vec<char>) -> Utf32Str<'a> {
    if path.is_ascii() {
        return Utf32Str::Ascii(path.as_bytes());
    }
    buffer.clear();
    buffer.extend(path.chars());
    Utf32Str::Unicode(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::EntryKind;

    fn entries(paths: &[&str]) -> Vec<Entry> {
        paths.iter().map(|path| Entry { path: (*path).into(), kind: EntryKind::File }).collect()
    }

    fn paths(found: &[FileMatch]) -> Vec<&str> {
        found.iter().map(|found| found.path.as_str()).collect()
    }

    #[test]
    fn the_name_that_was_meant_comes_first() {
        let all = entries(&["src/web/routes.rs", "docs/outer-stuff.md", "frontend/router.ts", "src/rust/other.rs"]);
        assert_eq!(paths(&best(&all, "routes", 10))[0], "src/web/routes.rs");
        assert_eq!(paths(&best(&all, "web/ro", 10))[0], "src/web/routes.rs");
        assert_eq!(paths(&best(&all, "router ts", 10))[0], "frontend/router.ts");
        assert_eq!(best(&all, "r", 2).len(), 2);
        assert!(best(&all, "r", 0).is_empty() && best(&all, "nowhere", 5).is_empty());
    }

    #[test]
    fn punctuation_is_what_it_is() {
        let all = entries(&["a^b", "!x", "end$", "plain"]);
        for (query, wanted) in [("^b", "a^b"), ("!x", "!x"), ("d$", "end$")] {
            assert_eq!(paths(&best(&all, query, 5)), [wanted], "{query}");
        }
    }

    #[test]
    fn a_query_has_so_many_words() {
        let all = entries(&["abc"]);
        assert_eq!(best(&all, &"a ".repeat(WORDS_MAX), 5).len(), 1);
        assert_eq!(best(&all, &("a ".repeat(WORDS_MAX) + "zzz"), 5).len(), 1, "the rest is not looked at");
        assert!(best(&all, &("a ".repeat(WORDS_MAX - 1) + "zzz"), 5).is_empty());
    }

    #[test]
    fn positions_count_utf16_units() {
        let all = entries(&["😀/ä/näme.rs"]);
        let found = best(&all, "rs", 1);
        assert_eq!(found[0].positions, [10, 11]);
        let text: Vec<u16> = found[0].path.encode_utf16().collect();
        assert_eq!(String::from_utf16_lossy(&text[10..12]), "rs");
    }

    proptest::proptest! {
        #[test]
        fn any_query_on_any_path_gives_positions_inside_it(paths in proptest::collection::vec("\\PC{1,30}", 0..20), query in "\\PC{0,12}") {
            let all: Vec<Entry> =
                paths.iter().map(|path| Entry { path: path.as_str().into(), kind: EntryKind::File }).collect();
            for found in best(&all, &query, 10) {
                let units = u32::try_from(found.path.encode_utf16().count()).expect("short");
                proptest::prop_assert!(found.positions.iter().all(|position| *position < units));
                proptest::prop_assert!(found.positions.is_sorted_by(|one, next| one < next));
            }
        }
    }
}
