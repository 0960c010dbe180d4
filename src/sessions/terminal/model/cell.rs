//! Cells and rows, laid out as the page's terminal does it: what one operation leaves behind, the other must, too.

/// Bits of [`Attributes::fg`].
pub(super) mod fg {
    pub(in super::super) const INVERSE: u32 = 1 << 26;
    pub(in super::super) const BOLD: u32 = 1 << 27;
    pub(in super::super) const UNDERLINE: u32 = 1 << 28;
    pub(in super::super) const BLINK: u32 = 1 << 29;
    pub(in super::super) const INVISIBLE: u32 = 1 << 30;
    pub(in super::super) const STRUCK: u32 = 1 << 31;
}

/// Bits of [`Attributes::bg`].
pub(super) mod bg {
    pub(in super::super) const ITALIC: u32 = 1 << 26;
    pub(in super::super) const DIM: u32 = 1 << 27;
    /// `underline` or `link` is set; without it both count for nothing.
    pub(in super::super) const EXTENDED: u32 = 1 << 28;
    pub(in super::super) const PROTECTED: u32 = 1 << 29;
    pub(in super::super) const OVERLINE: u32 = 1 << 30;
}

/// Colour and its kind, in `fg`, `bg` and `underline`.
pub(super) const COLOUR: u32 = 0x03ff_ffff;
pub(super) const KIND: u32 = 3 << 24;
pub(super) const KIND_16: u32 = 1 << 24;
pub(super) const KIND_256: u32 = 2 << 24;
pub(super) const KIND_RGB: u32 = 3 << 24;
/// Style in `underline`, above its colour: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed.
pub(super) const STYLE_SHIFT: u32 = 26;

const CHARACTER: u32 = 0x1f_ffff;
const COMBINED: u32 = 1 << 21;
const WIDTH_SHIFT: u32 = 22;

/// Everything about a cell but its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) fg: u32,
    pub(super) bg: u32,
    pub(super) underline: u32,
    /// Number in the table of links; 0 is none.
    pub(super) link: u32,
}

impl Attributes {
    /// What erasing leaves: the background's colour.
    pub(super) fn erased(self) -> Self {
        Self { bg: self.bg & COLOUR, ..Self::default() }
    }

    pub(super) fn underline_style(self) -> u32 {
        self.underline >> STYLE_SHIFT
    }

    pub(super) fn note_extended(&mut self) {
        self.bg &= !bg::EXTENDED;
        if self.link != 0 || self.underline_style() != 0 {
            self.bg |= bg::EXTENDED;
        }
    }

    fn of_cell(self) -> Self {
        if self.bg & bg::EXTENDED == 0 { Self { underline: 0, link: 0, ..self } } else { self }
    }
}

/// One column of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    content: u32,
    pub(super) attributes: Attributes,
}

impl Default for Cell {
    fn default() -> Self {
        Self::null(Attributes::default())
    }
}

impl Cell {
    /// Nothing, one column wide.
    pub(super) fn null(attributes: Attributes) -> Self {
        Self::new(0, 1, attributes)
    }

    pub(super) fn new(character: u32, width: u32, attributes: Attributes) -> Self {
        Self { content: character | width << WIDTH_SHIFT, attributes: attributes.of_cell() }
    }

    pub(super) fn width(self) -> u32 {
        self.content >> WIDTH_SHIFT
    }

    pub(super) fn has_content(self) -> bool {
        self.content & (COMBINED | CHARACTER) != 0
    }

    /// Its character, when it has exactly one.
    pub(super) fn character(self) -> Option<char> {
        if self.content & COMBINED != 0 || self.content & CHARACTER == 0 {
            return None;
        }
        char::from_u32(self.content & CHARACTER)
    }

    /// Number of its text in the table of combined ones.
    pub(super) fn combined(self) -> Option<u32> {
        (self.content & COMBINED != 0).then_some(self.content & CHARACTER)
    }

