//! `claude-web sessions attach`: a terminal session in the local terminal.
//!
//! The local terminal never gets the program's bytes. They go into a model of a terminal, as on the server, and what the
//! model shows is drawn: whatever the two sizes are nothing is garbled, and no query, clipboard write or unknown mode
//! reaches the local terminal, so it answers nothing and all that was switched on is known. Rows that scroll off go to
//! the local terminal's own scrollback.

mod end;
mod keys;
mod ledger;
mod link;
mod local;
mod painter;
mod signals;

use super::Prefix;
use crate::cli::block_on;
use crate::cli::client::{Client, find};
use crate::cli::exit::CliError;
use crate::cli::text::plain;
use crate::protocol::{InputId, SessionId, TerminalClientMessage, TerminalServerMessage};
use crate::sessions::{Model, ModelSettings};
use anyhow::anyhow;
use bytes::Bytes;
use end::{End, refusal};
use keys::{DetachKey, Keys};
use link::{Down, Event};
use local::{Local, Screen};
use painter::{Frame, Painter};
use signals::{Heard, Signals};
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::Message;

/// More often nobody sees.
const PAINT_INTERVAL: Duration = Duration::from_millis(16);
/// A program that says it is drawing is waited for no longer.
const SYNCHRONISED_MAX: Duration = Duration::from_millis(200);
/// While a window is dragged its size changes all the time.
const RESIZE_DELAY: Duration = Duration::from_millis(50);
/// When so long nothing has come, the server is told how far we are.
const QUIET: Duration = Duration::from_millis(30);
/// How long a line over the screen stays, unless a key is pressed.
const STATUS: Duration = Duration::from_secs(4);
/// Tries to connect again, and the time before the first; each waits twice as long as the one before, up to the most.
const TRIES: u32 = 8;
const TRY_FIRST: Duration = Duration::from_millis(100);
const TRY_MOST: Duration = Duration::from_secs(3);

/// Show a terminal session in this terminal, until it ends or the detach key is pressed.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Id of the session, or its first characters
    id: Prefix,
    /// Take the size over from whoever sets it
    #[arg(long)]
    drive: bool,
    /// The key that detaches, such as ctrl-] or ctrl-q
    #[arg(long, value_name = "KEY", default_value = "ctrl-]")]
    detach_key: DetachKey,
}

pub(super) fn run(args: &Args, client: &Client) -> Result<ExitCode, CliError> {
    for (is_terminal, name) in [(io::stdin().is_terminal(), "input"), (io::stdout().is_terminal(), "output")] {
        if !is_terminal {
            return Err(anyhow!("attach needs a terminal, and standard {name} is none").into());
        }
    }
    block_on(async {
        let sessions = client.sessions().await?;
        let id = find(&sessions, &args.id.0)?;
        let session = sessions.iter().find(|session| session.id == id);
        let title = session.map(|session| plain(&session.title)).unwrap_or_default();
        if let Some(refusal) = session.and_then(refusal) {
            return Err(refusal.into());
        }
        let signals = Signals::register()?;
        let end = Attachment::start(args, client.clone(), id, title)?.run(signals).await?;
        end.told(id)
    })
}

struct Attachment {
    client: Client,
    id: SessionId,
    title: String,
    detach_key: DetachKey,
    keys: Keys,
    /// Take the size over at the next attach.
    drive: bool,
    input_id: InputId,
    input: ledger::Input,
    output: ledger::Output,
    model: Option<Model>,
    /// The model is the first there was.
    first_screen: bool,
    painter: Painter,
    local: Local,
    events: mpsc::Receiver<Event>,
    /// To the server, while there is a connection.
    sender: Option<mpsc::Sender<Message>>,
    attached: bool,
    /// Tries since the last attach.
    tries: u32,
    try_at: Option<Instant>,
    status: Option<(String, Instant)>,
    trouble: Option<String>,
    stale: bool,
    painted_at: Instant,
    synchronised_since: Option<Instant>,
    resize_at: Option<Instant>,
    quiet_at: Option<Instant>,
}

