//! Operating system commands: title, links, colours.

use super::State;
use super::palette;

/// A title longer than this is cut.
const TITLE_BYTES_MAX: usize = 1 << 10;

impl State {
    pub(super) fn osc_command(&mut self, command: &str) {
        let (number, data) = command.split_once(';').unwrap_or((command, ""));
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        match number.parse() {
            Ok(0 | 2) => {
                self.title.clear();
                self.title.push_str(&data[..data.floor_char_boundary(TITLE_BYTES_MAX)]);
            }
            Ok(4) => self.indexed_colours(data),
            Ok(8) => self.hyperlink(data),
            Ok(number @ 10..=12) => self.special_colours(number - 10, data),
            Ok(104) if data.is_empty() => self.palette.indexed.clear(),
            Ok(104) => data.split(';').filter_map(|index| index.parse().ok()).for_each(|index: u8| {
                self.palette.indexed.remove(&index);
            }),
            Ok(number @ 110..=112) => self.palette.special[number - 110] = None,
            _ => {}
        }
    }

    fn hyperlink(&mut self, data: &str) {
        let Some((parameters, address)) = data.split_once(';') else { return };
        let number = match (parameters.trim(), address) {
            ("", "") => 0,
            (_, "") => return,
            _ => self.link(data),
        };
        self.attributes.link = number;
        self.attributes.note_extended();
    }

    /// A command that asks sets nothing: the page drops it as a whole.
    fn indexed_colours(&mut self, data: &str) {
        let parts: Vec<_> = data.split(';').collect();
        let asks = parts.iter().any(|part| part.trim() == "?");
        for pair in parts.chunks_exact(2) {
            let Ok(index) = pair[0].parse::<u8>() else { continue };
            match palette::parse(pair[1]) {
                _ if pair[1] == "?" => {
                    let colour = palette::write(self.palette.index(index, &self.theme));
                    self.answer(format_args!("\x1b]4;{index};{colour}\x1b\\"));
                }
                Some(colour) if !asks => {
                    self.palette.indexed.insert(index, colour);
                }
                _ => {}
            }
        }
    }

    /// Foreground, background and cursor, beginning with `first`.
    fn special_colours(&mut self, first: usize, data: &str) {
        let asks = data.split(';').any(|part| part.trim() == "?");
        for (which, part) in (first..3).zip(data.split(';')) {
            match palette::parse(part) {
                _ if part == "?" => {
                    let colour = palette::write(self.palette.special(which, &self.theme));
                    self.answer(format_args!("\x1b]{};{colour}\x1b\\", which + 10));
                }
                Some(colour) if !asks => self.palette.special[which] = Some(colour),
                _ => {}
            }
        }
    }
}
