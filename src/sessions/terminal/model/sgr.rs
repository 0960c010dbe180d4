//! Attributes of what is printed next.

use super::State;
use super::cell::{Attributes, COLOUR, KIND, KIND_16, KIND_256, KIND_RGB, STYLE_SHIFT, bg, fg};
use super::parser::Parameters;

impl State {
    pub(super) fn set_attributes(&mut self, parameters: &Parameters) {
        let attributes = &mut self.attributes;
        let mut at = 0;
        while at < parameters.len() {
            let parameter = parameters.get(at);
            match parameter {
                0 => reset(attributes),
                1 => attributes.fg |= fg::BOLD,
                2 => attributes.bg |= bg::DIM,
                3 => attributes.bg |= bg::ITALIC,
                4 => underline(attributes, parameters.subordinate(at).next().unwrap_or(Some(1)).unwrap_or(1)),
                5 => attributes.fg |= fg::BLINK,
                7 => attributes.fg |= fg::INVERSE,
                8 => attributes.fg |= fg::INVISIBLE,
                9 => attributes.fg |= fg::STRUCK,
                21 => underline(attributes, 2),
                22 => {
                    attributes.fg &= !fg::BOLD;
                    attributes.bg &= !bg::DIM;
                }
                23 => attributes.bg &= !bg::ITALIC,
                24 => underline(attributes, 0),
                25 => attributes.fg &= !fg::BLINK,
                27 => attributes.fg &= !fg::INVERSE,
                28 => attributes.fg &= !fg::INVISIBLE,
                29 => attributes.fg &= !fg::STRUCK,
                30..=37 => set(&mut attributes.fg, KIND_16 | (parameter - 30)),
                39 => set(&mut attributes.fg, 0),
                40..=47 => set(&mut attributes.bg, KIND_16 | (parameter - 40)),
                49 => set(&mut attributes.bg, 0),
                53 => attributes.bg |= bg::OVERLINE,
                55 => attributes.bg &= !bg::OVERLINE,
                59 => {
                    // All ones: the page's terminal does not reset it, it makes it white.
                    set(&mut attributes.underline, COLOUR);
                    attributes.note_extended();
                }
                90..=97 => set(&mut attributes.fg, KIND_16 | 8 | (parameter - 90)),
                100..=107 => set(&mut attributes.bg, KIND_16 | 8 | (parameter - 100)),
                38 | 48 | 58 => at += extended(attributes, parameters, at),
                _ => {}
            }
            at += 1;
        }
    }
}

fn set(field: &mut u32, colour: u32) {
    *field = *field & !COLOUR | colour;
}

fn reset(attributes: &mut Attributes) {
    *attributes = Attributes { link: attributes.link, ..Attributes::default() };
    attributes.note_extended();
}

fn underline(attributes: &mut Attributes, style: u32) {
    let style = if style > 5 { 1 } else { style };
    attributes.underline = attributes.underline & COLOUR | style << STYLE_SHIFT;
    attributes.fg &= !fg::UNDERLINE;
    if style != 0 {
        attributes.fg |= fg::UNDERLINE;
    }
    attributes.note_extended();
}

/// 38, 48 and 58 with what follows, after semicolons or colons; gives how many parameters it took besides the first.
fn extended(attributes: &mut Attributes, parameters: &Parameters, at: usize) -> usize {
    // Target, kind, colour space, and three values; an index is in the place of the first value.
    let mut found = [Some(0), Some(0), None, Some(0), Some(0), Some(0)];
    let mut space = 0;
    let mut advance = 0;
    loop {
        found[advance + space] = Some(parameters.get(at + advance));
        let mut subordinate = parameters.subordinate(at + advance).enumerate().peekable();
        if subordinate.peek().is_some() {
            for (index, value) in subordinate {
                if found[1] == Some(5) {
                    space = 1;
                }
                let Some(slot) = found.get_mut(advance + index + 1 + space) else { break };
                *slot = value;
            }
            break;
        }
        if found[1] == Some(5) && advance + space >= 2 || found[1] == Some(2) && advance + space >= 5 {
            break;
        }
        if found[1] != Some(0) {
            space = 1;
        }
        advance += 1;
        if at + advance >= parameters.len() || advance + space >= found.len() {
            break;
        }
    }
    let value = |index: usize| found[index].unwrap_or(0) & 0xff;
    let colour = match found[1] {
        Some(2) => KIND_RGB | value(3) << 16 | value(4) << 8 | value(5),
        Some(5) => KIND_256 | value(3),
        _ => return advance,
    };
    match parameters.get(at) {
        38 => set(&mut attributes.fg, colour),
        48 => set(&mut attributes.bg, colour),
        _ => set(&mut attributes.underline, colour),
    }
    advance
}

/// Parameters after which a fresh terminal has these attributes, without the link.
pub(super) fn parameters(attributes: Attributes) -> String {
    let mut parts = vec!["0".to_owned()];
    let (front, back) = (attributes.fg, attributes.bg);
    for (flag, number) in
        [(fg::BOLD, "1"), (fg::BLINK, "5"), (fg::INVERSE, "7"), (fg::INVISIBLE, "8"), (fg::STRUCK, "9")]
    {
        if front & flag != 0 {
            parts.push(number.to_owned());
        }
    }
    for (flag, number) in [(bg::DIM, "2"), (bg::ITALIC, "3"), (bg::OVERLINE, "53")] {
        if back & flag != 0 {
            parts.push(number.to_owned());
        }
    }
    parts.extend(colour(front, 30, 90, "38"));
    parts.extend(colour(back, 40, 100, "48"));
    if attributes.underline & COLOUR == COLOUR {
        parts.push("59".to_owned());
    } else if attributes.underline & KIND != 0 {
        // A colour of sixteen has no code of its own here.
        let as_256 = attributes.underline & KIND == KIND_16;
        let underline = if as_256 { KIND_256 | attributes.underline & 0xff } else { attributes.underline };
        parts.extend(colour(underline, 0, 0, "58"));
    }
    match attributes.underline_style() {
        style @ 2.. if back & bg::EXTENDED != 0 => parts.push(format!("4:{style}")),
        1 if back & bg::EXTENDED != 0 => parts.push("4".to_owned()),
        _ if front & fg::UNDERLINE != 0 => parts.push("4".to_owned()),
        _ => {}
    }
    parts.join(";")
}

fn colour(field: u32, first: u32, bright: u32, long: &str) -> Option<String> {
    let value = field & 0xff_ffff;
    match field & KIND {
        KIND_16 if value & 8 == 0 => Some((first + (value & 7)).to_string()),
        KIND_16 => Some((bright + (value & 7)).to_string()),
        KIND_256 => Some(format!("{long};5;{}", value & 0xff)),
        KIND_RGB => Some(format!("{long};2;{};{};{}", value >> 16, value >> 8 & 0xff, value & 0xff)),
        _ => None,
    }
}
