//! One cache line: eight cells, each the slot of a resource and a word of data.

use crate::grant::Grant;
use crate::permission::PermissionSet;
use crate::resource::ResourceKind;
use crate::time::Timestamp;

/// Cells of a line.
pub(super) const CELLS: usize = 8;
/// The slot of a cell that is not taken.
pub(super) const EMPTY: u32 = u32::MAX;
/// Resource slots are below it.
pub(super) const SLOTS_END: u32 = 1 << 31;
/// The permission bits of a word; bit 0 is bit [`SHIFT`] of a permission set.
pub(super) const BITS: u32 = (1 << 23) - 1;
/// Permissions of the organisation never stand in a cell: sets are shifted by them.
pub(super) const SHIFT: u32 = 10;
/// The next cell is this grant's expiry.
pub(super) const EXPIRES: u32 = 1 << 24;
/// The cell takes away.
pub(super) const RESTRICTS: u32 = 1 << 25;
/// The highest bit of the expiry, for which the next cell has no room.
const EXPIRY_TOP: u32 = 1 << 26;
/// On the first cell, five bits: cells of a tree with this bit stand, or pass on, in the next line. Where
/// a line is too full one bit is set, so that four of five checks of such a line need not look further.
pub(super) const OVERFLOWN: u32 = 0x1f << OVERFLOW_AT;
/// The lowest of them.
pub(super) const OVERFLOW_AT: u32 = 27;
/// Marks the cell of an expiry, so that it equals no resource slot.
const NO_RESOURCE: u32 = 1 << 31;

#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Line {
    pub(super) slots: [u32; CELLS],
    pub(super) data: [u32; CELLS],
}

/// What is held on one resource, of one sort: it takes one cell, or two with an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A grant, live or over.
    Grant(Grant),
    /// A restriction.
    Restriction(PermissionSet),
}

impl Entry {
    /// Whether it takes away.
    pub(crate) fn restricts(self) -> bool {
        matches!(self, Self::Restriction(_))
    }

    /// Its permissions.
    pub(crate) fn permissions(self) -> PermissionSet {
        match self {
            Self::Grant(grant) => grant.permissions,
            Self::Restriction(permissions) => permissions,
        }
    }

    /// Whether something of this kind can hold it.
    pub(crate) fn fits(self, kind: ResourceKind) -> bool {
        let permissions = self.permissions();
        !permissions.is_empty() && permissions.is_within(PermissionSet::at_or_below(kind))
    }
}

/// An entry with the slot of its resource, as it stands in a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) slot: u32,
    data: u32,
    expires_at: u64,
}

impl Cell {
    pub(super) fn new(slot: u32, entry: Entry) -> Self {
        let (flags, end) = match entry {
            Entry::Restriction(_) => (RESTRICTS, None),
            Entry::Grant(grant) => (0, grant.expires_at),
        };
        let flags = flags
            | match end.map(Timestamp::milliseconds) {
                None => 0,
                Some(at) if at >> 63 == 0 => EXPIRES,
                Some(_) => EXPIRES | EXPIRY_TOP,
            };
        Self {
            slot,
            data: pack(entry.permissions()) | flags,
            expires_at: end.map_or(u64::MAX, Timestamp::milliseconds),
        }
    }

    pub(super) fn entry(self) -> Entry {
        let permissions = unpack(self.data);
        if self.restricts() {
            return Entry::Restriction(permissions);
        }
        let expires = self.data & EXPIRES != 0;
        Entry::Grant(Grant {
            permissions,
            expires_at: expires.then_some(Timestamp::from_milliseconds(self.expires_at)),
        })
    }

    pub(super) fn restricts(self) -> bool {
        self.data & RESTRICTS != 0
    }

    /// Whether it restricts any of these, packed as in lines.
    #[inline]
    pub(super) fn takes(self, asked: u32) -> bool {
        self.restricts() && self.data & asked != 0
    }

    /// Whether it is a grant of any of these that is live.
    #[inline]
    pub(super) fn gives(self, asked: u32, now: Timestamp) -> bool {
        let is_live = self.data & EXPIRES == 0 || now.milliseconds() < self.expires_at;
        !self.restricts() && self.data & asked != 0 && is_live
    }

    /// How many cells of a line it takes.
    pub(super) fn width(self) -> usize {
        if self.data & EXPIRES == 0 { 1 } else { 2 }
    }

    fn is_on(self, slot: u32, restricts: bool) -> bool {
        self.slot == slot && self.restricts() == restricts
    }
}

/// The permissions of a set that grants and restrictions may hold, as they stand in a word.
#[inline]
pub(crate) fn pack(permissions: PermissionSet) -> u32 {
    (permissions.bits() >> SHIFT) as u32 & BITS
}