impl Attachment {
    fn start(args: &Args, client: Client, id: SessionId, title: String) -> Result<Self, CliError> {
        let input_id = uuid::Uuid::new_v4().to_string().parse().map_err(anyhow::Error::new)?;
        let events = link::connect(&client, id);
        let (columns, rows) = local::size();
        Ok(Self {
            client,
            id,
            title,
            detach_key: args.detach_key,
            keys: Keys::new(args.detach_key),
            drive: args.drive,
            input_id,
            input: ledger::Input::default(),
            output: ledger::Output::default(),
            model: None,
            first_screen: true,
            painter: Painter::new((columns.into(), rows.into())),
            local: Local::take_over()?,
            events,
            sender: None,
            attached: false,
            tries: 0,
            try_at: None,
            status: None,
            trouble: None,
            stale: false,
            painted_at: Instant::now(),
            synchronised_since: None,
            resize_at: None,
            quiet_at: None,
        })
    }

    /// Shows the session until something ends it; the local terminal is as before when this returns.
    async fn run(mut self, mut signals: Signals) -> Result<End, CliError> {
        let mut typed = local::typed();
        let screen = Screen::start();
        let room = screen.room();
        let end = loop {
            let now = Instant::now();
            self.overdue(now);
            let deadline = self.next_deadline(now);
            let paints = self.stale && self.paint_at() <= now;
            let sender = self.sender.clone().filter(|_| self.attached && self.input.has_next());
            tokio::select! {
                heard = signals.next() => {
                    if let Some(end) = self.signalled(heard) {
                        break end;
                    }
                }
                part = typed.recv(), if self.input.has_room() => match part {
                    Some(part) => if self.typed(&part) { break End::Detached },
                    None => break End::TerminalGone,
                },
                event = self.events.recv(), if self.try_at.is_none() => {
                    let event = event.unwrap_or(Event::Down(Down::Broken("the connection ended".to_owned())));
                    if let Some(end) = self.happened(event) {
                        break end;
                    }
                }
                () = self.input.send_next(sender.as_ref()), if sender.is_some() => {}
                permit = room.reserve(), if paints => match permit {
                    Ok(permit) => permit.send(self.paint(now)),
                    Err(_) => break End::TerminalGone,
                },
                () = sleep_until(deadline) => {}
            }
        };
        if matches!(end, End::Program { .. }) {
            // Its last words stay above the prompt.
            (self.status, self.trouble) = (None, None);
            let last = self.paint(Instant::now());
            let _ = tokio::time::timeout(Duration::from_secs(1), room.send(last)).await;
        }
        drop(room);
        screen.finish().await;
        self.local.restore();
        Ok(end)
    }

    /// Does what is due by now.
    fn overdue(&mut self, now: Instant) {
        let due = |at: &mut Option<Instant>| at.take_if(|at| *at <= now).is_some();
        if due(&mut self.try_at) {
            self.events = link::connect(&self.client, self.id);
        }
        if due(&mut self.resize_at) {
            let size = local::size();
            self.painter.forget((size.0.into(), size.1.into()));
            self.stale = true;
            self.want_size(size);
        }
        if due(&mut self.quiet_at) {
            self.acknowledge(true);
        }
        if self.status.take_if(|(_, until)| *until <= now).is_some() {
            self.stale = true;
        }
    }

    fn next_deadline(&self, now: Instant) -> Instant {
        let status = self.status.as_ref().map(|(_, until)| *until);
        let paint = (self.stale && self.paint_at() > now).then(|| self.paint_at());
        let all = [self.try_at, self.resize_at, self.quiet_at, status, paint];
        all.into_iter().flatten().min().unwrap_or(now + Duration::from_secs(3600))
    }

    fn paint_at(&self) -> Instant {
        let synchronised = self.synchronised_since.map(|since| since + SYNCHRONISED_MAX);
        synchronised.unwrap_or(self.painted_at + PAINT_INTERVAL)
    }

