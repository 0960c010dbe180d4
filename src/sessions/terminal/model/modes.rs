//! Switches a program sets, and what stands behind them.

use super::State;
use super::grid::Grid;

/// Which mouse events are reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mouse {
    #[default]
    None,
    X10,
    Buttons,
    Drag,
    Any,
}

/// How they are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum MouseEncoding {
    #[default]
    Default,
    Sgr,
    Pixels,
}

/// All of them, by what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Modes {
    pub(super) insert: bool,
    /// Set in the page's options, so no reset clears it.
    pub(super) newline: bool,
    pub(super) application_cursor: bool,
    pub(super) application_keypad: bool,
    pub(super) origin: bool,
    pub(super) wraparound: bool,
    pub(super) reverse_wraparound: bool,
    pub(super) bracketed_paste: bool,
    pub(super) focus: bool,
    pub(super) synchronised: bool,
    pub(super) cursor_hidden: bool,
    /// DECSCUSR: 0 is the viewer's own.
    pub(super) cursor_style: u8,
    /// Mode 12, where the program has chosen.
    pub(super) blink: Option<bool>,
    pub(super) mouse: Mouse,
    pub(super) mouse_encoding: MouseEncoding,
}

impl Default for Modes {
    fn default() -> Self {
        Self {
            insert: false,
            newline: false,
            application_cursor: false,
            application_keypad: false,
            origin: false,
            wraparound: true,
            reverse_wraparound: false,
            bracketed_paste: false,
            focus: false,
            synchronised: false,
            cursor_hidden: false,
            cursor_style: 0,
            blink: None,
            mouse: Mouse::default(),
            mouse_encoding: MouseEncoding::default(),
        }
    }
}

impl Modes {
    /// ESC c.
    pub(super) fn reset(&mut self) {
        let mouse = (Mouse::None, MouseEncoding::Default);
        self.soft_reset();
        (self.mouse, self.mouse_encoding) = mouse;
    }

    /// DECSTR, without the cursor. The mouse stays.
    pub(super) fn soft_reset(&mut self) {
        *self = Self {
            newline: self.newline,
            cursor_hidden: self.cursor_hidden,
            blink: self.blink,
            mouse: self.mouse,
            mouse_encoding: self.mouse_encoding,
            ..Self::default()
        };
    }
}

impl State {
    pub(super) fn set_ansi_mode(&mut self, mode: u32, on: bool) {
        match mode {
            4 => self.modes.insert = on,
            20 => self.modes.newline = on,
            _ => {}
        }
    }

    pub(super) fn set_mode(&mut self, mode: u32, on: bool) {
        let modes = &mut self.modes;
        match mode {
            1 => modes.application_cursor = on,
            2 if on => (0..4).for_each(|level| self.charsets.designate(level, super::charset::Charset::default())),
            6 => {
                modes.origin = on;
                self.move_to(0, 0);
            }
            7 => modes.wraparound = on,
            12 => modes.blink = Some(on),
            45 => modes.reverse_wraparound = on,
            66 => modes.application_keypad = on,
            9 => modes.mouse = if on { Mouse::X10 } else { Mouse::None },
            1000 => modes.mouse = if on { Mouse::Buttons } else { Mouse::None },
            1002 => modes.mouse = if on { Mouse::Drag } else { Mouse::None },
            1003 => modes.mouse = if on { Mouse::Any } else { Mouse::None },
            1004 => modes.focus = on,
            1006 => modes.mouse_encoding = if on { MouseEncoding::Sgr } else { MouseEncoding::Default },
            1016 => modes.mouse_encoding = if on { MouseEncoding::Pixels } else { MouseEncoding::Default },
            25 => modes.cursor_hidden = !on,
            1048 if on => self.save_cursor(),
            1048 => self.restore_cursor(),
            47 | 1047 | 1049 if on => {
                if mode == 1049 {
                    self.save_cursor();
                }
                self.show_alternate();
            }
            47 | 1047 | 1049 => {
                self.show_normal();
                if mode == 1049 {
                    self.restore_cursor();
                }
            }
            2004 => modes.bracketed_paste = on,
            2026 => modes.synchronised = on,
            _ => {}
        }
    }

    fn show_alternate(&mut self) {
        if self.alternate.is_some() {
            return;
        }
        let mut alternate = Grid::new(self.cols, self.rows, self.blank(), self.limits, false);
        (alternate.x, alternate.y) = (self.normal.x, self.normal.y);
        alternate.saved = self.alternate_saved;
        self.alternate = Some(alternate);
    }

    fn show_normal(&mut self) {
        if let Some(alternate) = self.alternate.take() {
            (self.normal.x, self.normal.y) = (alternate.x, alternate.y);
            self.alternate_saved = alternate.saved;
        }
    }
}
