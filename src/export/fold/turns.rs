//! Turns and what they took, and everything that is neither said nor asked.

use super::{Fold, TITLE_CHARS};
use crate::export::clean;
use crate::export::document::{Kind, Part};
use crate::export::words;
use crate::protocol::{ChatEvent, EndReason, TurnOutcome, UnixMs, Usage};

/// What all turns took.
#[derive(Debug, Default)]
pub(super) struct Totals {
    turns: u64,
    usage: Usage,
    duration_ms: u64,
    cost_usd: Option<f64>,
}

impl Totals {
    pub(super) fn lines(&self) -> Vec<(&'static str, String)> {
        if self.turns == 0 {
            return Vec::new();
        }
        let mut lines = vec![
            ("Turns", self.turns.to_string()),
            ("Tokens in", self.usage.input_tokens.to_string()),
            ("Tokens out", self.usage.output_tokens.to_string()),
            ("Tokens read from the cache", self.usage.cache_read_input_tokens.to_string()),
            ("Tokens written to the cache", self.usage.cache_creation_input_tokens.to_string()),
            ("Time at work", duration(self.duration_ms)),
        ];
        lines.extend(self.cost_usd.map(|cost| ("Cost as Claude Code reports it", dollars(cost))));
        lines
    }
}

impl Fold {
    pub(super) fn turn(&mut self, at: UnixMs, event: ChatEvent) {
        match event {
            ChatEvent::TurnFinished { outcome, error, usage, cost_usd, total_cost_usd, duration_ms, .. } => {
                self.totals.turns += 1;
                let sum = &mut self.totals.usage;
                sum.input_tokens += usage.input_tokens;
                sum.output_tokens += usage.output_tokens;
                sum.cache_read_input_tokens += usage.cache_read_input_tokens;
                sum.cache_creation_input_tokens += usage.cache_creation_input_tokens;
                self.totals.duration_ms += duration_ms.unwrap_or(0);
                self.totals.cost_usd = total_cost_usd.or(self.totals.cost_usd);
                let mut said = vec![
                    match outcome {
                        TurnOutcome::Success => "Done",
                        TurnOutcome::Interrupted => "Stopped",
                        TurnOutcome::Error => "Ended with an error",
                    }
                    .to_owned(),
                ];
                said.extend(duration_ms.map(duration));
                said.push(format!("{} tokens out", usage.output_tokens));
                said.extend(cost_usd.map(dollars));
                self.notice(at, said.join(" · "), error.map(Part::Text).into_iter().collect());
            }
            ChatEvent::Compacted { pre_tokens, post_tokens, .. } => {
                let tokens = pre_tokens.zip(post_tokens).map(|(pre, post)| format!(" ({pre} → {post} tokens)"));
                self.divider(at, format!("The conversation was compacted here{}", tokens.unwrap_or_default()));
            }
            ChatEvent::Resumed { forked, cut, .. } => {
                let what =
                    if forked { "A copy of the conversation goes on here" } else { "The conversation goes on here" };
                self.divider(at, what.to_owned());
                if cut {
                    self.document.caveats.push("Earlier parts of the conversation are not in this session.".to_owned());
                }
            }
            other => self.aside(at, other),
        }
    }

    fn divider(&mut self, at: UnixMs, title: String) {
        self.add(None, at, Kind::Divider, title, Vec::new());
    }

    fn aside(&mut self, at: UnixMs, event: ChatEvent) {
        let short = |text: &str| clean::short(text, TITLE_CHARS);
        let code = |text: String| Part::Code { language: "", text };
        match event {
            ChatEvent::Mode { permission_mode } => {
                self.notice(at, format!("Permission mode is now {}", short(&permission_mode)), Vec::new());
            }
            ChatEvent::Model { model } => self.notice(at, format!("Model is now {}", short(&model)), Vec::new()),
            ChatEvent::Effort { effort } => {
                self.notice(at, format!("Effort is now {}", effort.as_str()), Vec::new());
            }
            ChatEvent::Rewound { files, by, .. } => {
                let by = by.map(|by| format!(" by {}", short(&by))).unwrap_or_default();
                self.notice(at, format!("{} files were set back{by}", files.len()), vec![code(files.join("\n"))]);
            }
            ChatEvent::ApiRetry { attempt, max_retries, error, error_status, .. } => {
                let status = error_status.map(|status| format!(" {status}")).unwrap_or_default();
                let title = format!("The API refused ({}{status}); try {attempt} of {max_retries}", short(&error));
                self.notice(at, title, Vec::new());
            }
            ChatEvent::RateLimit { raw } => {
                self.notice(at, "A limit of the account was reported", vec![words::json(&raw)])
            }
            ChatEvent::Hook { name, outcome, exit_code, output } => {
                let outcome = outcome.map(|outcome| format!(": {}", short(&outcome))).unwrap_or_default();
                let code_word = exit_code.map(|code| format!(" (exit code {code})")).unwrap_or_default();
                let parts = if output.is_empty() { Vec::new() } else { vec![code(output)] };
                self.notice(at, format!("Hook {}{outcome}{code_word}", short(&name)), parts);
            }
            ChatEvent::Stderr { line } => self.notice(at, "Claude Code wrote to stderr", vec![code(line)]),
            ChatEvent::Warning { message, .. } => self.notice(at, "Warning", vec![Part::Text(message)]),
            ChatEvent::Ended { reason, code, signal } => {
                let mut said = vec![format!("The session ended: {}", end_word(reason))];
                said.extend(code.map(|code| format!("exit code {code}")));
                said.extend(signal.map(|signal| short(&signal)));
                self.divider(at, said.join(" · "));
            }
            ChatEvent::Unknown { raw } => {
                self.notice(at, "Something this server does not know", vec![words::json(&raw)])
            }
            // Of interest only while it happens, or told by what follows.
            _ => {}
        }
    }
}

fn end_word(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Exited => "Claude Code ended",
        EndReason::Killed => "it was stopped",
        EndReason::Disconnected => "nobody was watching any more",
        EndReason::IdleTimeout => "nothing happened for a long time",
        EndReason::Crashed => "Claude Code failed",
        EndReason::FailedToStart => "Claude Code did not start",
        EndReason::Shutdown => "the server was stopped",
    }
}

pub(super) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms / 1000 % 60),
    }
}

fn dollars(cost: f64) -> String {
    format!("${cost:.4}")
}
