//! Interactive mode. The terminal is raw, so every byte comes and goes as it is.
//!
//! Keys are echoed, controls as `^X`. Commands, each ended by Enter:
//!
//! * `flood BYTES SEED [KIB_PER_SECOND]`: `FLOOD-BEGIN`, CR LF, the bytes of `random.rs`, CR LF, `FLOOD-END`.
//! * `flood-text BYTES SEED [KIB_PER_SECOND]`: the same with each byte `b` as the printable `0x20 + b % 95`.
//! * `size`: `size ROWS COLS`; a change prints `resized ROWS COLS` by itself.
//! * `count`: from here nothing is echoed; after a line `end` prints `count LINES BYTES SHA256` over
//!   the lines before it, each with a LF at its end.
//! * `exit N`, `pid`, `args`, `echo-env NAME`, `grandchildren`, `grandchildren hold`, `ignore-term`,
//!   `title TEXT`.
//!
//! Ctrl-C drops the line, Ctrl-D on an empty one exits. After `ignore-term` a hangup does not end it.

use crate::random::XorShift;
use crate::{Exit, descendants, hang, say_on_stderr};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Winsize, tcgetattr, tcgetwinsize, tcsetattr};
use sha2::{Digest, Sha256};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const PROMPT: &str = "> ";
/// How soon a new size is noticed.
const LOOK_AT_SIZE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

pub(crate) fn run() -> Result<(), Exit> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        say_on_stderr("Error: Input must be provided either through stdin or as a prompt argument when using --print");
        return Err(Exit(1));
    }
    let before = tcgetattr(&stdin).map_err(|_| Exit(1))?;
    let mut raw = before.clone();
    raw.make_raw();
    tcsetattr(&stdin, OptionalActions::Now, &raw).map_err(|_| Exit(1))?;
    let outcome = Terminal::default().talk(&stdin);
    let _ = tcsetattr(&stdin, OptionalActions::Now, &before);
    outcome
}

#[derive(Default)]
struct Terminal {
    line: Vec<u8>,
    counting: Option<Counting>,
    deaf: bool,
}

#[derive(Default)]
struct Counting {
    lines: u64,
    bytes: u64,
    hash: Sha256,
}

impl Terminal {
    fn talk(&mut self, stdin: &std::io::Stdin) -> Result<(), Exit> {
        print("fake-claude\r\n");
        print(PROMPT);
        let mut size = window(stdin);
        let mut bytes = [0; 4096];
        loop {
            let mut polled = [PollFd::new(stdin, PollFlags::IN)];
            let ready = poll(&mut polled, Some(&LOOK_AT_SIZE)).unwrap_or(0);
            let now = window(stdin);
            if now != size {
                size = now;
                print(&format!("\r\nresized {} {}\r\n", size.0, size.1));
            }
            if ready == 0 {
                continue;
            }
            match rustix::io::read(stdin, &mut bytes) {
                Err(rustix::io::Errno::INTR) => {}
                Ok(0) | Err(_) if self.deaf => hang(),
                Ok(0) | Err(_) => return Ok(()),
                Ok(count) => {
                    for byte in &bytes[..count] {
                        if self.key(*byte, size)? {
                            return Ok(());
                        }
                    }
                }
            }
        }
    }

    /// Takes a byte; whether that was the end.
    fn key(&mut self, byte: u8, size: (u16, u16)) -> Result<bool, Exit> {
        match byte {
            b'\r' | b'\n' => {
                let line = std::mem::take(&mut self.line);
                if self.counting.is_some() {
                    self.count(&line);
                } else {
                    print("\r\n");
                    self.command(&String::from_utf8_lossy(&line), size)?;
                    if self.counting.is_none() {
                        print(PROMPT);
                    }
                }
            }
            _ if self.counting.is_some() => self.line.push(byte),
            3 => {
                self.line.clear();
                print("^C\r\n");
                print(PROMPT);
            }
            4 if self.line.is_empty() => return Ok(true),
            8 | 127 => {
                if self.line.pop().is_some() {
                    print("\u{8} \u{8}");
                }
            }
            control if control < 0x20 => print(&format!("^{}", char::from(control + 0x40))),
            _ => {
                self.line.push(byte);
                write(&[byte]);
            }
        }
        Ok(false)
    }

    fn command(&mut self, line: &str, size: (u16, u16)) -> Result<(), Exit> {
        let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        match word {
            "" => {}
            "flood" => flood(rest, |byte| byte),
            "flood-text" => flood(rest, |byte| b' ' + byte % 95),
            "size" => print(&format!("size {} {}\r\n", size.0, size.1)),
            "count" => self.counting = Some(Counting::default()),
            "exit" => return Err(Exit(rest.parse().unwrap_or(0))),
            "pid" => print(&format!("pid {}\r\n", std::process::id())),
            "args" => {
                let args: Vec<_> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
                print(&format!("args {}\r\n", args.join(" ")));
            }
            "echo-env" => {
                let value = std::env::var_os(rest).map(|value| value.to_string_lossy().into_owned());
                print(&format!("env {}\r\n", value.as_deref().unwrap_or("(unset)")));
            }
            "title" => print(&format!("\u{1b}]0;{rest}\u{7}")),
            "ignore-term" => {
                self.deaf = descendants::ignore_signals().is_ok();
                print("ignoring TERM\r\n");
            }
            "grandchildren" => match descendants::start(rest == "hold") {
                Ok(ids) => {
                    let ids: Vec<_> = ids.iter().map(u32::to_string).collect();
                    print(&format!("descendants: {}\r\n", ids.join(" ")));
                }
                Err(error) => print(&format!("failed: {error}\r\n")),
            },
            _ => print(&format!("unknown: {line}\r\n")),
        }
        Ok(())
    }

    fn count(&mut self, line: &[u8]) {
        if line == b"end" {
            if let Some(counted) = self.counting.take() {
                let hash: String = counted.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
                print(&format!("count {} {} {hash}\r\n{PROMPT}", counted.lines, counted.bytes));
            }
        } else if let Some(counting) = &mut self.counting {
            counting.lines += 1;
            counting.bytes += line.len() as u64 + 1;
            counting.hash.update(line);
            counting.hash.update(b"\n");
        }
    }
}

fn flood(how: &str, shown: impl Fn(u8) -> u8) {
    let mut numbers = how.split_whitespace().map(|number| number.parse::<u64>().unwrap_or(0));
    let (mut left, seed) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let kib_per_second = numbers.next().unwrap_or(0);
    let begun = Instant::now();
    let mut printed = 0;
    let mut random = XorShift::new(seed);
    let mut chunk = [0; 8192];
    print("FLOOD-BEGIN\r\n");
    while left > 0 {
        // A multiple of eight except at the end, so that the chunks join without a gap.
        let size = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
        random.fill(&mut chunk[..size]);
        chunk[..size].iter_mut().for_each(|byte| *byte = shown(*byte));
        write(&chunk[..size]);
        left -= size as u64;
        printed += size as u64;
        if let Some(due_ms) = (printed * 1000 / 1024).checked_div(kib_per_second) {
            std::thread::sleep(Duration::from_millis(due_ms).saturating_sub(begun.elapsed()));
        }
    }
    print("\r\nFLOOD-END\r\n");
}

fn window(stdin: &std::io::Stdin) -> (u16, u16) {
    tcgetwinsize(stdin).map(|Winsize { ws_row, ws_col, .. }| (ws_row, ws_col)).unwrap_or_default()
}

fn print(text: &str) {
    write(text.as_bytes());
}

fn write(bytes: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(bytes).and_then(|()| stdout.flush());
}