/// The set of the permission bits of a word.
#[inline]
pub(crate) fn unpack(data: u32) -> PermissionSet {
    PermissionSet::from_bits(u64::from(data & BITS) << SHIFT).unwrap_or_default()
}

impl Line {
    pub(super) const BLANK: Self = Self {
        slots: [EMPTY; CELLS],
        data: [0; CELLS],
    };

    /// A line that says of every tree: look further.
    pub(super) const FURTHER: Self = Self {
        slots: [EMPTY; CELLS],
        data: [OVERFLOWN, 0, 0, 0, 0, 0, 0, 0],
    };

    /// Whether cells of a tree with this mark may stand in the next line.
    #[inline]
    pub(super) fn is_overflown(&self, mark: u32) -> bool {
        self.data[0] & mark != 0
    }

    pub(super) fn set_overflown(&mut self, mark: u32) {
        self.data[0] |= mark;
    }

    /// What the cells on a chain give at a moment, and what they take, with flags: without a branch, for
    /// which cells are on the chain cannot be predicted.
    #[inline]
    pub(super) fn weigh(&self, [own, parent, root]: [u32; 3], now: Timestamp) -> (u32, u32) {
        let mask = |holds: bool| u32::from(holds).wrapping_neg();
        let (mut given, mut taken, mut next) = (0, 0, (0, 0));
        for (&slot, &data) in self.slots.iter().zip(&self.data).rev() {
            let word = data & mask((slot == own) | (slot == parent) | (slot == root));
            let restricts = mask(word & RESTRICTS != 0);
            let ended = now.milliseconds() >= join(data, (&next.0, &next.1));
            given |= word & !restricts & !mask((word & EXPIRES != 0) & ended);
            taken |= word & restricts;
            next = (slot, data);
        }
        (given, taken)
    }

    /// The cells, an expiry joined to its grant.
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        let mut words = self.slots.iter().zip(&self.data);
        std::iter::from_fn(move || {
            let (&slot, &data) = words.next().filter(|(slot, _)| **slot != EMPTY)?;
            let data = data & !OVERFLOWN;
            let expires_at = if data & EXPIRES == 0 {
                u64::MAX
            } else {
                join(data, words.next()?)
            };
            Some(Cell {
                slot,
                data,
                expires_at,
            })
        })
    }

    /// The cell of a resource that grants or restricts.
    pub(super) fn cell(&self, slot: u32, restricts: bool) -> Option<Cell> {
        self.cells().find(|cell| cell.is_on(slot, restricts))
    }

    /// Appends the cell where there is room for it.
    pub(super) fn append(&mut self, cell: Cell) -> bool {
        let used = self.used();
        if used.saturating_add(cell.width()) > CELLS {
            return false;
        }
        let mark = self.data[0] & OVERFLOWN;
        let words = [(cell.slot, cell.data), split(cell.expires_at)];
        let free = self.slots.iter_mut().zip(&mut self.data).skip(used);
        for (word, (slot, data)) in words.iter().take(cell.width()).zip(free) {
            (*slot, *data) = *word;
        }
        self.data[0] |= mark;
        true
    }

    /// Takes a cell out; the others close ranks.
    pub(super) fn remove(&mut self, slot: u32, restricts: bool) {
        let old = *self;
        *self = Self::BLANK;
        self.data[0] = old.data[0] & OVERFLOWN;
        for cell in old.cells().filter(|cell| !cell.is_on(slot, restricts)) {
            self.append(cell);
        }
    }

    /// Cells taken.
    pub(super) fn used(&self) -> usize {
        self.cells().map(Cell::width).sum()
    }
}

fn split(expires_at: u64) -> (u32, u32) {
    ((expires_at >> 32) as u32 | NO_RESOURCE, expires_at as u32)
}

fn join(data: u32, (high, low): (&u32, &u32)) -> u64 {
    let high = if data & EXPIRY_TOP == 0 {
        high & !NO_RESOURCE
    } else {
        *high
    };
    u64::from(high) << 32 | u64::from(*low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_comes_back_as_it_went_in() {
        let permissions = PermissionSet::at_or_below(ResourceKind::Model);
        for end in [
            None,
            Some(0),
            Some(1 << 40),
            Some(1 << 63),
            Some(u64::MAX - 1),
            Some(u64::MAX),
        ] {
            let entry = Entry::Grant(Grant {
                permissions,
                expires_at: end.map(Timestamp::from_milliseconds),
            });
            let mut line = Line::BLANK;
            line.set_overflown(1 << OVERFLOW_AT);
            assert!(line.append(Cell::new(7, entry)));
            assert!(line.append(Cell::new(7, Entry::Restriction(permissions))));
            assert_eq!(line.cell(7, false).unwrap().entry(), entry);
            line.remove(7, false);
            assert_eq!(line.cells().count(), 1);
            assert!(line.is_overflown(1 << OVERFLOW_AT));
        }
    }
}
