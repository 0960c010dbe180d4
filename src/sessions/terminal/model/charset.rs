//! National and line-drawing characters in the place of ASCII ones.

/// A set of characters by the letter that selects it; zero is plain ASCII.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Charset(u8);

/// The four that are designated, and the one in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Charsets {
    pub(super) designated: [Charset; 4],
    pub(super) level: usize,
    /// Mostly `designated[level]`; restoring a cursor changes it alone.
    pub(super) current: Charset,
}

impl Charsets {
    pub(super) fn shift(&mut self, level: usize) {
        self.level = level;
        self.current = self.designated[level];
    }

    pub(super) fn designate(&mut self, level: usize, set: Charset) {
        self.designated[level] = set;
        if self.level == level {
            self.current = set;
        }
    }
}

impl Charset {
    /// The set a letter selects; `None` for an unknown letter.
    pub(super) fn by_letter(letter: u8) -> Option<Self> {
        match letter {
            b'B' => Some(Self(0)),
            b'0' | b'A' | b'4' | b'C' | b'5' | b'R' | b'Q' | b'K' | b'Y' | b'E' | b'6' | b'Z' | b'H' | b'7' | b'=' => {
                Some(Self(letter))
            }
            _ => None,
        }
    }

    pub(super) fn letter(self) -> u8 {
        if self.0 == 0 { b'B' } else { self.0 }
    }

    pub(super) fn is_ascii(self) -> bool {
        self.0 == 0
    }

    pub(super) fn map(self, character: u32) -> u32 {
        let (from, to) = match self.0 {
            0 => return character,
            b'0' => ("`abcdefghijklmnopqrstuvwxyz{|}~", "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"),
            b'A' => ("#", "£"),
            b'4' => ("#@[\\]{|}~", "£¾i½|¨f¼´"),
            b'C' | b'5' => ("[\\]^`{|}~", "ÄÖÅÜéäöåü"),
            b'R' => ("#@[\\]{|}~", "£à°ç§éùè¨"),
            b'Q' => ("@[\\]^`{|}~", "àâçêîôéùèû"),
            b'K' => ("@[\\]{|}~", "§ÄÖÜäöüß"),
            b'Y' => ("#@[\\]`{|}~", "£§°çéùàòèì"),
            b'E' | b'6' => ("@[\\]^`{|}~", "ÄÆØÅÜäæøåü"),
            b'Z' => ("#@[\\]{|}", "£§¡Ñ¿°ñç"),
            b'H' | b'7' => ("@[\\]^`{|}~", "ÉÄÖÅÜéäöåü"),
            _ => ("#@[\\]^_`{|}~", "ùàéçêîèôäöüû"),
        };
        let mapped = from.chars().zip(to.chars()).find(|(from, _)| u32::from(*from) == character);
        mapped.map_or(character, |(_, to)| u32::from(to))
    }
}
