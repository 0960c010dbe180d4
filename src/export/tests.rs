//! Conversations as documents.

use super::*;
use crate::protocol::*;
use serde_json::{Value, json};

fn session(title: &str) -> Session {
    Session {
        id: SessionId(uuid::Uuid::nil()),
        kind: SessionKind::Chat,
        program: None,
        title: title.to_owned(),
        cwd: "project".to_owned(),
        state: SessionState::Idle,
        state_since: 0,
        model: "opus".parse().ok(),
        permission_mode: Some("default".to_owned()),
        effort: None,
        claude_session_id: None,
        pid: None,
        keep: false,
        viewers: 0,
        created_at: 1_795_263_953_000,
        last_activity_at: 0,
        cost_usd: None,
        context: None,
        last_line: None,
        warnings: 0,
        pending: Vec::new(),
        end: None,
    }
}

fn written(format: Format, title: &str, oldest: u64, events: &[Value]) -> String {
    let mut fold = Fold::new(&session(title), oldest);
    for event in events {
        let event: ChatEvent = serde_json::from_value(event.clone()).unwrap_or_else(|error| panic!("{event}: {error}"));
        fold.event(1_795_263_953_000, event);
    }
    fold.finish().parts(format).collect()
}

fn text(words: &str) -> Value {
    json!([{ "type": "text", "text": words }])
}

fn user(words: &str) -> Value {
    json!({ "type": "user_message", "client_id": "c1", "message_id": "u1", "content": text(words), "origin": "user", "by": "Phone" })
}

fn message(id: &str, block: Value) -> Value {
    json!({ "type": "message", "message_id": id, "index": 0, "block": block, "synthetic": false })
}

fn tool(id: &str, name: &str, input: Value) -> Value {
    json!({ "type": "tool_use", "tool_use_id": id, "name": name, "input": input, "message_id": "m" })
}

fn result(id: &str, words: &str, structured: Value) -> Value {
    json!({ "type": "tool_result", "tool_use_id": id, "is_error": false, "content": text(words), "structured": structured })
}

/// A bit of everything.
fn conversation() -> Vec<Value> {
    vec![
        user("Please *fix* it"),
        json!({ "type": "user_message_delivered", "message_id": "u1", "client_id": "c1" }),
        message("m1", json!({ "type": "thinking", "text": "hm" })),
        json!({ "type": "text_delta", "message_id": "m2", "index": 0, "text": "I will " }),
        message("m2", json!({ "type": "text", "text": "I will **look**." })),
        tool("t1", "Bash", json!({ "command": "ls -l\necho x" })),
        json!({ "type": "approval_requested", "request": { "request_id": "r1", "tool_use_id": "t1", "tool_name": "Bash",
            "input": {}, "suggestions": [], "decision_reason": "not allowed yet" } }),
        json!({ "type": "approval_resolved", "request_id": "r1", "outcome": "allowed", "by": "Phone",
            "updated_input": { "command": "ls" }, "rules": [{ "type": "addRules" }] }),
        result("t1", "file.txt\n", Value::Null),
        tool("t2", "Edit", json!({ "file_path": "/w/a.rs", "old_string": "one", "new_string": "two" })),
        result(
            "t2",
            "updated",
            json!({ "structuredPatch": [{ "oldStart": 1, "oldLines": 1, "newStart": 1, "newLines": 1,
            "lines": ["-one", "+two"] }] }),
        ),
        tool("t3", "Agent", json!({ "description": "A side task", "prompt": "do it" })),
        json!({ "type": "task_started", "task_id": "a1", "tool_use_id": "t3", "task_type": "local_agent", "description": "x" }),
        json!({ "type": "tool_use", "tool_use_id": "t4", "name": "Read", "input": { "file_path": "/w/b" }, "message_id": "s",
            "parent_tool_use_id": "t3" }),
        json!({ "type": "task_finished", "task_id": "a1", "status": "completed", "total_tokens": 212, "tool_uses": 1 }),
        json!({ "type": "question_requested", "request": { "request_id": "r2", "questions": [{ "question": "Which colour?",
            "options": [{ "label": "Red", "description": "like fire" }] }] } }),
        json!({ "type": "question_resolved", "request_id": "r2", "outcome": "allowed", "by": "Laptop",
            "answers": { "Which colour?": "Red" } }),
        json!({ "type": "plan_requested", "request": { "request_id": "r3", "plan": "1. Look\n2. Do" } }),
        json!({ "type": "plan_resolved", "request_id": "r3", "outcome": "denied", "by": "Laptop", "message": "not yet", "edited": false }),
        json!({ "type": "compacted", "trigger": "auto", "pre_tokens": 10, "post_tokens": 2 }),
        json!({ "type": "turn_finished", "outcome": "success", "usage": { "output_tokens": 42 }, "cost_usd": 0.01,
            "total_cost_usd": 0.03, "duration_ms": 61_500, "unsolicited": false }),
        json!({ "type": "text_delta", "message_id": "m9", "index": 0, "text": "never fini" }),
        json!({ "type": "message_discarded", "message_id": "m9" }),
        json!({ "type": "user_message_queued", "client_id": "c9", "content": text("and then?"), "by": "Phone" }),
        json!({ "type": "ended", "reason": "killed", "code": 0 }),
    ]
}

