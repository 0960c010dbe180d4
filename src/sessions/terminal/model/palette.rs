//! Colours by number: the page's, and what a program made of them.

use std::collections::BTreeMap;

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// The colours a program is told when it asks.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Text.
    pub foreground: Rgb,
    /// Ground.
    pub background: Rgb,
    /// Cursor.
    pub cursor: Rgb,
    /// The first sixteen.
    pub ansi: [Rgb; 16],
}

impl Default for Theme {
    /// The page's dark theme.
    fn default() -> Self {
        let ansi = [
            0x37342e, 0xf28f85, 0x82c293, 0xe2b457, 0x8fb8ea, 0xd7a0d3, 0x7fc7cc, 0xd3cec4, 0x8a8377, 0xf7aba3,
            0xa0d5ae, 0xedca83, 0xb0cef2, 0xe4bde1, 0xa2d9dd, 0xf6f3ed,
        ];
        Self { foreground: rgb(0xebe7df), background: rgb(0x1e1d1a), cursor: rgb(0xe28d67), ansi: ansi.map(rgb) }
    }
}

fn rgb(number: u32) -> Rgb {
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

/// What OSC 4, 10, 11 and 12 have changed; survives every reset but their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Palette {
    /// By index.
    pub(super) indexed: BTreeMap<u8, Rgb>,
    /// Foreground, background, cursor.
    pub(super) special: [Option<Rgb>; 3],
}

impl Palette {
    /// Colour of an index as a program is told.
    pub(super) fn index(&self, index: u8, theme: &Theme) -> Rgb {
        if let Some(colour) = self.indexed.get(&index) {
            return *colour;
        }
        match index {
            0..16 => theme.ansi[usize::from(index)],
            16..232 => {
                let part = |weight: u8| match (index - 16) / weight % 6 {
                    0 => 0,
                    step => 55 + step * 40,
                };
                [part(36), part(6), part(1)]
            }
            232.. => [8 + (index - 232) * 10; 3],
        }
    }

    pub(super) fn special(&self, which: usize, theme: &Theme) -> Rgb {
        self.special[which].unwrap_or([theme.foreground, theme.background, theme.cursor][which])
    }
}

/// `rgb:r/g/b` with one to four digits each, or `#` with three to twelve.
pub(super) fn parse(text: &str) -> Option<Rgb> {
    let text = text.to_ascii_lowercase();
    let hex = |part: &str| u32::from_str_radix(part, 16).ok().filter(|_| part.bytes().all(|b| b.is_ascii_hexdigit()));
    let mut colour = [0; 3];
    if let Some(parts) = text.strip_prefix("rgb:") {
        let parts: Vec<_> = parts.split('/').collect();
        let digits = parts.first()?.len();
        if parts.len() != 3 || !(1..=4).contains(&digits) || parts.iter().any(|part| part.len() != digits) {
            return None;
        }
        let most = (1_u32 << (4 * digits)) - 1;
        for (channel, part) in colour.iter_mut().zip(parts) {
            *channel = u8::try_from((hex(part)? * 510 + most) / (2 * most)).ok()?;
        }
    } else {
        let digits = text.strip_prefix('#').filter(|digits| digits.is_ascii())?;
        let each = digits.len() / 3;
        if !matches!(digits.len(), 3 | 6 | 9 | 12) {
            return None;
        }
        for (at, channel) in colour.iter_mut().enumerate() {
            let value = hex(&digits[at * each..(at + 1) * each])?;
            *channel = u8::try_from(if each == 1 { value << 4 } else { value >> (4 * (each - 2)) }).ok()?;
        }
    }
    Some(colour)
}

/// As a terminal answers.
pub(super) fn write([red, green, blue]: Rgb) -> String {
    format!("rgb:{red:02x}{red:02x}/{green:02x}{green:02x}/{blue:02x}{blue:02x}")
}
