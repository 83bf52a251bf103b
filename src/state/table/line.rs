//! One cache line: eight words, each a key and data.

use super::cell::{Cell, Label};

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
    #[inline]
    pub(super) fn words(&self) -> [u32; 2 * CELLS] {
        let ([a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p]) = (self.keys, self.data);
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
    }

    pub(super) fn words_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        self.keys.iter_mut().chain(&mut self.data)
    }

    /// The cell whose first word is this one: the lowest three bits of a number. What stands behind the last
    /// word is no part of any cell.
    #[inline]
    pub(super) fn cell_at(&self, at: usize) -> Cell {
        let word = |behind: usize| {
            let at = at.wrapping_add(behind) & (CELLS - 1);
            let word = (self.keys.get(at).copied(), self.data.get(at).copied());
            (word.0.unwrap_or(NO_KEY), word.1.unwrap_or(0))
        };
        let (key, data) = word(0);
        Cell::read((key, data & !OVERFLOWN), [word(1), word(2)])
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

    /// The cells, each joined of its words.
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        let mut at = 0_usize;
        std::iter::from_fn(move || {
            let cell = (at < CELLS).then(|| self.cell_at(at));
            let cell = cell.filter(|cell| cell.key != NO_KEY)?;
            at = at.saturating_add(cell.width());
            Some(cell)
        })
    }

    /// The cell with this label.
    pub(super) fn cell(&self, label: Label) -> Option<Cell> {
        self.cells().find(|cell| cell.label() == label)
    }

    /// Whether there is room for a cell.
    pub(super) fn has_room(&self, cell: Cell) -> bool {
        used_with(self.used(), cell).is_some()
    }

    /// Appends the cell where there is room for it.
    pub(super) fn append(&mut self, cell: Cell) -> bool {
        let mut used = self.used();
        self.append_behind(&mut used, cell)
    }

    /// The same where it is known how many words are used.
    pub(super) fn append_behind(&mut self, used: &mut usize, cell: Cell) -> bool {
        let Some(more) = used_with(*used, cell) else {
            return false;
        };
        let mark = self.data[0] & OVERFLOWN;
        let free = self.keys.iter_mut().zip(&mut self.data).skip(*used);
        for ((key, data), word) in free.zip(cell.words()) {
            (*key, *data) = word;
        }
        self.data[0] |= mark;
        *used = more;
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

/// Words used with one more cell; `None` where there is no room for it.
fn used_with(used: usize, cell: Cell) -> Option<usize> {
    Some(used.saturating_add(cell.width())).filter(|used| *used <= CELLS)
}

#[cfg(test)]
mod tests {
    use super::super::cell::{BITS, Entry, HERE, pack};
    use super::*;
    use crate::grant::Grant;
    use crate::permission::PermissionSet;
    use crate::resource::ResourceKind;
    use crate::time::Timestamp;

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
    fn what_gives_is_told_from_words_that_only_look_like_it() {
        let every = PermissionSet::at_or_below(ResourceKind::Model);
        let model = PermissionSet::of_kind(ResourceKind::Model);
        let grant = |permissions, end: Option<u64>| {
            Entry::Grant(Grant {
                permissions,
                expires_at: end.map(Timestamp::from_milliseconds),
            })
        };
        let mut line = Line::BLANK;
        line.set_overflown(1 << OVERFLOW_AT);
        // An expiry whose word has the bits of permissions.
        for (key, entry) in [
            (5, grant(every, None)),
            (6, grant(every, Some(u64::MAX))),
            (7, Entry::Restriction(every)),
            (8, grant(model, None)),
            (9, grant(every, None)),
        ] {
            assert!(line.append(Cell::new(Label::on(key, false), entry)));
        }
        let version = pack(PermissionSet::of_kind(ResourceKind::Version));
        let (keys, count, special) = line.givers(version);
        assert_eq!(&keys[..count], [5, 9]);
        assert_eq!(special.collect::<Vec<_>>(), [1, 3]);
        let (keys, count, _) = line.givers(pack(every));
        assert_eq!(&keys[..count], [5, 8, 9]);
        assert_eq!(Line::BLANK.givers(u32::MAX).1, 0);
    }

    #[test]
    fn what_a_group_has_off_the_chain_counts_for_nothing() {
        let bits = |on: u32| pack(PermissionSet::from_bits(1 << on).unwrap());
        let cell = |on: u32, bit: u32, end: Option<u64>| {
            let permissions = PermissionSet::from_bits(1 << bit).unwrap();
            let expires_at = end.map(Timestamp::from_milliseconds);
            let entry = Entry::Grant(Grant {
                permissions,
                expires_at,
            });
            Cell::new(label(on, false), entry)
        };
        let weigh = |cells: &[Cell]| {
            let mut line = Line::BLANK;
            line.set_overflown(1 << OVERFLOW_AT);
            assert!(cells.iter().all(|cell| line.append(*cell)));
            let (hits, now) = (line.hits([7, 7, 7]), Timestamp::from_milliseconds(5));
            line.weigh_on([3, 2, 1], hits, now).given & BITS
        };
        let far_ahead = Some(u64::MAX);
        let on_chain = [
            cell(HERE, 10, None),
            cell(3, 11, None),
            cell(2, 12, far_ahead),
        ];
        assert_eq!(weigh(&on_chain), bits(10) | bits(11) | bits(12));
        let off = [
            cell(4, 10, None),
            cell(9, 11, far_ahead),
            cell(3, 12, Some(5)),
        ];
        assert_eq!(weigh(&off), 0);
        // The last cell's resource stands in the last word.
        let all = [
            cell(4, 10, far_ahead),
            cell(5, 11, far_ahead),
            cell(3, 13, None),
        ];
        assert_eq!(weigh(&all), bits(13));
    }

    #[test]
    fn only_words_with_a_wanted_key_are_gathered() {
        let mut line = Line::BLANK;
        for (at, key) in (0..8).zip([3, 1, 4, 1, 5, 9, 2, 6]) {
            (line.keys[at], line.data[at]) = (key, 1 << at);
        }
        assert_eq!(line.gather([1, 9, 9]).word(), 0b10_1010);
        assert_eq!(line.gather([6, 3, 2]).word(), 0b1100_0001);
        assert_eq!(line.gather([7, 0, 8]).word(), 0);
    }
}