#[test]
fn markdown_says_who_said_and_did_what() {
    let out = written(Format::Markdown, "Fix_it", 1, &conversation());
    for wanted in [
        "# Fix\\_it\n",
        "## Phone · 2026-11-21 12:25:53 UTC\n\nPlease *fix* it\n",
        "**Thinking**",
        "## Claude · 2026-11-21 12:25:53 UTC\n\nI will **look**.\n",
        "**Ran ls -l…**",
        "```sh\nls -l\necho x\n```",
        "- Claude Code asked for permission: not allowed yet\n",
        "- Allowed by Phone\n",
        "- It ran with this instead:\n",
        "\"command\": \"ls\"",
        "- Rules stored with it:\n",
        "```\nfile.txt\n```",
        "```diff\n@@ -1,1 +1,1 @@\n-one\n+two\n```",
        "> **Read /w/b**",
        "- Task completed · 1 tool calls · 212 tokens\n",
        "Which colour?",
        "- Red: like fire\n",
        "- Answered by Laptop\n",
        "Which colour? → Red",
        "1. Look\n2. Do",
        "- Refused by Laptop\n",
        "not yet",
        "The conversation was compacted here (10 → 2 tokens)",
        "Done · 1 min 1 s · 42 tokens out · $0.0100",
        "You (waiting, not handed to Claude)",
        "The session ended: it was stopped",
        "- Cost as Claude Code reports it: $0.0300\n",
    ] {
        assert!(out.contains(wanted), "{wanted:?} is not in:\n{out}");
    }
    assert!(!out.contains("never fini") && !out.contains("updated") && !out.contains("missing here"), "{out}");
    assert_eq!(out.matches("I will").count(), 1);
}

#[test]
fn html_has_the_same_in_it_and_brings_its_own_policy() {
    let out = written(Format::Html, "Fix_it", 7, &conversation());
    for wanted in [
        "<title>Fix_it</title>",
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;",
        "The first 6 events are no longer kept",
        "<p>Please <em>fix</em> it</p>",
        "<details class=\"thinking\">",
        "<details class=\"tool\">\n<summary><span class=\"title\" dir=\"auto\">Ran ls -l…</span>",
        "<del>-one</del>\n<ins>+two</ins>",
        "<div class=\"nested\">",
        "<p class=\"remark\" dir=\"auto\">Refused by Laptop</p>",
        "<dt>Turns</dt><dd dir=\"auto\">1</dd>",
    ] {
        assert!(out.contains(wanted), "{wanted:?} is not in:\n{out}");
    }
    for open in ["section", "details", "div", "pre", "main", "header>", "dl"] {
        let end = format!("</{open}");
        assert_eq!(out.matches(&format!("<{open}")).count(), out.matches(&end).count(), "{open}");
    }
}

