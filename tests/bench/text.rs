//! What terminals print in the bench: made from a fixed seed, so that both ends know every byte.

/// Bytes after which the text begins anew.
const BLOCK_BYTES: usize = 256 << 10;

/// Which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Lines of words.
    Plain,
    /// Colours and cursor moves, as full-screen programs write them.
    Ansi,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Plain, Self::Ansi];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Ansi => "ansi",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The text up to where it begins anew.
    pub(crate) fn block(self) -> Vec<u8> {
        let mut random = 0x2545_F491_4F6C_DD1D_u64;
        let mut next = move |bound: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % bound
        };
        let mut block = Vec::with_capacity(BLOCK_BYTES + 256);
        while block.len() < BLOCK_BYTES {
            let line = block.len();
            let width = 20 + next(100) as usize;
            if self == Self::Ansi {
                block.extend_from_slice(format!("\x1b[{};{}H\x1b[K", 1 + next(24), 1 + next(40)).as_bytes());
            }
            while block.len() < line + width {
                if self == Self::Ansi {
                    let style = match next(3) {
                        0 => format!("\x1b[38;5;{}m", next(256)),
                        1 => format!("\x1b[38;2;{};{};{}m", next(256), next(256), next(256)),
                        _ => format!("\x1b[{};{}m", next(2), 30 + next(8)),
                    };
                    block.extend_from_slice(style.as_bytes());
                }
                block.extend((0..2 + next(9)).map(|_| b'a' + next(26) as u8));
                block.push(b' ');
            }
            block.extend_from_slice(if self == Self::Ansi { b"\x1b[0m\n" } else { b"\n" });
        }
        block.truncate(BLOCK_BYTES);
        block
    }

    /// How many bytes a terminal gives for the first `bytes`: it makes two of each end of a line.
    pub(crate) fn shown(self, bytes: u64) -> u64 {
        let block = self.block();
        let lines = |part: &[u8]| part.iter().filter(|byte| **byte == b'\n').count() as u64;
        let rest = usize::try_from(bytes % BLOCK_BYTES as u64).unwrap_or(0);
        bytes + bytes / BLOCK_BYTES as u64 * lines(&block) + lines(&block[..rest])
    }
}