    fn paint(&mut self, now: Instant) -> Vec<u8> {
        (self.stale, self.painted_at, self.synchronised_since) = (false, now, None);
        let Some(model) = &self.model else { return Vec::new() };
        let title = if model.title().is_empty() { &self.title } else { model.title() };
        let title = format!("{title} · {} detaches", self.detach_key);
        let status = self.trouble.as_deref().or(self.status.as_ref().map(|(text, _)| text.as_str()));
        let drawn = self.painter.paint(model, Frame { status, title: &title });
        self.local.leaves_with(self.painter.leave());
        drawn
    }

    /// A signal came; when it ends us, how.
    fn signalled(&mut self, heard: Heard) -> Option<End> {
        match heard {
            Heard::End(number) => return Some(End::Signalled(number)),
            Heard::Resized => self.resize_at = Some(Instant::now() + RESIZE_DELAY),
            Heard::Stop => {
                self.local.restore();
                signals::stop();
            }
            Heard::Continued => {
                // Whoever stopped us without asking left the terminal to the shell as it was.
                self.local.restore();
                if self.local.enter().is_err() {
                    return Some(End::TerminalGone);
                }
                self.painter = Painter::new(self.painter.size());
                if let Some(model) = &self.model {
                    self.painter.replaced(model);
                    self.begin_drawing();
                }
                self.resize_at = Some(Instant::now());
            }
        }
        None
    }

    /// Takes what was typed; true when it says to detach.
    fn typed(&mut self, bytes: &[u8]) -> bool {
        if self.model.as_ref().is_none_or(|model| !model.switches().bracketed_paste) {
            self.keys.unmarked();
        }
        let (typed, detach) = self.keys.take(bytes);
        self.input.add(typed);
        self.stale |= self.status.take().is_some();
        detach
    }

