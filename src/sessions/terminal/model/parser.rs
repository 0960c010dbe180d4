//! Bytes → characters, controls and sequences: the VT500 state machine with the choices the page's terminal makes.
//!
//! What is unfinished at the end of the input is kept as it came, so that a snapshot can end with it.

/// Parameters of a sequence beyond these are dropped.
const PARAMETERS_MAX: usize = 32;
const PARAMETER_MAX: u32 = 0x7fff_ffff;
/// A string sequence (OSC, DCS) longer than this has no effect.
const STRING_BYTES_MAX: usize = 16 << 10;
/// So much of an unfinished sequence is kept; what no longer fits has no effect on how it ends.
const UNFINISHED_BYTES_MAX: usize = STRING_BYTES_MAX + 64;

/// Takes what the parser finds.
pub(super) trait Perform {
    /// A run of printable ASCII.
    fn ascii(&mut self, run: &[u8]);
    /// One printable character.
    fn print(&mut self, character: u32);
    /// A control character, C0 or C1.
    fn execute(&mut self, control: u32);
    /// A control sequence; `collected` holds prefix and intermediates.
    fn csi(&mut self, parameters: &Parameters, collected: &[u8], last: u8);
    /// An escape sequence.
    fn esc(&mut self, collected: &[u8], last: u8);
    /// An operating system command.
    fn osc(&mut self, data: &[u8]);
    /// A device control string.
    fn dcs(&mut self, collected: &[u8], last: u8, data: &[u8]);
}

/// The numbers of a sequence: values in order, each with those that follow it after colons.
#[derive(Debug, Clone, Default)]
pub(super) struct Parameters {
    values: Vec<u32>,
    /// Value they belong to, and themselves; `None` when empty.
    subordinate: Vec<(usize, Option<u32>)>,
    full: bool,
    on_subordinate: bool,
    subordinate_full: bool,
}

impl Parameters {
    fn reset(&mut self) {
        self.values.clear();
        self.values.push(0);
        self.subordinate.clear();
        (self.full, self.on_subordinate, self.subordinate_full) = (false, false, false);
    }

