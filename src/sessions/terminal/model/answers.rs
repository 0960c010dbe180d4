//! What a program asks its terminal, answered once, whoever is watching. The page's terminal keeps quiet.
//!
//! It answers as xterm.js would, because that is what draws. The keyboard protocol of kitty is not among it: the page
//! cannot write keys that way, so the question stays open, as it does in a terminal that does not know it.

use super::State;
use super::modes::{Mouse, MouseEncoding};
use super::parser::Parameters;
use super::sgr;
use std::fmt;
use std::io::Write as _;

/// Answers that nobody takes are lost beyond this.
const ANSWERS_BYTES_MAX: usize = 8 << 10;
/// The pixels of a cell, for programs that ask; how many there truly are depends on who looks.
const CELL_PIXELS: (usize, usize) = (8, 16);

impl State {
    pub(super) fn answer(&mut self, answer: fmt::Arguments<'_>) {
        let before = self.answers.len();
        // Writing to memory does not fail.
        let _ = self.answers.write_fmt(answer);
        if self.answers.len() > ANSWERS_BYTES_MAX {
            self.answers.truncate(before);
        }
    }

    pub(super) fn ask_plain(&mut self, parameters: &Parameters, last: u8) {
        let (cols, rows) = (self.cols, self.rows);
        let (width, height) = CELL_PIXELS;
        match (last, parameters.get(0)) {
            (b'c', 0) => self.answer(format_args!("\x1b[?1;2c")),
            (b'n', 5) => self.answer(format_args!("\x1b[0n")),
            (b'n', 6) => self.answer_position(""),
            (b't', 14) if parameters.get(1) != 2 => {
                self.answer(format_args!("\x1b[4;{};{}t", rows * height, cols * width));
            }
            (b't', 16) => self.answer(format_args!("\x1b[6;{height};{width}t")),
            (b't', 18) => self.answer(format_args!("\x1b[8;{rows};{cols}t")),
            _ => {}
        }
    }

    pub(super) fn ask_collected(&mut self, parameters: &Parameters, collected: &[u8], last: u8) {
        match (collected, last, parameters.get(0)) {
            (b"?", b'n', 6) => self.answer_position("?"),
            (b">", b'c', 0) => self.answer(format_args!("\x1b[>0;276;0c")),
            (b"=", b'c', 0) => self.answer(format_args!("\x1bP!|00000000\x1b\\")),
            (b">", b'q', 0) => {
                self.answer(format_args!("\x1bP>|claude-web({})\x1b\\", env!("CARGO_PKG_VERSION")));
            }
            (b"$", b'p', mode) => {
                let value = match mode {
                    2 => 4,
                    4 => switch(self.modes.insert),
                    12 => 3,
                    20 => switch(self.modes.newline),
                    _ => 0,
                };
                self.answer(format_args!("\x1b[{mode};{value}$y"));
            }
            (b"?$", b'p', mode) => {
                let value = self.mode_value(mode);
                self.answer(format_args!("\x1b[?{mode};{value}$y"));
            }
            _ => {}
        }
    }

    fn answer_position(&mut self, prefix: &str) {
        let (x, y) = (self.grid_ref().x + 1, self.grid_ref().y + 1);
        self.answer(format_args!("\x1b[{prefix}{y};{x}R"));
    }

    fn mode_value(&self, mode: u32) -> u8 {
        let modes = &self.modes;
        match mode {
            1 => switch(modes.application_cursor),
            6 => switch(modes.origin),
            7 => switch(modes.wraparound),
            8 | 1048 => {
                if mode == 8 {
                    3
                } else {
                    1
                }
            }
            9 => switch(modes.mouse == Mouse::X10),
            12 => switch(modes.blink.unwrap_or(false)),
            25 => switch(!modes.cursor_hidden),
            45 => switch(modes.reverse_wraparound),
            66 => switch(modes.application_keypad),
            67 | 1005 | 1015 => 4,
            1000 => switch(modes.mouse == Mouse::Buttons),
            1002 => switch(modes.mouse == Mouse::Drag),
            1003 => switch(modes.mouse == Mouse::Any),
            1004 => switch(modes.focus),
            1006 => switch(modes.mouse_encoding == MouseEncoding::Sgr),
            1016 => switch(modes.mouse_encoding == MouseEncoding::Pixels),
            47 | 1047 | 1049 => switch(self.alternate.is_some()),
            2004 => switch(modes.bracketed_paste),
            2026 => switch(modes.synchronised),
            _ => 0,
        }
    }

    /// DECRQSS.
    pub(super) fn answer_setting(&mut self, setting: &[u8]) {
        let (top, bottom) = (self.grid_ref().top + 1, self.grid_ref().bottom + 1);
        let value = match setting {
            b"\"q" => format!("{}\"q", u8::from(self.attributes.bg & super::cell::bg::PROTECTED != 0)),
            b"\"p" => "61;1\"p".to_owned(),
            b"r" => format!("{top};{bottom}r"),
            b"m" => format!("{}m", sgr::parameters(self.attributes)),
            b" q" => format!("{} q", if self.modes.cursor_style == 0 { 2 } else { self.modes.cursor_style }),
            _ => return self.answer(format_args!("\x1bP0$r\x1b\\")),
        };
        self.answer(format_args!("\x1bP1$r{value}\x1b\\"));
    }
}

/// As DECRPM has it.
fn switch(on: bool) -> u8 {
    if on { 1 } else { 2 }
}
