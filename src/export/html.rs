//! The document as one page: no script, nothing from elsewhere, and a policy that says so.

use super::clean::escaped;
use super::document::{Document, Entry, Kind, Part, moment};
use super::prose::to_html;
use std::fmt::Write;

const STYLE: &str = include_str!("html/style.css");
/// What a browser may do for the page, should anything in it have been overlooked.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

pub(super) fn parts(document: Document) -> impl Iterator<Item = String> + Send + Sync {
    let head = head(&document);
    let foot = foot(&document);
    let mut top = document.top.clone().into_iter();
    let entries = std::iter::from_fn(move || top.next().map(|index| entry(&document, index)));
    std::iter::once(head).chain(entries).chain(std::iter::once(foot))
}

fn head(document: &Document) -> String {
    let title = escaped(&document.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1 dir=\"auto\">{title}</h1>\n"
    );
    for caveat in &document.caveats {
        let _ = writeln!(out, "<p class=\"caveat\">{}</p>", escaped(caveat));
    }
    out.push_str(&facts(&document.facts));
    out + "</header>\n<main>\n"
}

fn foot(document: &Document) -> String {
    let totals = match document.totals.is_empty() {
        true => String::new(),
        false => format!("<footer>\n<h2>Totals</h2>\n{}</footer>\n", facts(&document.totals)),
    };
    format!("</main>\n{totals}</body>\n</html>\n")
}

fn facts(facts: &[(&'static str, String)]) -> String {
    let lines: String = facts
        .iter()
        .map(|(name, value)| format!("<dt>{name}</dt><dd dir=\"auto\">{}</dd>\n", escaped(value)))
        .collect();
    format!("<dl>\n{lines}</dl>\n")
}

fn entry(document: &Document, index: usize) -> String {
    let entry = &document.entries[index];
    let mut inner: String = entry.parts.iter().map(part).collect();
    let children: String = entry.children.iter().map(|child| self::entry(document, *child)).collect();
    if !children.is_empty() {
        let _ = writeln!(
            inner,
            "<div class=\"nested\">
{children}</div>"
        );
    }
    framed(entry, &inner)
}

fn framed(entry: &Entry, inner: &str) -> String {
    let (word, title, at) = (entry.kind.word(), escaped(&entry.title), moment(entry.at));
    let head = format!("<span class=\"title\" dir=\"auto\">{title}</span> <time>{at}</time>");
    let folds = matches!(entry.kind, Kind::Thinking | Kind::Tool) && !inner.is_empty();
    if folds {
        format!("<details class=\"{word}\">\n<summary>{head}</summary>\n{inner}</details>\n")
    } else {
        format!("<section class=\"{word}\">\n<p class=\"head\">{head}</p>\n{inner}</section>\n")
    }
}

fn part(part: &Part) -> String {
    match part {
        Part::Prose(text) => format!("<div class=\"prose\" dir=\"auto\">\n{}</div>\n", to_html(text)),
        Part::Text(text) => format!("<p class=\"text\" dir=\"auto\">{}</p>\n", escaped(text)),
        Part::Remark(text) => format!("<p class=\"remark\" dir=\"auto\">{}</p>\n", escaped(text)),
        Part::Code { language: "diff", text } => diff(text),
        Part::Code { text, .. } => format!("<pre>{}</pre>\n", escaped(text)),
        Part::Image { media_type, data } => {
            format!("<img alt=\"An image\" src=\"data:{};base64,{}\">\n", escaped(media_type), escaped(data))
        }
    }
}

fn diff(text: &str) -> String {
    let mut out = String::from("<pre class=\"diff\">");
    for line in text.lines() {
        let (open, close) = match line.as_bytes().first() {
            Some(b'+') => ("<ins>", "</ins>"),
            Some(b'-') => ("<del>", "</del>"),
            Some(b'@') => ("<b>", "</b>"),
            _ => ("", ""),
        };
        let _ = writeln!(out, "{open}{}{close}", escaped(line));
    }
    out + "</pre>\n"
}
