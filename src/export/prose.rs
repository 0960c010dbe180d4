//! Markdown out of a conversation, made harmless: as HTML, and as Markdown that somebody else will render.

use super::clean::{escaped, may_link};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

/// What some renderers know beside these: an indented block, which is code to others, may be text of a footnote there.
fn more_options() -> Options {
    options() | Options::ENABLE_FOOTNOTES | Options::ENABLE_DEFINITION_LIST
}

/// HTML of the plainest kind: no markup that was not Markdown's own, no image, no link but to the web or a mailbox.
pub(super) fn to_html(markdown: &str) -> String {
    let mut links: Vec<&'static str> = Vec::new();
    let events = Parser::new_ext(markdown, options()).map(move |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            let allowed = may_link(&dest_url);
            links.push(if allowed { "</a>" } else { "</span>" });
            Event::InlineHtml(CowStr::from(if allowed {
                format!("<a href=\"{}\" rel=\"noopener noreferrer\">", escaped(&dest_url))
            } else {
                "<span>".to_owned()
            }))
        }
        Event::End(TagEnd::Link | TagEnd::Image) => Event::InlineHtml(links.pop().unwrap_or_default().into()),
        other => other,
    });
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, events);
    out
}

/// The same text with raw HTML, doubtful links and definitions of links shown as text, and images as links.
pub(super) fn to_markdown(markdown: &str) -> String {
    let mut text = lines_of(markdown);
    // Escaping changes how the rest is read, so that the outcome is looked at again.
    for _ in 0..4 {
        let edits = edits(&text, options());
        if edits.is_empty() {
            return text;
        }
        text = edited(&text, edits);
    }
    if edits(&text, options()).is_empty() { text } else { fenced("", markdown) }
}

/// Whether nothing in Markdown of ours would do something, and nothing in it goes on into what follows.
pub(super) fn is_harmless(markdown: &str) -> bool {
    [options(), more_options()]
        .into_iter()
        .all(|options| edits(markdown, options).is_empty() && is_closed(markdown, options))
}