/// Hostile text in every place a conversation has.
fn hostile(evil: &str) -> Vec<Value> {
    let mut events = vec![
        user(evil),
        message("m1", json!({ "type": "text", "text": evil })),
        message("m2", json!({ "type": "thinking", "text": evil })),
        tool("t1", evil, json!({ "command": evil, "x": { "y": evil } })),
        tool("t2", "Bash", json!({ "command": evil })),
        tool("t3", "Write", json!({ "file_path": evil, "content": evil })),
        result("t1", evil, json!({ "structuredPatch": [{ "lines": [evil, format!("+{evil}")] }] })),
        result("t2", evil, Value::Null),
        json!({ "type": "approval_requested", "request": { "request_id": "r1", "tool_name": evil, "input": evil,
            "description": evil, "suggestions": [] } }),
        json!({ "type": "approval_resolved", "request_id": "r1", "outcome": "denied", "by": evil, "message": evil, "rules": [evil] }),
        json!({ "type": "question_requested", "request": { "request_id": "r2", "questions": [{ "question": evil,
            "options": [{ "label": evil, "description": evil }] }] } }),
        json!({ "type": "question_resolved", "request_id": "r2", "outcome": "allowed", "answers": { evil: evil }, "response": evil }),
        json!({ "type": "plan_requested", "request": { "request_id": "r3", "plan": evil } }),
        json!({ "type": "warning", "code": evil, "message": evil }),
        json!({ "type": "stderr", "line": evil }),
        json!({ "type": "hook", "name": evil, "outcome": evil, "output": evil }),
        json!({ "type": "model", "model": evil }),
        json!({ "type": "mode", "permission_mode": evil }),
        json!({ "type": "rewound", "message_id": evil, "files": [evil], "by": evil }),
        json!({ "type": "unknown", "raw": evil }),
        json!({ "type": "rate_limit", "raw": { evil: evil } }),
        json!({ "type": "task_started", "task_id": "a", "task_type": evil, "description": evil }),
        json!({ "type": "task_finished", "task_id": "a", "status": "failed", "summary": evil }),
        json!({ "type": "permission_denied", "tool_name": evil, "message": evil }),
        json!({ "type": "api_retry", "attempt": 1, "max_retries": 2, "retry_delay_ms": 3, "error": evil }),
        json!({ "type": "ended", "reason": "crashed", "signal": evil }),
    ];
    let odd = [
        json!({ "type": "image", "media_type": evil, "data": evil }),
        json!({ "type": "image", "media_type": "image/svg+xml", "data": "PHN2Zz4=" }),
        json!({ "type": "image", "media_type": "image/png", "data": evil }),
        json!({ "type": "document", "media_type": evil, "data": "x", "name": evil }),
        json!({ "type": "text_file", "name": evil, "text": evil }),
        json!({ "type": "other", "raw": evil }),
    ];
    events.push(json!({ "type": "user_message", "content": odd, "origin": "cli" }));
    events
}

const EVIL: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</pre></details></style></title><script>alert(1)</script>",
    "```\n<script>alert(1)</script>\n````\n<iframe src=//x>",
    "[x](javascript:alert(1)) ![y](https://leak.test/) <javascript:alert(1)>",
    "-->]]><!--<script>",
    "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>",
    "data:text/html,<script>",
    "\u{202e}\u{0}<\u{0}script>",
    "| a |\n|-|\n| <script>x</script> |",
    "- [ ] <details open ontoggle=alert(1)>",
];

#[test]
fn hostile_text_becomes_no_markup_in_html() {
    for evil in EVIL {
        let out = written(Format::Html, evil, 1, &hostile(evil));
        let body = out.split_once("<body>").expect("a body").1.to_lowercase();
        for never in
            ["<script", "<img", "<svg", "<iframe", "<object", "<form", "=\"javascript:", "src=\"", "<style", "<title"]
        {
            assert!(!body.contains(never), "{evil:?} gives {never}: {body}");
        }
        let known = [
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "dd",
            "del",
            "details",
            "div",
            "dl",
            "dt",
            "em",
            "footer",
            "h1",
            "h2",
            "header",
            "hr",
            "html",
            "input",
            "ins",
            "li",
            "main",
            "ol",
            "p",
            "pre",
            "section",
            "span",
            "strong",
            "summary",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "time",
            "tr",
            "ul",
            "body",
        ];
        for tag in body.split('<').skip(1) {
            let inside = tag.split('>').next().unwrap_or_default();
            let name = inside.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
            assert!(known.contains(&name), "{evil:?} gives <{inside}>");
            let names = inside.split('"').step_by(2).flat_map(str::split_whitespace);
            assert!(names.into_iter().skip(1).all(|word| !word.starts_with("on")), "{evil:?} gives <{inside}>");
        }
        assert_eq!(out.matches("<style>").count(), 1);
    }
}