    fn happened(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Open(sender) => {
                let (epoch, offset) = self.output.resume();
                let attach = TerminalClientMessage::Attach {
                    epoch,
                    offset,
                    input_id: self.input_id.clone(),
                    input_offset: self.input.confirmed(),
                };
                // Empty as yet.
                let _ = sender.try_send(link::text(&attach));
                self.sender = Some(sender);
            }
            Event::Said(message) => return self.said(message),
            Event::Bytes(bytes) => self.bytes(&bytes),
            Event::Down(Down::Over(error)) => return Some(End::Failed(self.named(error))),
            Event::Down(Down::Broken(reason)) => {
                (self.sender, self.attached) = (None, false);
                self.tries += 1;
                if self.tries > TRIES {
                    return Some(End::Failed(anyhow!("the connection to the server is lost: {reason}").into()));
                }
                self.try_at = Some(Instant::now() + (TRY_FIRST * 2u32.pow(self.tries - 1)).min(TRY_MOST));
                self.trouble = Some(format!(
                    "connection lost ({reason}): try {} of {TRIES}; what is typed is kept, {} detaches",
                    self.tries, self.detach_key
                ));
                self.stale = true;
            }
        }
        None
    }

    fn named(&self, error: CliError) -> CliError {
        match error {
            CliError::NoSession(_) => CliError::NoSession(self.id.to_string()),
            other => other,
        }
    }

    fn said(&mut self, message: TerminalServerMessage) -> Option<End> {
        match message {
            TerminalServerMessage::Attached {
                epoch,
                offset,
                resumed,
                cols,
                rows,
                driver,
                snapshot_bytes,
                input_offset,
            } => {
                self.output.attached(epoch, offset, snapshot_bytes);
                self.input.attached(input_offset);
                if !resumed || self.model.is_none() {
                    self.start_over(cols, rows);
                }
                (self.attached, self.tries, self.trouble, self.stale) = (true, 0, None, true);
                if std::mem::take(&mut self.drive) {
                    self.send(&TerminalClientMessage::Drive {});
                    self.want_size(local::size());
                } else {
                    self.sized(cols, rows, driver, None);
                }
            }
            TerminalServerMessage::InputAck { offset } => self.input.confirm(offset),
            TerminalServerMessage::Resized { cols, rows, by, driver } => self.sized(cols, rows, driver, Some(&by)),
            TerminalServerMessage::Skipped { offset, cols, rows, snapshot_bytes } => {
                self.output.skipped(offset, snapshot_bytes);
                self.start_over(cols, rows);
            }
            TerminalServerMessage::Title { title } => {
                self.title = plain(&title);
                self.stale = true;
            }
            TerminalServerMessage::Exit { code, signal, reason } => {
                return Some(End::Program { code, signal, reason });
            }
            TerminalServerMessage::Error { message, .. } => self.say(plain(&message)),
            TerminalServerMessage::AuthOk { .. } => {}
        }
        None
    }

    /// An empty screen; what fills it comes now.
    fn start_over(&mut self, cols: u16, rows: u16) {
        let model = Model::new(cols, rows, &ModelSettings::default());
        self.first_screen = self.model.is_none();
        if self.first_screen {
            self.begin_drawing();
            self.say(format!("{} · {} detaches", self.title, self.detach_key));
        }
        self.painter.replaced(&model);
        self.model = Some(model);
        self.stale = true;
    }

    fn begin_drawing(&mut self) {
        // Nothing is being written: it is the first, or nothing was while we were stopped.
        local::write_now(&self.painter.enter());
        self.local.leaves_with(self.painter.leave());
    }

    fn bytes(&mut self, bytes: &Bytes) {
        let of_snapshot = self.output.receive(bytes.len());
        let Some(model) = &mut self.model else { return };
        model.feed(bytes);
        if of_snapshot && !self.first_screen {
            // Its scrollback is in the local one already.
            self.painter.replaced(model);
        }
        // The server answers what the program asked.
        drop(model.answers());
        self.synchronised_since = match model.is_synchronised() {
            true => self.synchronised_since.or(Some(Instant::now())),
            false => None,
        };
        self.stale = true;
        self.acknowledge(false);
        self.quiet_at = Some(Instant::now() + QUIET);
    }

    fn acknowledge(&mut self, quiet: bool) {
        let Some(offset) = self.output.due(quiet).filter(|_| self.attached) else { return };
        if self.send(&TerminalClientMessage::Ack { offset }) {
            self.output.acknowledged(offset);
        } else {
            self.quiet_at = Some(Instant::now() + QUIET);
        }
    }

    /// The terminal has a size, and perhaps another driver.
    fn sized(&mut self, cols: u16, rows: u16, driver: bool, by: Option<&str>) {
        let here = local::size();
        let Some(model) = &mut self.model else { return };
        let before = model.size();
        model.resize(cols, rows);
        self.stale = true;
        if driver {
            if (cols, rows) != here && by.is_none_or(|_| before == model.size()) {
                self.want_size(here);
            }
        } else if !self.painter.fits(model) && (by.is_none() || before != model.size()) {
            let who = by.map(|by| format!(", set by {}", plain(by))).unwrap_or_default();
            let (columns, lines) = here;
            self.say(format!(
                "{} detaches · this window is {columns}x{lines}, the terminal {cols}x{rows}{who}: what fits is shown, \
                 attach --drive sets the size",
                self.detach_key
            ));
        }
    }

    /// Tells the server the size we would like; it takes it when we drive, or nobody does.
    fn want_size(&mut self, (cols, rows): (u16, u16)) {
        if !self.send(&TerminalClientMessage::Resize { cols, rows }) && self.attached {
            self.resize_at = Some(Instant::now() + RESIZE_DELAY);
        }
    }

    /// Puts a line over the screen for a while.
    fn say(&mut self, text: String) {
        self.status = Some((text, Instant::now() + STATUS));
        self.stale = true;
    }

    /// False without a connection or when it is busy.
    fn send(&self, message: &TerminalClientMessage) -> bool {
        self.sender.as_ref().is_some_and(|sender| sender.try_send(link::text(message)).is_ok())
    }
}