/// Whether what follows is read as if it stood alone.
fn is_closed(markdown: &str, options: Options) -> bool {
    const NEXT: &str = "next";
    let with_next = format!("{markdown}\n\n{NEXT}");
    let (mut depth, mut ends) = (0_usize, false);
    for event in Parser::new_ext(&with_next, options) {
        match event {
            Event::Start(tag) => {
                ends = depth == 0 && tag == Tag::Paragraph;
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            Event::Text(text) => ends &= &*text == NEXT,
            _ => ends = false,
        }
    }
    ends
}

/// Places that would do something, and what stands there instead.
fn edits(markdown: &str, options: Options) -> Vec<(std::ops::Range<usize>, String)> {
    let parser = Parser::new_ext(markdown, options);
    // The whole document is one text to whoever renders it: what is defined here would hold for all that others said.
    let definitions = parser.reference_definitions().iter().map(|(_, definition)| definition.span.start);
    let mut edits: Vec<_> = definitions.map(|at| (at..at, "\\".to_owned())).collect();
    for (event, range) in parser.into_offset_iter() {
        let source = &markdown[range.clone()];
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let lines: Vec<String> = source.split('\n').map(literal).collect();
                edits.push((range, lines.join("\n")));
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) if !may_link(&dest_url) => {
                edits.push((range, code_span(source)));
            }
            Event::Start(Tag::Image { .. }) if source.starts_with('!') => {
                edits.push((range.start..range.start + 1, String::new()));
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    edits
}

fn edited(markdown: &str, edits: Vec<(std::ops::Range<usize>, String)>) -> String {
    let (mut out, mut at) = (String::with_capacity(markdown.len()), 0);
    for (range, instead) in edits {
        if range.start >= at {
            out.push_str(&markdown[at..range.start]);
            out.push_str(&instead);
            at = range.end;
        }
    }
    out.push_str(&markdown[at..]);
    out
}

/// Text in a line as code, whatever it holds.
pub(super) fn code_span(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let ticks = "`".repeat(longest_run(&text, '`') + 1);
    format!("{ticks} {text} {ticks}")
}

/// Lines as code, in a fence longer than any inside.
pub(super) fn fenced(language: &str, text: &str) -> String {
    let text = lines_of(text);
    let fence = "`".repeat((longest_run(&text, '`') + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", text.strip_suffix('\n').unwrap_or(&text))
}

/// With every line ended the same way: a bare carriage return ends one, too, and would leave the quote around it.
fn lines_of(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Text in a line of Markdown, without any meaning there.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in text.char_indices() {
        // Some characters mean something only where a line begins.
        let begins = (at == 0 && "+-=#".contains(c)) || (at > 0 && at == digits && ".)".contains(c));
        if begins || "\\`*_[]<>|~&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_in_a_message_is_shown_and_not_meant() {
        for hostile in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div>\n\n<script>x</script>\n\n</div>",
            "[x](javascript:alert(1))",
            "[x](<java\nscript:alert(1)>)",
            "<javascript:alert(1)>",
            "[x][1]\n\n[1]: javascript:alert(1)",
            "![x](https://leak.test/?q)",
            "![a\" onload=\"x](data:text/html,x)",
            "[a](https://x.test/\"onmouseover=\"x)",
            "```\"><script>x\n</script>\n```",
            "| <script> |\n| --- |\n| <iframe> |",
            "&lt;script&gt;",
            "<script>a</script> [x](javascript:alert(1)) <img src=x> `",
            "<div>\n[x](javascript:alert(1))\n[1]: javascript:x\n[1]",
        ] {
            let html = to_html(hostile).to_lowercase();
            for never in
                ["<script", "<img", "<iframe", "<div", "href=\"javascript", "href=\"data", " onerror=alert(1)>b"]
            {
                assert!(!html.contains(never), "{hostile}: {html}");
            }
            for tag in html.split('<').skip(1) {
                let tag = tag.split('>').next().unwrap_or_default();
                let handler = tag.split_whitespace().skip(1).any(|attribute| attribute.starts_with("on"));
                assert!(!handler, "{hostile}: {html}");
            }
            let again = to_html(&to_markdown(hostile)).to_lowercase();
            assert!(!again.contains("<script") && !again.contains("<img") && !again.contains("href=\"javascript"));
            let mut raw = String::new();
            html::push_html(&mut raw, Parser::new_ext(&to_markdown(hostile), options()));
            let raw = raw.to_lowercase();
            for never in ["<script", "<img", "<iframe", "\"javascript:", "\"data:"] {
                assert!(!raw.contains(never), "{hostile} as Markdown: {raw}");
            }
        }
        assert!(
            to_html("[x](https://a.test/?a=1&b=2)").contains("href=\"https://a.test/?a=1&amp;b=2\" rel=\"noopener")
        );
    }

    #[test]
    fn what_one_message_defines_means_nothing_in_the_next() {
        let define = ["[a]: javascript:alert(1)", "[a]: https://leak.test/?q", "x\n\n> [a]:\n> <data:text/html,x> 'y'"];
        for define in define {
            for define in [define.to_owned(), format!("{define}\n\n{define}")] {
                for use_it in ["[a]", "![a]", "[x][a]"] {
                    let document = format!("{}\n\n{}", to_markdown(&define), to_markdown(use_it));
                    let mut raw = String::new();
                    html::push_html(&mut raw, Parser::new_ext(&document, options()));
                    assert!(!raw.contains("<a") && !raw.contains("<img"), "{define} {use_it}: {raw}");
                }
            }
        }
        assert!(to_markdown("[x][1] and [y](https://b.test)\n\n[1]: https://a.test").contains("https://a.test"));
    }

    #[test]
    fn what_goes_on_into_the_next_is_known() {
        for closed in [
            "",
            "text",
            "## a\n\n> ## b\n>\n> - x\n>\n> ```\n> <code>\n> ```\n",
            "- x",
            "| a |\n| - |\n| b |",
            "***",
            "    x",
        ] {
            assert!(is_harmless(closed), "{closed:?}");
        }
        for open in [
            "```\nx",
            "~~~",
            "<!--",
            "[a]: https://x.test",
            "- a\n\n  <b>",
            "[x](javascript:y)",
            "[^1]: two words\n\n    <b>",
            "a\n: b\n\n    <b>",
        ] {
            assert!(!is_harmless(open), "{open:?}");
        }
    }

    #[test]
    fn a_fence_is_longer_than_any_inside() {
        assert_eq!(fenced("", "x"), "```\nx\n```\n");
        assert_eq!(fenced("md", "````\nx\n````\n"), "`````md\n````\nx\n````\n`````\n");
        assert_eq!(code_span("a ``b`` c"), "``` a ``b`` c ```");
        assert_eq!(literal("1. a_b.md <x> #1"), "1\\. a\\_b.md \\<x\\> #1");
        assert_eq!(literal("- [x](y)"), "\\- \\[x\\](y)");
    }

    proptest::proptest! {
        #[test]
        fn any_markdown_comes_out_without_markup_of_its_own(
            text in "([<>!\\[\\]()`*_~|#&:;/\"'=\\\\ \n-]|script|img|a|javascript:|https://x|onerror|href){0,40}",
        ) {
            let html = to_html(&text).to_lowercase();
            proptest::prop_assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("href=\"javascript"));
            let mut raw = String::new();
            html::push_html(&mut raw, Parser::new_ext(&to_markdown(&text), options()));
            let raw = raw.to_lowercase();
            proptest::prop_assert!(!raw.contains("<script") && !raw.contains("=\"javascript:"), "{}", raw);
        }
    }
}