#[test]
fn hostile_text_becomes_no_markup_where_markdown_is_rendered() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for evil in EVIL {
        let out = written(Format::Markdown, evil, 1, &hostile(evil));
        for event in Parser::new_ext(&out, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => panic!("{evil:?} gives {html:?} in\n{out}"),
                Event::Start(Tag::Link { dest_url, .. }) => assert!(clean::may_link(&dest_url), "{evil:?}: {dest_url}"),
                Event::Start(Tag::Image { dest_url, .. }) => {
                    assert!(dest_url.starts_with("data:image/"), "{evil:?}: {dest_url}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn pictures_of_known_kinds_are_shown() {
    let image = json!({ "type": "user_message", "origin": "user",
        "content": [{ "type": "image", "media_type": "image/png", "data": "iVBORw0=" }] });
    let html = written(Format::Html, "x", 1, std::slice::from_ref(&image));
    assert!(html.contains("<img alt=\"An image\" src=\"data:image/png;base64,iVBORw0=\">"), "{html}");
    assert!(written(Format::Markdown, "x", 1, &[image]).contains("![An image](data:image/png;base64,iVBORw0=)"));
}

#[test]
fn agents_in_agents_without_end_end() {
    let mut events = vec![tool("t0", "Agent", json!({}))];
    for n in 1..20_000 {
        let mut call = tool(&format!("t{n}"), "Agent", json!({ "prompt": "deeper" }));
        call["parent_tool_use_id"] = format!("t{}", n - 1).into();
        events.push(call);
    }
    for format in [Format::Html, Format::Markdown] {
        assert_eq!(written(format, "x", 1, &events).matches("deeper").count(), 19_999);
    }
}

/// What another program makes of the exported Markdown.
fn rendered(events: &[Value]) -> String {
    let markdown = written(Format::Markdown, "T", 1, events);
    assert!(!markdown.contains('\r'), "ends a line without the sign of its quote");
    let mut html = String::new();
    pulldown_cmark::html::push_html(
        &mut html,
        pulldown_cmark::Parser::new_ext(&markdown, pulldown_cmark::Options::all()),
    );
    html
}

#[test]
fn what_is_harmless_by_itself_stays_so_among_others() {
    const SCRIPT: &str = "<script>alert(1)</script>";
    let blocks = |blocks: &[&str]| {
        let content: Vec<Value> = blocks.iter().map(|words| json!({ "type": "text", "text": words })).collect();
        json!({ "type": "user_message", "client_id": null, "message_id": "u", "content": content, "origin": "user", "by": null })
    };
    let mut after_a_document = blocks(&[&format!("    {SCRIPT}\n    [a]: javascript:alert(1)")]);
    after_a_document["content"]
        .as_array_mut()
        .expect("list")
        .insert(0, json!({ "type": "document", "name": "n", "media_type": "application/pdf", "data": "" }));
    let of_an_agent = |words: &str| {
        let mut said = message("m2", json!({ "type": "text", "text": words }));
        said["parent_tool_use_id"] = "t".into();
        said
    };
    let mut tool_of_agent = tool("t2", "Bash", json!({ "command": format!("x\r{SCRIPT}") }));
    tool_of_agent["parent_tool_use_id"] = "t".into();
    let result_of_agent = |words: &str| {
        let mut result = result("t2", words, Value::Null);
        result["parent_tool_use_id"] = "t".into();
        result
    };
    let agent = |words: &str| vec![tool("t", "Agent", json!({ "prompt": "p" })), of_an_agent(words)];
    let uses = user("[x][a] ![a]");
    for hostile in [
        vec![after_a_document],
        vec![blocks(&["- one", &format!("    {SCRIPT}")])],
        vec![blocks(&["- one", &format!("\n \t{SCRIPT}")])],
        vec![blocks(&["- one", &format!("  two\n\n    {SCRIPT}")])],
        vec![blocks(&["- one", "    [a]: https://leak.test"]), uses.clone()],
        vec![user("> ```\n> open"), user(&format!("```\n{SCRIPT}\n```"))],
        vec![user("> ~~~\n> open\n\n- ```\n  x"), user(&format!("~~~\n{SCRIPT}\n~~~"))],
        vec![user("    ```\n"), user(&format!("```\n{SCRIPT}\n```"))],
        agent(&format!("\t{SCRIPT}")),
        agent(&format!("1.\tone\n\n         {SCRIPT}")),
        agent(&format!("-\tone\n\n\t\t{SCRIPT}")),
        [agent("\t[a]: https://leak.test"), vec![uses.clone()]].concat(),
        agent(&format!("```\nx\r{SCRIPT}\n```")),
        vec![tool("t", "Agent", json!({ "prompt": "p" })), tool_of_agent, result_of_agent(&format!("x\r{SCRIPT}"))],
        vec![user("[a]: <https://leak.test> 'x'"), uses.clone()],
    ] {
        let html = rendered(&hostile);
        for never in ["<script", "href=\"javascript", "<img", ">x</a>"] {
            assert!(!html.contains(never), "{never}: {hostile:?}\n{html}");
        }
    }
}