    pub(super) fn set_combined(&mut self, number: u32) {
        self.content = self.content & !CHARACTER | COMBINED | number & CHARACTER;
    }

    fn second_half(self) -> bool {
        self.width() == 0 && !self.has_content()
    }
}

/// One line of the screen. A row of the scrollback is stored without the nothing at its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    /// Goes on where the row above ended.
    pub(super) wrapped: bool,
}

impl Row {
    pub(super) fn new(cols: usize, fill: Attributes, wrapped: bool) -> Self {
        Self { cells: vec![Cell::null(fill); cols], wrapped }
    }

    pub(super) fn get(&self, at: usize) -> Cell {
        self.cells.get(at).copied().unwrap_or_default()
    }

    pub(super) fn set(&mut self, at: usize, cell: Cell) {
        if let Some(old) = self.cells.get_mut(at) {
            *old = cell;
        }
    }

    fn is_wide(&self, at: usize) -> bool {
        self.get(at).width() == 2
    }

    /// Before a cell is written: the character whose second half it was is gone.
    pub(super) fn unpair_before(&mut self, at: usize, attributes: Attributes) {
        if at > 0 && self.is_wide(at - 1) {
            self.set(at - 1, Cell::null(attributes));
        }
    }

    /// After cells were written: the second half of a character whose first is gone.
    pub(super) fn unpair_at(&mut self, at: usize, attributes: Attributes) {
        if at < self.cells.len() && self.get(at).second_half() {
            self.set(at, Cell::null(attributes));
        }
    }

    pub(super) fn insert(&mut self, at: usize, count: usize, fill: Attributes) {
        let length = self.cells.len();
        let at = at % length;
        let count = count.min(length - at);
        self.unpair_before(at, fill);
        self.cells[at..].rotate_right(count);
        self.cells[at..at + count].fill(Cell::null(fill));
        if self.is_wide(length - 1) {
            self.set(length - 1, Cell::null(fill));
        }
    }

    pub(super) fn delete(&mut self, at: usize, count: usize, fill: Attributes) {
        let length = self.cells.len();
        let at = at % length;
        let count = count.min(length - at);
        self.cells[at..].rotate_left(count);
        self.cells[length - count..].fill(Cell::null(fill));
        self.unpair_before(at, fill);
        self.unpair_at(at, fill);
    }

    /// Erases columns `start..end`; with `respect`, protected ones stay.
    pub(super) fn erase(&mut self, start: usize, end: usize, fill: Attributes, respect: bool) {
        let length = self.cells.len();
        let protected = |cell: Cell| respect && cell.attributes.bg & bg::PROTECTED != 0;
        if start > 0 && !protected(self.get(start - 1)) {
            self.unpair_before(start, fill);
        }
        if end > 0 && end < length && self.is_wide(end - 1) && !protected(self.get(end)) {
            self.set(end, Cell::null(fill));
        }
        for cell in &mut self.cells[start.min(length)..end.min(length).max(start.min(length))] {
            if !protected(*cell) {
                *cell = Cell::null(fill);
            }
        }
    }

    pub(super) fn fill(&mut self, cell: Cell) {
        self.cells.fill(cell);
    }

    /// Columns up to the end of the last text.
    pub(super) fn text_columns(&self) -> usize {
        self.cells
            .iter()
            .rposition(|cell| cell.has_content())
            .map_or(0, |last| last + self.cells[last].width() as usize)
    }

    pub(super) fn resize(&mut self, cols: usize) {
        self.cells.resize(cols, Cell::default());
    }

    /// Gives back the memory of the nothing at the end.
    pub(super) fn trim(&mut self) {
        let used = self.cells.iter().rposition(|cell| *cell != Cell::default()).map_or(0, |last| last + 1);
        self.cells.truncate(used);
        self.cells.shrink_to_fit();
    }

    /// Memory it takes.
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>() + self.cells.capacity() * size_of::<Cell>()
    }
}
