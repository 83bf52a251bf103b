//! One cache line: eight words, each a key and data.

use super::cell::{Cell, EXPIRES, Label, RESTRICTS, join};
use crate::time::Timestamp;

/// Words of a line.
pub(super) const CELLS: usize = 8;
/// The key of a word that is not taken. No key has the highest bit.
pub(super) const NO_KEY: u32 = u32::MAX;
/// Slots are below it.
pub(super) const SLOTS_END: u32 = 1 << 31;
/// On the first word, four bits: cells of a home with this bit stand, or pass on, in the next line. Where
/// a line is too full one bit is set, so that three of four checks of such a line need not look further.
pub(super) const OVERFLOWN: u32 = 0xf << OVERFLOW_AT;
/// The lowest of them.
pub(super) const OVERFLOW_AT: u32 = 27;

#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Line {
    pub(super) keys: [u32; CELLS],
    pub(super) data: [u32; CELLS],
}

const LANES: usize = 4;

/// Words side by side, as many as a register holds on every processor.
type Lanes = [u32; LANES];

#[inline]
fn or(one: Lanes, other: Lanes) -> Lanes {
    let ([a, b, c, d], [e, f, g, h]) = (one, other);
    [a | e, b | f, c | g, d | h]
}

/// The data where the key is one of three.
#[inline]
fn select(keys: Lanes, data: Lanes, wanted: [u32; 3]) -> Lanes {
    let [a, b, c] = wanted;
    let pick = |key: u32, data: u32| {
        let hit = (key == a) | (key == b) | (key == c);
        u32::from(hit).wrapping_neg() & data
    };
    let ([k, l, m, n], [d, e, f, g]) = (keys, data);
    [pick(k, d), pick(l, e), pick(m, f), pick(n, g)]
}

impl Line {
    pub(super) const BLANK: Self = Self {
        keys: [NO_KEY; CELLS],
        data: [0; CELLS],
    };

    /// A line that says of every home: look further.
    pub(super) const FURTHER: Self = Self {
        keys: [NO_KEY; CELLS],
        data: [OVERFLOWN, 0, 0, 0, 0, 0, 0, 0],
    };

    /// A line of a list without numbers.
    pub(super) const NO_NUMBERS: Self = Self {
        keys: [0; CELLS],
        data: [0; CELLS],
    };

