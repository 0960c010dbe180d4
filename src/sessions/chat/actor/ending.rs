//! How a chat ends: interrupt, close stdin, TERM, KILL, each with its patience; then the rest of its output.

use super::{Actor, Control};
use crate::claude::encode;
use crate::protocol::{ChatEvent, EndReason, SessionEnd};
use crate::sessions::child::Exit;
use crate::sessions::core::lock;
use crate::sessions::replay::now_ms;
use std::time::Duration;
use tokio::time::Instant;

/// How long a running turn may take to stop after an interrupt; measured at 5 to 15 ms.
const INTERRUPT_PATIENCE: Duration = Duration::from_secs(1);
/// How long the program may take to end once its stdin is closed.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);
/// How long output may still come once the tree is gone: what is in the pipes, no more.
const DRAIN_PATIENCE: Duration = Duration::from_secs(2);

/// How far stopping has come, with the time at which it gets firmer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Running,
    Interrupting(Instant),
    Closing(Instant),
    Terminating(Instant),
    Killing,
}

impl Stage {
    pub(super) fn deadline(self) -> Option<Instant> {
        match self {
            Self::Running | Self::Killing => None,
            Self::Interrupting(at) | Self::Closing(at) | Self::Terminating(at) => Some(at),
        }
    }
}

impl Actor {
    pub(super) async fn begin_stop(&mut self, _reason: EndReason) {
        if self.turn.is_busy() {
            self.ask_back_waiting_messages();
            self.control(Control::Ignore, encode::interrupt);
            self.stage = Stage::Interrupting(Instant::now() + INTERRUPT_PATIENCE);
        } else {
            self.close_stdin();
        }
    }

    /// A turn ended while stopping: no need to wait out the patience.
    pub(super) fn stop_goes_on(&mut self) {
        if matches!(self.stage, Stage::Interrupting(_)) && !self.turn.is_busy() {
            self.close_stdin();
        }
    }

    /// The program closed its stdin or stdout. Usually that is because it ends; if not, nothing can be done with it any
    /// more, and it is made to end.
    pub(super) fn pipe_closed(&mut self) {
        if self.stage == Stage::Running {
            self.close_stdin();
        }
    }

    pub(super) async fn next_stage(&mut self) {
        match self.stage {
            Stage::Running | Stage::Killing => {}
            Stage::Interrupting(_) => self.close_stdin(),
            Stage::Closing(_) => {
                self.say_why_unasked();
                self.child.terminate().await;
                self.stage = Stage::Terminating(Instant::now() + self.settings.term_grace);
            }
            Stage::Terminating(_) => self.kill_now().await,
        }
    }

    pub(super) async fn kill_now(&mut self) {
        self.child.kill().await;
        self.stage = Stage::Killing;
    }

    fn say_why_unasked(&self) {
        if self.core().stop_reason().is_some() {
            return;
        }
        let (code, what) = if self.stdout_open { ("input_closed", "input") } else { ("output_closed", "output") };
        let message = format!("Claude Code closed its {what} but still runs; the session is being ended.");
        self.push(ChatEvent::Warning { code: code.to_owned(), message });
    }

    fn close_stdin(&mut self) {
        self.input = None;
        self.stage = Stage::Closing(Instant::now() + CLOSE_PATIENCE);
    }

    /// The program has ended: read what is left, wait for the tree, tell everybody.
    pub(super) async fn finish(&mut self) {
        self.input = None;
        let exit = self.drain().await;
        let moot = lock(&self.shared.prompts).cancel_all();
        for event in moot {
            self.push(event);
        }
        for waiting in self.turn.take_waiting() {
            self.push(waiting.cancelled());
        }
        self.cancel_queue();
        // Whoever waits for a control reply is told that the session ended, by the dropped sender.
        self.controls.clear();
        let reason = self.end_reason(exit.code);
        self.push(ChatEvent::Ended { reason, code: exit.code, signal: exit.signal.clone() });
        self.shared.log.close();
        let stderr_tail = self.core().stderr_tail();
        self.core().end(SessionEnd { reason, code: exit.code, signal: exit.signal, stderr_tail, at: now_ms() });
    }

    /// Reads until both streams end. A descendant may hold them open until the guard has swept it; a stopped session
    /// whose descendants ignore TERM is not waited for.
    async fn drain(&mut self) -> Exit {
        let mut gone = std::pin::pin!({
            let mut phase = self.child.phase();
            async move {
                match phase.wait_for(|phase| matches!(phase, crate::sessions::child::Phase::Gone(_))).await.as_deref() {
                    Ok(crate::sessions::child::Phase::Gone(exit)) => exit.clone(),
                    _ => Exit::default(),
                }
            }
        });
        let mut exit = None;
        let mut patience = None;
        while self.stdout_open || self.stderr_open || exit.is_none() {
            tokio::select! {
                line = self.stdout.next(), if self.stdout_open => self.on_stdout(line),
                line = self.stderr.next(), if self.stderr_open => self.on_stderr(line),
                end = &mut gone, if exit.is_none() => {
                    exit = Some(end);
                    patience = Some(Instant::now() + DRAIN_PATIENCE);
                }
                () = super::until(patience) => break,
            }
        }
        exit.unwrap_or_default()
    }
}