    fn byte(&mut self, byte: u32) {
        match byte {
            0x3b => {
                self.on_subordinate = false;
                self.full = self.values.len() >= PARAMETERS_MAX;
                if !self.full {
                    self.values.push(0);
                }
            }
            0x3a => {
                self.on_subordinate = true;
                self.subordinate_full |= self.full || self.subordinate.len() >= PARAMETERS_MAX;
                if !self.subordinate_full {
                    self.subordinate.push((self.values.len() - 1, None));
                }
            }
            _ if self.full || self.on_subordinate && self.subordinate_full => {}
            _ => {
                let digit = byte - 0x30;
                let add = |old: u32| old.saturating_mul(10).saturating_add(digit).min(PARAMETER_MAX);
                if !self.on_subordinate {
                    self.values.last_mut().into_iter().for_each(|value| *value = add(*value));
                } else if let Some((_, value)) = self.subordinate.last_mut() {
                    *value = Some(value.map_or(digit, add));
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Value at `at`, 0 where there is none.
    pub(super) fn get(&self, at: usize) -> u32 {
        self.values.get(at).copied().unwrap_or(0)
    }

    /// Value at `at`, at least 1: the way counts and positions are written.
    pub(super) fn count(&self, at: usize) -> usize {
        self.get(at).max(1) as usize
    }

    /// What follows value `at` after colons.
    pub(super) fn subordinate(&self, at: usize) -> impl Iterator<Item = Option<u32>> {
        self.subordinate.iter().filter(move |(owner, _)| *owner == at).map(|(_, value)| *value)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ground,
    Escape,
    EscapeIntermediate,
    CsiEntry,
    CsiParameter,
    CsiIntermediate,
    CsiIgnore,
    DcsEntry,
    DcsParameter,
    DcsIntermediate,
    DcsIgnore,
    DcsPassthrough,
    Osc,
    /// SOS, PM, APC: nothing of them is used.
    Ignored,
}

/// The state machine.
#[derive(Debug)]
pub(super) struct Parser {
    state: State,
    parameters: Parameters,
    collected: Vec<u8>,
    data: Vec<u8>,
    data_overflowed: bool,
    dcs_final: u8,
    /// The sequence that has begun, without the controls within it, which have had their effect.
    unfinished: Vec<u8>,
    /// First bytes of a character whose others have not come.
    partial: Vec<u8>,
}

enum Decoded {
    Character(u32, usize),
    Illegal(usize),
    Incomplete,
}

impl Parser {
    /// Nothing has begun.
    pub(super) fn is_ground(&self) -> bool {
        self.state == State::Ground && self.partial.is_empty()
    }

    pub(super) fn new() -> Self {
        Self {
            state: State::Ground,
            parameters: Parameters::default(),
            collected: Vec::new(),
            data: Vec::new(),
            data_overflowed: false,
            dcs_final: 0,
            unfinished: Vec::new(),
            partial: Vec::new(),
        }
    }

    pub(super) fn advance(&mut self, mut bytes: &[u8], to: &mut impl Perform) {
        if !self.partial.is_empty() {
            let before = self.partial.len();
            self.partial.extend(bytes.iter().take(4 - before));
            let joined = std::mem::take(&mut self.partial);
            let taken = match decode(&joined) {
                Decoded::Incomplete => {
                    self.partial = joined;
                    return;
                }
                Decoded::Character(character, length) => {
                    self.step(character, &joined[..length], to);
                    length
                }
                Decoded::Illegal(length) => length,
            };
            // Of an illegal character what came earlier is gone as a whole; each of its bytes alone is illegal, too.
            bytes = &bytes[taken.saturating_sub(before)..];
        }
        while let Some(&first) = bytes.first() {
            if self.state == State::Ground && (0x20..0x7f).contains(&first) {
                let length = bytes.iter().position(|byte| !(0x20..0x7f).contains(byte)).unwrap_or(bytes.len());
                to.ascii(&bytes[..length]);
                bytes = &bytes[length..];
                continue;
            }
            let run = self.run(bytes);
            if run > 0 {
                bytes = &bytes[run..];
                continue;
            }
            match decode(bytes) {
                Decoded::Character(character, length) => {
                    self.step(character, &bytes[..length], to);
                    bytes = &bytes[length..];
                }
                Decoded::Illegal(length) => bytes = &bytes[length..],
                Decoded::Incomplete => {
                    self.partial.extend_from_slice(bytes);
                    return;
                }
            }
        }
    }

    /// Takes numbers of a sequence, or ASCII of a string, at once; gives how many bytes.
    fn run(&mut self, bytes: &[u8]) -> usize {
        let within = match self.state {
            State::CsiEntry | State::CsiParameter => 0x30..0x3c,
            State::Osc | State::DcsPassthrough | State::Ignored => 0x20..0x7f,
            _ => return 0,
        };
        let length = bytes.iter().position(|byte| !within.contains(byte)).unwrap_or(bytes.len());
        let run = &bytes[..length];
        match self.state {
            State::Osc | State::DcsPassthrough => self.state = self.put(run, self.state),
            State::Ignored => return length,
            _ if length > 0 => {
                self.state = State::CsiParameter;
                run.iter().for_each(|byte| self.parameters.byte(u32::from(*byte)));
            }
            _ => {}
        }
        let room = UNFINISHED_BYTES_MAX.saturating_sub(self.unfinished.len());
        self.unfinished.extend_from_slice(&run[..length.min(room)]);
        length
    }

    /// Bytes that bring a fresh parser to where this one is.
    pub(super) fn unfinished(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.state != State::Ground {
            match self.state {
                // Too long to have an effect: one that never has one, in the same state.
                State::Osc if self.data_overflowed => bytes.extend_from_slice(b"\x1b]9999;"),
                State::DcsPassthrough if self.data_overflowed => bytes.extend_from_slice(b"\x1bPz"),
                _ => bytes.extend_from_slice(&self.unfinished),
            }
        }
        bytes.extend_from_slice(&self.partial);
        bytes
    }

    fn step(&mut self, character: u32, raw: &[u8], to: &mut impl Perform) {
        let before = self.state;
        self.transition(character, raw, to);
        if self.state == State::Ground {
            return;
        }
        let begins = matches!(character, 0x1b | 0x90 | 0x98 | 0x9b | 0x9d..=0x9f);
        if begins {
            self.unfinished.clear();
        }
        let executed = character < 0x20 && !begins && before != State::DcsPassthrough;
        if !executed && self.unfinished.len() + raw.len() <= UNFINISHED_BYTES_MAX {
            self.unfinished.extend_from_slice(raw);
        }
    }

    fn transition(&mut self, character: u32, raw: &[u8], to: &mut impl Perform) {
        // Strings end with what would begin or cancel anything else.
        if matches!(character, 0x18 | 0x1a | 0x1b | 0x9c) || character == 0x07 && self.state == State::Osc {
            let whole = !self.data_overflowed && !matches!(character, 0x18 | 0x1a);
            match self.state {
                State::Osc | State::DcsPassthrough => {
                    let string = self.state;
                    self.state = if character == 0x1b { State::Escape } else { State::Ground };
                    let data = std::mem::take(&mut self.data);
                    if whole && string == State::Osc {
                        to.osc(&data);
                    } else if whole {
                        to.dcs(&self.collected, self.dcs_final, &data);
                    } else {
                        to.osc(b"");
                    }
                    self.clear();
                    return;
                }
                _ => {}
            }
        }
        match character {
            0x18 | 0x1a | 0x80..=0x8f | 0x91..=0x97 | 0x99 | 0x9a => {
                self.state = State::Ground;
                to.execute(character);
            }
            0x9c => self.state = State::Ground,
            0x1b => self.enter(State::Escape),
            0x90 => self.enter(State::DcsEntry),
            0x9b => self.enter(State::CsiEntry),
            0x9d => self.enter(State::Osc),
            0x98 | 0x9e | 0x9f => self.state = State::Ignored,
            _ => self.within(character, raw, to),
        }
    }

    fn enter(&mut self, state: State) {
        self.clear();
        self.state = state;
    }

    fn clear(&mut self) {
        self.parameters.reset();
        self.collected.clear();
        self.data.clear();
        self.data_overflowed = false;
    }

    fn within(&mut self, character: u32, raw: &[u8], to: &mut impl Perform) {
        use State::*;
        let control = character < 0x20;
        // Safe: everything that uses it is in the range of a byte.
        let byte = u8::try_from(character).unwrap_or(0xff);
        self.state = match (self.state, character) {
            (Ground | Escape | EscapeIntermediate | CsiEntry | CsiParameter | CsiIntermediate | CsiIgnore, _)
                if control =>
            {
                to.execute(character);
                self.state
            }
            (Ground, 0x20..0x7f | 0xa0..) => {
                to.print(character);
                Ground
            }
            (Escape, 0x5b) => return self.enter(CsiEntry),
            (Escape, 0x50) => return self.enter(DcsEntry),
            (Escape, 0x5d) => return self.enter(Osc),
            (Escape, 0x58 | 0x5e | 0x5f) => Ignored,
            (Escape | EscapeIntermediate, 0x20..0x30) => self.collect(byte, EscapeIntermediate),
            (Escape | EscapeIntermediate, 0x30..0x7f) => {
                to.esc(&self.collected, byte);
                Ground
            }
            (CsiEntry | CsiParameter, 0x30..0x3c) => self.parameter(character, CsiParameter),
            (CsiEntry, 0x3c..0x40) => self.collect(byte, CsiParameter),
            (CsiEntry | CsiParameter | CsiIntermediate, 0x20..0x30) => self.collect(byte, CsiIntermediate),
            (CsiEntry | CsiParameter | CsiIntermediate, 0x40..0x7f) => {
                to.csi(&self.parameters, &self.collected, byte);
                Ground
            }
            (CsiParameter, 0x3c..0x40) | (CsiIntermediate, 0x30..0x40) => CsiIgnore,
            (CsiIgnore, 0x40..0x7f) => Ground,
            (CsiIgnore, _) => CsiIgnore,
            (DcsEntry | DcsParameter, 0x30..0x3c) => self.parameter(character, DcsParameter),
            (DcsEntry, 0x3c..0x40) => self.collect(byte, DcsParameter),
            (DcsEntry | DcsParameter | DcsIntermediate, 0x20..0x30) => self.collect(byte, DcsIntermediate),
            (DcsEntry | DcsParameter | DcsIntermediate, 0x40..0x7f) => {
                self.dcs_final = byte;
                DcsPassthrough
            }
            (DcsParameter, 0x3c..0x40) | (DcsIntermediate, 0x30..0x40) => DcsIgnore,
            (DcsIgnore, _) => DcsIgnore,
            (DcsPassthrough, 0x7f) => DcsPassthrough,
            (DcsPassthrough, _) => self.put(raw, DcsPassthrough),
            (Osc, _) if !control => self.put(raw, Osc),
            (Osc, _) => Osc,
            (Ignored, 0..0x80) => Ignored,
            (same @ (DcsEntry | DcsParameter | DcsIntermediate), _) if control || character == 0x7f => same,
            (same @ (Escape | EscapeIntermediate | CsiEntry | CsiParameter | CsiIntermediate), 0x7f) => same,
            _ => Ground,
        };
    }

    fn collect(&mut self, byte: u8, next: State) -> State {
        // Three are one more than any known sequence has.
        if self.collected.len() < 3 {
            self.collected.push(byte);
        }
        next
    }

    fn parameter(&mut self, character: u32, next: State) -> State {
        self.parameters.byte(character);
        next
    }

    fn put(&mut self, raw: &[u8], same: State) -> State {
        if self.data.len() + raw.len() > STRING_BYTES_MAX {
            self.data_overflowed = true;
        } else if !self.data_overflowed {
            self.data.extend_from_slice(raw);
        }
        same
    }
}

/// The first character; illegal bytes are dropped without a trace, as is a byte order mark.
fn decode(bytes: &[u8]) -> Decoded {
    let first = u32::from(bytes[0]);
    let (length, start, least) = match first {
        0..0x80 => return Decoded::Character(first, 1),
        0xc0..0xe0 => (2, first & 0x1f, 0x80),
        0xe0..0xf0 => (3, first & 0x0f, 0x800),
        0xf0..0xf8 => (4, first & 0x07, 0x1_0000),
        _ => return Decoded::Illegal(1),
    };
    let mut character = start;
    for at in 1..length {
        match bytes.get(at) {
            None => return Decoded::Incomplete,
            Some(byte) if byte & 0xc0 == 0x80 => character = character << 6 | u32::from(byte & 0x3f),
            Some(_) => return Decoded::Illegal(at),
        }
    }
    if character < least || character == 0xfeff || char::from_u32(character).is_none() {
        return Decoded::Illegal(length);
    }
    Decoded::Character(character, length)
}
