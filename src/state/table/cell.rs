//! Cells: what is held on one resource, as it stands in a line.

use std::hint::select_unpredictable;

use super::line::{CELLS, NO_KEY};
use crate::grant::Grant;
use crate::permission::PermissionSet;
use crate::resource::ResourceKind;
use crate::time::Timestamp;

/// The permission bits of a word; bit 0 is bit [`SHIFT`] of a permission set.
pub(super) const BITS: u32 = (1 << 23) - 1;
/// Permissions of the organisation never stand in a cell: sets are shifted by them.
const SHIFT: u32 = 10;
/// The next word names the resource, which is not the root of the tree.
pub(super) const DEEP: u32 = 1 << 23;
/// The last word of the cell is this grant's expiry.
const EXPIRES: u32 = 1 << 24;
/// The cell takes away.
const RESTRICTS: u32 = 1 << 25;
/// The highest bit of the expiry, for which its word has no room.
const EXPIRY_TOP: u32 = 1 << 26;
/// What a cell on the chain has to be weighed for: or-ed with others it does not tell what it gives.
pub(super) const SPECIAL: u32 = EXPIRES | RESTRICTS;
/// The same of one that may be off the chain.
pub(super) const SPECIAL_IN_TREE: u32 = SPECIAL | DEEP;
/// The most words that a cell takes.
pub(super) const WIDEST: usize = 3;
/// Where a cell is on the root of the tree, or its key is the resource itself.
pub(super) const HERE: u32 = NO_KEY - 1;

const _: () = assert!(WIDEST < CELLS, "any cell fits into a line");

/// What is held on one resource, of one sort.
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

/// What tells a cell from the others of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// In the row of a subject the resource, in the row of a tree the group.
    pub(super) key: u32,
    /// In the row of a tree the resource, [`HERE`] for the root; in the row of a subject always that.
    pub(super) on: u32,
    pub(super) restricts: bool,
}

impl Label {
    /// Of a cell of a subject.
    pub(super) fn on(resource: u32, restricts: bool) -> Self {
        Self {
            key: resource,
            on: HERE,
            restricts,
        }
    }
}

/// An entry as it stands in a line: a word, and one more for a resource and for an expiry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) key: u32,
    pub(super) on: u32,
    data: u32,
    expires_at: u64,
}

impl Cell {
    pub(super) fn new(Label { key, on, .. }: Label, entry: Entry) -> Self {
        let end = match entry {
            Entry::Restriction(_) => None,
            Entry::Grant(grant) => grant.expires_at.map(Timestamp::milliseconds),
        };
        let flag = |holds: bool, flag: u32| if holds { flag } else { 0 };
        let flags = flag(entry.restricts(), RESTRICTS)
            | flag(on != HERE, DEEP)
            | flag(end.is_some(), EXPIRES)
            | flag(end.is_some_and(|at| at >> 63 != 0), EXPIRY_TOP);
        Self {
            key,
            on,
            data: pack(entry.permissions()) | flags,
            expires_at: end.unwrap_or(u64::MAX),
        }
    }

    /// Reads the cell that begins with a word, from it and the words behind it.
    #[inline]
    pub(super) fn read((key, data): (u32, u32), [next, last]: [(u32, u32); 2]) -> Self {
        let (on, end) = if data & DEEP == 0 {
            (HERE, next)
        } else {
            (next.0 & !NO_KEY_BIT, last)
        };
        let expires_at = if data & EXPIRES == 0 {
            u64::MAX
        } else {
            join(data, end)
        };
        Self {
            key,
            on,
            data,
            expires_at,
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

    pub(super) fn label(self) -> Label {
        Label {
            key: self.key,
            on: self.on,
            restricts: self.restricts(),
        }
    }

    fn restricts(self) -> bool {
        self.data & RESTRICTS != 0
    }

    /// What it gives at a moment, and what it takes.
    #[inline]
    pub(super) fn weigh(self, now: Timestamp) -> Weight {
        let live = (now.milliseconds() < self.expires_at) | (self.data & EXPIRES == 0);
        let (bits, takes) = (self.data & BITS, self.restricts());
        Weight {
            given: select_unpredictable(live & !takes, bits, 0),
            taken: select_unpredictable(takes, bits, 0),
        }
    }

    /// Whether it gives or takes any of these, packed as in lines.
    #[inline]
    pub(super) fn holds(self, asked: u32) -> bool {
        self.data & BITS & asked != 0
    }

    /// Whether it restricts any of these, packed as in lines.
    #[inline]
    pub(super) fn takes(self, asked: u32) -> bool {
        self.restricts() && self.data & asked != 0
    }

    /// Whether it is a grant of any of these that is live.
    #[inline]
    pub(super) fn gives(self, asked: u32, now: Timestamp) -> bool {
        self.weigh(now).given & asked != 0
    }

    /// How many words it takes.
    pub(super) fn width(self) -> usize {
        let more = [DEEP, EXPIRES].map(|flag| usize::from(self.data & flag != 0));
        more.iter().sum::<usize>().saturating_add(1)
    }

    /// Its words, as keys and data.
    pub(super) fn words(self) -> impl Iterator<Item = (u32, u32)> {
        let deep = (self.data & DEEP != 0).then_some((self.on | NO_KEY_BIT, 0));
        let expires = (self.data & EXPIRES != 0).then(|| split(self.expires_at));
        std::iter::once((self.key, self.data))
            .chain(deep)
            .chain(expires)
    }
}

/// What cells give, and what they take.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weight {
    pub(super) given: u32,
    pub(super) taken: u32,
}

/// All ones where it holds.
#[inline]
fn mask(holds: bool) -> u32 {
    u32::from(holds).wrapping_neg()
}

impl Weight {
    /// Of what gives and takes nothing.
    #[inline]
    pub(super) fn plain(given: u32) -> Self {
        Self { given, taken: 0 }
    }

    /// The same where this holds, otherwise nothing.
    #[inline]
    pub(super) fn only_where(self, holds: bool) -> Self {
        Self {
            given: self.given & mask(holds),
            taken: self.taken & mask(holds),
        }
    }

    /// The same, or without what it gives where its grants do not count.
    #[inline]
    pub(super) fn where_counts(self, counts: bool) -> Self {
        Self {
            given: self.given & mask(counts),
            ..self
        }
    }

    #[inline]
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            given: self.given | other.given,
            taken: self.taken | other.taken,
        }
    }
}

/// Marks a word that is no key.
pub(super) const NO_KEY_BIT: u32 = 1 << 31;

/// A moment as the word of an expiry, but for its highest bit.
#[inline]
fn split(expires_at: u64) -> (u32, u32) {
    ((expires_at >> 32) as u32 | NO_KEY_BIT, expires_at as u32)
}

/// The expiry that stands in the word behind a grant.
#[inline]
fn join(data: u32, (high, low): (u32, u32)) -> u64 {
    let high = if data & EXPIRY_TOP == 0 {
        high & !NO_KEY_BIT
    } else {
        high
    };
    u64::from(high) << 32 | u64::from(low)
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