    /// A line of a list, read as numbers.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        self.keys.into_iter().chain(self.data)
    }

    pub(super) fn has_number(&self, number: u32) -> bool {
        let is = |words: [u32; CELLS]| words.iter().fold(false, |any, word| any | (*word == number));
        is(self.keys) | is(self.data)
    }

    pub(super) fn numbers_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        self.keys.iter_mut().chain(&mut self.data)
    }

    /// The data of all words with one of these keys, or-ed: without a branch, for which words they are
    /// cannot be predicted.
    #[inline]
    pub(super) fn gather(&self, wanted: [u32; 3]) -> u32 {
        let [k0, k1, k2, k3, k4, k5, k6, k7] = self.keys;
        let [d0, d1, d2, d3, d4, d5, d6, d7] = self.data;
        let low = select([k0, k1, k2, k3], [d0, d1, d2, d3], wanted);
        let high = select([k4, k5, k6, k7], [d4, d5, d6, d7], wanted);
        let [a, b, c, d] = or(low, high);
        (a | b) | (c | d)
    }

    /// Whether cells of a home with this mark may stand in the next line.
    #[inline]
    pub(super) fn is_overflown(&self, mark: u32) -> bool {
        self.data[0] & mark != 0
    }

    pub(super) fn set_overflown(&mut self, mark: u32) {
        self.data[0] |= mark;
    }

    /// Nothing stands in the next line any more.
    pub(super) fn clear_overflown(&mut self) {
        self.data[0] &= !OVERFLOWN;
    }

    /// What the cells of a subject on a chain give at a moment, and what they take, with flags.
    #[inline]
    pub(super) fn weigh(&self, [own, parent, root]: [u32; 3], now: Timestamp) -> (u32, u32) {
        let mask = |holds: bool| u32::from(holds).wrapping_neg();
        let (mut given, mut taken, mut next) = (0, 0, (0, 0));
        for (&key, &data) in self.keys.iter().zip(&self.data).rev() {
            let word = data & mask((key == own) | (key == parent) | (key == root));
            let restricts = mask(word & RESTRICTS != 0);
            let ended = now.milliseconds() >= join(data, next);
            given |= word & !restricts & !mask((word & EXPIRES != 0) & ended);
            taken |= word & restricts;
            next = (key, data);
        }
        (given, taken)
    }

    /// The cells, each joined of its words.
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        let mut words = self.keys.iter().copied().zip(self.data);
        std::iter::from_fn(move || {
            let (key, data) = words.next().filter(|(key, _)| *key != NO_KEY)?;
            Cell::read((key, data & !OVERFLOWN), &mut words)
        })
    }

    /// The cell with this label.
    pub(super) fn cell(&self, label: Label) -> Option<Cell> {
        self.cells().find(|cell| cell.label() == label)
    }

    /// Appends the cell where there is room for it.
    pub(super) fn append(&mut self, cell: Cell) -> bool {
        let used = self.used();
        if used.saturating_add(cell.width()) > CELLS {
            return false;
        }
        let mark = self.data[0] & OVERFLOWN;
        let free = self.keys.iter_mut().zip(&mut self.data).skip(used);
        for ((key, data), word) in free.zip(cell.words()) {
            (*key, *data) = word;
        }
        self.data[0] |= mark;
        true
    }

    /// Takes a cell out; the others close ranks.
    pub(super) fn remove(&mut self, label: Label) {
        let old = *self;
        *self = Self::BLANK;
        self.data[0] = old.data[0] & OVERFLOWN;
        for cell in old.cells().filter(|cell| cell.label() != label) {
            self.append(cell);
        }
    }

    /// Words taken.
    pub(super) fn used(&self) -> usize {
        self.cells().map(Cell::width).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::{Entry, HERE};
    use super::*;
    use crate::grant::Grant;
    use crate::permission::PermissionSet;
    use crate::resource::ResourceKind;

    const ENDS: [Option<u64>; 6] = [
        None,
        Some(0),
        Some(1 << 40),
        Some(1 << 63),
        Some(u64::MAX - 1),
        Some(u64::MAX),
    ];

    fn label(on: u32, restricts: bool) -> Label {
        Label {
            key: 7,
            on,
            restricts,
        }
    }

    #[test]
    fn a_cell_comes_back_as_it_went_in() {
        let permissions = PermissionSet::at_or_below(ResourceKind::Model);
        for (end, on) in ENDS.into_iter().flat_map(|end| [(end, HERE), (end, 9)]) {
            let entry = Entry::Grant(Grant {
                permissions,
                expires_at: end.map(Timestamp::from_milliseconds),
            });
            let restriction = Entry::Restriction(permissions);
            let mut line = Line::BLANK;
            line.set_overflown(1 << OVERFLOW_AT);
            assert!(line.append(Cell::new(label(on, false), entry)));
            assert!(line.append(Cell::new(label(on, true), restriction)));
            let found = line.cell(label(on, false)).unwrap();
            assert_eq!((found.entry(), found.on), (entry, on));
            assert_eq!(line.cell(label(on, true)).unwrap().entry(), restriction);
            line.remove(label(on, false));
            assert_eq!(line.cells().count(), 1);
            assert!(line.is_overflown(1 << OVERFLOW_AT));
        }
    }

    #[test]
    fn only_words_with_a_wanted_key_are_gathered() {
        let mut line = Line::BLANK;
        for (at, key) in (0..8).zip([3, 1, 4, 1, 5, 9, 2, 6]) {
            (line.keys[at], line.data[at]) = (key, 1 << at);
        }
        assert_eq!(line.gather([1, 9, 9]), 0b10_1010);
        assert_eq!(line.gather([6, 3, 2]), 0b1100_0001);
        assert_eq!(line.gather([7, 0, 8]), 0);
    }
}
